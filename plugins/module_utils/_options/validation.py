# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Checks of options that several modules have. PRIVATE to the collection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Optional

from .._errors import Refusal
from .._model.ownership import OWN_TAGS

# The characters that EC2 takes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
_GROUP_NAME = re.compile(r"(?!sg-)[a-zA-Z0-9 ._:/()#,@\[\]+=&;{}!$*-]{1,255}")


class Refusals:
    """Collects what is wrong with the options."""

    def __init__(self) -> None:
        self.found: list[Refusal] = []

    def add(self, parameter: str, value: object, reason: str, remedy: str) -> None:
        self.found.append(Refusal(parameter, value, reason, remedy))


def check_ids(params: Mapping[str, Any], prefixes: Mapping[str, str], refusals: Refusals) -> None:
    """The options that are ids, or lists of ids, with the prefix that each has."""
    for option, prefix in prefixes.items():
        value = params[option]
        if isinstance(value, list) and not value:
            refusals.add(
                option, "[]", "the list is empty.", f"Give ids such as {prefix}0123456789abcdef0, or leave it out."
            )
        for item in value if isinstance(value, list) else [] if value is None else [value]:
            if not re.fullmatch(f"{prefix}[0-9a-z]+", item):
                refusals.add(
                    option,
                    item or "empty",
                    "is not an id of the right kind.",
                    f"Give one such as {prefix}0123456789abcdef0.",
                )


def check_group_name(name: Optional[str], remedy: str, refusals: Refusals) -> None:
    if name is not None and not _GROUP_NAME.fullmatch(name):
        refusals.add(
            "security_group_name",
            name or "empty",
            "is not a security group's name: 1 to 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*, not beginning"
            " with sg-.",
            remedy,
        )


def check_port(port: Optional[int], refusals: Refusals) -> None:
    if port is not None and not 1 <= port <= 65535:
        refusals.add("port", port, "is not a TCP port.", "Give a number from 1 to 65535.")


def check_seconds(params: Mapping[str, Any], options: Iterable[str], refusals: Refusals) -> None:
    for option in options:
        if params[option] < 0:
            refusals.add(option, params[option], "is less than 0 seconds.", "Give a number of seconds, 0 or more.")


def check_tags(params: Mapping[str, Any], refusals: Refusals) -> None:
    for key, value in (params["tags"] or {}).items():
        if value is None or isinstance(value, (dict, list)):
            refusals.add("tags", f"{key}: {value}", "a tag's value is a text.", "Give a text, or leave the tag out.")
        if str(key).startswith((OWN_TAGS, "aws:")):
            refusals.add(
                "tags", key, f"keys that begin with {OWN_TAGS} or aws: are not yours to set.", "Choose another key."
            )


def read_tags(tags: Optional[Mapping[str, Any]]) -> Optional[dict[str, str]]:
    return None if tags is None else {str(key): str(value) for key, value in tags.items()}
