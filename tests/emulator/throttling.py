# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls are throttled by token buckets, an account and Region each, with each service's own error.

Lambda: GetFunction 100 a second, Invoke none here, all others share 15 a second
(https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). EC2: a bucket an action, 100 tokens and 20 a
second for reading ones, 50 and 5 for writing ones (https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html).
"""

from __future__ import annotations

from ansible_collections.cloudops.lambda_rds.tests.emulator.clock import CLOCK
from ansible_collections.cloudops.lambda_rds.tests.emulator.request import Answer, Next, Request, error_answer
from ansible_collections.cloudops.lambda_rds.tests.emulator.settings import SETTINGS

ERRORS = {
    "lambda": ("429 Too Many Requests", "TooManyRequestsException", "Rate exceeded"),
    "ec2": ("503 Service Unavailable", "RequestLimitExceeded", "Request limit exceeded."),
}


class _Bucket:
    def __init__(self, size: float, refill: float) -> None:
        self._size = size
        self._refill = refill
        self._tokens = size
        self._at = CLOCK.now()

    def take(self) -> bool:
        now = CLOCK.now()
        self._tokens = min(self._size, self._tokens + (now - self._at) * self._refill)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Throttling:
    """A layer in front of moto."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, ...], _Bucket] = {}

    def reset(self) -> None:
        self._buckets.clear()

    def __call__(self, request: Request, go_on: Next) -> Answer:
        if not SETTINGS.throttling or request.service not in ERRORS:
            return go_on(request)
        name, size, refill = _bucket_of(request)
        key = (request.account, request.region, request.service, name)
        if key not in self._buckets:
            self._buckets[key] = _Bucket(size, refill)
        return go_on(request) if self._buckets[key].take() else error_answer(request.service, *ERRORS[request.service])


def _bucket_of(request: Request) -> tuple[str, float, float]:
    """Its name, tokens and tokens a second."""
    if request.service == "lambda":
        return ("GetFunction", 100, 100) if request.action == "GetFunction" else ("others", 15, 15)
    return (request.action, 100, 20) if request.is_read else (request.action, 50, 5)
