# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""VPCs, their subnets, and what joins two of them."""

from __future__ import annotations

import ipaddress
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ansible_collections.cloudops.lambda_rds.tests.emulator.world.clients import Clients
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.tags import named


@dataclass(frozen=True)
class Network:
    """A VPC and its subnets, one an Availability Zone."""

    vpc_id: str
    subnet_ids: list[str]


def make_network(
    clients: Clients, name: str, *, subnets: int = 2, cidr: str = "10.0.0.0/16", bits: int = 24, ipv6: bool = False
) -> Network:
    """A VPC named `name`; more subnets than Availability Zones share them, each of a prefix of so many bits."""
    ec2 = clients.ec2
    made = ec2.create_vpc(CidrBlock=cidr, AmazonProvidedIpv6CidrBlock=ipv6, TagSpecifications=named("vpc", name))["Vpc"]
    zones = [str(zone["ZoneName"]) for zone in ec2.describe_availability_zones()["AvailabilityZones"]]
    parts = ipaddress.ip_network(cidr).subnets(new_prefix=bits)
    ranges: Iterable[dict[str, str]] = _ipv6_ranges(clients, made["VpcId"]) if ipv6 else itertools.repeat({})
    subnet_ids = [
        ec2.create_subnet(
            VpcId=made["VpcId"],
            CidrBlock=str(part),
            AvailabilityZone=zone,
            TagSpecifications=named("subnet", f"{name}-{number}"),
            **more,  # type: ignore[arg-type]  # a literal's TypedDict is not inferred
        )["Subnet"]["SubnetId"]
        for number, part, zone, more in zip(range(subnets), parts, itertools.cycle(zones), ranges, strict=False)
    ]
    return Network(made["VpcId"], subnet_ids)


def _ipv6_ranges(clients: Clients, vpc_id: str) -> Iterator[dict[str, str]]:
    (vpc,) = clients.ec2.describe_vpcs(VpcIds=[vpc_id])["Vpcs"]
    whole = ipaddress.ip_network(vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"])
    for part in whole.subnets(new_prefix=64):
        yield {"Ipv6CidrBlock": str(part)}


def peer(clients: Clients, vpc_id: str, other_vpc_id: str, *, other: Clients | None = None) -> str:
    """An accepted peering with another VPC, of this account or of the `other`; its id."""
    other = other or clients
    owner = other.ec2.describe_vpcs(VpcIds=[other_vpc_id])["Vpcs"][0]["OwnerId"]
    made = clients.ec2.create_vpc_peering_connection(VpcId=vpc_id, PeerVpcId=other_vpc_id, PeerOwnerId=owner)
    peering_id = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    other.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering_id)
    return peering_id
