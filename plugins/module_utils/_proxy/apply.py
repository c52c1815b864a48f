# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Writes the plan of a proxy to AWS. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Callable

from .._aws.client import Aws
from .._changes.changes import Change
from .._changes.plan import Plan
from .._changes.writer import Writer
from .waits import ProxyWaits


class ProxyWriter(Writer):
    """What follows a change of the proxy itself waits until AWS has made it."""

    def __init__(self, aws: Aws, sleep: Callable[[float], None], waits: ProxyWaits) -> None:
        super().__init__(aws, sleep, waits=waits)
        self._waits = waits

    def apply(self, plan: Plan) -> None:
        """Write every change of a plan.

        :raises ConflictError: AWS has moved on; observe and plan again
        :raises AwsError: AWS refused
        :raises StuckError: the proxy does not become available
        :raises TimedOutError: wait_timeout is over
        """
        super().apply(plan)
        self._waits.settle()

    def _write_batch(self, changes: Sequence[Change]) -> None:
        self._waits.settle()
        super()._write_batch(changes)
