# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Where routes and network ACLs close the way between two subnets, there or back. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Callable, Optional

from .._connection.state import Subnet
from .acls import EPHEMERAL, Passage, passage
from .addresses import Box, Range
from .hops import ACL_IN, ACL_OUT, CLOSED, OPEN, PARTLY, RETURN, ROUTE_HOP, UNKNOWN
from .leg import Obstacle, Pair, addresses_in
from .routes import BEYOND, refused_by, ways
from .state import Acl, Route, RouteTable, Unread
from .terrain import Terrain


def network_obstacles(terrain: Terrain, pair: Pair, port: int, family: int) -> tuple[Obstacle, ...]:
    """They do not hang on who calls, so each pair is worked out once.

    What AWS does not show of a subnet keeps the way from being known; where it may not be read, that is said elsewhere.
    """
    key = (pair, port, family)
    if key not in terrain.between:
        terrain.between[key] = tuple(_obstacles(terrain, pair, port, family))
    return terrain.between[key]


def _obstacles(terrain: Terrain, pair: Pair, port: int, family: int) -> Iterator[Obstacle]:
    """Both are about what leaves a subnet; within one, hosts find each other without its router
    (https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html)."""
    if pair.source.id != pair.target.id:
        yield from _route_obstacles(terrain, pair, family, back=False)
        yield from _acl_obstacles(terrain, pair, port, family)
        yield from _route_obstacles(terrain, pair, family, back=True)


def _route_obstacles(terrain: Terrain, pair: Pair, family: int, *, back: bool) -> Iterator[Obstacle]:
    here, there = (pair.target, pair.source) if back else (pair.source, pair.target)
    table = terrain.table(here)
    hop = RETURN if back else ROUTE_HOP
    if table is None:
        yield Obstacle(hop, UNKNOWN, "route_table_unknown", here.id, pair, here.id, there.id)
        return
    between = frozenset({here.vpc_id, there.vpc_id})
    peerings = [peering.id for peering in terrain.scene.peerings if peering.vpc_ids == between]

    def refused(route: Optional[Route]) -> Optional[str]:
        return refused_by(route, same_vpc=pair.same_vpc, peering_ids=peerings)

    found = ways(table, family, addresses_in(there, family))
    bad = [(code, route) for route in found for code in [refused(route)] if code is not None]
    unread = _unread(terrain, table, refused, open_otherwise=not bad)
    if unread is not None:
        values = {"action": unread.action, "answer": unread.answer}
        yield Obstacle(hop, UNKNOWN, "not_read", unread.action, pair, here.id, there.id, values)
        return
    known = [(code, route) for code, route in bad if code != BEYOND]
    for code, route in (known or bad)[:1]:
        state = UNKNOWN if not known else CLOSED if len(known) == len(found) else PARTLY
        values = {"target": route.target if route else ""}
        yield Obstacle(hop, state, code, table.id, pair, here.id, there.id, values)


def _unread(
    terrain: Terrain, table: RouteTable, refused: Callable[[Optional[Route]], Optional[str]], *, open_otherwise: bool
) -> Optional[Unread]:
    """What keeps it from being known whether a route of a prefix list leads the packets elsewhere, or is their way."""
    codes = {route.unread: refused(route) for route in terrain.unread_routes(table)}
    if open_otherwise:
        return terrain.unread(key for key, code in codes.items() if code is not None)
    return terrain.unread(key for key, code in codes.items() if code in (None, BEYOND))


@dataclass(frozen=True)
class _Crossing:
    """One crossing of a subnet's border: of the request on the port, or of an answer on the caller's."""

    hop: str
    code: str
    here: Subnet
    there: Subnet
    ports: Range
    egress: bool


def _acl_obstacles(terrain: Terrain, pair: Pair, port: int, family: int) -> Iterator[Obstacle]:
    source, target, ports = pair.source, pair.target, Range(port, port)
    for crossing in (
        _Crossing(ACL_OUT, "acl_out_closed", source, target, ports, egress=True),
        _Crossing(ACL_IN, "acl_in_closed", target, source, ports, egress=False),
        _Crossing(RETURN, "acl_return_out_closed", target, source, EPHEMERAL, egress=True),
        _Crossing(RETURN, "acl_return_in_closed", source, target, EPHEMERAL, egress=False),
    ):
        acl = terrain.acl(crossing.here)
        if acl is None:
            yield Obstacle(
                crossing.hop, UNKNOWN, "acl_unknown", crossing.here.id, pair, crossing.here.id, crossing.there.id
            )
            continue
        traffic = Box(addresses_in(crossing.there, family), crossing.ports)
        found = passage(acl, traffic, family, egress=crossing.egress)
        if found.state != OPEN:
            yield _acl_obstacle(crossing, acl, found, pair)


def _acl_obstacle(crossing: _Crossing, acl: Acl, found: Passage, pair: Pair) -> Obstacle:
    values = {"ports": found.ports, "entry": found.entry}
    here, there = crossing.here.id, crossing.there.id
    return Obstacle(crossing.hop, found.state, crossing.code, acl.id, pair, here, there, values)
