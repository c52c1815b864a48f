# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ListFunctions and ListVersionsByFunction: pages of fifty, without the state that only GetFunction knows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from moto.awslambda.models import LambdaBackend
from moto.awslambda.responses import LambdaResponse

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.settings import SETTINGS

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
    # Only the functions of the page are described: there may be thousands.
    @replaces_method(LambdaResponse, "list_functions")
    def list_functions(_original: Any, self: Any) -> str:
        version = self.querystring.get("FunctionVersion", [None])[0]
        return _listed("Functions", self.backend.list_functions(version), self.querystring)

    @replaces_method(LambdaResponse, "list_versions_by_function")
    def list_versions_by_function(_original: Any, self: Any) -> str:
        versions = self.backend.list_versions_by_function(self.path.split("/")[-2])
        return _listed("Versions", versions, self.querystring)

    # moto has no versions of what is named by its ARN, and none of what is not there.
    @replaces_method(LambdaBackend, "list_versions_by_function")
    def versions(original: Any, self: Any, name: str) -> Any:
        return original(self, self.get_function(unquote(name)).function_name)


def _listed(key: str, functions: Iterable[Any], query: dict[str, list[str]]) -> str:
    page = one_page(key, list(functions), query)
    return json.dumps({**page, key: [_short(function.get_configuration()) for function in page[key]]})


def _short(configuration: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in configuration.items() if name not in ONLY_IN_GET_FUNCTION}


def one_page(key: str, items: list[Any], query: dict[str, list[str]]) -> dict[str, Any]:
    """The answer to a request with Marker and MaxItems."""
    start = int(query.get("Marker", ["0"])[0])
    end = start + min(int(query.get("MaxItems", [PAGE])[0]), PAGE, SETTINGS.page_size)
    return {key: items[start:end], "NextMarker": str(end) if end < len(items) else None}
