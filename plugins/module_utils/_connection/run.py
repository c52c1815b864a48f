# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Observe, plan, apply: once as a rule, again where AWS has moved on in between. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Callable, Optional

from .._aws.client import Aws
from .._changes.changes import Change, authorized_rules, renamed, revoked_rules, state_after
from .._changes.result import changes_data
from .._changes.retry import BACKOFF, apply_or_back_off
from .._discovery.functions import FEW
from .._errors import FunctionsFailedError, IncompleteError, LambdaRdsError, RefusedError, UnreachableError
from .._model.functions import Function
from .._model.state import State
from .._process.progress import SILENT, Phase, Progress, Stage
from .._process.waiting import sleep
from .apply.convergence import needs_another_pass
from .apply.writer import ConnectionWriter
from .function_changes import updated_functions
from .inspect import inspect
from .lookup import lookup
from .observed import Observed
from .parameters import Options
from .plan.make_plan import make_plan
from .plan.plan import Plan
from .resolve.resolve import resolve
from .result import diff_data, result_data, with_failed


def preview(want: Options, aws: Aws) -> dict[str, Any]:
    """What ``run`` would return, with nothing written.

    :raises RefusedError: as ``run``
    :raises UnreachableError: as ``run``
    """
    want, observed, plan = _observe_and_plan(want, aws)
    result = _result(want, observed, plan, plan.before, plan.changes, {})
    if not want.verified:
        return result
    # What a verdict takes is a third of all our code, and nothing that a run without one needs.
    from .verify import verified_plan  # noqa: PLC0415

    return verified_plan(want, aws, result, plan.changes)


def run(want: Options, aws: Aws, sleep: Callable[[float], None] = sleep, progress: Progress = SILENT) -> dict[str, Any]:
    """Make it so.

    :raises RefusedError: before anything is written
    :raises IncompleteError: AWS failed; says what was written
    :raises UnreachableError: all is done, but the path is not open, and the task asks for that
    """
    progress.tell(Stage(Phase.LOOK, 0, len(want.functions)))
    want, observed, plan = _observe_and_plan(want, aws)
    everyone, before = want.functions, plan.before
    writer = ConnectionWriter(want, aws, sleep, progress, several=len(everyone) > 1)
    # What AWS shows late must not use up the passes that are there because of concurrent runs.
    pauses, passes = iter(BACKOFF), iter(BACKOFF)
    findings = [*plan.findings]
    try:
        while not _is_over(want, plan, writer, sleep, pauses, passes):
            want, observed, plan = _observe_again(want, aws, plan, writer)
            writer.confirm(plan.before)
            findings += [finding for finding in plan.findings if finding not in findings]
    except LambdaRdsError as error:
        raise IncompleteError(error, changes_data(writer.written), changes_data(writer.unconfirmed)) from error
    plan = replace(plan, blocked=(*plan.blocked, *writer.blocked), findings=tuple(findings))
    result = _result(want, observed, plan, before, writer.written, writer.ids)
    if writer.failed:
        result = with_failed(result, everyone, before, writer.failed)
        raise FunctionsFailedError(writer.failed, len(everyone), result, changes_data(writer.unconfirmed))
    if not want.verified:
        return result
    from .verify import verified_run  # noqa: PLC0415 - as in preview

    progress.tell(Stage(Phase.VERIFY))
    try:
        done = [renamed(change, writer.ids) for change in writer.written]
        return verified_run(want, aws, result, done, sleep)
    except UnreachableError:
        raise
    except LambdaRdsError as error:
        raise IncompleteError(error, changes_data(writer.written)) from error


def _is_over(
    want: Options,
    plan: Plan,
    writer: ConnectionWriter,
    sleep: Callable[[float], None],
    pauses: Iterator[float],
    passes: Iterator[float],
) -> bool:
    try:
        return apply_or_back_off(writer, plan, pauses, sleep) and not needs_another_pass(
            want, plan, writer.written, passes
        )
    except FunctionsFailedError:
        return not want.without(writer.failed).functions


def _observe_again(want: Options, aws: Aws, plan: Plan, writer: ConnectionWriter) -> tuple[Options, Observed, Plan]:
    """For the functions that are not given up. Many are not read again where only what they share may have changed."""
    known = _as_written(want, plan, writer) if writer.applied and len(want.functions) > FEW else None
    return _observe_and_plan(want.without(writer.failed), aws, writer.written, tuple(writer.disputed), known)


def _as_written(want: Options, plan: Plan, writer: ConnectionWriter) -> dict[str, Function]:
    """The functions as the plan, which is carried out, was to leave them; nobody may have waited for the updates."""
    begun = set() if want.wait else updated_functions(plan.changes)
    return {
        name: _with_real_groups(function, writer.ids, updating=function.updating or name in begun)
        for name, function in plan.after.functions.items()
    }


def _with_real_groups(function: Function, ids: Mapping[str, str], *, updating: bool) -> Function:
    groups = tuple(ids.get(group, group) for group in function.vpc.security_group_ids)
    return replace(function, vpc=replace(function.vpc, security_group_ids=groups), updating=updating)


def _observe_and_plan(
    want: Options,
    aws: Aws,
    written: Sequence[Change] = (),
    refresh: Collection[str] = (),
    cached: Optional[Mapping[str, Function]] = None,
) -> tuple[Options, Observed, Plan]:
    """:param written: what this run has written by now"""
    want, found = lookup(want, aws, refresh, cached)
    resolution = resolve(want, found)
    observed = inspect(want, aws, found, resolution, states_known=cached is not None)
    observed = replace(observed, authorized=authorized_rules(written), revoked=revoked_rules(written))
    plan = make_plan(want, observed, resolution)
    if plan.refusals:
        raise RefusedError(plan.refusals)
    return want, observed, plan


def _result(
    want: Options, observed: Observed, plan: Plan, before: State, changes: Sequence[Change], ids: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "changed": bool(changes),
        "changes": changes_data(changes),
        "diff": diff_data(before, state_after(before, changes)),
        **result_data(want, observed, plan, ids),
    }
