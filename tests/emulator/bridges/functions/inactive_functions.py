# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SETTINGS.inactive_functions have been idle for weeks: State Inactive, until the next update."""

from __future__ import annotations

from typing import Any

from moto.awslambda.models import LambdaFunction

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.functions.function_states import ACTIVE
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.settings import SETTINGS

_IDLE = {**ACTIVE, "State": "Inactive", "StateReason": "The function is idle.", "StateReasonCode": "Idle"}


AFTER = ("function_revisions",)


def install() -> None:
    @replaces_method(LambdaFunction, "get_configuration")
    def get_configuration(original: Any, self: Any, on_create: bool = False) -> dict[str, Any]:
        idle = _IDLE if self.function_name in SETTINGS.inactive_functions else {}
        return {**original(self, on_create), **idle}


def wake(function: Any) -> None:
    SETTINGS.inactive_functions = [name for name in SETTINGS.inactive_functions if name != function.function_name]
