# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Observe, plan, apply: once as a rule, again where AWS has moved on in between. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Callable

from .._aws import Aws
from .._errors import IncompleteError, LambdaRdsError, RefusedError, UnreachableError
from .._progress import SILENT, Progress
from .._reachability.verify import verified
from .again import PAUSES, applied, sleep
from .apply import Writer
from .changes import Change, renamed, revoked_rules, state_after
from .observe import observe
from .others import is_final
from .parameters import Want
from .plan import make_plan
from .result import changes_data, diff_data, result_data
from .state import Observed, Rule, State
from .steps import Plan


def preview(want: Want, aws: Aws) -> dict[str, Any]:
    """What ``run`` would return, with nothing written.

    :raises RefusedError: as ``run``
    :raises UnreachableError: as ``run``
    """
    want, seen, plan = _look(want, aws)
    result = _result(want, seen, plan, plan.before, plan.changes, {})
    return verified(want, aws, result, planned=plan.changes) if want.verified else result


def run(want: Want, aws: Aws, sleep: Callable[[float], None] = sleep, progress: Progress = SILENT) -> dict[str, Any]:
    """Make it so.

    :raises RefusedError: before anything is written
    :raises IncompleteError: AWS failed; says what was written
    :raises UnreachableError: all is done, but the path is not open, and the task asks for that
    """
    want, seen, plan = _look(want, aws)
    before, writer = plan.before, Writer(want, aws, sleep, progress)
    # What AWS shows late must not use up the looks that are there because of others.
    pauses, looks = iter(PAUSES), iter(PAUSES)
    findings = dict.fromkeys(plan.findings)
    try:
        while not (applied(writer, plan, pauses, sleep) and is_final(want, plan, writer.written, looks)):
            want, seen, plan = _look(want, aws, revoked_rules(writer.written))
            writer.look_back(plan.before)
            findings.update(dict.fromkeys(plan.findings))
    except LambdaRdsError as error:
        raise IncompleteError(error, changes_data(writer.written), changes_data(writer.doubts)) from error
    plan = replace(plan, pending=(*plan.pending, *writer.pending), findings=tuple(findings))
    result = _result(want, seen, plan, before, writer.written, writer.ids)
    if not want.verified:
        return result
    try:
        done = [renamed(change, writer.ids) for change in writer.written]
        return verified(want, aws, result, done=done)
    except UnreachableError:
        raise
    except LambdaRdsError as error:
        raise IncompleteError(error, changes_data(writer.written)) from error


def _look(want: Want, aws: Aws, revoked: tuple[Rule, ...] = ()) -> tuple[Want, Observed, Plan]:
    want, seen = observe(want, aws)
    seen = replace(seen, revoked=revoked)
    plan = make_plan(want, seen)
    if plan.refusals:
        raise RefusedError(plan.refusals)
    return want, seen, plan


def _result(
    want: Want, seen: Observed, plan: Plan, before: State, changes: Sequence[Change], ids: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "changed": bool(changes),
        "changes": changes_data(changes),
        "diff": diff_data(before, state_after(before, changes)),
        **result_data(want, seen, plan, ids),
    }
