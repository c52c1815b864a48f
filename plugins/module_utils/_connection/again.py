# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Applies a plan, and says whether to look again because AWS has moved on in between. PRIVATE to the collection."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Callable, Protocol, TypeVar

from .._errors import ConflictError
from .._stop import STOP

Plan_contra = TypeVar("Plan_contra", contravariant=True)

# Seconds before each further look. Together they outlast the seconds for which EC2 may not show what was just written
# (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/query-api-troubleshooting.html#eventual-consistency).
PAUSES = (0.5, 1, 2, 4, 8, 8)
_NAP_SECONDS = 1


def sleep(seconds: float) -> None:
    """What a run waits by, in naps, so that it can be told to end meanwhile.

    ``time.sleep`` is looked up anew each time, so that a test can put a clock in its place.

    :raises StoppedError: the run has been told to end
    """
    while seconds > 0:
        STOP.check()
        nap = min(seconds, _NAP_SECONDS)
        time.sleep(nap)
        seconds -= nap


class _Applies(Protocol[Plan_contra]):
    def apply(self, plan: Plan_contra) -> None: ...


def applied(
    writer: _Applies[Plan_contra], plan: Plan_contra, pauses: Iterator[float], sleep: Callable[[float], None]
) -> bool:
    """Whether the plan is applied; if AWS has moved on, pause until it is time to look again."""
    try:
        writer.apply(plan)
    except ConflictError:
        pause = next(pauses, None)
        if pause is None:
            raise
        sleep(pause)
        return False
    return True
