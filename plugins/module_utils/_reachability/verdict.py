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
from .._model.names import IDS, PROXY, DatabaseName
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


def evaluate(scene: Snapshot, names: Iterable[str]) -> tuple[Verdict, ...]:
    """The verdict on the way from each function to the scene's database, in the order of their names."""
    terrain = NetworkIndex(scene)
    end = _far_end(terrain)
    return tuple(_verdict(terrain, name, end) for name in names)


@dataclass(frozen=True)
class _FarEnd:
    """What all functions share: the database, or the proxy and what is behind it."""

    findings: tuple[Finding, ...]
    hops: tuple[Hop, ...]
    group_ids: tuple[str, ...]


def _far_end(terrain: NetworkIndex) -> _FarEnd:
    scene = terrain.scene
    database, behind = scene.database, scene.behind
    if database is None:
        if any(DATABASE_HOP in each.hops for each in scene.unread):
            return _FarEnd((), (Hop(DATABASE_HOP, 1, UNKNOWN, (scene.name,)),), ())
        missing = Finding("database_missing", BLOCKS, scene.name)
        return _FarEnd((missing,), (_hop(DATABASE_HOP, 1, scene.name, (missing,)),), ())
    if _is_lost(scene, database):
        return _lost_end(database)
    own = (*_own_findings(scene, database), *given_findings(scene, database))
    if database.kind != PROXY:
        return _FarEnd(own, (_hop(DATABASE_HOP, 1, database.identifier, own),), database.security_group_ids)
    # Its own, not those of the endpoint that functions connect to.
    origin = End(database.identifier, database.origin_subnet_ids, database.origin_security_group_ids)
    leg = _leg(scene, 2, origin, behind)
    judged = _judged(terrain, leg)
    own += tuple(target_findings(database, behind, scene.health, leg_open=not judged.blocked))
    last = _own_findings(scene, behind) if behind else ()
    hops = (_hop(PROXY_HOP, 1, database.identifier, own), *judged.hops)
    hops += (_hop(DATABASE_HOP, 2, behind.identifier, last),) if behind else ()
    groups = dict.fromkeys((*database.security_group_ids, *origin.group_ids))
    groups.update(dict.fromkeys(behind.security_group_ids if behind else ()))
    return _FarEnd((*own, *judged.findings, *last), hops, tuple(groups))


def _is_lost(scene: Snapshot, database: Database) -> bool:
    """Whether nobody is seen to wear the groups that a database is given by; where that may not be read, it is said."""
    lost = database.kind == IDS and not known_subnets(scene, _end(scene, database))
    return lost and not any(set(HOPS).issubset(each.hops) for each in scene.unread)


def _lost_end(database: Database) -> _FarEnd:
    values = {"groups": ", ".join(database.security_group_ids)}
    lost = Finding("database_place_unknown", RISK, database.identifier, values)
    hop = Hop(DATABASE_HOP, 1, UNKNOWN, (database.identifier,), codes=(lost.code,))
    return _FarEnd((lost,), (hop,), database.security_group_ids)


def _own_findings(scene: Snapshot, database: Database) -> tuple[Finding, ...]:
    return (*database_findings(database), *cluster_findings(database, scene.member_states))


def _verdict(terrain: NetworkIndex, name: str, end: _FarEnd) -> Verdict:
    scene = terrain.scene
    function = scene.state.functions.get(name)
    unread, start = tuple(unread_findings(scene, name)), tuple(_start_findings(terrain, name, function))
    source = End(name, function.vpc.subnet_ids, function.vpc.security_group_ids) if function else End(name, (), ())
    leg = _leg(scene, 1, source, scene.database)
    # Where the function has no way at all, or none that is looked at, rules and routes would only repeat it.
    nowhere = {"function_missing", "on_capacity_provider", "not_in_vpc", "other_vpc"} & {
        finding.code for finding in start
    }
    judged = not_evaluated(leg) if nowhere else _judged(terrain, leg, name)
    more = _more_findings(terrain, function, leg, end) if function and not nowhere else ()
    findings = _in_order((*unread, *start, *judged.findings, *end.findings, *more))
    first = _hop(FUNCTION, 1, name, start) if function or start else Hop(FUNCTION, 1, UNKNOWN, (name,))
    hops = (first, *judged.hops, *end.hops)
    return Verdict(name, hops, findings, _managed(scene, function))


