# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Updates many functions at a time and waits for them meanwhile. PRIVATE to the collection.

Of the updates in progress the first is polled until it is done; the others are polled when they should be done by its
duration.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Optional, Protocol

from ..._aws.errors import still_updating
from ..._process.concurrency import MAX_WORKERS, Clock, Finished, executor_for
from ..._process.interrupts import STOP
from ..function_changes import UpdateVpcConfig

# An update takes AWS some seconds at least, and minutes where network interfaces have to be made.
_FIRST_POLL_SECONDS = 2.5
_MIN_POLL_SECONDS = 1.0
_BACKOFF_SHARE = 0.06
_MAX_POLL_SECONDS = 5.0
# The longest wait for a call before looking again for something to start.
_MAX_IDLE_SECONDS = 0.5
# Half of the threads are for writes, which wait for Lambda's rate limit, so that polls need not wait for them.
_MAX_PARALLEL = MAX_WORKERS // 2


class UpdateHandler(Protocol):
    """Writes updates, polls them and keeps account of them."""

    def write(self, change: UpdateVpcConfig) -> bool:
        """Whether AWS is working on it, and the task waits for that."""

    def is_done(self, change: UpdateVpcConfig) -> bool: ...

    def report(self, unwritten: int, waiting: int, total: int, at_most: float) -> None:
        """Where the updates are, and in how many seconds the last of those that are waited for is given up."""

    def on_accepted(self, change: UpdateVpcConfig) -> None:
        """AWS has taken it."""

    def on_finished(self, change: UpdateVpcConfig, error: Optional[Exception]) -> None:
        """It is done, or has failed."""


@dataclass(eq=False)
class _Update:
    """``begun``: when AWS had taken it; ``due``: when to look at it, where that is known. Seconds on the clock."""

    change: UpdateVpcConfig
    begun: float = 0.0
    due: Optional[float] = None


class Updates:
    """A batch of updates, until each is finished."""

    def __init__(self, changes: Sequence[UpdateVpcConfig], handler: UpdateHandler, timeout: int, clock: Clock) -> None:
        self._handler = handler
        self._timeout = timeout
        self._total = len(changes)
        self._clock = clock
        self._executor = executor_for(len(changes), clock)
        self._unwritten = deque(_Update(change) for change in changes)
        self._writing: set[_Update] = set()
        self._waiting: list[_Update] = []
        self._looking: set[_Update] = set()
        self._probe: Optional[_Update] = None
        self._typical_duration: Optional[float] = None

    def run(self) -> None:
        """Until each has ended. An interruption begins nothing any more, and leaves nothing untold that has begun."""
        try:
            while self._unwritten or self._writing or self._waiting or self._looking:
                STOP.raise_if_interrupted()
                self._tell()
                self._begin()
                finished = self._executor.next(self._idle())
                if finished is not None:
                    self._over(finished)
        finally:
            for finished in self._executor.close():
                self._over(finished)

    def _tell(self) -> None:
        unwritten = len(self._unwritten) + len(self._writing)
        waiting = [*self._waiting, *self._looking]
        since = max((update.begun for update in waiting), default=0)
        self._handler.report(unwritten, len(waiting), self._total, since + self._timeout - self._clock.now())

    def _begin(self) -> None:
        while self._unwritten and len(self._writing) < _MAX_PARALLEL:
            update = self._unwritten.popleft()
            self._writing.add(update)
            self._executor.submit(update, partial(self._handler.write, update.change))
        now = self._clock.now()
        due = [update for update in self._waiting if update.due is not None and update.due <= now]
        for update in due[: _MAX_PARALLEL - len(self._looking)]:
            self._waiting.remove(update)
            self._looking.add(update)
            self._executor.submit(update, partial(self._handler.is_done, update.change))

    def _idle(self) -> float:
        """Seconds until there is something to begin, if no call is over before."""
        if self._writing or self._looking:
            return _MAX_IDLE_SECONDS
        dues = [update.due for update in self._waiting if update.due is not None]
        return max(0.0, min(dues) - self._clock.now())

    def _over(self, finished: Finished) -> None:
        update: _Update = finished.subject
        if update in self._writing:
            self._writing.remove(update)
            self._written(update, finished)
        else:
            self._looking.remove(update)
            self._looked(update, finished)

    def _written(self, update: _Update, finished: Finished) -> None:
        if finished.error is not None:
            self._handler.on_finished(update.change, finished.error)
            return
        self._handler.on_accepted(update.change)
        if not finished.answer:
            self._handler.on_finished(update.change, None)
            return
        update.begun = self._clock.now()
        self._waiting.append(update)
        if self._typical_duration is not None:
            update.due = update.begun + self._typical_duration
        elif self._probe is None:
            self._probe, update.due = update, update.begun + _FIRST_POLL_SECONDS

    def _looked(self, update: _Update, finished: Finished) -> None:
        now = self._clock.now()
        since = now - update.begun
        if finished.error is None and not finished.answer and since < self._timeout:
            self._waiting.append(update)
            update.due = now + min(max(_MIN_POLL_SECONDS, _BACKOFF_SHARE * since), _MAX_POLL_SECONDS)
            return
        late = None if finished.answer else still_updating(update.change.function.name, self._timeout)
        error = finished.error or late
        self._handler.on_finished(update.change, error)
        if self._typical_duration is None and error is None:
            self._typical_duration = since
            for waiting in self._waiting:
                waiting.due = waiting.begun + since
        elif update is self._probe and self._typical_duration is None:
            self._probe = next(iter(self._waiting), None)
            if self._probe is not None:
                self._probe.due = now
