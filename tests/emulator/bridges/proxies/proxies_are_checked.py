# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CreateDBProxy refuses what RDS would: names, subnets, groups, roles and authentication; it answers as RDS does."""

from __future__ import annotations

from typing import Any

from moto.rds.exceptions import DBProxyAlreadyExistsFault, InvalidParameterValue
from moto.rds.responses import RDSResponse

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies.proxy_names import check_name
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies.proxy_networks import (
    check_groups,
    vpc_of_subnets,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies.proxy_settings import (
    PASSWORD_TYPES,
    check_scheme,
    check_settings,
    checked_auth,
)

# A proxy that is refused is not creating.
AFTER = ("proxies_take_time",)


def install() -> None:
    @replaces_method(RDSResponse, "create_db_proxy")
    def create_db_proxy(original: Any, self: Any) -> Any:
        wanted = self.params
        check_name("DBProxyName", wanted["DBProxyName"])
        if wanted["DBProxyName"] in self.backend.db_proxies:
            raise DBProxyAlreadyExistsFault(wanted["DBProxyName"])
        if wanted["EngineFamily"] not in PASSWORD_TYPES:
            raise InvalidParameterValue(f"Invalid value {wanted['EngineFamily']} for EngineFamily.")
        scheme = wanted.get("DefaultAuthScheme") or "NONE"
        check_scheme(scheme, wanted.get("Auth") or [])
        check_settings(wanted)
        vpc_id = vpc_of_subnets(self.backend, wanted["VpcSubnetIds"])
        check_groups(self.backend, vpc_id, wanted.get("VpcSecurityGroupIds") or [])
        wanted["Auth"] = checked_auth(wanted.get("Auth") or [], wanted["EngineFamily"])
        answer = original(self)
        _complete(answer.result["DBProxy"], scheme)
        return answer


def _complete(proxy: Any, scheme: str) -> None:
    proxy.require_tls = bool(proxy.require_tls)
    proxy.default_auth_scheme = scheme
    # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBProxy.html has the defaults.
    proxy.endpoint_network_type = proxy.target_connection_network_type = "IPV4"
