# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A proxy is associated with one database: available, of its engine family and VPC, with addresses left in its subnets.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RegisterDBProxyTargets.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from moto.ec2.models import ec2_backends
from moto.rds.exceptions import InvalidParameterValue, RDSClientError

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.networks.free_addresses import free_addresses

Kind = Literal["TRACKED_CLUSTER", "RDS_INSTANCE"]
CLUSTER: Kind = "TRACKED_CLUSTER"
INSTANCE: Kind = "RDS_INSTANCE"
# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBProxy.html
ENGINES = {
    "MYSQL": ("aurora-mysql", "mysql", "mariadb"),
    "POSTGRESQL": ("aurora-postgresql", "postgres"),
    "SQLSERVER": ("sqlserver-ee", "sqlserver-se", "sqlserver-ex", "sqlserver-web"),
}


@dataclass(frozen=True)
class Registration:
    """A database that a proxy is associated with, whether it is still there or not."""

    kind: Kind
    identifier: str


def instances_of(rds: Any, registration: Registration) -> list[Any]:
    """Those that are there, and have been created."""
    if registration.kind == CLUSTER:
        cluster = rds.clusters.get(registration.identifier)
        found = [] if cluster is None else cluster.members
    else:
        found = [rds.databases.get(registration.identifier)]
    return [instance for instance in found if instance is not None and instance.endpoint is not None]


def check_registration(proxy: Any, group: Any, wanted: Sequence[Registration]) -> None:
    for registration in wanted:
        _check_database(proxy, registration, _database(proxy.backend, registration))
    if not wanted:
        raise InvalidParameterValue("Either DBInstanceIdentifiers or DBClusterIdentifiers must be specified.")
    if group.targets or len(wanted) > 1:
        raise RDSClientError(
            "DBProxyTargetAlreadyRegisteredFault",
            f"The proxy {proxy.db_proxy_name} is already associated with a DB instance or cluster.",
        )
    subnets = {subnet.id: subnet for subnet in ec2_backends[proxy.account_id][proxy.region].describe_subnets()}
    if not all(next(free_addresses(subnets[subnet_id]), None) for subnet_id in proxy.vpc_subnet_ids):
        raise RDSClientError(
            "InsufficientAvailableIPsInSubnetFault",
            "The requested operation can't be performed because there aren't enough available IP addresses in the"
            " proxy's subnets.",
        )


def _database(rds: Any, registration: Registration) -> Any:
    databases = rds.clusters if registration.kind == CLUSTER else rds.databases
    if registration.identifier not in databases:
        code = "DBClusterNotFoundFault" if registration.kind == CLUSTER else "DBInstanceNotFound"
        raise RDSClientError(code, f"{code.partition('Not')[0]} {registration.identifier} not found.")
    return databases[registration.identifier]


def _check_database(proxy: Any, registration: Registration, database: Any) -> None:
    if database.status != "available":
        # In the words of https://github.com/hashicorp/terraform-provider-aws/pull/19096
        is_cluster = registration.kind == CLUSTER
        raise RDSClientError(
            "InvalidDBClusterStateFault" if is_cluster else "InvalidDBInstanceState",
            f"DB {'Cluster' if is_cluster else 'Instance'} {registration.identifier} is in an unsupported state -"
            f" {database.status.upper()}, needs to be in [AVAILABLE, MODIFYING, BACKING_UP]",
        )
    if database.engine not in ENGINES[proxy.engine_family]:
        raise InvalidParameterValue(
            f"The engine {database.engine} of {registration.identifier} is not of the family {proxy.engine_family}."
        )
    if _vpc_id(proxy.backend, database) != proxy.vpc_id:
        raise InvalidParameterValue(f"{registration.identifier} is not in the VPC {proxy.vpc_id} of the proxy.")


def _vpc_id(rds: Any, database: Any) -> str | None:
    group = database.db_subnet_group
    if isinstance(group, str):  # a cluster has but its name
        group = rds.subnet_groups.get(group)
    return group and str(group.vpc_id)
