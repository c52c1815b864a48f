# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Writes the plan of a connection to AWS. PRIVATE to the collection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Callable, Optional

from ..._aws.client import Aws
from ..._aws.rate_limits import UPDATES_A_SECOND
from ..._changes.changes import Change, Outcome, of_kind
from ..._changes.plan import Plan
from ..._changes.retry import BACKOFF
from ..._changes.writer import Writer
from ..._errors import ConflictError, FunctionsFailedError, LambdaRdsError, StoppedError, UpdateFailedError
from ..._process.interrupts import STOP
from ..._process.progress import SILENT, Phase, Progress, Stage
from ..function_changes import UpdateVpcConfig
from .updates import Updates
from .waits import WaitOptions, Waits


class ConnectionWriter(Writer):
    """Updates functions side by side, and waits for them and for versions.

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
        self._waits = Waits(options, aws, sleep, progress)
        super().__init__(aws, sleep, progress, self._waits)
        self._aws = aws
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
        self.disputed = {}
        self.applied = False
        self._waits.settle(plan)
        super().apply(plan)
        self.applied = True

    def _write_batch(self, changes: Sequence[Change]) -> None:
        updates = of_kind(changes, UpdateVpcConfig)
        if updates:
            self._update_all(updates)
        else:
            super()._write_batch(changes)
            self._waits.for_versions()

    def _update_all(self, changes: Sequence[UpdateVpcConfig]) -> None:
        known, before = set(self.failed), len(self.written)
        try:
            Updates(changes, self, self._options.wait_timeout, self._clock).run()
        finally:
            self._put_in_order(changes, before)
        STOP.raise_if_interrupted()
        if self.failed and not self._several:
            raise self.failed.popitem()[1]
        if self.disputed:
            raise next(iter(self.disputed.values()))
        if self.failed.keys() - known:
            raise FunctionsFailedError(self.failed)

    def _put_in_order(self, changes: Sequence[UpdateVpcConfig], since: int) -> None:
        """What was written side by side, in the order of the plan."""
        places = {change.function.name: place for place, change in enumerate(changes)}
        updates = of_kind(self.written[since:], UpdateVpcConfig)
        updates.sort(key=lambda change: places[change.function.name])
        self.written[since:] = updates

    # What Updates calls, in the thread of the run but for write and is_done.

    def write(self, change: UpdateVpcConfig) -> bool:
        return change.write(self._session) is Outcome.IN_PROGRESS and self._options.wait

    def is_done(self, change: UpdateVpcConfig) -> bool:
        return self._aws.is_updated(change.function.arn)

    def report(self, unwritten: int, waiting: int, total: int, at_most: float) -> None:
        """Where the updates are: those that are still to be written, or else those that are waited for."""
        if unwritten:
            seconds = self._aws.seconds_for_updates(unwritten)
            limit = UPDATES_A_SECOND if seconds >= 1 else 0
            self._progress.tell(Stage(Phase.UPDATE, total - unwritten, total, limit=limit, seconds_left=seconds))
        else:
            self._progress.tell(Stage(Phase.SETTLE, total - waiting, total, at_most=at_most))

    def on_accepted(self, change: UpdateVpcConfig) -> None:
        self._count(self._as_planned(change))

    def on_finished(self, change: UpdateVpcConfig, error: Optional[Exception]) -> None:
        name = change.function.name
        if error is None or isinstance(error, StoppedError):
            return
        planned = self._as_planned(change)
        self._note_lost_answer(planned, error)
        if isinstance(error, UpdateFailedError):
            # The function keeps its previous configuration.
            self._discount(planned)
        if isinstance(error, ConflictError) and not (self._several and self._disputes[name] >= len(BACKOFF)):
            self._disputes[name] += 1
            self.disputed[name] = error
        elif isinstance(error, LambdaRdsError):
            self.failed[name] = error
        else:
            raise error
