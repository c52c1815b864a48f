# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Does a function reach the database, and if not, where does it end? PRIVATE to the collection.

A pure function of a frozen state: it can be asked of today, or of what a plan leads to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Optional

from .._model.databases import Database
from .._model.functions import Function
from .._model.names import BY_IDS, PROXY, DatabaseName
from .catalogue.findings import BLOCKS, NOTE, RISK, Finding
from .catalogue.hops import CLOSED, DATABASE_HOP, FUNCTION, OPEN, PROXY_HOP, UNKNOWN, Hop, Verdict
from .evaluate.network_index import NetworkIndex
from .evaluate.places import subnets_of, vpc_of
from .evaluate.segment_verdict import HOPS, SegmentVerdict, evaluate_groups, evaluate_segment, not_evaluated
from .evaluate.segments import End, Segment, known_subnets, pairs_of, subnets_with
from .findings.cluster import cluster_findings
from .findings.database import database_findings, given_findings, target_findings
from .findings.function import function_findings
from .findings.place import place_findings, unread_findings
from .findings.quotas import quota_findings
from .findings.services import service_findings
from .snapshot import Snapshot

_SEVERITIES = (BLOCKS, RISK, NOTE)


def evaluate(snapshot: Snapshot, names: Iterable[str]) -> tuple[Verdict, ...]:
    """The verdict on the way from each function to the scene's database, in the order of their names."""
    index = NetworkIndex(snapshot)
    end = _far_end(index)
    return tuple(_verdict(index, name, end) for name in names)


@dataclass(frozen=True)
class _FarEnd:
    """What all functions share: the database, or the proxy and what is behind it."""

    findings: tuple[Finding, ...]
    hops: tuple[Hop, ...]
    group_ids: tuple[str, ...]


def _far_end(index: NetworkIndex) -> _FarEnd:
    snapshot = index.snapshot
    database, proxy_target = snapshot.database, snapshot.proxy_target
    if database is None:
        if any(DATABASE_HOP in each.hops for each in snapshot.unread):
            return _FarEnd((), (Hop(DATABASE_HOP, 1, UNKNOWN, (snapshot.name,)),), ())
        missing = Finding("database_missing", BLOCKS, snapshot.name)
        return _FarEnd((missing,), (_hop(DATABASE_HOP, 1, snapshot.name, (missing,)),), ())
    if _is_lost(snapshot, database):
        return _lost_end(database)
    own = (*_own_findings(snapshot, database), *given_findings(snapshot, database))
    if database.kind != PROXY:
        return _FarEnd(own, (_hop(DATABASE_HOP, 1, database.identifier, own),), database.security_group_ids)
    # Its own, not those of the endpoint that functions connect to.
    origin = End(database.identifier, database.origin_subnet_ids, database.origin_security_group_ids)
    segment = _segment(snapshot, 2, origin, proxy_target)
    evaluated = _evaluated(index, segment)
    own += tuple(target_findings(database, proxy_target, snapshot.health, segment_open=not evaluated.blocked))
    last = _own_findings(snapshot, proxy_target) if proxy_target else ()
    hops = (_hop(PROXY_HOP, 1, database.identifier, own), *evaluated.hops)
    hops += (_hop(DATABASE_HOP, 2, proxy_target.identifier, last),) if proxy_target else ()
    groups = dict.fromkeys((*database.security_group_ids, *origin.group_ids))
    groups.update(dict.fromkeys(proxy_target.security_group_ids if proxy_target else ()))
    return _FarEnd((*own, *evaluated.findings, *last), hops, tuple(groups))


def _is_lost(snapshot: Snapshot, database: Database) -> bool:
    """Whether no network interface with the groups is seen by which a database is given; denied reads are reported."""
    lost = database.kind == BY_IDS and not known_subnets(snapshot, _end(snapshot, database))
    return lost and not any(set(HOPS).issubset(each.hops) for each in snapshot.unread)


def _lost_end(database: Database) -> _FarEnd:
    values = {"groups": ", ".join(database.security_group_ids)}
    lost = Finding("database_place_unknown", RISK, database.identifier, values)
    hop = Hop(DATABASE_HOP, 1, UNKNOWN, (database.identifier,), codes=(lost.code,))
    return _FarEnd((lost,), (hop,), database.security_group_ids)


def _own_findings(snapshot: Snapshot, database: Database) -> tuple[Finding, ...]:
    return (*database_findings(database), *cluster_findings(database, snapshot.member_states))


