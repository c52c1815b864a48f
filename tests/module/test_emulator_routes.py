# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Route tables of the emulator, beside plain moto."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients, Network


@pytest.fixture
def here(aws: Clients) -> Network:
    return world.make_network(aws, "here")


@pytest.fixture
def there(aws: Clients) -> Network:
    return world.make_network(aws, "there", cidr="10.1.0.0/16")


def routes(aws: Clients, table_id: str) -> dict[str, tuple[str, str]]:
    """Destination: target and state."""
    (table,) = aws.ec2.describe_route_tables(RouteTableIds=[table_id])["RouteTables"]
    found: dict[str, tuple[str, str]] = {}
    for route in table["Routes"]:
        told: Any = dict(route)
        state, _origin = told.pop("State"), told.pop("Origin")
        destination = next(told.pop(key) for key in list(told) if key.startswith("Destination"))
        (target,) = told.values()
        found[destination] = (target, state)
    return found


def tables_of(aws: Clients, *subnet_ids: str) -> list[str]:
    filters: Any = [{"Name": "association.subnet-id", "Values": list(subnet_ids)}]
    return [table["RouteTableId"] for table in aws.ec2.describe_route_tables(Filters=filters)["RouteTables"]]


def test_a_vpc_has_a_main_table_with_a_local_route(aws: Clients, here: Network) -> None:
    main = world.main_route_table(aws, here.vpc_id)
    assert routes(aws, main) == {"10.0.0.0/16": ("local", "active")}
    own = world.make_route_table(aws, here.vpc_id, here.subnet_ids[:1])
    assert tables_of(aws, *here.subnet_ids) == [own]
    assert routes(aws, own) == {"10.0.0.0/16": ("local", "active")}
    with pytest.raises(ClientError, match="DependencyViolation"):
        aws.ec2.delete_route_table(RouteTableId=own)


@plain_moto_fails("says the old association for the new one")
def test_a_subnet_has_one_table_of_its_own(aws: Clients, here: Network) -> None:
    first = world.make_route_table(aws, here.vpc_id, here.subnet_ids)
    with pytest.raises(ClientError, match=r"Resource\.AlreadyAssociated"):
        world.make_route_table(aws, here.vpc_id, here.subnet_ids[:1])
    aws.ec2.associate_route_table(RouteTableId=first, SubnetId=here.subnet_ids[0])
    assert tables_of(aws, *here.subnet_ids) == [first]


@plain_moto_fails("associates subnets of any VPC")
def test_a_table_serves_subnets_of_its_vpc(aws: Clients, here: Network, there: Network) -> None:
    with pytest.raises(ClientError, match=r"InvalidParameterValue.*different networks"):
        world.make_route_table(aws, here.vpc_id, there.subnet_ids)


@plain_moto_fails("keeps the associations of deleted subnets")
def test_a_deleted_subnet_has_no_table(aws: Clients, here: Network) -> None:
    table = world.make_route_table(aws, here.vpc_id, here.subnet_ids)
    for subnet_id in here.subnet_ids:
        aws.ec2.delete_subnet(SubnetId=subnet_id)
    assert tables_of(aws, *here.subnet_ids) == []
    aws.ec2.delete_route_table(RouteTableId=table)


@plain_moto_fails("lets the local route be replaced and deleted")
def test_the_local_route_stays(aws: Clients, here: Network, there: Network) -> None:
    table = world.main_route_table(aws, here.vpc_id)
    peering = world.peer(aws, here.vpc_id, there.vpc_id)
    with pytest.raises(ClientError, match="RouteAlreadyExists"):
        world.add_route(aws, table, "10.0.0.0/16", peering)
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        aws.ec2.delete_route(RouteTableId=table, DestinationCidrBlock="10.0.0.0/16")
    assert routes(aws, table) == {"10.0.0.0/16": ("local", "active")}


@plain_moto_fails("replaces a route of IPv6 by another one")
def test_a_destination_has_one_route(aws: Clients, here: Network, there: Network) -> None:
    table = world.main_route_table(aws, here.vpc_id)
    peering = world.peer(aws, here.vpc_id, there.vpc_id)
    for destination in ("10.1.0.0/16", "2600:1f18::/56"):
        world.add_route(aws, table, destination, peering)
        with pytest.raises(ClientError, match="RouteAlreadyExists"):
            world.add_route(aws, table, destination, peering)


@plain_moto_fails("makes routes that lead nowhere")
@pytest.mark.parametrize(
    ("destination", "target"), [("9.0.0.0/8", "nat-00000000"), ("pl-00000000", "the internet")], ids=["target", "list"]
)
def test_a_route_names_what_is_there(aws: Clients, here: Network, destination: str, target: str) -> None:
    table = world.main_route_table(aws, here.vpc_id)
    gateway = world.make_internet_gateway(aws, here.vpc_id)
    with pytest.raises(ClientError, match="NotFound"):
        world.add_route(aws, table, destination, gateway if target == "the internet" else target)
    assert routes(aws, table) == {"10.0.0.0/16": ("local", "active")}


