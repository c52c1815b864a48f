# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Finds the database that the parameters name. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Optional

from .._aws.client import Aws
from .._model.databases import Database, cluster_endpoints, cluster_from, instance_from, proxy_endpoint_from
from .._model.names import BY_IDS, CLUSTER, HOSTNAME, INSTANCE, PROXY, DatabaseName
from .._model.networks import Subnet, subnets_from


@dataclass(frozen=True)
class Found:
    """The database and the subnets that came with it; ``proxy_target`` a proxy, the database that it leads to."""

    database: Optional[Database] = None
    proxy_target: Optional[Database] = None
    subnets: Mapping[str, Subnet] = field(default_factory=dict)


def find_database(name: DatabaseName, aws: Aws) -> Found:
    """The database; nothing where there is none, or where it is given by ids."""
    kind, value = name.kind, name.value
    if kind == BY_IDS:
        return Found()
    if kind == HOSTNAME:
        return _find_endpoint(aws, value)
    if kind == PROXY:
        return _first_proxy(aws, value, name.endpoint)
    if kind == CLUSTER:
        return _first_cluster(aws, aws.describe_db_clusters(value), value, name.endpoint)
    return _first_instance(aws, aws.describe_db_instances(value), value)


def _find_endpoint(aws: Aws, hostname: str) -> Found:
    """A host name whose form does not tell: a further endpoint of a proxy or cluster, or one of an emulator."""
    for endpoint in aws.describe_proxy_endpoints():
        if (endpoint.get("Endpoint") or "").lower() == hostname:
            return _first_proxy(aws, endpoint["DBProxyName"], hostname)
    for proxy in aws.describe_proxies():
        if (proxy.get("Endpoint") or "").lower() == hostname:
            return _proxy(aws, proxy, hostname)
    for cluster in aws.describe_db_clusters():
        if hostname in cluster_endpoints(cluster):
            return _cluster(aws, cluster, hostname)
    for instance in aws.describe_db_instances():
        if ((instance.get("Endpoint") or {}).get("Address") or "").lower() == hostname:
            return _instance(aws, instance)
    return Found()


def _first_proxy(aws: Aws, name: str, hostname: Optional[str]) -> Found:
    """RDS compares names without their case (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBProxy.html)."""
    named = [proxy for proxy in aws.describe_proxies(name) if proxy["DBProxyName"].lower() == name.lower()]
    return _proxy(aws, named[0], hostname) if named else Found()


def _proxy(aws: Aws, proxy: dict[str, Any], hostname: Optional[str]) -> Found:
    """Its own endpoint, or the further one of that host name, which has groups of its own."""
    endpoint = proxy
    if hostname not in (None, (proxy.get("Endpoint") or "").lower()):
        further = [one for one in aws.describe_proxy_endpoints() if one["DBProxyName"] == proxy["DBProxyName"]]
        named = [one for one in further if (one.get("Endpoint") or "").lower() == hostname]
        endpoint = named[0] if named else proxy
    targets = aws.describe_proxy_targets(proxy["DBProxyName"])
    return Found(proxy_endpoint_from(proxy, endpoint, targets), _proxy_target(aws, targets))


def _proxy_target(aws: Aws, targets: list[dict[str, Any]]) -> Optional[Database]:
    """The one database that a proxy leads to; a cluster comes with its members."""
    for target in sorted(targets, key=lambda target: target["Type"] != "TRACKED_CLUSTER"):
        identifier = target["RdsResourceId"].lower()
        if target["Type"] == "TRACKED_CLUSTER":
            return _first_cluster(aws, aws.describe_db_clusters(identifier), identifier, None).database
        return _first_instance(aws, aws.describe_db_instances(identifier), identifier).database
    return None


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
    return Found(cluster_from(cluster, group, hostname), subnets=_by_id(group))


def _instance(aws: Aws, instance: dict[str, Any]) -> Found:
    """A member of a cluster takes its groups and its port from the cluster."""
    database = instance_from(instance)
    member_of = instance.get("DBClusterIdentifier")
    if not member_of:
        return Found(database, subnets=_by_id(instance.get("DBSubnetGroup") or {}))
    found = _first_cluster(aws, aws.describe_db_clusters(member_of), member_of.lower(), None)
    if found.database is None:
        return Found(database, subnets=_by_id(instance.get("DBSubnetGroup") or {}))
    return Found(_member(database, found.database), subnets=found.subnets)


def _member(instance: Database, cluster: Database) -> Database:
    return replace(
        cluster,
        kind=INSTANCE,
        identifier=instance.identifier,
        port=instance.port or cluster.port,
        endpoint=instance.endpoint,
        status=instance.status,
        resource_id=instance.resource_id,
        arn=instance.arn,
        cluster=instance.cluster,
        zone=instance.zone,
        public=instance.public,
    )


def _by_id(subnet_group: Mapping[str, Any]) -> dict[str, Subnet]:
    return {subnet.id: subnet for subnet in subnets_from(subnet_group)}
