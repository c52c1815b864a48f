# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Databases, as instances, clusters and proxies, from RDS's answers. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Optional

from .engine_families import LISTENER_PORTS
from .names import CLUSTER, INSTANCE, PROXY, DatabaseName
from .networks import subnets_from
from .proxy_targets import READ_WRITE, Target, target_from


@dataclass(frozen=True)
class Database:
    """The database as RDS shows it. ``port`` is None while it has no endpoint; ``vpc_id`` is None without a VPC.

    ``cluster`` is the one that an instance is a member of, ``members`` are a cluster's instances, ``writers`` those of
    them that write, ``role`` whether its endpoint leads to these ("writer"), the others ("reader") or some of both
    ("custom"). ``without_members``: it serves without any. An instance has ``replica_of`` if it is a read replica.
    ``zone`` is the Availability Zone of what stays in one. ``public``: its name has a public address too.
    ``group_states`` are AWS's words for each of its groups: active, adding, removing.
    ``min_capacity`` is that of Aurora Serverless v2, in capacity units: with 0 it pauses.
    ``resource_id`` is what IAM knows it by in rds-db:connect (db-..., cluster-..., prx-...).

    Of a proxy ``subnet_ids`` and ``security_group_ids`` are those of the endpoint that clients connect to, which may be
    a further one; the ``origin_`` ones are the proxy's own, from which it goes on to its ``targets``. ``target_role``
    is the endpoint's: READ_WRITE or READ_ONLY.
    """

    kind: str
    identifier: str
    vpc_id: Optional[str] = None
    subnet_ids: tuple[str, ...] = ()
    security_group_ids: tuple[str, ...] = ()
    port: Optional[int] = None
    endpoint: Optional[str] = None
    status: str = ""
    resource_id: str = ""
    origin_subnet_ids: tuple[str, ...] = ()
    origin_security_group_ids: tuple[str, ...] = ()
    targets: tuple[Target, ...] = ()
    target_role: str = READ_WRITE
    arn: str = ""
    engine: str = ""
    cluster: Optional[str] = None
    members: tuple[str, ...] = ()
    writers: tuple[str, ...] = ()
    role: str = ""
    without_members: bool = False
    replica_of: Optional[str] = None
    zone: Optional[str] = None
    public: bool = False
    dual_stack: bool = False
    group_states: Mapping[str, str] = field(default_factory=dict)
    min_capacity: Optional[float] = None


_LIMITLESS = frozenset({"active", "enabled", "enabling", "modifying-max-capacity"})


def instance_from(instance: Mapping[str, Any]) -> Database:
    """DbInstancePort is 0 for most engines: the port is the endpoint's."""
    endpoint = instance.get("Endpoint") or {}
    return Database(
        INSTANCE,
        instance["DBInstanceIdentifier"],
        vpc_id=(instance.get("DBSubnetGroup") or {}).get("VpcId"),
        subnet_ids=tuple(subnet.id for subnet in subnets_from(instance.get("DBSubnetGroup") or {})),
        security_group_ids=_active_groups(instance),
        port=endpoint.get("Port"),
        endpoint=endpoint.get("Address"),
        status=instance.get("DBInstanceStatus", ""),
        resource_id=instance.get("DbiResourceId", ""),
        arn=instance.get("DBInstanceArn", ""),
        engine=instance.get("Engine", ""),
        cluster=instance.get("DBClusterIdentifier") or None,
        replica_of=instance.get("ReadReplicaSourceDBInstanceIdentifier") or None,
        zone=None if instance.get("MultiAZ") else instance.get("AvailabilityZone"),
        public=bool(instance.get("PubliclyAccessible")),
        dual_stack=instance.get("NetworkType") == "DUAL",
        group_states=_group_states(instance),
    )


def cluster_from(cluster: Mapping[str, Any], subnet_group: Mapping[str, Any], hostname: Optional[str]) -> Database:
    """A cluster; ``hostname`` chooses among its endpoints (writer, reader, custom) the one that was asked for."""
    endpoints = cluster_endpoints(cluster)
    endpoint = hostname if hostname in endpoints else cluster.get("Endpoint")
    members = cluster.get("DBClusterMembers") or ()
    return Database(
        CLUSTER,
        cluster["DBClusterIdentifier"],
        vpc_id=subnet_group.get("VpcId"),
        subnet_ids=tuple(subnet.id for subnet in subnets_from(subnet_group)),
        security_group_ids=_active_groups(cluster),
        port=cluster.get("Port") if endpoint else None,
        endpoint=endpoint,
        status=cluster.get("Status", ""),
        resource_id=cluster.get("DbClusterResourceId", ""),
        arn=cluster.get("DBClusterArn", ""),
        engine=cluster.get("Engine", ""),
        public=bool(cluster.get("PubliclyAccessible")),
        dual_stack=cluster.get("NetworkType") == "DUAL",
        group_states=_group_states(cluster),
        members=tuple(member["DBInstanceIdentifier"] for member in members),
        writers=tuple(member["DBInstanceIdentifier"] for member in members if member.get("IsClusterWriter")),
        role=_role(cluster, endpoint),
        without_members=_serves_without_members(cluster),
        min_capacity=(cluster.get("ServerlessV2ScalingConfiguration") or {}).get("MinCapacity"),
    )


