# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""From the answers of AWS to the values of state.py. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Optional

from .._proxy.ports import LISTENER_PORTS
from .._proxy.targets import READ_WRITE, target_from
from .names import CLUSTER, INSTANCE, PROXY
from .state import (
    EGRESS,
    INGRESS,
    Alias,
    Capacity,
    Database,
    Function,
    Group,
    Interface,
    Peer,
    Rule,
    Subnet,
    Version,
    VpcConfig,
    Wearer,
)

_PROTOCOLS = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}
_LIMITLESS = frozenset({"active", "enabled", "enabling", "modifying-max-capacity"})
_PEERS = {"CidrIpv4": "cidr_ip", "CidrIpv6": "cidr_ipv6", "PrefixListId": "ip_prefix"}


def function_from(configuration: Mapping[str, Any]) -> Function:
    """State and LastUpdateStatus are absent from ListFunctions; Inactive is settled
    (https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html)."""
    vpc = configuration.get("VpcConfig") or {}
    provider = (configuration.get("CapacityProviderConfig") or {}).get("LambdaManagedInstancesCapacityProviderConfig")
    return Function(
        name=configuration["FunctionName"],
        arn=configuration["FunctionArn"],
        vpc=_vpc_config(vpc),
        revision_id=configuration.get("RevisionId"),
        pending=configuration.get("State") == "Pending",
        updating=configuration.get("LastUpdateStatus") == "InProgress",
        capacity_provider=(provider or {}).get("CapacityProviderArn"),
        code_sha256=configuration.get("CodeSha256", ""),
        role_arn=configuration.get("Role", ""),
    )


def _vpc_config(vpc: Mapping[str, Any]) -> VpcConfig:
    return VpcConfig(
        tuple(vpc.get("SubnetIds") or ()),
        tuple(vpc.get("SecurityGroupIds") or ()),
        bool(vpc.get("Ipv6AllowedForDualStack")),
    )


def version_from(configuration: Mapping[str, Any]) -> Version:
    vpc = _vpc_config(configuration.get("VpcConfig") or {})
    return Version(configuration["Version"], vpc, configuration.get("CodeSha256", ""))


def alias_from(alias: Mapping[str, Any]) -> Alias:
    weights = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    return Alias(alias["Name"], alias["FunctionVersion"], alias.get("RevisionId"), tuple(sorted(weights)))


def wearer_from(configuration: Mapping[str, Any]) -> Wearer:
    groups = _vpc_config(configuration.get("VpcConfig") or {}).security_group_ids
    return Wearer(configuration["FunctionName"], configuration["Version"], groups)


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
        instance_class=instance.get("DBInstanceClass", ""),
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
        instance_class=cluster.get("DBClusterInstanceClass", ""),
        public=bool(cluster.get("PubliclyAccessible")),
        dual_stack=cluster.get("NetworkType") == "DUAL",
        group_states=_group_states(cluster),
        members=tuple(member["DBInstanceIdentifier"] for member in members),
        writers=tuple(member["DBInstanceIdentifier"] for member in members if member.get("IsClusterWriter")),
        role=_role(cluster, endpoint),
        without_members=_serves_without_members(cluster),
        capacity=_capacity(cluster.get("ServerlessV2ScalingConfiguration") or {}),
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


def _capacity(scaling: Mapping[str, Any]) -> Optional[Capacity]:
    least, most = scaling.get("MinCapacity"), scaling.get("MaxCapacity")
    return None if least is None or most is None else Capacity(least, most)


def cluster_endpoints(cluster: Mapping[str, Any]) -> list[str]:
    named = [cluster.get("Endpoint"), cluster.get("ReaderEndpoint"), *(cluster.get("CustomEndpoints") or ())]
    return [endpoint.lower() for endpoint in named if endpoint]


def proxy_from(proxy: Mapping[str, Any], endpoint: Mapping[str, Any], targets: Iterable[Mapping[str, Any]]) -> Database:
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


def subnets_from(subnet_group: Mapping[str, Any]) -> list[Subnet]:
    """The subnets of a DB subnet group, which are all of one VPC."""
    return [
        Subnet(
            subnet["SubnetIdentifier"],
            subnet_group["VpcId"],
            (subnet.get("SubnetAvailabilityZone") or {}).get("Name", ""),
        )
        for subnet in subnet_group.get("Subnets", ())
    ]


