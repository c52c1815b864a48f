# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the emulator behaves while a tool runs."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.benchmark.account import FUNCTION

# Rules in a group, by AWS's default; more with a client group for each of many functions.
DEFAULT_RULES = 60


@dataclass(frozen=True)
class Mode:
    """`update` and `latency` are seconds: of an update of a function, and of a call on its way."""

    name: str
    update: float
    latency: float
    throttling: bool

    def settings(self, functions: int, scope: str) -> dict[str, Any]:
        """The emulator's; nobody waits for Lambda's network interfaces, which AWS keeps for twenty minutes."""
        rules = functions + 10 if scope == FUNCTION else 0
        return {
            "update_seconds": self.update,
            "latency_seconds": self.latency,
            "throttling": self.throttling,
            "interface_release_seconds": 0,
            "interfaces_per_vpc": 5000,
            "rules_per_group": max(DEFAULT_RULES, rules),
        }


# The tools' own time: whatever AWS takes is left out.
BARE = Mode("own time", update=0, latency=0, throttling=False)
# The same, for runs that are compared with each other only.
SIDE_BY_SIDE = dataclasses.replace(BARE, name="side by side")
AS_AWS = Mode("as with AWS", update=2, latency=0.03, throttling=True)
MODES = (BARE, SIDE_BY_SIDE, AS_AWS)
