# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""One leg of the way, over every pair of subnets that its ends can be in. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Optional

from .._connection.state import EGRESS, INGRESS
from .acls import EPHEMERAL, Passage, passage
from .addresses import Box, Range, usable
from .hops import ACL_IN, ACL_OUT, CLOSED, EGRESS_HOP, INGRESS_HOP, OPEN, PARTLY, RETURN, ROUTE_HOP, UNKNOWN
from .routes import refused_by, table_of, ways
from .security import Admission, Other, admission, rules_for
from .state import Acl, Scene, Subnet


@dataclass(frozen=True)
class End:
    """One end of a leg: a function, a proxy or a database, and where it can be."""

    name: str
    subnet_ids: tuple[str, ...]
    group_ids: tuple[str, ...]


@dataclass(frozen=True)
class Leg:
    """TCP from ``source`` to ``target`` on ``port``; 1 from the function, 2 from a proxy. ``family``: IPv4 or IPv6."""

    number: int
    source: End
    target: End
    port: int
    family: int = 4


@dataclass(frozen=True)
class Pair:
    """A subnet of each end."""

    source: Subnet
    target: Subnet

    @property
    def text(self) -> str:
        return f"{self.source.id} -> {self.target.id}"

    @property
    def same_vpc(self) -> bool:
        return self.source.vpc_id == self.target.vpc_id


@dataclass(frozen=True)
class Obstacle:
    """What closes a pair at a hop, in whole (CLOSED) or in part (PARTLY), or keeps it from being known (UNKNOWN).

    ``here`` and ``there`` are the subnets as it sees them, ``rules`` those that open it in part, or for another port;
    ``values`` fill the places of the finding's text.
    """

    hop: str
    state: str
    code: str
    resource: str
    pair: Pair
    here: str
    there: str
    values: dict[str, str] = field(default_factory=dict)
    rules: tuple[str, ...] = ()


def pairs_of(scene: Scene, leg: Leg) -> list[Pair]:
    """Every pair of subnets that can occur and is known; with IPv6, of those that have it."""
    known = [
        [scene.subnets[subnet] for subnet in end.subnet_ids if subnet in scene.subnets]
        for end in (leg.source, leg.target)
    ]
    return [
        Pair(source, target)
        for source in known[0]
        for target in known[1]
        if leg.family == 4 or (source.ipv6_cidrs and target.ipv6_cidrs)
    ]


def obstacles(scene: Scene, leg: Leg, pair: Pair) -> Iterator[Obstacle]:
    """All that closes a pair, in the order of the hops."""
    yield from _group_obstacles(scene, leg, pair, EGRESS)
    yield from _route_obstacles(scene, leg, pair, back=False)
    if pair.source.id != pair.target.id:  # network ACLs guard the border of a subnet only
        yield from _acl_obstacles(scene, leg, pair)
    yield from _group_obstacles(scene, leg, pair, INGRESS)
    yield from _route_obstacles(scene, leg, pair, back=True)


def addresses_in(subnet: Subnet, family: int) -> Range:
    return usable(subnet.cidr if family == 4 else subnet.ipv6_cidrs[0])


def _group_obstacles(scene: Scene, leg: Leg, pair: Pair, direction: str) -> Iterator[Obstacle]:
    outward = direction == EGRESS
    own, other = (leg.source, leg.target) if outward else (leg.target, leg.source)
    here, there = (pair.source, pair.target) if outward else (pair.target, pair.source)
    meets = Other(other.group_ids, addresses_in(there, leg.family), leg.family)
    found = admission(rules_for(scene.state, own.group_ids, direction), meets, leg.port, scene.prefix_lists)
    unread = next((each for each in scene.unread if each.about.intersection(found.unknown)), None)
    hop = EGRESS_HOP if outward else INGRESS_HOP
    if found.state != OPEN and unread:
        values = {"action": unread.action, "answer": unread.answer}
        yield Obstacle(hop, UNKNOWN, "not_read", unread.action, pair, here.id, there.id, values)
    elif found.state != OPEN:
        values = {
            "source": leg.source.name,
            "target": leg.target.name,
            "groups": ", ".join(own.group_ids),
            "peers": ", ".join(other.group_ids),
        }
        rules = tuple(rule.text for rule in found.rules)
        code = f"{direction}_{_kind(found)}"
        yield Obstacle(hop, found.state, code, own.name, pair, here.id, there.id, values, rules)


def _kind(found: Admission) -> str:
    if found.state == PARTLY:
        return "partly"
    return "wrong_port" if found.rules else "closed"


def _route_obstacles(scene: Scene, leg: Leg, pair: Pair, *, back: bool) -> Iterator[Obstacle]:
    here, there = (pair.target, pair.source) if back else (pair.source, pair.target)
    table = table_of(scene.route_tables, here.id, here.vpc_id)
    if table is None:  # could not be read, which is a finding of its own
        return
    between = frozenset({here.vpc_id, there.vpc_id})
    peerings = [peering.id for peering in scene.peerings if peering.vpc_ids == between]
    found = ways(table, leg.family, addresses_in(there, leg.family))
    refused = [(refused_by(route, same_vpc=pair.same_vpc, peering_ids=peerings), route) for route in found]
    bad = [(code, route) for code, route in refused if code is not None]
    for code, route in bad[:1]:
        state = CLOSED if len(bad) == len(found) else PARTLY
        values = {"target": route.target if route else ""}
        yield Obstacle(RETURN if back else ROUTE_HOP, state, code, table.id, pair, here.id, there.id, values)


@dataclass(frozen=True)
class _Crossing:
    """One crossing of a subnet's border: of the request on the port, or of an answer on the caller's."""

    hop: str
    code: str
    here: Subnet
    there: Subnet
    ports: Range
    egress: bool


def _acl_obstacles(scene: Scene, leg: Leg, pair: Pair) -> Iterator[Obstacle]:
    source, target, port = pair.source, pair.target, Range(leg.port, leg.port)
    for crossing in (
        _Crossing(ACL_OUT, "acl_out_closed", source, target, port, egress=True),
        _Crossing(ACL_IN, "acl_in_closed", target, source, port, egress=False),
        _Crossing(RETURN, "acl_return_out_closed", target, source, EPHEMERAL, egress=True),
        _Crossing(RETURN, "acl_return_in_closed", source, target, EPHEMERAL, egress=False),
    ):
        acl = acl_of(scene, crossing.here)
        if acl is None:  # could not be read, which is a finding of its own
            continue
        traffic = Box(addresses_in(crossing.there, leg.family), crossing.ports)
        found = passage(acl, traffic, leg.family, egress=crossing.egress)
        if found.state != OPEN:
            yield _acl_obstacle(crossing, acl, found, pair)


def _acl_obstacle(crossing: _Crossing, acl: Acl, found: Passage, pair: Pair) -> Obstacle:
    values = {"ports": found.ports, "entry": found.entry}
    here, there = crossing.here.id, crossing.there.id
    return Obstacle(crossing.hop, found.state, crossing.code, acl.id, pair, here, there, values)


def acl_of(scene: Scene, subnet: Subnet) -> Optional[Acl]:
    return next((acl for acl in scene.acls if subnet.id in acl.subnet_ids), None)
