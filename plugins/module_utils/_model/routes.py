# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Route tables, from EC2's answers. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

LOCAL = "local"
ACTIVE = "active"


@dataclass(frozen=True)
class Route:
    """``destinations`` are CIDRs, where ``listed`` those of a prefix list; ``target`` is "local", an id or an ARN.

    ``unread`` is the prefix list whose networks are not known: the route may be the way to any address.
    """

    destinations: tuple[str, ...]
    target: str
    state: str = ACTIVE
    listed: bool = False
    unread: str = ""

    @property
    def leads_on(self) -> bool:
        """To a network of networks, a transit gateway or Cloud WAN's, of which nothing is known here."""
        return self.state == ACTIVE and (self.target.startswith("tgw-") or ":core-network/" in self.target)


@dataclass(frozen=True)
class RouteTable:
    """``main``: it serves the subnets of its VPC that have no other one."""

    id: str
    vpc_id: str
    subnet_ids: tuple[str, ...]
    routes: tuple[Route, ...]
    main: bool = False


_TARGETS = (
    "GatewayId", "NatGatewayId", "VpcPeeringConnectionId", "TransitGatewayId", "NetworkInterfaceId", "InstanceId",
    "EgressOnlyInternetGatewayId", "LocalGatewayId", "CarrierGatewayId", "CoreNetworkArn", "OdbNetworkArn",
)  # fmt: skip
_DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock")


def prefix_lists_of(tables: Iterable[Mapping[str, Any]]) -> set[str]:
    """The prefix lists that routes name as their destinations."""
    routes = (route for table in tables for route in table["Routes"])
    return {route["DestinationPrefixListId"] for route in routes if route.get("DestinationPrefixListId")}


def table_from(table: Mapping[str, Any], prefix_lists: Mapping[str, tuple[str, ...]]) -> RouteTable:
    associations = table.get("Associations") or ()
    return RouteTable(
        table["RouteTableId"],
        table["VpcId"],
        tuple(each["SubnetId"] for each in associations if each.get("SubnetId")),
        tuple(_route(route, prefix_lists) for route in table["Routes"]),
        main=any(each.get("Main") for each in associations),
    )


def _route(route: Mapping[str, Any], prefix_lists: Mapping[str, tuple[str, ...]]) -> Route:
    listed = route.get("DestinationPrefixListId") or ""
    networks = prefix_lists.get(listed, ())
    destinations = (*(route[key] for key in _DESTINATIONS if route.get(key)), *networks)
    return Route(
        destinations,
        next((route[key] for key in _TARGETS if route.get(key)), ""),
        route.get("State") or ACTIVE,
        listed=bool(listed),
        unread="" if listed in prefix_lists else listed,
    )
