# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Threads that leave SIGINT and SIGTERM to the main one. PRIVATE to the collection.

The kernel gives a signal to any thread that does not block it, but Python runs handlers in the main one, which stays
asleep, in a poll or for a lock, if another thread is woken (signal(7), and "Signals and threads" in Python's manual).
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Callable

ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def signals_left_to_the_main_thread() -> Iterator[None]:
    """For a thread that is started within: it inherits what is blocked here meanwhile."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Pool(ThreadPoolExecutor):
    def submit(self, call: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """A pool starts its threads when there is something to do."""
        with signals_left_to_the_main_thread():
            return super().submit(call, *args, **kwargs)