@plain_moto_fails("lets a route lead out of another VPC, or to a peering that is over")
def test_a_route_s_target_joins_the_vpc(aws: Clients, here: Network, there: Network) -> None:
    table = world.main_route_table(aws, here.vpc_id)
    nat = world.make_nat_gateway(aws, there.vpc_id, "10.1.254.0/24")
    third = world.make_network(aws, "third", cidr="10.2.0.0/16")
    peering = world.peer(aws, there.vpc_id, third.vpc_id)
    interface = aws.ec2.create_network_interface(SubnetId=there.subnet_ids[0])["NetworkInterface"]
    for target in (nat, peering, interface["NetworkInterfaceId"], world.make_internet_gateway(aws, third.vpc_id)):
        with pytest.raises(ClientError, match=r"InvalidParameterValue.*different networks"):
            world.add_route(aws, table, "9.0.0.0/8", target)
    over = world.peer(aws, here.vpc_id, there.vpc_id)
    aws.ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=over)
    with pytest.raises(ClientError, match="NotFound"):
        world.add_route(aws, table, "9.0.0.0/8", over)


@plain_moto_fails("says active, whatever has become of the target")
def test_a_route_whose_target_is_gone_is_a_blackhole(aws: Clients, here: Network, there: Network) -> None:
    nat = world.make_nat_gateway(aws, here.vpc_id)
    peering = world.peer(aws, here.vpc_id, there.vpc_id)
    interface = aws.ec2.create_network_interface(SubnetId=here.subnet_ids[0])["NetworkInterface"]["NetworkInterfaceId"]
    (gateway,) = aws.ec2.describe_internet_gateways()["InternetGateways"]
    targets = {
        "0.0.0.0/0": nat,
        "10.1.0.0/16": peering,
        "10.2.0.0/16": interface,
        "10.3.0.0/16": gateway["InternetGatewayId"],
    }
    table = world.make_route_table(aws, here.vpc_id, here.subnet_ids, targets)
    leads = {"10.0.0.0/16": ("local", "active"), **{key: (value, "active") for key, value in targets.items()}}
    assert routes(aws, table) == leads
    aws.ec2.delete_nat_gateway(NatGatewayId=nat)
    aws.ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=peering)
    aws.ec2.delete_network_interface(NetworkInterfaceId=interface)
    aws.ec2.detach_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"], VpcId=here.vpc_id)
    for destination, target in targets.items():
        leads[destination] = (target, "blackhole")
    assert routes(aws, table) == leads


@plain_moto_fails("gives a NAT gateway any address, and the default group")
def test_the_interface_of_a_nat_gateway(aws: Clients, here: Network) -> None:
    nat = world.make_nat_gateway(aws, here.vpc_id)
    filters: Any = [{"Name": "interface-type", "Values": ["nat_gateway"]}]
    (interface,) = aws.ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"]
    assert interface["PrivateIpAddress"] == "10.0.254.4"
    assert (interface["Groups"], interface["Status"]) == ([], "in-use")
    assert interface["Description"] == f"Interface for NAT Gateway {nat}"
    aws.ec2.delete_nat_gateway(NatGatewayId=nat)
    assert not aws.ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"]


@plain_moto_fails("prints an object for the state of a range")
def test_the_ipv6_range_of_a_subnet_has_a_state(aws: Clients) -> None:
    vpc = aws.ec2.create_vpc(CidrBlock="10.7.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]
    (found,) = aws.ec2.describe_vpcs(VpcIds=[vpc["VpcId"]])["Vpcs"]
    cidr = found["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"].replace("/56", "/64")
    made = aws.ec2.create_subnet(VpcId=vpc["VpcId"], CidrBlock="10.7.0.0/24", Ipv6CidrBlock=cidr)["Subnet"]
    (subnet,) = aws.ec2.describe_subnets(SubnetIds=[made["SubnetId"]])["Subnets"]
    (associated,) = subnet["Ipv6CidrBlockAssociationSet"]
    assert (associated["Ipv6CidrBlock"], associated["Ipv6CidrBlockState"]) == (cidr, {"State": "associated"})


@plain_moto_fails("lets routes lead to transit gateways that are not there, or not attached")
def test_a_transit_gateway_is_attached_to_the_vpc(aws: Clients, here: Network, there: Network) -> None:
    table = world.main_route_table(aws, here.vpc_id)
    with pytest.raises(ClientError, match=r"InvalidTransitGatewayID\.NotFound"):
        world.add_route(aws, table, "10.1.0.0/16", "tgw-0123456789abcdef0")
    other = world.make_transit_gateway(aws, there)
    with pytest.raises(ClientError, match="belong to different networks"):
        world.add_route(aws, table, "10.1.0.0/16", other)
    gateway = world.make_transit_gateway(aws, here, there)
    world.add_route(aws, table, "10.1.0.0/16", gateway)
    assert routes(aws, table)["10.1.0.0/16"] == (gateway, "active")
    filters: Any = [{"Name": "transit-gateway-id", "Values": [gateway]}]
    listed = aws.ec2.describe_transit_gateway_vpc_attachments(Filters=filters)["TransitGatewayVpcAttachments"]
    for each in listed:
        aws.ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=each["TransitGatewayAttachmentId"])
    assert routes(aws, table)["10.1.0.0/16"] == (gateway, "blackhole")
