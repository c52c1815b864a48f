# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Where routes and network ACLs close the way between two subnets, there or back. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Callable, Optional

from ..._model.network_acls import Acl
from ..._model.routes import Route, RouteTable
from ..catalogue.hops import ACL_IN, ACL_OUT, CLOSED, OPEN, PARTLY, RETURN, ROUTE_HOP, UNKNOWN
from ..snapshot import Unread
from .addresses import FlowSpec, Range, ports_text
from .network_acls import EPHEMERAL, AclDecision, acl_decision
from .network_index import NetworkIndex
from .routes import BEYOND, next_hops, rejection_code
from .segments import Blocker, Pair, addresses_in


def network_blockers(index: NetworkIndex, pair: Pair, port: int, family: int) -> tuple[Blocker, ...]:
    """They do not hang on who calls, so each pair is worked out once.

    What AWS does not show of a subnet keeps the way from being known; where it may not be read, that is said elsewhere.
    """
    key = (pair, port, family)
    if key not in index.between:
        index.between[key] = tuple(_blockers(index, pair, port, family))
    return index.between[key]


def _blockers(index: NetworkIndex, pair: Pair, port: int, family: int) -> Iterator[Blocker]:
    """Both are about what leaves a subnet; within one, hosts find each other without its router
    (https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html)."""
    if pair.source.id != pair.target.id:
        yield from _route_blockers(index, pair, family, back=False)
        yield from _acl_blockers(index, pair, port, family)
        yield from _route_blockers(index, pair, family, back=True)


def _route_blockers(index: NetworkIndex, pair: Pair, family: int, *, back: bool) -> Iterator[Blocker]:
    here, there = (pair.target, pair.source) if back else (pair.source, pair.target)
    table = index.table(here)
    hop, outward = (RETURN if back else ROUTE_HOP), not back
    if table is None:
        yield Blocker(hop, UNKNOWN, "route_table_unknown", here.id, pair, outward)
        return
    between = frozenset({here.vpc_id, there.vpc_id})
    peerings = [peering.id for peering in index.snapshot.peerings if peering.vpc_ids == between]

    def refused(route: Optional[Route]) -> Optional[str]:
        return rejection_code(route, same_vpc=pair.same_vpc, peering_ids=peerings)

    found = next_hops(table, family, addresses_in(there, family))
    bad = {route: code for route in found for code in [refused(route)] if code is not None}
    known = {route: code for route, code in bad.items() if code != BEYOND}
    rescue = _unread(index, table, refused, (None, BEYOND)) if bad else None
    unread = rescue or (_unread(index, table, refused, _NOT_THE_WAY) if len(bad) < len(found) else None)
    if unread is not None:
        values = {"action": unread.action, "answer": unread.answer}
        yield Blocker(hop, UNKNOWN, "not_read", unread.action, pair, outward, values)
    if rescue is not None:
        return
    state = CLOSED if len(known) == len(found) else PARTLY
    for route, code in bad.items():
        values = {"target": route.target if route else ""}
        if route in known:
            flows = tuple(FlowSpec(addresses, EPHEMERAL) for addresses in found[route])
            yield Blocker(hop, state, code, table.id, pair, outward, values, flows=flows)
        else:
            yield Blocker(hop, UNKNOWN, code, table.id, pair, outward, values)


_NOT_THE_WAY = ("route_blackhole", "route_elsewhere", BEYOND)


def _unread(
    index: NetworkIndex,
    table: RouteTable,
    refused: Callable[[Optional[Route]], Optional[str]],
    codes: Collection[Optional[str]],
) -> Optional[Unread]:
    """What could not be read of prefix lists whose routes would be refused with one of these codes, or not at all."""
    return index.unread(route.unread for route in index.unread_routes(table) if refused(route) in codes)


@dataclass(frozen=True)
class _Crossing:
    """One crossing of a subnet's border: of the request on its port, or of return traffic on an ephemeral one.

    ``outward``: it is the border of the subnet of the source.
    """

    hop: str
    code: str
    ports: Range
    outward: bool
    egress: bool


def _acl_blockers(index: NetworkIndex, pair: Pair, port: int, family: int) -> Iterator[Blocker]:
    ports = Range(port, port)
    for crossing in (
        _Crossing(ACL_OUT, "acl_out_closed", ports, outward=True, egress=True),
        _Crossing(ACL_IN, "acl_in_closed", ports, outward=False, egress=False),
        _Crossing(RETURN, "acl_return_out_closed", EPHEMERAL, outward=False, egress=True),
        _Crossing(RETURN, "acl_return_in_closed", EPHEMERAL, outward=True, egress=False),
    ):
        here, there = (pair.source, pair.target) if crossing.outward else (pair.target, pair.source)
        acl = index.acl(here)
        if acl is None:
            yield Blocker(crossing.hop, UNKNOWN, "acl_unknown", here.id, pair, crossing.outward)
            continue
        found = acl_decision(acl, FlowSpec(addresses_in(there, family), crossing.ports), family, egress=crossing.egress)
        if found.state != OPEN:
            yield _acl_blocker(crossing, acl, found, pair)


def _acl_blocker(crossing: _Crossing, acl: Acl, found: AclDecision, pair: Pair) -> Blocker:
    """An address that the request may not pass with is closed for every ephemeral port."""
    values = {
        "ports": ports_text(flow.ports for flow in found.denied),
        "entry": found.entry,
        "number": found.number,
    }
    of_return = crossing.hop == RETURN
    flows = tuple(flow if of_return else FlowSpec(flow.addresses, EPHEMERAL) for flow in found.denied)
    return Blocker(crossing.hop, found.state, crossing.code, acl.id, pair, crossing.outward, values, flows=flows)
