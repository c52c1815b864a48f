# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Updates of functions, many at a time, and at the same time the waits for them. PRIVATE to the collection.

Of those that AWS is working on, the first is looked at until it is done, the others when they should be done by that.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Optional, Protocol

from .._aws_errors import still_updating
from .._side_by_side import WIDTH, Clock, Finished, crew_for
from .._stop import STOP
from .changes import UpdateVpcConfig

# An update takes AWS some seconds at least, and minutes where network interfaces have to be made.
_FIRST_LOOK_SECONDS = 2.5
_NEXT_LOOK_SECONDS = 1.0
_LATER = 0.06
_SELDOM_SECONDS = 5.0
# How long at most until it is asked again what there is to do.
_IDLE_SECONDS = 0.5
# Writes wait for what Lambda allows; looks shall not wait for writes.
_LANE = WIDTH // 2


class Carrier(Protocol):
    """Who carries out an update, and keeps account of it."""

    def write(self, change: UpdateVpcConfig) -> bool:
        """Whether AWS is working on it, and the task waits for that."""

    def is_done(self, change: UpdateVpcConfig) -> bool: ...

    def tell(self, unwritten: int, waiting: int, total: int, at_most: float) -> None:
        """Where the updates are, and in how many seconds the last of those that are waited for is given up."""

    def taken(self, change: UpdateVpcConfig) -> None:
        """AWS has taken it."""

    def ended(self, change: UpdateVpcConfig, error: Optional[Exception]) -> None:
        """It is done, or has failed."""


@dataclass(eq=False)
class _Update:
    """``begun``: when AWS had taken it; ``due``: when to look at it, where that is known. Seconds on the clock."""

    change: UpdateVpcConfig
    begun: float = 0.0
    due: Optional[float] = None


class Updates:
    """A wave of updates, until each has ended."""

    def __init__(self, changes: Sequence[UpdateVpcConfig], carrier: Carrier, timeout: int, clock: Clock) -> None:
        self._carrier = carrier
        self._timeout = timeout
        self._total = len(changes)
        self._clock = clock
        self._crew = crew_for(len(changes), clock)
        self._unwritten = deque(_Update(change) for change in changes)
        self._writing: set[_Update] = set()
        self._waiting: list[_Update] = []
        self._looking: set[_Update] = set()
        self._scout: Optional[_Update] = None
        self._takes: Optional[float] = None

    def run(self) -> None:
        """Until each has ended. An interruption begins nothing any more, and leaves nothing untold that has begun."""
        try:
            while self._unwritten or self._writing or self._waiting or self._looking:
                STOP.check()
                self._tell()
                self._begin()
                finished = self._crew.next(self._idle())
                if finished is not None:
                    self._over(finished)
        finally:
            for finished in self._crew.close():
                self._over(finished)

    def _tell(self) -> None:
        unwritten = len(self._unwritten) + len(self._writing)
        waiting = [*self._waiting, *self._looking]
        since = max((update.begun for update in waiting), default=0)
        self._carrier.tell(unwritten, len(waiting), self._total, since + self._timeout - self._clock.now())

    def _begin(self) -> None:
        while self._unwritten and len(self._writing) < _LANE:
            update = self._unwritten.popleft()
            self._writing.add(update)
            self._crew.submit(update, partial(self._carrier.write, update.change))
        now = self._clock.now()
        due = [update for update in self._waiting if update.due is not None and update.due <= now]
        for update in due[: _LANE - len(self._looking)]:
            self._waiting.remove(update)
            self._looking.add(update)
            self._crew.submit(update, partial(self._carrier.is_done, update.change))

    def _idle(self) -> float:
        """Seconds until there is something to begin, if no call is over before."""
        if self._writing or self._looking:
            return _IDLE_SECONDS
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
            self._carrier.ended(update.change, finished.error)
            return
        self._carrier.taken(update.change)
        if not finished.answer:
            self._carrier.ended(update.change, None)
            return
        update.begun = self._clock.now()
        self._waiting.append(update)
        if self._takes is not None:
            update.due = update.begun + self._takes
        elif self._scout is None:
            self._scout, update.due = update, update.begun + _FIRST_LOOK_SECONDS

    def _looked(self, update: _Update, finished: Finished) -> None:
        now = self._clock.now()
        since = now - update.begun
        if finished.error is None and not finished.answer and since < self._timeout:
            self._waiting.append(update)
            update.due = now + min(max(_NEXT_LOOK_SECONDS, _LATER * since), _SELDOM_SECONDS)
            return
        late = None if finished.answer else still_updating(update.change.function.name, self._timeout)
        error = finished.error or late
        self._carrier.ended(update.change, error)
        if self._takes is None and error is None:
            self._takes = since
            for waiting in self._waiting:
                waiting.due = waiting.begun + since
        elif update is self._scout and self._takes is None:
            self._scout = next(iter(self._waiting), None)
            if self._scout is not None:
                self._scout.due = now