def _start_findings(terrain: NetworkIndex, name: str, function: Optional[Function]) -> Iterator[Finding]:
    if function is not None:
        yield from place_findings(terrain, function)
        yield from function_findings(terrain.scene, function)
    elif not any(name in each.about for each in terrain.scene.unread):
        yield Finding("function_missing", BLOCKS, name)


def _end(scene: Snapshot, database: Database) -> End:
    return End(database.identifier, subnets_of(scene, database), database.security_group_ids)


def _leg(scene: Snapshot, number: int, source: End, target: Optional[Database]) -> Segment:
    """A leg to a database that is not there, or listens on no port yet, has no pairs and is not judged."""
    if target is None or target.port is None:
        return Segment(number, source, End("", (), ()), 0)
    return Segment(number, source, _end(scene, target), target.port)


def _judged(terrain: NetworkIndex, leg: Segment, name: str = "") -> SegmentVerdict:
    scene = terrain.scene
    unknown = {hop for each in scene.unread if not each.about or name in each.about for hop in each.hops}
    if pairs_of(scene, leg):
        return evaluate_segment(terrain, leg, unknown)
    if unknown.issuperset(HOPS) or not leg.port:
        return not_evaluated(leg)
    first = next(end for end in (leg.source, leg.target) if not subnets_with(scene, end.subnet_ids, leg.family))
    if first is leg.target and scene.database and _is_lost(scene, scene.database):
        return evaluate_groups(terrain, leg, unknown)
    code = "no_ipv4_addresses" if known_subnets(scene, first) else "subnets_unknown"
    return replace(not_evaluated(leg), findings=(Finding(code, BLOCKS, first.name),))


def _more_findings(terrain: NetworkIndex, function: Function, leg: Segment, end: _FarEnd) -> Iterator[Finding]:
    """What does not close the path."""
    scene = terrain.scene
    vpc_id = vpc_of(scene, function.vpc.subnet_ids)
    if vpc_id is not None:
        yield from service_findings(terrain, function, vpc_id)
        yield from quota_findings(scene, (*function.vpc.security_group_ids, *end.group_ids), [vpc_id])
    if function.vpc.ipv6_allowed_for_dual_stack and scene.database and scene.database.dual_stack:
        leg = replace(leg, family=6)
        if pairs_of(scene, leg) and evaluate_segment(terrain, leg, ()).blocked:
            yield Finding("ipv6_closed", RISK, leg.target.name)


def _hop(kind: str, leg: int, resource: str, findings: Iterable[Finding]) -> Hop:
    """A hop that is a thing of its own: what closes it is among its findings."""
    codes = dict.fromkeys(finding.code for finding in findings if finding.severity == BLOCKS)
    return Hop(kind, leg, CLOSED if codes else OPEN, (resource,), codes=tuple(codes))


def _in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """What closes the path first, each once."""
    distinct = [finding for number, finding in enumerate(findings) if finding not in findings[:number]]
    return tuple(sorted(distinct, key=lambda finding: _SEVERITIES.index(finding.severity)))


def _managed(scene: Snapshot, function: Optional[Function]) -> Optional[bool]:
    """Whether this collection made the connection; None where that is not known."""
    if function is None or scene.database is None:
        return None
    key, worn = DatabaseName(scene.database.kind, scene.database.identifier).key, function.vpc.security_group_ids
    groups = scene.state.groups
    return any(group in groups and groups[group].owned_by(key) for group in worn) or any(
        rule.owned_by(key) and (rule.group_id in worn or rule.peer.value in worn) for rule in scene.state.rules
    )
