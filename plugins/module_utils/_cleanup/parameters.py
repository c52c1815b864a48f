# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""From the task's options to what is wanted. PRIVATE to the collection."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional

from .._errors import Refusal, RefusedError


def argument_spec() -> dict[str, dict[str, Any]]:
    """The module's own options; amazon.aws adds the connection's."""
    return {
        "vpc_id": {"type": "str"},
        "grace_period": {"type": "int", "default": 60},
    }


@dataclass(frozen=True)
class Options:
    """Which groups to look at, and how many seconds lie between two looks at a doubtful one."""

    vpc_id: Optional[str] = None
    grace_period: int = 60


def parse(params: Mapping[str, Any]) -> Options:
    """Reads the task's options.

    :raises RefusedError: with every malformed value
    """
    vpc_id, grace_period = params["vpc_id"], params["grace_period"]
    refusals = []
    if vpc_id is not None and not re.fullmatch("vpc-[0-9a-z]+", vpc_id):
        remedy = "Give one such as vpc-0123456789abcdef0, or leave it out."
        refusals.append(Refusal("vpc_id", vpc_id or "empty", "is not the id of a VPC.", remedy))
    if grace_period < 0:
        remedy = "Give a number of seconds, 0 or more."
        refusals.append(Refusal("grace_period", grace_period, "is less than 0 seconds.", remedy))
    if refusals:
        raise RefusedError(refusals)
    return Options(vpc_id, grace_period)
