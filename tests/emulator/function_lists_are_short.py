# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ListFunctions and ListVersionsByFunction: pages of fifty, without the state that only GetFunction knows."""

from __future__ import annotations

import json
from typing import Any

from moto.awslambda.responses import LambdaResponse

from ansible_collections.cloudops.lambda_rds.tests.emulator.moto_methods import replaces_method

PAGE = 50
ONLY_IN_GET_FUNCTION = (
    "State",
    "StateReason",
    "StateReasonCode",
    "LastUpdateStatus",
    "LastUpdateStatusReason",
    "LastUpdateStatusReasonCode",
    "RuntimeVersionConfig",
)


def install() -> None:
    for action, key in (("list_functions", "Functions"), ("list_versions_by_function", "Versions")):

        @replaces_method(LambdaResponse, action)
        def listed(original: Any, self: Any, key: str = key) -> str:
            functions = json.loads(original(self))[key]
            start = int(self.querystring.get("Marker", ["0"])[0])
            end = start + min(int(self.querystring.get("MaxItems", [PAGE])[0]), PAGE)
            page = [{k: v for k, v in f.items() if k not in ONLY_IN_GET_FUNCTION} for f in functions[start:end]]
            return json.dumps({key: page, "NextMarker": str(end) if end < len(functions) else None})
