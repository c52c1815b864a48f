# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Observe, plan, apply, wait: once as a rule, again where AWS has moved on in between. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Callable, Optional

from .._aws.client import Aws
from .._changes.changes import Change, state_after
from .._changes.result import changes_data
from .._changes.retry import BACKOFF, apply_or_back_off
from .._errors import IncompleteError, LambdaRdsError, RefusedError, StuckError, TimedOutError
from .._model.proxies import Proxy
from .._process.progress import SILENT, Progress
from .._process.waiting import sleep
from .apply import ProxyWriter
from .health import DONE, FAILED, WaitState, target_message
from .inspect import inspect
from .lookup import lookup
from .observed import Observed, ProxyState
from .parameters import Options
from .plan.group_removal import as_pending
from .plan.make_plan import make_plan
from .plan.plan import Plan
from .plan.rules import missing_paths
from .resolve import resolve
from .result import diff_data, result_data
from .waits import ProxyWaits


def preview(want: Options, aws: Aws) -> dict[str, Any]:
    """What ``run`` would return, with nothing written and nothing waited for.

    :raises RefusedError: as ``run``
    """
    observed, plan = _observe_and_plan(want, aws)
    return _result(want, observed, plan, plan.after.proxy, plan.before, plan.changes, {})


def run(want: Options, aws: Aws, sleep: Callable[[float], None] = sleep, progress: Progress = SILENT) -> dict[str, Any]:
    """Make it so, and wait until it is.

    :raises RefusedError: before anything is written
    :raises IncompleteError: AWS failed, or the proxy does not become healthy; says what was written
    """
    waits = ProxyWaits(want, aws, sleep, progress)
    observed, plan = _plan_when_settled(want, aws, waits)
    before, writer = plan.before, ProxyWriter(aws, sleep, waits)
    pauses = iter(BACKOFF)
    try:
        while not apply_or_back_off(writer, plan, pauses, sleep):
            observed, plan = _plan_when_settled(want, aws, waits)
            writer.confirm(observed.state)
        proxy = _final(want, aws, waits, plan)
    except LambdaRdsError as error:
        raise IncompleteError(error, changes_data(writer.written), changes_data(writer.unconfirmed)) from error
    held = [as_pending(want.name, pending) for pending in writer.blocked]
    plan = replace(plan, blocked=(*plan.blocked, *held))
    return _result(want, observed, plan, proxy, before, writer.written, writer.ids)


def _observe_and_plan(want: Options, aws: Aws) -> tuple[Observed, Plan]:
    found = lookup(want, aws)
    resolution = resolve(want, found)
    observed = inspect(want, aws, found, resolution)
    plan = make_plan(want, observed, resolution)
    if plan.refusals:
        raise RefusedError(plan.refusals)
    return observed, plan


def _plan_when_settled(want: Options, aws: Aws, waits: ProxyWaits) -> tuple[Observed, Plan]:
    """A look at a proxy that AWS does not work on; what is to be refused is so before any wait."""
    observed, plan = _observe_and_plan(want, aws)
    while want.wait and observed.busy:
        waits.until_settled(observed.busy)
        observed, plan = _observe_and_plan(want, aws)
    return observed, plan


def _final(want: Options, aws: Aws, waits: ProxyWaits, plan: Plan) -> Optional[Proxy]:
    """The proxy as it is in the end.

    :raises StuckError: it does not become healthy
    :raises TimedOutError: it was not yet healthy after wait_timeout
    """
    proxy = plan.after.proxy
    if proxy is None or not want.present:
        return proxy
    if not want.wait:
        return waits.look(proxy) if plan.changes else proxy
    proxy, verdict = waits.until_healthy(proxy, fresh=not plan.changes)
    if verdict.outcome != DONE:
        raise _unhealthy(want, aws, proxy, verdict)
    return proxy


def _unhealthy(want: Options, aws: Aws, proxy: Proxy, verdict: WaitState) -> LambdaRdsError:
    """What is wrong, by the rules as they are now."""
    observed = lookup(want, aws)
    groups = observed.state.proxy.security_group_ids if observed.state.proxy else ()
    missing = missing_paths(observed.state, groups, observed.database) if observed.database else None
    messages = [target_message(target, proxy, missing) for target in proxy.targets]
    words = " ".join(message for message in messages if message) or f"{verdict.about}."
    text = f"The proxy {proxy.name} cannot use its database. {words}"
    if verdict.outcome == FAILED:
        return StuckError(text)
    late = f"It was so after {want.wait_timeout} seconds; run the task again, or raise wait_timeout."
    return TimedOutError(f"{text} {late}")


def _result(
    want: Options,
    observed: Observed,
    plan: Plan,
    proxy: Optional[Proxy],
    before: ProxyState,
    changes: Sequence[Change],
    ids: Mapping[str, str],
) -> dict[str, Any]:
    return {
        "changed": bool(changes),
        "changes": changes_data(changes),
        "diff": diff_data(before, state_after(before, changes)),
        **result_data(want, observed, plan, proxy, ids),
    }
