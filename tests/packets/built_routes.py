# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Builds random route tables in the emulator, through its AWS API. All security groups let everything through."""

from __future__ import annotations

from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import REGION
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import (
    Clients,
    add_route,
    main_route_table,
    make_function,
    make_group,
    make_instance,
    make_internet_gateway,
    make_prefix_list,
    make_route_table,
    peer,
)
from ansible_collections.cloudops.lambda_rds.tests.packets.built_worlds import DATABASE, make_subnet
from ansible_collections.cloudops.lambda_rds.tests.packets.random_routes import (
    GATEWAY,
    GONE_INTERFACE,
    GONE_PEERING,
    INTERFACE,
    LISTED,
    OTHER_PEERING,
    PEERING,
    SUBNETS,
    VPCS,
    ZONES,
    RoutedWorld,
)


def build_routed(clients: Clients, world: RoutedWorld) -> list[str]:
    """The functions' names; the database is `orders`."""
    ec2 = clients.ec2
    vpc_ids = [ec2.create_vpc(CidrBlock=cidr)["Vpc"]["VpcId"] for cidr in VPCS[: 1 + world.peered]]
    subnet_ids = [
        [make_subnet(clients, vpc_id, cidr, zone) for cidr, zone in zip(SUBNETS[vpc], ZONES, strict=True)]
        for vpc, vpc_id in enumerate(vpc_ids)
    ]
    between = peer(clients, *vpc_ids) if world.peered else ""
    for vpc, vpc_id in enumerate(vpc_ids):
        names = {PEERING: between, GATEWAY: make_internet_gateway(clients, vpc_id), **_lists(clients, vpc)}
        names |= _peerings(clients, vpc_id, vpc) if world.peered else _interfaces(clients, subnet_ids[vpc][2])
        for table in world.tables:
            if table.vpc == vpc:
                routes = {names.get(destination, destination): names[target] for destination, target in table.routes}
                _write_table(
                    clients, vpc_id, [subnet_ids[vpc][each] for each in table.subnets], routes, main=table.main
                )
        _lose(clients, names)
    _make_ends(clients, world, vpc_ids, subnet_ids)
    return [f"f{number}" for number in range(len(world.functions))]


def _lists(clients: Clients, vpc: int) -> dict[str, str]:
    return {LISTED: make_prefix_list(clients, f"beyond-{vpc}", SUBNETS[1 - vpc])}


def _peerings(clients: Clients, vpc_id: str, vpc: int) -> dict[str, str]:
    """With two more VPCs, of which nothing else is known."""
    others = [clients.ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")["Vpc"]["VpcId"] for number in (2 + vpc, 4 + vpc)]
    return {
        name: peer(clients, vpc_id, other) for name, other in zip((OTHER_PEERING, GONE_PEERING), others, strict=True)
    }


def _interfaces(clients: Clients, subnet_id: str) -> dict[str, str]:
    return {
        name: clients.ec2.create_network_interface(SubnetId=subnet_id)["NetworkInterface"]["NetworkInterfaceId"]
        for name in (INTERFACE, GONE_INTERFACE)
    }


def _write_table(clients: Clients, vpc_id: str, subnet_ids: list[str], routes: dict[str, str], *, main: bool) -> None:
    if not main:
        make_route_table(clients, vpc_id, subnet_ids, routes)
        return
    table_id = main_route_table(clients, vpc_id)
    for destination, target in routes.items():
        add_route(clients, table_id, destination, target)


def _lose(clients: Clients, names: dict[str, str]) -> None:
    """Routes to what is not there any more stay, as blackholes."""
    if GONE_PEERING in names:
        clients.ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=names[GONE_PEERING])
    else:
        clients.ec2.delete_network_interface(NetworkInterfaceId=names[GONE_INTERFACE])


def _make_ends(clients: Clients, world: RoutedWorld, vpc_ids: list[str], subnet_ids: list[list[str]]) -> None:
    client, server = make_group(clients, vpc_ids[0], "client"), make_group(clients, vpc_ids[-1], "server")
    everything: Any = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    clients.ec2.authorize_security_group_ingress(GroupId=server, IpPermissions=everything)
    place: dict[str, Any] = {"AvailabilityZone": f"{REGION}{world.zone}"} if world.zone else {"MultiAZ": True}
    make_instance(clients, DATABASE, [subnet_ids[-1][each] for each in world.database], [server], **place)
    for number, subnets in enumerate(world.functions):
        places = [subnet_ids[0][each] for each in subnets]
        make_function(clients, f"f{number}", subnet_ids=places, group_ids=[client], package="Image")
