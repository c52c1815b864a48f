# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Functions that are chosen by what they are, instead of by name. PRIVATE to the collection."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Optional

from .._errors import Refusal
from .validation import Refusals, read_tags

# https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html (FunctionName)
_PREFIX = re.compile(r"[a-zA-Z0-9_-]{1,64}")
# https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html (TagFilters)
_MAX_TAGS = 50
# https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_TagFilter.html
_MAX_KEY, _MAX_VALUE = 128, 256


@dataclass(frozen=True)
class Selection:
    """All functions of the account and Region whose names begin so and which have all of these tags."""

    prefix: Optional[str] = None
    tags: Mapping[str, str] = field(default_factory=dict)

    def takes(self, name: str) -> bool:
        return name.startswith(self.prefix or "")

    @property
    def refusal(self) -> Refusal:
        """Why nothing is done where no function is chosen."""
        given = {"function_name_prefix": self.prefix, "function_tags": dict(self.tags)}
        named = {option: value for option, value in given.items() if value}
        return Refusal(
            ", ".join(named),
            ", ".join(map(_shown, named.values())),
            "no function of this account and Region is chosen by that.",
            "Check the value and the option region, or skip the task where there may be none.",
        )


def _shown(value: object) -> str:
    return ", ".join(f"{key}={each}" for key, each in value.items()) if isinstance(value, dict) else str(value)


def read_selection(params: Mapping[str, Any], refusals: Refusals) -> Optional[Selection]:
    """What function_name_prefix and function_tags choose; None where neither is given."""
    prefix, tags = params["function_name_prefix"], params["function_tags"]
    if prefix is None and tags is None:
        return None
    if prefix is not None and not _PREFIX.fullmatch(prefix):
        refusals.add(
            "function_name_prefix",
            prefix or "empty",
            "is not what the name of a Lambda function begins with: 1 to 64 letters, digits, - and _.",
            "Give the beginning of the names, without a wildcard.",
        )
    if tags is not None and not 0 < len(tags) <= _MAX_TAGS:
        refusals.add(
            "function_tags",
            len(tags),
            f"is not a number of tags to choose by: 1 to {_MAX_TAGS}.",
            "Give the tags that all of the functions have.",
        )
    chosen = read_tags(tags) or {}
    for key, value in chosen.items():
        if not 0 < len(key) <= _MAX_KEY or len(value) > _MAX_VALUE:
            refusals.add(
                "function_tags",
                f"{key}={value}",
                f"no tag is like that: its key has 1 to {_MAX_KEY} characters, its value at most {_MAX_VALUE}.",
                "Check the tag.",
            )
    return Selection(prefix, chosen)