def _serves_without_members(cluster: Mapping[str, Any]) -> bool:
    """Aurora Serverless v1 has no instances, and Limitless Database has shards instead
    (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBCluster.html)."""
    limitless = (cluster.get("LimitlessDatabase") or {}).get("Status") in _LIMITLESS
    return (
        limitless or cluster.get("EngineMode") == "serverless" or cluster.get("ClusterScalabilityType") == "limitless"
    )


def _role(cluster: Mapping[str, Any], endpoint: Optional[str]) -> str:
    """https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Overview.Endpoints.html"""
    named = {cluster.get("ReaderEndpoint"): "reader", cluster.get("Endpoint"): "writer"}
    roles = {host.lower(): role for host, role in named.items() if host}
    return roles.get((endpoint or "").lower(), "custom")


def cluster_endpoints(cluster: Mapping[str, Any]) -> list[str]:
    named = [cluster.get("Endpoint"), cluster.get("ReaderEndpoint"), *(cluster.get("CustomEndpoints") or ())]
    return [endpoint.lower() for endpoint in named if endpoint]


def proxy_endpoint_from(
    proxy: Mapping[str, Any], endpoint: Mapping[str, Any], targets: Iterable[Mapping[str, Any]]
) -> Database:
    """A proxy; ``endpoint`` is itself, or the one of its other endpoints that was asked for.

    Subnets and groups of an endpoint are for those who connect to it, and may be of another VPC; the proxy itself stays
    in the database's VPC (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-endpoints.html#rds-proxy-cross-vpc),
    and its own groups are what lets it out to the database
    (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-creating.html, "VPC security group").
    """
    return Database(
        PROXY,
        proxy["DBProxyName"],
        vpc_id=endpoint["VpcId"],
        subnet_ids=tuple(sorted(endpoint["VpcSubnetIds"])),
        security_group_ids=tuple(sorted(endpoint.get("VpcSecurityGroupIds") or ())),
        port=LISTENER_PORTS.get(proxy["EngineFamily"]),
        endpoint=(endpoint.get("Endpoint") or "").lower() or None,
        status=_proxy_status(proxy, endpoint),
        resource_id=proxy.get("DBProxyArn", "").rpartition(":")[2],
        origin_subnet_ids=tuple(sorted(proxy["VpcSubnetIds"])),
        origin_security_group_ids=tuple(sorted(proxy.get("VpcSecurityGroupIds") or ())),
        targets=tuple(map(target_from, targets)),
        target_role=endpoint.get("TargetRole") or READ_WRITE,
    )


def _proxy_status(proxy: Mapping[str, Any], endpoint: Mapping[str, Any]) -> str:
    """An endpoint leads no further than its proxy."""
    own = str(endpoint.get("Status") or "")
    return str(proxy.get("Status") or "") if own == "available" else own


def _active_groups(database: Mapping[str, Any]) -> tuple[str, ...]:
    """A group that is being removed does not count."""
    return tuple(sorted(group for group, status in _group_states(database).items() if status != "removing"))


def _group_states(database: Mapping[str, Any]) -> dict[str, str]:
    return {each["VpcSecurityGroupId"]: each.get("Status") or "" for each in database.get("VpcSecurityGroups") or ()}


def database_data(
    name: DatabaseName, database: Optional[Database], proxy_target: Optional[Database] = None
) -> dict[str, Any]:
    """``target`` is what is behind a proxy."""
    shown = database or Database(name.kind, name.value)
    more = {"target": database_data(name, proxy_target)} if proxy_target else {}
    return {
        **more,
        "kind": shown.kind,
        "identifier": shown.identifier,
        "endpoint": shown.endpoint,
        "port": shown.port,
        "vpc_id": shown.vpc_id,
        "subnet_ids": list(shown.subnet_ids),
        "security_group_ids": list(shown.security_group_ids),
        "status": shown.status or None,
        "resource_id": shown.resource_id or None,
    }
