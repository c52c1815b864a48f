# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A function that is created in a VPC is Pending for SETTINGS.create_seconds; then Active, or Failed."""

from __future__ import annotations

from typing import Any

from moto.awslambda.models import LambdaBackend

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.functions.function_revisions import revise
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.functions.function_states import (
    ACTIVE,
    PENDING,
    creation_failed,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.interfaces.lambda_interfaces import cannot_make
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.clock import CLOCK
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.settings import SETTINGS

AFTER = ("function_updates_take_time",)


def install() -> None:
    @replaces_method(LambdaBackend, "create_function")
    def created(original: Any, self: Any, spec: dict[str, Any]) -> Any:
        # A copy of the function where a version is published at once.
        answer = original(self, spec)
        function = self.get_function(spec["FunctionName"])
        if not (function._vpc_config or {}).get("SubnetIds"):
            return answer
        if SETTINGS.create_seconds > 0:
            function.states = PENDING
            CLOCK.later(SETTINGS.create_seconds, lambda: _complete(function))
        else:
            _complete(function)
        answer.states = function.states
        return answer


def _complete(function: Any) -> None:
    reason = cannot_make(function.account_id, function.region, function._vpc_config)
    function.states = ACTIVE if reason is None else creation_failed(reason)
    revise(function)
