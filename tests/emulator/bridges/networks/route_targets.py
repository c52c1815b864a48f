# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A route leads to something that is there, and joins the VPC of its table; the local ones stay.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html
"""

from __future__ import annotations

import ipaddress
from typing import Any

from moto.ec2.exceptions import (
    EC2ClientError,
    InvalidParameterValue,
    InvalidVPCPeeringConnectionIdError,
    RouteAlreadyExistsError,
)
from moto.ec2.models import EC2Backend

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.networks.prefix_lists import the_prefix_list


def install() -> None:
    @replaces_method(EC2Backend, "create_route")
    def created(original: Any, self: Any, route_table_id: str, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("local"):  # moto makes these by itself
            return original(self, route_table_id, *args, **kwargs)
        table = self.get_route_table(route_table_id)
        destinations = dict(zip(("cidr", "ipv6", "prefix_list_id"), args, strict=False))
        destinations["ipv6"] = kwargs.get("destination_ipv6_cidr_block") or destinations.get("ipv6")
        list_id = kwargs.get("destination_prefix_list_id") or destinations.get("prefix_list_id")
        if list_id:
            the_prefix_list(self, list_id)
        _refuse_known(table, next(filter(None, (list_id, *destinations.values())), ""))
        _check_target(self, table, kwargs)
        return original(self, route_table_id, *args, **kwargs)

    @replaces_method(EC2Backend, "delete_route")
    def deleted(original: Any, self: Any, route_table_id: str, *destination: Any) -> Any:
        table = self.get_route_table(route_table_id)
        for route in table._routes.values():
            if route.local and _destination(route) in destination:
                raise InvalidParameterValue(
                    f"cannot remove local route {_destination(route)} in route table {table.id}"
                )
        return original(self, route_table_id, *destination)


def _destination(route: Any) -> str:
    listed = route.destination_prefix_list
    return str(route.destination_cidr_block or route.destination_ipv6_cidr_block or (listed and listed.id))


def _refuse_known(table: Any, destination: str) -> None:
    if destination in {_destination(route) for route in table._routes.values()}:
        raise RouteAlreadyExistsError(destination)
    if not destination.startswith("pl-"):
        try:
            canonical = str(ipaddress.ip_network(destination))
        except ValueError:
            raise InvalidParameterValue(f"The destination CIDR block {destination} is not valid.") from None
        if canonical in {_destination(route) for route in table._routes.values()}:
            raise RouteAlreadyExistsError(destination)


def _check_target(ec2: Any, table: Any, target: dict[str, Any]) -> None:
    """Gateways that moto looks up are looked up once more here, for the VPC that they are in."""
    if nat_id := target.get("nat_gateway_id"):
        nat = ec2.nat_gateways.get(nat_id)
        if nat is None or nat.state == "deleted":
            raise EC2ClientError("InvalidNatGatewayID.NotFound", f"The natGateway ID '{nat_id}' does not exist")
        _refuse_other_network(table, nat_id, {nat.vpc_id})
    if peering_id := target.get("vpc_peering_connection_id"):
        peering = ec2.get_vpc_peering_connection(peering_id)
        if peering._status.code not in ("active", "pending-acceptance"):
            raise InvalidVPCPeeringConnectionIdError(peering_id)
        _refuse_other_network(table, peering_id, {peering.vpc.id, peering.peer_vpc.id})
    gateway_id = target.get("gateway_id") or ""
    if gateway_id.startswith("igw-"):
        vpc = ec2.get_internet_gateway(gateway_id).vpc
        _refuse_other_network(table, gateway_id, {vpc.id} if vpc else set())
    if transit_id := target.get("transit_gateway_id"):
        if transit_id not in ec2.transit_gateways:
            message = f"Transit Gateway {transit_id} was deleted or does not exist."
            raise EC2ClientError("InvalidTransitGatewayID.NotFound", message)
        _refuse_other_network(table, transit_id, attached_vpc_ids(ec2, transit_id))
    if interface_id := target.get("interface_id"):
        _refuse_other_network(table, interface_id, {ec2.get_network_interface(interface_id).vpc_id})


def attached_vpc_ids(ec2: Any, transit_gateway_id: str) -> set[str]:
    """The VPCs that a transit gateway is attached to."""
    return {
        str(each.vpc_id)
        for each in ec2.transit_gateway_attachments.values()
        if each.transit_gateway_id == transit_gateway_id and each.resource_type == "vpc" and each.state == "available"
    }


def _refuse_other_network(table: Any, target_id: str, vpc_ids: set[str]) -> None:
    if table.vpc_id not in vpc_ids:
        message = f"route table {table.id} and network gateway {target_id} belong to different networks"
        raise InvalidParameterValue(message)
