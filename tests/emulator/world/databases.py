# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""RDS instances and clusters, each in a subnet group of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.emulator.world.clients import Clients

DEFAULT_PORTS = {
    "postgres": 5432,
    "mysql": 3306,
    "mariadb": 3306,
    "aurora-postgresql": 5432,
    "aurora-mysql": 3306,
    "oracle-se2": 1521,
    "sqlserver-ex": 1433,
}


@dataclass(frozen=True)
class Database:
    """An RDS instance, or an Aurora or Multi-AZ cluster with its members."""

    identifier: str
    hostname: str
    port: int
    group_ids: list[str]
    members: list[str] = field(default_factory=list)


def make_subnet_group(clients: Clients, name: str, subnet_ids: Sequence[str]) -> str:
    """A database's subnet group; its name."""
    made = clients.rds.create_db_subnet_group(
        DBSubnetGroupName=name, DBSubnetGroupDescription=name, SubnetIds=subnet_ids
    )
    return made["DBSubnetGroup"]["DBSubnetGroupName"]


def make_instance(
    clients: Clients,
    identifier: str,
    subnet_ids: Sequence[str],
    group_ids: Sequence[str],
    *,
    engine: str = "postgres",
    port: int | None = None,
    wait: bool = True,
    **settings: Any,
) -> Database:
    """An RDS instance in its own subnet group, available unless nobody waits: then it has no host name yet."""
    # moto knows a version to take by default of each engine but this.
    version: dict[str, Any] = {"EngineVersion": "10.6.20"} if engine == "mariadb" else {}
    clients.rds.create_db_instance(
        DBInstanceIdentifier=identifier,
        Engine=engine,
        DBInstanceClass="db.t4g.micro",
        AllocatedStorage=20,
        MasterUsername="admin_user",
        MasterUserPassword="not-a-secret",
        DBSubnetGroupName=make_subnet_group(clients, identifier, subnet_ids),
        VpcSecurityGroupIds=group_ids,
        Port=port or DEFAULT_PORTS[engine],
        **version,
        **settings,
    )
    if wait:
        clients.rds.get_waiter("db_instance_available").wait(DBInstanceIdentifier=identifier)
    (made,) = clients.rds.describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"]
    hostname = made.get("Endpoint", {}).get("Address", "")
    return Database(made["DBInstanceIdentifier"], hostname, port or DEFAULT_PORTS[engine], list(group_ids))


def make_cluster(
    clients: Clients,
    identifier: str,
    subnet_ids: Sequence[str],
    group_ids: Sequence[str],
    *,
    engine: str = "aurora-postgresql",
    port: int | None = None,
    members: int = 1,
    wait: bool = True,
) -> Database:
    """An Aurora cluster with members `<identifier>-1` and so on; any other engine makes a Multi-AZ cluster.

    It is available unless nobody waits: then it has no host name yet.
    """
    own_storage: dict[str, Any] = {"DBClusterInstanceClass": "db.m5d.large", "AllocatedStorage": 100}
    clients.rds.create_db_cluster(
        DBClusterIdentifier=identifier,
        Engine=engine,
        MasterUsername="admin_user",
        MasterUserPassword="not-a-secret",
        DBSubnetGroupName=make_subnet_group(clients, identifier, subnet_ids),
        VpcSecurityGroupIds=group_ids,
        Port=port or DEFAULT_PORTS[engine],
        **({} if engine.startswith("aurora") else own_storage),
    )
    instances = [
        clients.rds.create_db_instance(
            DBInstanceIdentifier=f"{identifier}-{number}",
            Engine=engine,
            DBInstanceClass="db.r6g.large",
            DBClusterIdentifier=identifier,
        )["DBInstance"]["DBInstanceIdentifier"]
        for number in range(1, members + 1)
    ]
    if wait:
        clients.rds.get_waiter("db_cluster_available").wait(DBClusterIdentifier=identifier)
    (made,) = clients.rds.describe_db_clusters(DBClusterIdentifier=identifier)["DBClusters"]
    return Database(made["DBClusterIdentifier"], made.get("Endpoint", ""), made["Port"], list(group_ids), instances)
