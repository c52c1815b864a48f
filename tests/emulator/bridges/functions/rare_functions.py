# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SETTINGS.function_states gives functions states that they get in no other way, SETTINGS.capacity_providers a place.

https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
"""

from __future__ import annotations

from typing import Any

from moto.awslambda.models import LambdaFunction

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.settings import SETTINGS

AFTER = ("failed_functions",)


def install() -> None:
    @replaces_method(LambdaFunction, "get_configuration")
    def get_configuration(original: Any, self: Any, on_create: bool = False) -> dict[str, Any]:
        configuration: dict[str, Any] = original(self, on_create)
        if state := SETTINGS.function_states.get(self.function_name):
            configuration = {**configuration, "State": state}
        if arn := SETTINGS.capacity_providers.get(self.function_name):
            provider = {"LambdaManagedInstancesCapacityProviderConfig": {"CapacityProviderArn": arn}}
            configuration = {**configuration, "CapacityProviderConfig": provider}
        return configuration
