# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""From the obstacles of every pair of subnets to the hops of a leg and its findings. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..._model.networks import Subnet
from ..._model.security_groups import EGRESS, INGRESS
from ..catalogue.findings import BLOCKING_SHARE, BLOCKS, RISK, Finding
from ..catalogue.hops import (
    ACL_IN,
    ACL_OUT,
    CLOSED,
    EGRESS_HOP,
    INGRESS_HOP,
    OPEN,
    PARTLY,
    RETURN,
    ROUTE_HOP,
    UNKNOWN,
    Hop,
)
from .addresses import enclosing
from .group_blockers import group_blockers
from .network_blockers import network_blockers
from .network_index import NetworkIndex
from .security_groups import hangs_on_place
from .segments import ANYWHERE, Blocker, Pair, Segment, pairs_of, subnets_with
from .shares import closes_addresses, share_of_segment, shares_of_pairs

HOPS = (EGRESS_HOP, ROUTE_HOP, ACL_OUT, ACL_IN, INGRESS_HOP, RETURN)
# So many pairs are named in a text; the others are counted.
_NAMED_PAIRS = 6


@dataclass(frozen=True)
class SegmentVerdict:
    hops: tuple[Hop, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def blocked(self) -> bool:
        return any(finding.severity == BLOCKS for finding in self.findings)


def not_evaluated(segment: Segment) -> SegmentVerdict:
    """The hops of a leg that no packet comes to, or of which too little is known."""
    return SegmentVerdict(tuple(_hop(kind, segment, UNKNOWN, ()) for kind in HOPS))


def evaluate_segment(index: NetworkIndex, segment: Segment, unknown: Collection[str]) -> SegmentVerdict:
    """The verdict on a leg with at least one pair of subnets.

    :param unknown: the kinds of hops of which something could not be read
    """
    return _evaluated(index, segment, pairs_of(index.snapshot, segment), unknown)


def evaluate_groups(index: NetworkIndex, segment: Segment, unknown: Collection[str]) -> SegmentVerdict:
    """The verdict of the security groups alone, on a leg to a target of which it is not known where it is.

    Rules of the source for networks may hold it or not: where one of them has to, that is not known either.
    """
    sources = subnets_with(index.snapshot, segment.source.subnet_ids, segment.family)
    pairs = [Pair(source, ANYWHERE) for source in sources]
    hidden = {*unknown, ROUTE_HOP, ACL_OUT, ACL_IN, RETURN}
    if hangs_on_place(index.rules(segment.source.group_ids, EGRESS), segment.port):
        hidden.update(each.hop for each in group_blockers(index, segment, pairs[0], EGRESS))
    return _evaluated(index, segment, pairs, hidden)


def _evaluated(
    index: NetworkIndex, segment: Segment, pairs: Sequence[Pair], unknown: Collection[str]
) -> SegmentVerdict:
    found = [each for pair in pairs for each in _blockers(index, segment, pair) if each.hop not in unknown]
    found.sort(key=lambda each: HOPS.index(each.hop))
    shares = shares_of_pairs(pairs, segment.family, found)
    closed = [pair for pair in pairs if shares[pair] >= BLOCKING_SHARE]
    not_open = {*closed, *(each.pair for each in found if each.state == UNKNOWN)}
    open_pairs = [pair for pair in pairs if pair not in not_open]
    causes = _causes(segment, pairs, found)
    minor = _minor(segment, pairs, causes)
    findings = [
        _finding(segment, cause, BLOCKS if cause.unknown or not (cause in minor or open_pairs) else RISK)
        for cause in causes
    ]
    share = share_of_segment(shares)
    if open_pairs and share >= BLOCKING_SHARE:
        texts = {"closed": _pairs_text(closed), "open": _pairs_text(open_pairs)}
        findings.append(Finding("some_pairs", BLOCKS, segment.target.name, texts, share))
    closing = [each for cause in causes if cause not in minor for each in cause.blockers]
    return SegmentVerdict(_hops(index, segment, pairs, closing, unknown), tuple(findings))


def _blockers(index: NetworkIndex, segment: Segment, pair: Pair) -> Iterator[Blocker]:
    yield from group_blockers(index, segment, pair, EGRESS)
    if pair.target is not ANYWHERE:
        yield from network_blockers(index, pair, segment.port, segment.family)
    yield from group_blockers(index, segment, pair, INGRESS)


@dataclass(frozen=True)
class _Cause:
    """One thing that is wrong, with the obstacles that it is between all subnets, and its share of the connections."""

    blockers: tuple[Blocker, ...]
    share: Fraction

    @property
    def unknown(self) -> bool:
        """What is not known is not proved to be open."""
        return self.blockers[0].state == UNKNOWN


def _causes(segment: Segment, pairs: Sequence[Pair], found: Iterable[Blocker]) -> list[_Cause]:
    same: dict[tuple[object, ...], list[Blocker]] = {}
    for each in found:
        same.setdefault((each.code, each.resource, *each.values.items()), []).append(each)
    return [_Cause(tuple(each), _share(segment, pairs, each)) for each in same.values()]


def _minor(segment: Segment, pairs: Sequence[Pair], causes: Iterable[_Cause]) -> list[_Cause]:
    """The causes that close less than BLOCKING_SHARE, each and all of them together."""
    small = [cause for cause in causes if not cause.unknown and cause.share < BLOCKING_SHARE]
    together = _share(segment, pairs, (each for cause in small for each in cause.blockers))
    return small if together < BLOCKING_SHARE else []


def _share(segment: Segment, pairs: Sequence[Pair], blockers: Iterable[Blocker]) -> Fraction:
    return share_of_segment(shares_of_pairs(pairs, segment.family, blockers))


def _finding(segment: Segment, cause: _Cause, severity: str) -> Finding:
    same, first = cause.blockers, cause.blockers[0]
    here, there = _joined(each.here.id for each in same), _joined(each.there.id for each in same)
    by_groups = first.hop in (EGRESS_HOP, INGRESS_HOP)
    places = {"subnets": there} if by_groups else {"subnets": here, "others": there}
    places["rules"] = _joined(rule for each in same for rule in each.rules)
    places["cidrs"] = _joined(cidr for each in same for cidr in _cidrs(each, segment.family))
    values: Mapping[str, str] = {**first.values, **places, "protocol": "tcp", "port": str(segment.port)}
    resource = first.values.get("groups") or first.resource
    if cause.unknown:
        return Finding(first.code, severity, resource, values)
    fixed = any(closes_addresses(each.flows) for each in same)
    return Finding(first.code, severity, resource, values, cause.share, fixed)


def _cidrs(blocker: Blocker, family: int) -> list[str]:
    """The smallest networks that would have to be let through, with the subnet that they are of."""
    networks = enclosing((flow.addresses for flow in blocker.flows), family)
    return [f"{cidr} ({blocker.there.id})" for cidr in networks]


def _joined(values: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(values))


def _pairs_text(pairs: Sequence[Pair]) -> str:
    named = ", ".join(pair.text for pair in pairs[:_NAMED_PAIRS])
    return named if len(pairs) <= _NAMED_PAIRS else f"{named} (+{len(pairs) - _NAMED_PAIRS})"


def _hops(
    index: NetworkIndex, segment: Segment, pairs: Sequence[Pair], found: Sequence[Blocker], unknown: Collection[str]
) -> tuple[Hop, ...]:
    resources = _resources(index, segment, pairs)
    hops = []
    for kind in HOPS:
        here = [each for each in found if each.hop == kind]
        state = UNKNOWN if kind in unknown else _state(here, pairs)
        codes = tuple(dict.fromkeys(each.code for each in here))
        hops.append(_hop(kind, segment, state, resources[kind], codes))
    return tuple(hops)


def _hop(kind: str, segment: Segment, state: str, resources: tuple[str, ...], codes: tuple[str, ...] = ()) -> Hop:
    on_port = kind in (EGRESS_HOP, ACL_OUT, ACL_IN, INGRESS_HOP)
    return Hop(kind, segment.number, state, resources, f"tcp/{segment.port}" if on_port else "", codes)


def _state(blockers: Sequence[Blocker], pairs: Sequence[Pair]) -> str:
    closed = {each.pair for each in blockers if each.state == CLOSED}
    if not blockers:
        return OPEN
    if all(each.state == UNKNOWN for each in blockers):
        return UNKNOWN
    return CLOSED if len(closed) == len(pairs) else PARTLY


def _resources(index: NetworkIndex, segment: Segment, pairs: Sequence[Pair]) -> dict[str, tuple[str, ...]]:
    """What each hop consists of. Between hosts of one subnet there are no network ACLs."""
    sources = dict.fromkeys(pair.source for pair in pairs)
    targets = dict.fromkeys(pair.target for pair in pairs)
    crossing = [pair for pair in pairs if pair.source.id != pair.target.id]
    back = _acls(index, (pair.target for pair in crossing))
    return {
        EGRESS_HOP: segment.source.group_ids,
        ROUTE_HOP: _tables(index, sources),
        ACL_OUT: _acls(index, (pair.source for pair in crossing)),
        ACL_IN: back,
        INGRESS_HOP: segment.target.group_ids,
        RETURN: (*_tables(index, targets), *back),
    }


def _tables(index: NetworkIndex, subnets: Iterable[Subnet]) -> tuple[str, ...]:
    found = (index.table(subnet) for subnet in subnets)
    return tuple(dict.fromkeys(table.id for table in found if table is not None))


def _acls(index: NetworkIndex, subnets: Iterable[Subnet]) -> tuple[str, ...]:
    found = (index.acl(subnet) for subnet in subnets)
    return tuple(dict.fromkeys(acl.id for acl in found if acl is not None))
