# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads which networks prefix lists stand for, and what they count as. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from .._aws import Aws
from .from_aws import list_size_from
from .reader import Reader
from .state import ListSize


def read_prefix_lists(aws: Aws, reader: Reader, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The CIDRs of each; one that may not be read is left out."""
    asked = {
        each: reader.read("ec2:GetManagedPrefixListEntries", _asks_entries(aws, each), None, about=[each])
        for each in sorted(ids)
    }
    answers = {each: answer.result() for each, answer in asked.items()}
    return {each: answer for each, answer in answers.items() if answer is not None}


def read_list_sizes(aws: Aws, reader: Reader, ids: Collection[str]) -> dict[str, ListSize]:
    """What a rule that names one of them counts as; one of which AWS does not tell is left out."""
    if not ids:
        return {}
    none: list[dict[str, Any]] = []
    listed = reader.read("ec2:DescribeManagedPrefixLists", lambda: aws.managed_prefix_lists(ids), none).result()
    sizes = {each["PrefixListId"]: list_size_from(each) for each in listed if each["PrefixListId"] in ids}
    return {key: size for key, size in sizes.items() if size is not None}


def _asks_entries(aws: Aws, prefix_list_id: str) -> Any:
    return lambda: tuple(aws.prefix_list_entries(prefix_list_id))
