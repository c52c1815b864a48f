# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Looks, looks again where there is doubt, and deletes. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Callable

from .._aws import Aws
from .._connection.again import PAUSES, applied, sleep
from .._connection.apply import Writer
from .._connection.changes import Change, DeleteGroup, state_after
from .._connection.pending import Pending
from .._connection.result import changes_data, diff_data
from .._connection.state import TAG_DATABASE, TAG_FUNCTION, Group, State
from .._connection.steps import Plan
from .._errors import IncompleteError, LambdaRdsError, Refusal, RefusedError
from .observe import observe
from .parameters import Want
from .plan import doubtful, make_plan


@dataclass(frozen=True)
class _NoWaits:
    """There are no updates to wait for, and what is held is left to the next run."""

    wait: bool = False
    wait_timeout: int = 0
    release_timeout: int = 0


def preview(want: Want, aws: Aws, sleep: Callable[[float], None] = sleep) -> dict[str, Any]:
    """What ``run`` would return, with nothing written.

    :raises RefusedError: as ``run``
    """
    _settled, plan = _look(want, aws, sleep)
    return _result(plan.before, plan.changes, plan.pending)


def run(want: Want, aws: Aws, sleep: Callable[[float], None] = sleep) -> dict[str, Any]:
    """Delete what nobody holds.

    :raises RefusedError: there is no such VPC
    :raises IncompleteError: AWS failed; says what was written
    """
    settled, plan = _look(want, aws, sleep)
    before, writer = plan.before, Writer(_NoWaits(), aws, sleep)
    pauses = iter(PAUSES)
    try:
        while not applied(writer, plan, pauses, sleep):
            plan = make_plan(observe(want, aws), settled)
            writer.look_back(plan.before)
    except LambdaRdsError as error:
        raise IncompleteError(error, changes_data(writer.written), changes_data(writer.doubts)) from error
    late = [replace(pending, can_wait=False) for pending in writer.pending]
    return _result(before, writer.written, [*plan.pending, *late])


def _look(want: Want, aws: Aws, sleep: Callable[[float], None]) -> tuple[frozenset[str], Plan]:
    """The groups that were doubtful at the first look, and the plan of the last.

    :raises RefusedError: there is no such VPC
    """
    seen = observe(want, aws)
    if not seen.vpc_is_known:
        remedy = "Check the id and the option region."
        raise RefusedError([Refusal("vpc_id", want.vpc_id, "no such VPC in this account and Region.", remedy)])
    settled = doubtful(seen)
    if settled and want.grace_period:
        sleep(want.grace_period)
        seen = observe(want, aws)
    return settled, make_plan(seen, settled)


def _result(before: State, changes: Sequence[Change], pending: Sequence[Pending]) -> dict[str, Any]:
    return {
        "changed": bool(changes),
        "changes": changes_data(changes),
        "deleted": [_group_data(change.group) for change in changes if isinstance(change, DeleteGroup)],
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
