# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SETTINGS.failed_functions could not be set up: State Failed, with that reason, until they are taken out of it."""

from __future__ import annotations

from typing import Any

from moto.awslambda.models import LambdaFunction

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.functions.function_states import creation_failed
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.settings import SETTINGS

AFTER = ("inactive_functions",)


def install() -> None:
    @replaces_method(LambdaFunction, "get_configuration")
    def get_configuration(original: Any, self: Any, on_create: bool = False) -> dict[str, Any]:
        configuration: dict[str, Any] = original(self, on_create)
        reason = SETTINGS.failed_functions.get(self.function_name)
        if reason is None:
            return configuration
        configuration.pop("LastUpdateStatus", None)
        return {**configuration, **creation_failed(reason)}
