# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Applies a plan, and says whether to look again because AWS has moved on in between. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Callable, Protocol, TypeVar

from .._errors import ConflictError

Plan_contra = TypeVar("Plan_contra", contravariant=True)
# Seconds before each further look. Together they outlast the seconds for which EC2 may not show what was just written
# (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/query-api-troubleshooting.html#eventual-consistency).
BACKOFF = (0.5, 1, 2, 4, 8, 8)


class _Applies(Protocol[Plan_contra]):
    def apply(self, plan: Plan_contra) -> None: ...


def apply_or_back_off(
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
