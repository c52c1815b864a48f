# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Which way packets take out of a subnet. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Optional

from ..._model.routes import ACTIVE, LOCAL, Route, RouteTable
from .addresses import Range, network, without

# The code of the finding on a route of which the rest of the way is not known.
BEYOND = "route_beyond_view"


def table_of(tables: Iterable[RouteTable], subnet_id: str, vpc_id: str) -> Optional[RouteTable]:
    """The subnet's own route table, else the main one of its VPC."""
    main = None
    for table in tables:
        if subnet_id in table.subnet_ids:
            return table
        if table.main and table.vpc_id == vpc_id:
            main = table
    return main


def next_hops(table: RouteTable, family: int, addresses: Range) -> dict[Optional[Route], list[Range]]:
    """The routes that these addresses are reached by, and which of them by which; None where there is no route.

    The most specific route wins (https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html).
    """
    found: dict[Optional[Route], list[Range]] = {}
    remaining = [addresses]
    for destination, route in _by_length(table, family):
        hits = [each.overlap(destination) for each in remaining if each.meets(destination)]
        if hits:
            found.setdefault(route, []).extend(hits)
            remaining = without(remaining, destination)
    if remaining:
        found[None] = remaining
    return found


def _by_length(table: RouteTable, family: int) -> list[tuple[Range, Route]]:
    """The smallest network first; of two alike one that names it before one that names a prefix list (ways()).

    Of two such the one that works, as AWS prefers it to a propagated one.
    """
    each = [(network(cidr), route) for route in table.routes for cidr in route.destinations]
    same = [(destination, route) for (version, destination), route in each if version == family]
    return sorted(same, key=lambda pair: (pair[0].last - pair[0].first, pair[1].listed, pair[1].state != ACTIVE))


def rejection_code(route: Optional[Route], *, same_vpc: bool, peering_ids: Iterable[str]) -> Optional[str]:
    """The code of the finding if this is not known to be the way between two subnets; None if it is."""
    if route is None:
        return "no_route"
    if route.state != ACTIVE:
        return "route_blackhole"
    if (same_vpc and route.target == LOCAL) or (not same_vpc and route.target in peering_ids):
        return None
    return BEYOND if route.leads_on else "route_elsewhere"
