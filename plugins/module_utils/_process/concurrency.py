# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Calls side by side, for runs that make many of a kind. PRIVATE to the collection."""

from __future__ import annotations

import queue
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Callable, Optional, TypeVar, Union

from .threads import Pool

# Lambda allows 15 changes a second, each takes it half a second; and as many again to look how they are getting on.
MAX_WORKERS = 16
_FEW = 3

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Clock:
    """Seconds since a run began. Those that were slept count, also where a test only pretends to sleep."""

    def __init__(self, sleep: Callable[[float], None]) -> None:
        self._sleep = sleep
        self._began = time.monotonic()
        self._slept = 0.0

    def now(self) -> float:
        return max(time.monotonic() - self._began, self._slept)

    def sleep(self, seconds: float) -> None:
        self._slept = self.now() + seconds
        self._sleep(seconds)


@dataclass(frozen=True)
class Finished:
    """A call that is over, with what it was submitted for: its ``answer``, or the ``error`` that it ended with."""

    subject: Any
    answer: Any = None
    error: Optional[Exception] = None


class Sequential:
    """One call after the other: for what is few."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._calls: deque[tuple[object, Callable[[], Any]]] = deque()

    def submit(self, subject: object, call: Callable[[], Any]) -> None:
        self._calls.append((subject, call))

    def next(self, seconds: float) -> Optional[Finished]:
        """The next call that is over; None if none is after so many seconds."""
        if self._calls:
            return _finished(*self._calls.popleft())
        self._clock.sleep(seconds)
        return None

    def close(self) -> list[Finished]:
        """Do not begin the rest."""
        self._calls.clear()
        return []


class Threaded:
    """Calls in threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pool = Pool(max_workers=MAX_WORKERS)
        self._over: queue.SimpleQueue[Finished] = queue.SimpleQueue()
        self._submitted = 0

    def submit(self, subject: object, call: Callable[[], Any]) -> None:
        self._submitted += 1
        self._pool.submit(lambda: self._over.put(_finished(subject, call)))

    def next(self, seconds: float) -> Optional[Finished]:
        """The next call that is over; None if none is after so many seconds."""
        if not self._submitted:
            self._clock.sleep(seconds)
            return None
        try:
            finished = self._over.get(timeout=max(seconds, 0.001))
        except queue.Empty:
            return None
        self._submitted -= 1
        return finished

    def close(self) -> list[Finished]:
        """Carry through what has begun, do not begin the rest; those of the former that nobody has asked for yet."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        return [self._over.get() for _call in range(self._over.qsize())]


Executor = Union[Sequential, Threaded]


def executor_for(calls: int, clock: Clock) -> Executor:
    """Threads, where there are enough calls that they are worth it."""
    return Sequential(clock) if calls <= _FEW else Threaded(clock)


def _finished(subject: object, call: Callable[[], Any]) -> Finished:
    try:
        return Finished(subject, call())
    except Exception as error:  # noqa: BLE001 - whoever asks for the answer decides
        return Finished(subject, error=error)


def call_all(ask: Callable[[Item], Answer], items: Sequence[Item]) -> list[Answer]:
    """The answers in the order of the items; the first error, if there is one, once all are over."""
    if len(items) <= _FEW:
        return [ask(item) for item in items]
    with Pool(max_workers=MAX_WORKERS) as pool:
        return list(pool.map(ask, items))
