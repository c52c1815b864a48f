# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The further endpoints of a proxy, which moto does not know, with subnets and groups of their own.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBProxyEndpoint.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from moto.moto_api._internal import mock_random
from moto.rds.exceptions import RDSClientError
from moto.rds.models import DBProxy, RDSBaseModel

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies.proxy_hostnames import further_endpoint
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies.proxy_networks import (
    check_groups,
    default_group,
    vpc_of_subnets,
)


class ProxyEndpoint(RDSBaseModel):  # type: ignore[misc]  # moto has no types for mypy
    """Its attributes are what DescribeDBProxyEndpoints returns."""

    resource_type = "db-proxy-endpoint"
    is_default = False
    endpoint_network_type = "IPV4"
    status: str

    def __init__(self, proxy: Any, wanted: Mapping[str, Any]) -> None:
        super().__init__(proxy.backend)
        self.unique_id = f"prx-endpoint-{mock_random.get_random_hex(17)}"
        self.proxy = proxy
        self.db_proxy_endpoint_name: str = wanted["DBProxyEndpointName"]
        self.vpc_subnet_ids: list[str] = wanted["VpcSubnetIds"]
        self.vpc_id = vpc_of_subnets(proxy.backend, self.vpc_subnet_ids)
        group_ids = wanted.get("VpcSecurityGroupIds") or [default_group(proxy.backend, self.vpc_id)]
        check_groups(proxy.backend, self.vpc_id, group_ids)
        self.vpc_security_group_ids: list[str] = group_ids
        self.target_role: str = wanted.get("TargetRole") or "READ_WRITE"
        self.created_date = self.created

    @property
    def resource_id(self) -> str:
        return self.unique_id

    @property
    def db_proxy_endpoint_arn(self) -> str:
        return str(self.arn)

    @property
    def db_proxy_name(self) -> str:
        return str(self.proxy.db_proxy_name)

    @property
    def endpoint(self) -> str:
        return further_endpoint(self.proxy, self.db_proxy_endpoint_name)


def install() -> None:
    @replaces_method(DBProxy, "__init__")
    def made(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.further_endpoints = []


def endpoints_of(proxies: Iterable[Any]) -> list[ProxyEndpoint]:
    return [endpoint for proxy in proxies for endpoint in proxy.further_endpoints]


def the_endpoint(proxies: Iterable[Any], name: str) -> ProxyEndpoint:
    for endpoint in endpoints_of(proxies):
        if endpoint.db_proxy_endpoint_name == name:
            return endpoint
    raise RDSClientError("DBProxyEndpointNotFoundFault", "The DB proxy endpoint doesn't exist.")
