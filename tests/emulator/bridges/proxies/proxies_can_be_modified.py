# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ModifyDBProxy, which moto does not know: the proxy is modifying for SETTINGS.proxy_modify_seconds.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBProxy.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.rds.exceptions import DBProxyAlreadyExistsFault
from moto.rds.responses import RDSResponse

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import adds_method
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies.proxies_take_time import be_busy
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies.proxy_faults import (
    refuse_unless_available,
    the_proxy,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies.proxy_names import check_name
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies.proxy_networks import check_groups
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies.proxy_settings import (
    check_scheme,
    check_settings,
    checked_auth,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.settings import SETTINGS

PLAIN = {
    "RequireTLS": "require_tls",
    "IdleClientTimeout": "idle_client_timeout",
    "DebugLogging": "debug_logging",
    "RoleArn": "role_arn",
    "SecurityGroups": "vpc_security_group_ids",
    "DefaultAuthScheme": "default_auth_scheme",
}


def install() -> None:
    @adds_method(RDSResponse, "modify_db_proxy")
    def modify_db_proxy(self: Any) -> Any:
        wanted = self.params
        proxy = the_proxy(self.backend, wanted["DBProxyName"])
        refuse_unless_available(proxy)
        _check(self.backend, proxy, wanted)
        if wanted.get("Auth") is not None:
            proxy.auth = checked_auth(wanted["Auth"], proxy.engine_family)
        for parameter, attribute in PLAIN.items():
            if wanted.get(parameter) is not None:
                setattr(proxy, attribute, wanted[parameter])
        if wanted.get("NewDBProxyName"):
            _rename(self.backend, proxy, wanted["NewDBProxyName"])
        proxy.updated_date = utcnow()
        be_busy(proxy, "modifying", SETTINGS.proxy_modify_seconds)
        return ActionResult({"DBProxy": proxy})


def _check(rds: Any, proxy: Any, wanted: Mapping[str, Any]) -> None:
    check_settings(wanted)
    scheme = wanted.get("DefaultAuthScheme") or proxy.default_auth_scheme
    check_scheme(scheme, proxy.auth if wanted.get("Auth") is None else wanted["Auth"])
    check_groups(rds, proxy.vpc_id, wanted.get("SecurityGroups") or [])
    new_name = wanted.get("NewDBProxyName") or proxy.db_proxy_name
    check_name("NewDBProxyName", new_name)
    if new_name != proxy.db_proxy_name and new_name in rds.db_proxies:
        raise DBProxyAlreadyExistsFault(new_name)


def _rename(rds: Any, proxy: Any, name: str) -> None:
    del rds.db_proxies[proxy.db_proxy_name]
    rds.db_proxies[name] = proxy
    proxy.db_proxy_name = name
    for group in proxy.proxy_target_groups.values():
        group.db_proxy_name = name
