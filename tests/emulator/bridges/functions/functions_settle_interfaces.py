# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lambda's network interfaces follow when a function is created, or it or a version of it deleted.

An update has them follow by itself, twice (function_updates_take_time.py); a new version uses those of its function.
"""

from __future__ import annotations

from typing import Any

from moto.awslambda.models import LambdaBackend

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.interfaces.lambda_interfaces import (
    settle,
    vpc_configs,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method

AFTER = ("function_vpc_config",)


def install() -> None:
    @replaces_method(LambdaBackend, "create_function")
    def created(original: Any, self: Any, spec: dict[str, Any]) -> Any:
        answer = original(self, spec)
        settle(self.account_id, self.region_name, answer._vpc_config)
        return answer

    @replaces_method(LambdaBackend, "delete_function")
    def deleted(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        before = list(vpc_configs(self.account_id, self.region_name))
        answer = original(self, *args, **kwargs)
        settle(self.account_id, self.region_name, *before)
        return answer
