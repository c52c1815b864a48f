# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""SIGINT (Ctrl-C) and SIGTERM end a run in order: the call under way is finished, no other is begun. PRIVATE.

So what was written is known, and told. Nobody is interrupted in the midst of anything: the calls of AWS (_aws.py) and
the waits ask before they begin.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Optional

from .._errors import StoppedError
from .threads import ENDING_SIGNALS


class Stop:
    """Whether the run has been told to end. Any thread may ask."""

    def __init__(self) -> None:
        self._signal: Optional[int] = None

    def raise_if_interrupted(self, **_event: Any) -> None:
        """Ask before whatever is not to be begun any more.

        :raises StoppedError: the run has been told to end
        """
        if self._signal is not None:
            raise StoppedError(signal.Signals(self._signal).name)

    def _tell(self, number: int, _frame: object) -> None:
        self._signal = number

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Heeds the signals meanwhile, in the thread that gets them."""
        try:
            previous = {number: signal.signal(number, self._tell) for number in ENDING_SIGNALS}
        except ValueError:  # not the main thread
            previous = {}
        try:
            yield
        finally:
            self._signal = None
            for number, handler in previous.items():
                signal.signal(number, handler)


# A process has one set of signal handlers.
STOP = Stop()
