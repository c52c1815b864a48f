# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The calls for the further endpoints of a proxy, which take as long as those for a proxy.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-endpoints.html
"""

from __future__ import annotations

import functools
from typing import Any

from moto.core.responses import ActionResult
from moto.rds.exceptions import RDSClientError
from moto.rds.responses import RDSResponse

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import adds_method
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies import proxy_interfaces
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies.proxies_take_time import be_busy
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies.proxy_endpoints import (
    ProxyEndpoint,
    endpoints_of,
    the_endpoint,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies.proxy_faults import (
    refuse_unless_available,
    the_proxy,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies.proxy_names import check_name
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies.proxy_networks import check_groups
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.clock import CLOCK
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.settings import SETTINGS


def install() -> None:
    @adds_method(RDSResponse, "create_db_proxy_endpoint")
    def create_db_proxy_endpoint(self: Any) -> Any:
        proxy = the_proxy(self.backend, self.params["DBProxyName"])
        refuse_unless_available(proxy)
        _check_new_name(self.backend, "DBProxyEndpointName", self.params["DBProxyEndpointName"])
        if len(proxy.further_endpoints) >= SETTINGS.endpoints_per_proxy:
            message = "The DB proxy already has the maximum number of endpoints."
            raise RDSClientError("DBProxyEndpointQuotaExceededFault", message)
        endpoint = ProxyEndpoint(proxy, self.params)
        proxy.further_endpoints.append(endpoint)
        be_busy(endpoint, "creating", SETTINGS.proxy_create_seconds)
        return ActionResult({"DBProxyEndpoint": endpoint})

    # Not the proxy's own, which is with the proxy.
    @adds_method(RDSResponse, "describe_db_proxy_endpoints")
    def describe_db_proxy_endpoints(self: Any) -> Any:
        proxy_name, name = self.params.get("DBProxyName"), self.params.get("DBProxyEndpointName")
        of = [the_proxy(self.backend, proxy_name)] if proxy_name else self.backend.db_proxies.values()
        return ActionResult({"DBProxyEndpoints": [the_endpoint(of, name)] if name else endpoints_of(of)})

    @adds_method(RDSResponse, "modify_db_proxy_endpoint")
    def modify_db_proxy_endpoint(self: Any) -> Any:
        endpoint = _idle_endpoint(self)
        group_ids, new_name = self.params.get("VpcSecurityGroupIds"), self.params.get("NewDBProxyEndpointName")
        check_groups(self.backend, endpoint.vpc_id, group_ids or [])
        if new_name and new_name != endpoint.db_proxy_endpoint_name:
            _check_new_name(self.backend, "NewDBProxyEndpointName", new_name)
            endpoint.db_proxy_endpoint_name = new_name
        endpoint.vpc_security_group_ids = group_ids or endpoint.vpc_security_group_ids
        be_busy(endpoint, "modifying", SETTINGS.proxy_modify_seconds)
        return ActionResult({"DBProxyEndpoint": endpoint})

    @adds_method(RDSResponse, "delete_db_proxy_endpoint")
    def delete_db_proxy_endpoint(self: Any) -> Any:
        endpoint = _idle_endpoint(self)
        endpoint.status = "deleting"
        CLOCK.later(SETTINGS.proxy_delete_seconds, functools.partial(_deleted, endpoint))
        return ActionResult({"DBProxyEndpoint": endpoint})


def _check_new_name(rds: Any, parameter: str, name: str) -> None:
    check_name(parameter, name)
    if any(name == endpoint.db_proxy_endpoint_name for endpoint in endpoints_of(rds.db_proxies.values())):
        raise RDSClientError(
            "DBProxyEndpointAlreadyExistsFault",
            "The specified DB proxy endpoint name must be unique for all DB proxy endpoints owned by your Amazon Web"
            " Services account in the specified Amazon Web Services Region.",
        )


def _idle_endpoint(request: Any) -> ProxyEndpoint:
    endpoint = the_endpoint(request.backend.db_proxies.values(), request.params["DBProxyEndpointName"])
    if endpoint.status != "available":
        raise RDSClientError(
            "InvalidDBProxyEndpointStateFault",
            f"You can't perform this operation while the DB proxy endpoint is {endpoint.status}.",
        )
    return endpoint


def _deleted(endpoint: ProxyEndpoint) -> None:
    endpoint.proxy.further_endpoints.remove(endpoint)
    proxy_interfaces.settle(endpoint.account_id, endpoint.region)
