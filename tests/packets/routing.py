# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Route tables, as the emulator holds them, as tables of Linux: its longest prefix decides.

Calls and answers have tables and links of their own, because a subnet may hold functions and the database.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.packets.held import Held, Subnet
from ansible_collections.cloudops.lambda_rds.tests.packets.wires import (
    DATABASE,
    FUNCTION,
    LINKS,
    NEXT,
    NOWHERE,
    coming,
    leaving,
)

# Tables of the subnets, of what comes out of the links, and of each end.
_SUBNETS, _LINKS = 1000, 2000
_ENDS = {FUNCTION: 901, DATABASE: 902}
_TARGETS = ("GatewayId", "VpcPeeringConnectionId", "NatGatewayId", "NetworkInterfaceId", "InstanceId")


def router_commands(held: Held) -> str:
    """For the router, in the place of what there was."""
    return "\n".join(_commands(held))


def _commands(held: Held) -> Iterator[str]:
    yield "rule flush"
    for link in LINKS:
        yield f"route flush table {_LINKS + link}"
    for role, table in _ENDS.items():
        yield f"route replace default via {NEXT} dev {role} onlink table {table}"
    numbers = itertools.count(_SUBNETS)
    links = _Links()
    for here, there, origin, goal in (
        (held.function.subnets, held.database.subnets, FUNCTION, DATABASE),
        (held.database.subnets, held.function.subnets, DATABASE, FUNCTION),
    ):
        for subnet in here:
            yield from _subnet_commands(held, subnet, origin, goal, next(numbers), links)
        for (role, vpc_id, target), link in links.numbers.items():
            if role == origin:
                yield from _link_commands(_led_to(held, vpc_id, target, there), link, goal)


class _Links:
    """One for each target, as seen from a VPC, and direction; made by asking for it."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[str, str, str], int] = {}

    def to(self, origin: str, vpc_id: str, target: str) -> int:
        return self.numbers.setdefault((origin, vpc_id, target), LINKS[len(self.numbers)])


def _subnet_commands(held: Held, subnet: Subnet, origin: str, goal: str, table: int, links: _Links) -> Iterator[str]:
    """Within a subnet nothing is routed: what is not for its router does not come to the router."""
    yield f"route flush table {table}"
    yield f"rule add pref 1 iif {origin} from {subnet.network} to {subnet.network} lookup {_ENDS[goal]}"
    yield f"rule add pref 2 iif {origin} from {subnet.network} lookup {table}"
    for route in _table_of(held, subnet)["Routes"]:
        # Of two routes to the same network, the one that names it wins over the one that names a prefix list.
        metric = 20 if "DestinationPrefixListId" in route else 10
        for cidr in _destinations(held, route):
            if route["State"] == "blackhole":
                yield f"route add blackhole {cidr} metric {metric} table {table}"
                continue
            target = next((route[key] for key in _TARGETS if route.get(key)), "")
            known = target == "local" or target.startswith("pcx-")
            link = links.to(origin, subnet.vpc_id, target) if known else NOWHERE
            yield f"route add {cidr} via {NEXT} dev {leaving(link)} onlink metric {metric} table {table}"


def _table_of(held: Held, subnet: Subnet) -> dict[str, Any]:
    own = [table for table in held.tables if any(each.get("SubnetId") == subnet.id for each in table["Associations"])]
    main = [
        table
        for table in held.tables
        if table["VpcId"] == subnet.vpc_id and any(each.get("Main") for each in table["Associations"])
    ]
    return (own or main)[0]


def _destinations(held: Held, route: dict[str, Any]) -> Iterable[str]:
    """IPv4's only."""
    if "DestinationPrefixListId" in route:
        return held.prefix_lists[route["DestinationPrefixListId"]]
    return [route["DestinationCidrBlock"]] if route.get("DestinationCidrBlock") else []


def _led_to(held: Held, vpc_id: str, target: str, subnets: Iterable[Subnet]) -> list[Subnet]:
    """The subnets that a target leads to: those of the VPC itself, or of the one at the peering's other side."""
    if target == "local":
        return [subnet for subnet in subnets if subnet.vpc_id == vpc_id]
    (peering,) = (each for each in held.peerings if each["VpcPeeringConnectionId"] == target)
    sides = {peering["RequesterVpcInfo"]["VpcId"], peering["AccepterVpcInfo"]["VpcId"]}
    return [subnet for subnet in subnets if subnet.vpc_id in sides - {vpc_id}]


def _link_commands(subnets: Iterable[Subnet], link: int, goal: str) -> Iterator[str]:
    yield f"rule add pref 3 iif {coming(link)} lookup {_LINKS + link}"
    for subnet in subnets:
        yield f"route add {subnet.network} via {NEXT} dev {goal} onlink table {_LINKS + link}"
