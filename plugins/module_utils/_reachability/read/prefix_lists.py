# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads which networks prefix lists stand for, and what they count as. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from ..._aws.client import Aws
from ..._discovery.security_groups import list_weights
from ..._model.rule_counts import Weights
from .reader import Reader


def read_prefix_lists(aws: Aws, reader: Reader, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The CIDRs of each; one that may not be read is left out."""
    asked = {
        each: reader.read("ec2:GetManagedPrefixListEntries", _asks_entries(aws, each), None, resource_ids=[each])
        for each in sorted(ids)
    }
    answers = {each: answer.result() for each, answer in asked.items()}
    return {each: answer for each, answer in answers.items() if answer is not None}


def read_weights(aws: Aws, reader: Reader, ids: Collection[str]) -> Weights:
    """As how many rules each of them counts; one of which AWS does not tell is left out."""
    if not ids:
        return {}
    none: Weights = {}
    return reader.read("ec2:DescribeManagedPrefixLists", lambda: list_weights(aws, ids), none).result()


def _asks_entries(aws: Aws, prefix_list_id: str) -> Any:
    return lambda: tuple(aws.prefix_list_entries(prefix_list_id))