def _active_groups(database: Mapping[str, Any]) -> tuple[str, ...]:
    """A group that is being removed does not count."""
    return tuple(sorted(group for group, status in _group_states(database).items() if status != "removing"))


def _group_states(database: Mapping[str, Any]) -> dict[str, str]:
    return {each["VpcSecurityGroupId"]: each.get("Status") or "" for each in database.get("VpcSecurityGroups") or ()}


def subnet_from(subnet: Mapping[str, Any]) -> Subnet:
    """One with IPv6 only has no CidrBlock (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Subnet.html)."""
    blocks = subnet.get("Ipv6CidrBlockAssociationSet") or ()
    cidr = subnet.get("CidrBlock") or ""
    return Subnet(
        subnet["SubnetId"],
        subnet["VpcId"],
        subnet.get("AvailabilityZone", ""),
        subnet.get("AvailableIpAddressCount") if cidr else None,
        cidr,
        tuple(block["Ipv6CidrBlock"] for block in blocks if block["Ipv6CidrBlockState"]["State"] == "associated"),
        subnet.get("OwnerId", ""),
    )


def group_from(group: Mapping[str, Any]) -> Group:
    return Group(
        group["GroupId"],
        group["GroupName"],
        group["VpcId"],
        group.get("OwnerId", ""),
        group.get("Description", ""),
        tags_from(group.get("Tags")),
    )


def tags_from(listed: Optional[Iterable[Mapping[str, str]]]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in listed or ()}


def rule_from(rule: Mapping[str, Any]) -> Rule:
    protocol = _protocol(rule)
    first, last = _ports(protocol, rule)
    referenced = rule.get("ReferencedGroupInfo") or {}
    if referenced.get("GroupId"):
        peer = Peer("group", referenced["GroupId"])
    else:
        peer = next(Peer(kind, rule[key]) for key, kind in _PEERS.items() if rule.get(key))
    return Rule(
        rule["GroupId"],
        EGRESS if rule["IsEgress"] else INGRESS,
        protocol,
        first,
        last,
        peer,
        rule.get("Description") or "",
        rule["SecurityGroupRuleId"],
        tags_from(rule.get("Tags")),
    )


def references_from(group: Mapping[str, Any]) -> Iterator[Rule]:
    """The rules of a group, as DescribeSecurityGroups gives them, that name another group."""
    for direction, key in ((INGRESS, "IpPermissions"), (EGRESS, "IpPermissionsEgress")):
        for permission in group.get(key) or ():
            protocol = _protocol(permission)
            first, last = _ports(protocol, permission)
            for pair in permission.get("UserIdGroupPairs") or ():
                yield Rule(group["GroupId"], direction, protocol, first, last, Peer("group", pair["GroupId"]))


def _protocol(rule: Mapping[str, Any]) -> str:
    protocol = str(rule["IpProtocol"])
    return _PROTOCOLS.get(protocol, protocol)


def _ports(protocol: str, rule: Mapping[str, Any]) -> tuple[int, int]:
    """All ports are -1 to -1 for every protocol of which AWS gives none."""
    if protocol == "-1" or rule.get("FromPort") is None:
        return -1, -1
    return rule["FromPort"], rule["ToPort"]


def interface_from(interface: Mapping[str, Any]) -> Interface:
    return Interface(
        interface["NetworkInterfaceId"],
        tuple(group["GroupId"] for group in interface.get("Groups") or ()),
        interface.get("Description") or "",
        interface.get("InterfaceType") or "",
        interface.get("SubnetId") or "",
        interface.get("RequesterId") or "",
    )


def permission_to(rule: Rule, peer_owner: str = "") -> dict[str, Any]:
    """A rule as Authorize takes it. ``peer_owner`` is the account of the group that it names, where that is known.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UserIdGroupPair.html
    """
    permission: dict[str, Any] = {"IpProtocol": rule.protocol}
    if rule.protocol != "-1":
        permission.update(FromPort=rule.from_port, ToPort=rule.to_port)
    key, field = {
        "group": ("UserIdGroupPairs", "GroupId"),
        "cidr_ip": ("IpRanges", "CidrIp"),
        "cidr_ipv6": ("Ipv6Ranges", "CidrIpv6"),
        "ip_prefix": ("PrefixListIds", "PrefixListId"),
    }[rule.peer.kind]
    description = {"Description": rule.description} if rule.description else {}
    owner = {"UserId": peer_owner} if peer_owner and rule.peer.kind == "group" else {}
    return {**permission, key: [{field: rule.peer.value, **owner, **description}]}
