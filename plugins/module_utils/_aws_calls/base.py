# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the calls of each service are made with. PRIVATE to the collection.

Each method is one call of AWS (or one paged reading), takes and returns plain values, and raises an ``AwsError`` that
says what was being done. Filters are applied once more by the callers, because not every endpoint honours them.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any


class Calls:
    """``_aws.py`` fills the places: the clients, each made when it is first needed, and boto3's exceptions as ours."""

    _ec2: Any
    _iam: Any
    _lambda: Any
    _rds: Any
    _quotas: Any
    _tagging: Any

    def _doing(self, what: str) -> AbstractContextManager[None]:
        raise NotImplementedError

    def _wait(self, waiter: str, name: str, timeout: int) -> None:
        raise NotImplementedError
