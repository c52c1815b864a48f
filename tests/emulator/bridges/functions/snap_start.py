# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SnapStart: requested for the function, returned for `$LATEST`, and on for versions that are published afterwards.

https://docs.aws.amazon.com/lambda/latest/dg/snapstart-activate.html
"""

from __future__ import annotations

from typing import Any

from moto.awslambda.models import LambdaFunction

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method

AFTER = (
    "published_versions_stay",
    "rare_functions",
)


def install() -> None:
    @replaces_method(LambdaFunction, "__init__")
    def made(original: Any, self: Any, account_id: str, spec: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        original(self, account_id, spec, *args, **kwargs)
        self.snap_start = (spec.get("SnapStart") or {}).get("ApplyOn", "None")

    @replaces_method(LambdaFunction, "update_configuration")
    def updated(original: Any, self: Any, config_updates: dict[str, Any]) -> Any:
        if "SnapStart" in config_updates:
            self.snap_start = config_updates["SnapStart"].get("ApplyOn", "None")
        return original(self, config_updates)

    @replaces_method(LambdaFunction, "get_configuration")
    def get_configuration(original: Any, self: Any, on_create: bool = False) -> dict[str, Any]:
        optimized = self.snap_start == "PublishedVersions" and self.version != "$LATEST"
        described = {"ApplyOn": self.snap_start, "OptimizationStatus": "On" if optimized else "Off"}
        return {**original(self, on_create), "SnapStart": described}
