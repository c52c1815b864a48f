# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A proxy has one target group, default, whose connection pool has AWS's defaults and bounds.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ConnectionPoolConfiguration.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.rds.exceptions import InvalidParameterCombination, InvalidParameterValue
from moto.rds.models import DBProxy, DBProxyTargetGroup
from moto.rds.responses import RDSResponse

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import (
    replaces_method,
    replaces_property,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies.proxy_faults import (
    refuse_out_of_range,
    refuse_unless_available,
    the_proxy,
    the_target_group,
)

Pool = dict[str, Any]


AFTER = ("proxy_endpoints",)


def install() -> None:
    @replaces_method(DBProxy, "__init__")
    def made(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.proxy_target_groups["default"].pool = _default_pool(self.engine_family)

    @replaces_property(DBProxyTargetGroup, "connection_pool_config")
    def connection_pool_config(self: Any) -> Pool:
        pool: Pool = self.pool
        return pool

    @replaces_method(RDSResponse, "describe_db_proxy_target_groups")
    def described(original: Any, self: Any) -> Any:
        the_target_group(the_proxy(self.backend, self.params["DBProxyName"]), self.params.get("TargetGroupName"))
        return original(self)

    @replaces_method(RDSResponse, "modify_db_proxy_target_group")
    def modified(_original: Any, self: Any) -> Any:
        proxy = the_proxy(self.backend, self.params["DBProxyName"])
        group = the_target_group(proxy, self.params["TargetGroupName"])
        if self.params.get("NewName") not in (None, group.target_group_name):
            raise InvalidParameterValue("You can't rename the default target group.")
        refuse_unless_available(proxy)
        group.pool = _changed(group.pool, self.params.get("ConnectionPoolConfig") or {}, proxy.engine_family)
        group.updated_date = utcnow()
        return ActionResult({"DBProxyTargetGroup": group})


def _default_pool(engine_family: str) -> Pool:
    most = 10 if engine_family == "SQLSERVER" else 100
    return {
        "MaxConnectionsPercent": most,
        "MaxIdleConnectionsPercent": most // 2,
        "ConnectionBorrowTimeout": 120,
        "SessionPinningFilters": [],
    }


def _changed(pool: Pool, wanted: Mapping[str, Any], engine_family: str) -> Pool:
    most, idle = wanted.get("MaxConnectionsPercent"), wanted.get("MaxIdleConnectionsPercent")
    if idle is not None and most is None:
        raise InvalidParameterCombination("MaxIdleConnectionsPercent requires a value for MaxConnectionsPercent.")
    refuse_out_of_range("MaxConnectionsPercent", most, 1, 100)
    refuse_out_of_range("MaxIdleConnectionsPercent", idle, 0, most or 100)
    refuse_out_of_range("ConnectionBorrowTimeout", wanted.get("ConnectionBorrowTimeout"), 0, 300)
    # "Currently, the only allowed value", and for MySQL only:
    # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ConnectionPoolConfigurationInfo.html
    allowed = {"EXCLUDE_VARIABLE_SETS"} if engine_family == "MYSQL" else set()
    if unknown := set(wanted.get("SessionPinningFilters") or []) - allowed:
        raise InvalidParameterValue(f"A proxy for {engine_family} knows no pinning filter {min(unknown)}.")
    said = {key: wanted[key] for key in (*pool, "InitQuery") if wanted.get(key) is not None}
    if most is not None and idle is None:
        said["MaxIdleConnectionsPercent"] = most // 2
    return {**pool, **said}
