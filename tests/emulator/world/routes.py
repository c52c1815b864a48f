# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Route tables, gateways to the internet, and what else a route leads to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.emulator.world.clients import Clients
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.networks import Network

# Target ids by their prefix.
TARGETS = {
    "igw": "GatewayId",
    "nat": "NatGatewayId",
    "pcx": "VpcPeeringConnectionId",
    "eni": "NetworkInterfaceId",
    "vgw": "GatewayId",
    "tgw": "TransitGatewayId",
}


def main_route_table(clients: Clients, vpc_id: str) -> str:
    """The id of the table that serves the subnets without one of their own."""
    filters: Any = [{"Name": "vpc-id", "Values": [vpc_id]}, {"Name": "association.main", "Values": ["true"]}]
    (table,) = clients.ec2.describe_route_tables(Filters=filters)["RouteTables"]
    return table["RouteTableId"]


def make_route_table(
    clients: Clients, vpc_id: str, subnet_ids: Sequence[str], routes: Mapping[str, str] | None = None
) -> str:
    """With these routes, destination to target, beside the local one; its id."""
    table_id = clients.ec2.create_route_table(VpcId=vpc_id)["RouteTable"]["RouteTableId"]
    for destination, target in (routes or {}).items():
        add_route(clients, table_id, destination, target)
    for subnet_id in subnet_ids:
        clients.ec2.associate_route_table(RouteTableId=table_id, SubnetId=subnet_id)
    return table_id


def add_route(clients: Clients, table_id: str, destination: str, target: str) -> None:
    """To a range or a prefix list, through a gateway, a peering or a network interface."""
    key = "DestinationPrefixListId" if destination.startswith("pl-") else "DestinationCidrBlock"
    if ":" in destination:
        key = "DestinationIpv6CidrBlock"
    way: dict[str, Any] = {key: destination, TARGETS[target.partition("-")[0]]: target}
    clients.ec2.create_route(RouteTableId=table_id, **way)


def make_internet_gateway(clients: Clients, vpc_id: str) -> str:
    """Attached; its id."""
    gateway_id = clients.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    clients.ec2.attach_internet_gateway(InternetGatewayId=gateway_id, VpcId=vpc_id)
    return gateway_id


def make_transit_gateway(clients: Clients, *networks: Network) -> str:
    """Attached to these VPCs; its id."""
    gateway_id = clients.ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    for network in networks:
        clients.ec2.create_transit_gateway_vpc_attachment(
            TransitGatewayId=gateway_id, VpcId=network.vpc_id, SubnetIds=network.subnet_ids[:1]
        )
    return gateway_id


def make_nat_gateway(clients: Clients, vpc_id: str, cidr: str = "10.0.254.0/24") -> str:
    """In a public subnet of its own, of that range, with an internet gateway; its id."""
    gateway_id = make_internet_gateway(clients, vpc_id)
    public = clients.ec2.create_subnet(VpcId=vpc_id, CidrBlock=cidr)["Subnet"]["SubnetId"]
    make_route_table(clients, vpc_id, [public], {"0.0.0.0/0": gateway_id})
    address = clients.ec2.allocate_address(Domain="vpc")["AllocationId"]
    made = clients.ec2.create_nat_gateway(SubnetId=public, AllocationId=address)
    return made["NatGateway"]["NatGatewayId"]
