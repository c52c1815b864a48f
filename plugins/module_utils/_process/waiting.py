# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""How a run waits: in naps, so that it can be interrupted, and ever longer. PRIVATE to the collection."""

from __future__ import annotations

import time
from collections.abc import Iterator

from .interrupts import STOP

_NAP_SECONDS = 1
# Seconds between looks; the last one again and again.
_PAUSES = (1, 2, 4, 8, 15)


def sleep(seconds: float) -> None:
    """What a run waits by, in naps, so that it can be told to end meanwhile.

    ``time.sleep`` is looked up each time, so that a test can put a clock in its place.

    :raises StoppedError: the run has been told to end
    """
    while seconds > 0:
        STOP.raise_if_interrupted()
        nap = min(seconds, _NAP_SECONDS)
        time.sleep(nap)
        seconds -= nap


def pauses(most: float) -> Iterator[float]:
    """The seconds to wait before each further look: they grow, and are ``most`` together."""
    number = 0
    while most > 0:
        seconds = min(_PAUSES[min(number, len(_PAUSES) - 1)], most)
        number += 1
        most -= seconds
        yield seconds
