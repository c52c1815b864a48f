# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Finds the database that the parameters name. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Optional

from .._aws import Aws
from .from_aws import cluster_endpoints, cluster_from, instance_from, subnets_from
from .names import CLUSTER, HOSTNAME, IDS, INSTANCE, DatabaseName
from .state import Database, Subnet


@dataclass(frozen=True)
class Found:
    """The database and the subnets that came with it."""

    database: Optional[Database] = None
    subnets: Mapping[str, Subnet] = field(default_factory=dict)


def find_database(name: DatabaseName, aws: Aws) -> Found:
    """The database; nothing where there is none, or where it is given by ids."""
    kind, value = name.kind, name.value
    if kind == IDS:
        return Found()
    if kind == HOSTNAME:
        return _find_endpoint(aws, value)
    if kind == CLUSTER:
        return _first_cluster(aws, aws.describe_db_clusters(value), value, name.endpoint)
    return _first_instance(aws, aws.describe_db_instances(value), value)


def _find_endpoint(aws: Aws, hostname: str) -> Found:
    """A host name whose form does not tell: a custom endpoint of a cluster, or one of an emulator."""
    for cluster in aws.describe_db_clusters():
        if hostname in cluster_endpoints(cluster):
            return _cluster(aws, cluster, hostname)
    for instance in aws.describe_db_instances():
        if ((instance.get("Endpoint") or {}).get("Address") or "").lower() == hostname:
            return _instance(aws, instance)
    return Found()


def _first_cluster(aws: Aws, clusters: list[dict[str, Any]], identifier: str, hostname: Optional[str]) -> Found:
    named = [cluster for cluster in clusters if cluster["DBClusterIdentifier"].lower() == identifier]
    return _cluster(aws, named[0], hostname) if named else Found()


def _first_instance(aws: Aws, instances: list[dict[str, Any]], identifier: str) -> Found:
    named = [instance for instance in instances if instance["DBInstanceIdentifier"].lower() == identifier]
    return _instance(aws, named[0]) if named else Found()


def _cluster(aws: Aws, cluster: dict[str, Any], hostname: Optional[str]) -> Found:
    """DescribeDBClusters gives the subnet group by name only. Without VPC networking there is none."""
    group: Mapping[str, Any] = {}
    if cluster.get("DBSubnetGroup") and cluster.get("VPCNetworkingEnabled") is not False:
        group = aws.describe_db_subnet_group(cluster["DBSubnetGroup"]) or {}
    return Found(cluster_from(cluster, group, hostname), _by_id(group))


def _instance(aws: Aws, instance: dict[str, Any]) -> Found:
    """A member of a cluster takes its groups and its port from the cluster."""
    database = instance_from(instance)
    member_of = instance.get("DBClusterIdentifier")
    if not member_of:
        return Found(database, _by_id(instance.get("DBSubnetGroup") or {}))
    found = _first_cluster(aws, aws.describe_db_clusters(member_of), member_of.lower(), None)
    if found.database is None:
        return Found(database, _by_id(instance.get("DBSubnetGroup") or {}))
    return Found(_member(database, found.database), found.subnets)


def _member(instance: Database, cluster: Database) -> Database:
    return replace(
        cluster,
        kind=INSTANCE,
        identifier=instance.identifier,
        port=instance.port or cluster.port,
        endpoint=instance.endpoint,
        status=instance.status,
        arn=instance.arn,
        instance_class=instance.instance_class,
        cluster=instance.cluster,
    )


def _by_id(subnet_group: Mapping[str, Any]) -> dict[str, Subnet]:
    return {subnet.id: subnet for subnet in subnets_from(subnet_group)}
