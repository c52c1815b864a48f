# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Writes a plan to AWS: the only place where anything is written. PRIVATE to the collection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Callable, Optional, cast

from .._aws import Aws
from .._errors import ConflictError, FunctionsFailedError, LambdaRdsError, StoppedError, UpdateFailedError
from .._pace import UPDATES_A_SECOND
from .._progress import SILENT, Doing, Progress, Stage
from .._side_by_side import Clock
from .._stop import STOP
from .again import PAUSES
from .changes import (
    Change,
    DeleteGroup,
    DeleteLoginPolicy,
    GroupChange,
    MoveAlias,
    PublishVersion,
    PutLoginPolicy,
    UpdateVpcConfig,
    renamed,
)
from .doubt import found_ids, is_done
from .group_writer import GroupWriter
from .login_policies import document_of
from .state import State
from .steps import Plan
from .updates import Updates
from .waits import WaitOptions, Waits
from .waves import waves


class Writer(GroupWriter[State, Change]):
    """Applies plans in order; what does not wait for each other, side by side.

    With ``several`` functions one that fails does not stop the others: ``failed`` are those that are given up, with the
    reason. ``disputed`` are those that others were changing just now. ``applied``: the last plan is written as a whole.
    """

    def __init__(
        self,
        options: WaitOptions,
        aws: Aws,
        sleep: Callable[[float], None],
        progress: Progress = SILENT,
        *,
        several: bool = False,
    ) -> None:
        super().__init__(aws, progress)
        self._clock = Clock(sleep)
        self._waits = Waits(options, aws, sleep, progress)
        self._options = options
        self._several = several
        self._disputes: Counter[str] = Counter()
        self.failed: dict[str, Exception] = {}
        self.disputed: dict[str, ConflictError] = {}
        self.applied = False

    def apply(self, plan: Plan) -> None:
        """Write every change of a plan.

        :raises ConflictError: AWS has moved on; observe and plan again
        :raises FunctionsFailedError: functions are given up; observe and plan again for the others
        :raises AwsError: AWS refused
        :raises TimedOutError: a function was still being updated after wait_timeout seconds
        """
        self.pending = []
        self.disputed = {}
        self.applied = False
        self._waits.settle(plan)
        for wave in waves(plan.changes):
            if isinstance(wave[0], UpdateVpcConfig):
                self._update_all(cast(Sequence[UpdateVpcConfig], wave))
            else:
                self._try_all(wave, plan.before, self._clock)
                self._waits.for_versions()
        self.applied = True

    def _update_all(self, changes: Sequence[UpdateVpcConfig]) -> None:
        known, before = set(self.failed), len(self.written)
        try:
            Updates(changes, self, self._options.wait_timeout, self._clock).run()
        finally:
            self._put_in_order(changes, before)
        STOP.check()
        if self.failed and not self._several:
            raise self.failed.popitem()[1]
        if self.disputed:
            raise next(iter(self.disputed.values()))
        if self.failed.keys() - known:
            raise FunctionsFailedError(self.failed)

    def _put_in_order(self, changes: Sequence[UpdateVpcConfig], since: int) -> None:
        """What was written side by side, in the order of the plan."""
        places = {change.function.name: place for place, change in enumerate(changes)}
        updates = cast("list[UpdateVpcConfig]", self.written[since:])
        updates.sort(key=lambda change: places[change.function.name])
        self.written[since:] = updates

    # What Updates calls, in the thread of the run but for write and is_done.

    def write(self, change: UpdateVpcConfig) -> bool:
        groups = [self._id(group) for group in change.vpc.security_group_ids]
        answer = self._aws.update_vpc_config(
            change.function.arn,
            change.vpc.subnet_ids,
            groups,
            change.vpc.ipv6_allowed_for_dual_stack,
            change.function.revision_id,
        )
        return self._options.wait and answer.get("LastUpdateStatus") != "Successful"

    def is_done(self, change: UpdateVpcConfig) -> bool:
        return self._aws.is_updated(change.function.arn)

    def tell(self, unwritten: int, waiting: int, total: int, at_most: float) -> None:
        """Where the updates are: those that are still to be written, or else those that are waited for."""
        if unwritten:
            seconds = self._aws.seconds_for_updates(unwritten)
            limit = UPDATES_A_SECOND if seconds >= 1 else 0
            self._progress.tell(Stage(Doing.UPDATE, total - unwritten, total, limit=limit, seconds_left=seconds))
        else:
            self._progress.tell(Stage(Doing.SETTLE, total - waiting, total, at_most=at_most))

    def taken(self, change: UpdateVpcConfig) -> None:
        self._written(self._as_planned(change))

    def ended(self, change: UpdateVpcConfig, error: Optional[Exception]) -> None:
        name = change.function.name
        if error is None or isinstance(error, StoppedError):
            return
        planned = self._as_planned(change)
        self._doubt(planned, error)
        if isinstance(error, UpdateFailedError):
            # The function keeps the configuration of before.
            self._forget(planned)
        if isinstance(error, ConflictError) and not (self._several and self._disputes[name] >= len(PAUSES)):
            self._disputes[name] += 1
            self.disputed[name] = error
        elif isinstance(error, LambdaRdsError):
            self.failed[name] = error
        else:
            raise error

    def _is_done(self, change: Change, state: State) -> bool:
        return is_done(change, state)

    def _found_ids(self, change: Change, state: State) -> dict[str, str]:
        return found_ids(change, state)

    def _as_planned(self, change: Change) -> Change:
        """A version's number is a name of something in an alias only."""
        moves = isinstance(change, MoveAlias)
        return renamed(change, {real: planned for planned, real in self.ids.items() if moves or real.startswith("sg-")})

    def _write(self, change: Change, before: State) -> bool:
        """All but updates of functions, which are written and waited for together."""
        if isinstance(change, PublishVersion):
            self._publish(change)
        elif isinstance(change, MoveAlias):
            version = self._id(change.version)
            self._aws.move_alias(change.function.arn, change.alias.name, version, change.alias.revision_id)
        elif isinstance(change, PutLoginPolicy):
            self._aws.put_role_policy(change.policy.role, change.policy.name, document_of(change.policy))
        elif isinstance(change, DeleteLoginPolicy):
            self._aws.delete_role_policy(change.policy.role, change.policy.name)
        else:
            return self._write_group(cast(GroupChange, change), before)
        return True

    def _publish(self, change: PublishVersion) -> None:
        version = self._aws.publish_version(change.function.arn, change.function.code_sha256)
        self.ids[change.number] = version
        self._waits.publishing(change.function, version)

    def _release(self, change: DeleteGroup) -> None:
        if change.release:
            self._waits.for_release(change.group.id)
