# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Observes, observes again where a concurrent run may be at work, and deletes. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Callable

from .._aws.client import Aws
from .._changes.blocked_deletion import BlockedDeletion
from .._changes.changes import Change, DeleteGroup, of_kind, state_after
from .._changes.plan import Plan
from .._changes.result import changes_data
from .._changes.retry import BACKOFF, apply_or_back_off
from .._changes.writer import Writer
from .._connection.result import diff_data
from .._errors import IncompleteError, LambdaRdsError, Refusal, RefusedError
from .._model.ownership import TAG_DATABASE, TAG_FUNCTION
from .._model.security_groups import Group
from .._model.state import State
from .._process.waiting import sleep
from .observe import observe
from .parameters import Options
from .plan import make_plan, unsettled


def preview(want: Options, aws: Aws, sleep: Callable[[float], None] = sleep) -> dict[str, Any]:
    """What ``run`` would return, with nothing written.

    :raises RefusedError: as ``run``
    """
    _settled, plan = _observe_and_plan(want, aws, sleep)
    return _result(plan.before, plan.changes, plan.blocked)


def run(want: Options, aws: Aws, sleep: Callable[[float], None] = sleep) -> dict[str, Any]:
    """Delete what nobody holds.

    :raises RefusedError: there is no such VPC
    :raises IncompleteError: AWS failed; says what was written
    """
    settled, plan = _observe_and_plan(want, aws, sleep)
    before, writer = plan.before, Writer(aws, sleep)
    pauses = iter(BACKOFF)
    try:
        while not apply_or_back_off(writer, plan, pauses, sleep):
            plan = make_plan(observe(want, aws), settled)
            writer.confirm(plan.before)
    except LambdaRdsError as error:
        raise IncompleteError(error, changes_data(writer.written), changes_data(writer.unconfirmed)) from error
    late = [replace(pending, can_wait=False) for pending in writer.blocked]
    return _result(before, writer.written, [*plan.blocked, *late])


def _observe_and_plan(want: Options, aws: Aws, sleep: Callable[[float], None]) -> tuple[frozenset[str], Plan]:
    """The groups that were doubtful at the first look, and the plan of the last.

    :raises RefusedError: there is no such VPC
    """
    observed = observe(want, aws)
    if not observed.vpc_is_known:
        remedy = "Check the id and the option region."
        raise RefusedError([Refusal("vpc_id", want.vpc_id, "no such VPC in this account and Region.", remedy)])
    settled = unsettled(observed)
    if settled and want.grace_period:
        sleep(want.grace_period)
        observed = observe(want, aws)
    return settled, make_plan(observed, settled)


def _result(before: State, changes: Sequence[Change], pending: Sequence[BlockedDeletion]) -> dict[str, Any]:
    return {
        "changed": bool(changes),
        "changes": changes_data(changes),
        "deleted": [_group_data(change.group) for change in of_kind(changes, DeleteGroup)],
        "pending": [item.data for item in pending],
        "diff": diff_data(before, state_after(before, changes)),
    }


def _group_data(group: Group) -> dict[str, Any]:
    return {
        "security_group_id": group.id,
        "security_group_name": group.name,
        "vpc_id": group.vpc_id,
        "database": group.tags[TAG_DATABASE],
        "function_name": group.tags.get(TAG_FUNCTION),
    }
