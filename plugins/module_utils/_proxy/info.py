# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads proxies and their health, and writes nothing. PRIVATE to the collection."""

from __future__ import annotations

from typing import Any, Optional

from .._aws.client import Aws
from .._discovery.databases import find_database
from .._model.proxies import Proxy
from .._model.proxy_targets import may_be_unreachable
from .._model.state import State
from .connected_functions import connected_functions
from .lookup import read_proxy, rules_of
from .plan.rules import missing_paths
from .result import proxy_data, targets_data


def argument_spec() -> dict[str, dict[str, Any]]:
    """The module's own options; amazon.aws adds the connection's."""
    return {"name": {"type": "str", "aliases": ["db_proxy_name"]}}


def read_proxies(name: Optional[str], aws: Aws, region: Optional[str]) -> dict[str, Any]:
    """The proxy of that name, or all; and which IAM roles all proxies of the Region have."""
    wanted = None if name is None else name.lower()
    everyone = aws.describe_proxies()
    listed = [one for one in everyone if wanted in (None, one["DBProxyName"].lower())]
    endpoints = aws.describe_proxy_endpoints() if listed else []
    proxies = [proxy for proxy in (read_proxy(aws, one) for one in listed) if proxy is not None]
    return {
        "changed": False,
        "proxies": [_data(proxy, endpoints, aws) for proxy in proxies],
        "role_arns": {one["DBProxyName"]: one.get("RoleArn") for one in everyone},
        "region": region,
    }


def _data(proxy: Proxy, endpoints: list[dict[str, Any]], aws: Aws) -> dict[str, Any]:
    own = [one for one in endpoints if one.get("DBProxyName") == proxy.name and not one.get("IsDefault")]
    return {
        **proxy_data(proxy, {}),
        "functions": list(connected_functions(aws, proxy.name)),
        "targets": targets_data(proxy, _missing(proxy, aws)),
        "endpoints": [_endpoint(endpoint) for endpoint in own],
    }


def _missing(proxy: Proxy, aws: Aws) -> Optional[tuple[str, ...]]:
    """What keeps the proxy from its database; looked up only where AWS says that something does."""
    if not any(map(may_be_unreachable, proxy.targets)):
        return ()
    databases = [find_database(name, aws).database for name in proxy.registered]
    there = [database for database in databases if database is not None]
    rules = rules_of(aws, {*proxy.security_group_ids, *(group for one in there for group in one.security_group_ids)})
    paths = [missing_paths(State(rules=rules), proxy.security_group_ids, database) for database in there]
    return sum(paths, ()) if there else None


def _endpoint(endpoint: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": endpoint.get("DBProxyEndpointName"),
        "endpoint": endpoint.get("Endpoint"),
        "status": endpoint.get("Status"),
        "target_role": endpoint.get("TargetRole"),
        "vpc_id": endpoint.get("VpcId"),
        "subnet_ids": sorted(endpoint.get("VpcSubnetIds") or ()),
        "security_group_ids": sorted(endpoint.get("VpcSecurityGroupIds") or ()),
    }
