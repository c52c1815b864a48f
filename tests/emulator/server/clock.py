# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator's time, in seconds since it was started or reset. Tests move it; what takes AWS minutes waits for it."""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Callable


class Clock:
    """Runs with the real time while ``flows``, and stands still otherwise."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._moved = -time.monotonic()
        self._stopped_at: float | None = None
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()

    @property
    def flows(self) -> bool:
        return self._stopped_at is None

    @flows.setter
    def flows(self, flows: bool) -> None:
        now = self.now()
        self._stopped_at = None if flows else now
        self._moved = now - time.monotonic()

    def now(self) -> float:
        return self._moved + time.monotonic() if self._stopped_at is None else self._stopped_at

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        """Do it when that time has passed: before the first API call from then on."""
        heapq.heappush(self._due, (self.now() + seconds, next(self._order), action))

    def run_due(self) -> None:
        while self._due and self._due[0][0] <= self.now():
            heapq.heappop(self._due)[2]()

    @property
    def expects_something(self) -> bool:
        return bool(self._due)

    def forget_due(self) -> None:
        self._due.clear()

    def advance(self, seconds: float) -> None:
        """Move on by so many seconds, through all that is due meanwhile, each at its time."""
        end = self.now() + seconds
        while self._due and self._due[0][0] <= end:
            self._move_to(self._due[0][0])
            self.run_due()
        self._move_to(end)

    def _move_to(self, now: float) -> None:
        self._moved += max(0.0, now - self.now())
        if self._stopped_at is not None:
            self._stopped_at = max(self._stopped_at, now)


CLOCK = Clock()
