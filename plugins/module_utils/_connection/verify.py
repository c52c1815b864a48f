# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Whether a connection that is made, or planned, leads to the database. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Callable

from .._aws.client import Aws
from .._changes.changes import Change, authorized_rules, is_new, of_kind, revoked_rules, state_after
from .._errors import UnreachableError
from .._model.functions import FunctionSettings
from .._model.proxy_targets import TROUBLES
from .._proxy.health import MENDABLE_SECONDS
from .._reachability.catalogue.hops import UNKNOWN, Verdict
from .._reachability.catalogue.texts import finding_data
from .._reachability.proxy_recheck import recheck
from .._reachability.query import Query
from .._reachability.read.read import read_snapshot
from .._reachability.result import verdicts_data
from .._reachability.snapshot import LATE, OUTDATED, Snapshot
from .._reachability.summary import failure
from .._reachability.verdict import evaluate
from .function_changes import UpdateVpcConfig, updated_functions
from .parameters import Options
from .resolve.proxy_hop import is_hop


def verified_plan(want: Options, aws: Aws, result: dict[str, Any], planned: Sequence[Change]) -> dict[str, Any]:
    """The result with ``reachability``, the verdict on what the changes would lead to, and a finding of why a path is
    not known though nothing closes it.

    :raises UnreachableError: with the result, if something would close a path, or may not be read
    """
    moves = of_kind(planned, UpdateVpcConfig)
    snapshot = _after(_ahead(read_snapshot(_question(want, moves), aws)), planned)
    snapshot = _with_late_health(want, snapshot, planned)
    return _with_verdicts(want, result, snapshot, evaluate(snapshot, _names(want)), made=False)


def verified_run(
    want: Options, aws: Aws, result: dict[str, Any], done: Sequence[Change], sleep: Callable[[float], None]
) -> dict[str, Any]:
    """The result with ``reachability``, the verdict on what there is after a run.

    :param done: its changes, with the ids that new groups have got
    :param sleep: how to wait until AWS has tried again whether a proxy reaches its target
    :raises TimedOutError: a function was not active after wait_timeout seconds
    :raises UnreachableError: with the result, if a function does not reach the database
    """
    snapshot = _with_written(_active(want, aws), done)
    if want.wait:
        snapshot, verdicts = recheck(snapshot, _names(want), aws, sleep, min(want.wait_timeout, MENDABLE_SECONDS))
    else:
        snapshot = _with_late_health(want, snapshot, done)
        verdicts = evaluate(snapshot, _names(want))
    return _with_verdicts(want, result, snapshot, verdicts, made=bool(done))


def _names(want: Options) -> list[str]:
    return [function.name for function in want.functions]


def _active(want: Options, aws: Aws) -> Snapshot:
    """What there is once the functions are active; without ``wait``, when they will be."""
    snapshot = read_snapshot(_question(want, ()), aws)
    pending = [function for function in snapshot.state.functions.values() if function.pending]
    if not want.wait:
        return _ahead(snapshot)
    for function in pending:
        aws.wait_until_active(function.arn, want.wait_timeout)
    return read_snapshot(_question(want, ()), aws) if pending else snapshot


def _ahead(snapshot: Snapshot) -> Snapshot:
    settings = {name: replace(each, ahead=True) for name, each in snapshot.settings.items()}
    return replace(snapshot, settings=settings)


def _with_late_health(want: Options, snapshot: Snapshot, changes: Iterable[Change]) -> Snapshot:
    """Where nobody waits until AWS has tried again, what it says of a proxy's target may be of before."""
    return replace(snapshot, health=OUTDATED if _opens_proxy_hop(want, changes) else LATE)


def _with_verdicts(
    want: Options, result: dict[str, Any], snapshot: Snapshot, verdicts: Sequence[Verdict], *, made: bool
) -> dict[str, Any]:
    findings = [*_still_true(result["findings"], verdicts), *_not_known(verdicts, want.language)]
    result = {**result, "findings": findings, "reachability": verdicts_data(snapshot, verdicts, want.language)}
    if any(verdict.blocked for verdict in verdicts):
        raise UnreachableError(failure(verdicts, want.database.text, want.language, made=made), result)
    return result


def _not_known(verdicts: Iterable[Verdict], language: str) -> list[dict[str, str]]:
    """Why a path is not known, though nothing closes it: each cause once."""
    hidden = [verdict for verdict in verdicts if verdict.path == UNKNOWN and not verdict.blocked]
    causes = [finding_data(cause, language) for verdict in hidden for cause in verdict.causes]
    return [cause for number, cause in enumerate(causes) if cause not in causes[:number]]


def _question(want: Options, moves: Sequence[UpdateVpcConfig]) -> Query:
    """With the subnets that the plan puts functions into, and the groups of others that it puts on them."""
    groups = {group for change in moves for group in change.vpc.security_group_ids if not is_new(group)}
    return Query(
        want.functions,
        want.database,
        vpc_id=want.vpc_id,
        rds_security_group_ids=want.rds_security_group_ids,
        port=want.port,
        subnet_ids=tuple(subnet for change in moves for subnet in change.vpc.subnet_ids),
        group_ids=tuple(sorted(groups)),
        all_versions=want.publish,
    )


def _with_written(snapshot: Snapshot, done: Sequence[Change]) -> Snapshot:
    """With the rules that this run added, which EC2 may not show for seconds
    (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/query-api-troubleshooting.html#eventual-consistency)."""
    gone = {rule.identity for rule in revoked_rules(done)}
    added = (rule for rule in authorized_rules(done) if rule.identity not in gone)
    late = [rule for rule in added if snapshot.state.find_rule(rule) is None]
    return replace(snapshot, state=replace(snapshot.state, rules=(*snapshot.state.rules, *late)))


def _after(snapshot: Snapshot, planned: Iterable[Change]) -> Snapshot:
    """What the changes lead to; functions that they attach elsewhere need network interfaces that are not there yet."""
    settings = dict(snapshot.settings)
    for name in updated_functions(planned):
        settings[name] = replace(settings.get(name, FunctionSettings()), attaching=True)
    return replace(snapshot, state=state_after(snapshot.state, planned), settings=settings)


def _opens_proxy_hop(want: Options, changes: Iterable[Change]) -> bool:
    """Whether changes open the way that a proxy did not find."""
    return any(is_hop(want, rule) for rule in authorized_rules(changes))


def _still_true(findings: Iterable[Mapping[str, Any]], verdicts: Iterable[Verdict]) -> list[Mapping[str, Any]]:
    """Without what was found of a proxy's health before, unless the verdicts say the same."""
    told = {finding.code for verdict in verdicts for finding in verdict.findings}
    return [finding for finding in findings if finding["code"] not in TROUBLES or finding["code"] in told]
