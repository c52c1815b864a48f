# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""VPCs, subnets, network interfaces, peerings and endpoints, from EC2's answers. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional


@dataclass(frozen=True)
class Subnet:
    """``cidr`` is that of IPv4, empty where it has IPv6 only or was not told; ``free_addresses`` are IPv4's.

    ``owner_id`` is the account that it belongs to: another one shares it, where it is not the functions'.
    """

    id: str
    vpc_id: str
    availability_zone: str = ""
    free_addresses: Optional[int] = None
    cidr: str = ""
    ipv6_cidrs: tuple[str, ...] = ()
    owner_id: str = ""


@dataclass(frozen=True)
class Interface:
    """A network interface. ``requester_id`` is its creator, an account or a service. One of Lambda's is shared by all
    functions with its subnet and groups (https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html)."""

    id: str
    group_ids: tuple[str, ...]
    description: str = ""
    type: str = ""
    subnet_id: str = ""
    requester_id: str = ""
    vpc_id: str = ""


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


def interface_from(interface: Mapping[str, Any]) -> Interface:
    return Interface(
        interface["NetworkInterfaceId"],
        tuple(group["GroupId"] for group in interface.get("Groups") or ()),
        interface.get("Description") or "",
        interface.get("InterfaceType") or "",
        interface.get("SubnetId") or "",
        interface.get("RequesterId") or "",
        interface.get("VpcId") or "",
    )


@dataclass(frozen=True)
class Peering:
    """An active peering connection. ``resolves``: the VPCs whose names the other side resolves to private addresses."""

    id: str
    vpc_ids: frozenset[str]
    resolves: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Endpoint:
    """A VPC endpoint of an AWS service, such as "secretsmanager". ``kind`` is "Interface" or "Gateway"."""

    id: str
    service: str
    kind: str
    vpc_id: str
    subnet_ids: tuple[str, ...] = ()
    group_ids: tuple[str, ...] = ()
    route_table_ids: tuple[str, ...] = ()
    private_dns: bool = True


def peering_from(peering: Mapping[str, Any]) -> Peering:
    """A side's option tells whether its own names resolve to private addresses for the other side
    (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_PeeringConnectionOptions.html)."""
    sides = (peering["RequesterVpcInfo"], peering["AccepterVpcInfo"])
    return Peering(
        peering["VpcPeeringConnectionId"],
        frozenset(side["VpcId"] for side in sides),
        frozenset(
            side["VpcId"] for side in sides if (side.get("PeeringOptions") or {}).get("AllowDnsResolutionFromRemoteVpc")
        ),
    )


def endpoint_from(endpoint: Mapping[str, Any]) -> Endpoint:
    return Endpoint(
        endpoint["VpcEndpointId"],
        (endpoint.get("ServiceName") or "").rpartition(".")[2],  # one for a resource may have none
        endpoint.get("VpcEndpointType") or "",
        endpoint["VpcId"],
        tuple(endpoint.get("SubnetIds") or ()),
        tuple(group["GroupId"] for group in endpoint.get("Groups") or ()),
        tuple(endpoint.get("RouteTableIds") or ()),
        bool(endpoint.get("PrivateDnsEnabled")),
    )


@dataclass(frozen=True)
class Vpc:
    """What matters of a VPC that something new comes into."""

    exists: bool = False
    dedicated: bool = False
    ipv6: bool = False
