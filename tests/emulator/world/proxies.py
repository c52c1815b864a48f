# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""RDS proxies with their secrets, and waiting for them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ansible_collections.cloudops.lambda_rds.tests.emulator.world.clients import Clients
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.databases import Database
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.roles import make_proxy_role
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.tags import tag_list

# What a proxy listens on, independent of its database's port
# (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html#rds-proxy.limitations).
LISTENER_PORTS = {"POSTGRESQL": 5432, "MYSQL": 3306, "SQLSERVER": 1433}


@dataclass(frozen=True)
class Proxy:
    """An RDS Proxy, and the port that it listens on."""

    name: str
    hostname: str
    port: int
    group_ids: list[str]


def make_secret(clients: Clients, name: str, *, suffix: str = "") -> str:
    """A secret as a proxy needs it; its ARN, which ends with a random suffix unless one is given."""
    value = {"username": "admin_user", "password": "not-a-secret"}
    # moto's way to choose an id.
    tags = {"Tags": tag_list({"_custom_id_": suffix})} if suffix else {}
    return str(clients.secrets.create_secret(Name=name, SecretString=json.dumps(value), **tags)["ARN"])


def make_proxy(
    clients: Clients,
    name: str,
    subnet_ids: Sequence[str],
    group_ids: Sequence[str],
    *,
    target: Database | None = None,
    engine_family: Literal["MYSQL", "POSTGRESQL", "SQLSERVER"] = "POSTGRESQL",
    wait: bool = True,
    **settings: Any,
) -> Proxy:
    """An RDS Proxy, available unless nobody waits; with a target, once the proxy knows whether it is healthy.

    Without Auth and RoleArn among the settings it has the secret `<name>-secret` and the role `<name>-proxy-role`.
    """
    if "Auth" not in settings:
        secret_arn = make_secret(clients, f"{name}-secret")
        settings["Auth"] = [{"AuthScheme": "SECRETS", "SecretArn": secret_arn, "IAMAuth": "DISABLED"}]
    if "RoleArn" not in settings:
        secret_arns = [item["SecretArn"] for item in settings["Auth"]]
        settings["RoleArn"] = make_proxy_role(clients, f"{name}-proxy-role", secret_arns)
    made = clients.rds.create_db_proxy(
        DBProxyName=name,
        EngineFamily=engine_family,
        VpcSubnetIds=subnet_ids,
        VpcSecurityGroupIds=group_ids,
        **settings,
    )["DBProxy"]
    if wait or target:
        wait_for_proxy(clients, name)
    if target:
        register(clients, name, target)
    if wait:
        wait_for_targets(clients, name)
    return Proxy(name, made["Endpoint"], LISTENER_PORTS[engine_family], list(group_ids))


def make_proxy_endpoint(
    clients: Clients, proxy_name: str, name: str, subnet_ids: Sequence[str], group_ids: Sequence[str], **settings: Any
) -> str:
    """A further endpoint of a proxy, available; its host name."""
    where: Any = {"VpcSubnetIds": subnet_ids, "VpcSecurityGroupIds": group_ids}
    clients.rds.create_db_proxy_endpoint(DBProxyName=proxy_name, DBProxyEndpointName=name, **where, **settings)

    def shown() -> Any:
        return clients.rds.describe_db_proxy_endpoints(DBProxyEndpointName=name)["DBProxyEndpoints"][0]

    _wait(lambda: shown()["Status"] == "available")
    return str(shown()["Endpoint"])


def register(clients: Clients, proxy_name: str, database: Database) -> None:
    """The proxy's target is this instance, or this cluster with its members."""
    kind = "DBClusterIdentifiers" if database.members else "DBInstanceIdentifiers"
    named: Any = {kind: [database.identifier]}
    clients.rds.register_db_proxy_targets(DBProxyName=proxy_name, **named)


def wait_for_proxy(clients: Clients, name: str) -> None:
    """Until it is available."""
    _wait(lambda: clients.rds.describe_db_proxies(DBProxyName=name)["DBProxies"][0]["Status"] == "available")


def wait_for_targets(clients: Clients, name: str) -> None:
    """Until it is known whether they are healthy."""
    _wait(lambda: all(_is_settled(target) for target in proxy_targets(clients, name)))


def proxy_targets(clients: Clients, name: str) -> list[Any]:
    return list(clients.rds.describe_db_proxy_targets(DBProxyName=name)["Targets"])


def _is_settled(target: Any) -> bool:
    health: dict[str, str] = target.get("TargetHealth", {})
    return health.get("State") != "REGISTERING" and health.get("Reason") != "PENDING_PROXY_CAPACITY"


def _wait(is_over: Callable[[], bool]) -> None:
    for _time in range(20):
        if is_over():
            return
        time.sleep(60)
    raise TimeoutError("the proxy is not ready after twenty minutes")