def _verdict(index: NetworkIndex, name: str, end: _FarEnd) -> Verdict:
    snapshot = index.snapshot
    function = snapshot.state.functions.get(name)
    unread, start = tuple(unread_findings(snapshot, name)), tuple(_start_findings(index, name, function))
    source = End(name, function.vpc.subnet_ids, function.vpc.security_group_ids) if function else End(name, (), ())
    segment = _segment(snapshot, 1, source, snapshot.database)
    # Where the function has no way at all, or none that is looked at, rules and routes would only repeat it.
    nowhere = {"function_missing", "on_capacity_provider", "not_in_vpc", "other_vpc"} & {
        finding.code for finding in start
    }
    evaluated = not_evaluated(segment) if nowhere else _evaluated(index, segment, name)
    more = _more_findings(index, function, segment, end) if function and not nowhere else ()
    findings = _in_order((*unread, *start, *evaluated.findings, *end.findings, *more))
    first = _hop(FUNCTION, 1, name, start) if function or start else Hop(FUNCTION, 1, UNKNOWN, (name,))
    hops = (first, *evaluated.hops, *end.hops)
    return Verdict(name, hops, findings, _managed(snapshot, function))


def _start_findings(index: NetworkIndex, name: str, function: Optional[Function]) -> Iterator[Finding]:
    if function is not None:
        yield from place_findings(index, function)
        yield from function_findings(index.snapshot, function)
    elif not any(name in each.resource_ids for each in index.snapshot.unread):
        yield Finding("function_missing", BLOCKS, name)


def _end(snapshot: Snapshot, database: Database) -> End:
    return End(database.identifier, subnets_of(snapshot, database), database.security_group_ids)


def _segment(snapshot: Snapshot, number: int, source: End, target: Optional[Database]) -> Segment:
    """A segment to a database that does not exist, or has no port yet, has no pairs and is not evaluated."""
    if target is None or target.port is None:
        return Segment(number, source, End("", (), ()), 0)
    return Segment(number, source, _end(snapshot, target), target.port)


def _evaluated(index: NetworkIndex, segment: Segment, name: str = "") -> SegmentVerdict:
    snapshot = index.snapshot
    unknown = {
        hop for each in snapshot.unread if not each.resource_ids or name in each.resource_ids for hop in each.hops
    }
    if pairs_of(snapshot, segment):
        return evaluate_segment(index, segment, unknown)
    if unknown.issuperset(HOPS) or not segment.port:
        return not_evaluated(segment)
    first = next(
        end for end in (segment.source, segment.target) if not subnets_with(snapshot, end.subnet_ids, segment.family)
    )
    if first is segment.target and snapshot.database and _is_lost(snapshot, snapshot.database):
        return evaluate_groups(index, segment, unknown)
    code = "no_ipv4_addresses" if known_subnets(snapshot, first) else "subnets_unknown"
    return replace(not_evaluated(segment), findings=(Finding(code, BLOCKS, first.name),))


def _more_findings(index: NetworkIndex, function: Function, segment: Segment, end: _FarEnd) -> Iterator[Finding]:
    """What does not close the path."""
    snapshot = index.snapshot
    vpc_id = vpc_of(snapshot, function.vpc.subnet_ids)
    if vpc_id is not None:
        yield from service_findings(index, function, vpc_id)
        yield from quota_findings(snapshot, (*function.vpc.security_group_ids, *end.group_ids), [vpc_id])
    if function.vpc.ipv6_allowed_for_dual_stack and snapshot.database and snapshot.database.dual_stack:
        segment = replace(segment, family=6)
        if pairs_of(snapshot, segment) and evaluate_segment(index, segment, ()).blocked:
            yield Finding("ipv6_closed", RISK, segment.target.name)


def _hop(kind: str, segment: int, resource: str, findings: Iterable[Finding]) -> Hop:
    """A hop that is a thing of its own: what closes it is among its findings."""
    codes = dict.fromkeys(finding.code for finding in findings if finding.severity == BLOCKS)
    return Hop(kind, segment, CLOSED if codes else OPEN, (resource,), codes=tuple(codes))


def _in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """What closes the path first, each once."""
    distinct = [finding for number, finding in enumerate(findings) if finding not in findings[:number]]
    return tuple(sorted(distinct, key=lambda finding: _SEVERITIES.index(finding.severity)))


def _managed(snapshot: Snapshot, function: Optional[Function]) -> Optional[bool]:
    """Whether this collection made the connection; None where that is not known."""
    if function is None or snapshot.database is None:
        return None
    key, attached = (
        DatabaseName(snapshot.database.kind, snapshot.database.identifier).key,
        function.vpc.security_group_ids,
    )
    groups = snapshot.state.groups
    return any(group in groups and groups[group].owned_by(key) for group in attached) or any(
        rule.owned_by(key) and (rule.group_id in attached or rule.peer.value in attached)
        for rule in snapshot.state.rules
    )
