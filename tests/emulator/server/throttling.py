# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls are throttled by token buckets, an account and Region each, with each service's own error.

Lambda: GetFunction 100 a second, GetPolicy 15, all others but invocations share 15
(https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). How many may come at once AWS does not say:
here as many as in one second. EC2: a bucket an action, of the sizes of
https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html. For RDS and the tagging API no number is
documented.
"""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.cloudops.lambda_rds.tests.emulator.server.clock import CLOCK
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.request import Answer, Next, Request, error_answer
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.settings import SETTINGS

ERRORS = {
    "lambda": ("429 Too Many Requests", "TooManyRequestsException", "Rate exceeded"),
    "ec2": ("503 Service Unavailable", "RequestLimitExceeded", "Request limit exceeded."),
}
# These reads have a smaller bucket for calls that name nothing: neither filters, nor ids, nor a page.
UNFILTERED = ("DescribeNetworkInterfaces", "DescribeSecurityGroups")
NARROWING = ("Filter.", "GroupId.", "GroupName.", "MaxResults", "NetworkInterfaceId.", "NextToken")


@dataclass(frozen=True)
class _Limit:
    """A bucket by its name, with `size` tokens and `refill` tokens a second."""

    name: str
    size: float
    refill: float


class _Bucket:
    def __init__(self, limit: _Limit) -> None:
        self._limit = limit
        self._tokens = limit.size
        self._at = CLOCK.now()

    def take(self) -> bool:
        now = CLOCK.now()
        self._tokens = min(self._limit.size, self._tokens + (now - self._at) * self._limit.refill)
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
        limit = _limit_of(request) if SETTINGS.throttling else None
        if limit is None:
            return go_on(request)
        key = (request.account, request.region, request.service, limit.name)
        if key not in self._buckets:
            self._buckets[key] = _Bucket(limit)
        return go_on(request) if self._buckets[key].take() else error_answer(request.service, *ERRORS[request.service])


def _limit_of(request: Request) -> _Limit | None:
    if request.service == "lambda":
        return _limit_of_lambda(request.action)
    return _limit_of_ec2(request) if request.service == "ec2" else None


def _limit_of_lambda(action: str) -> _Limit | None:
    if action.startswith("Invoke"):
        return None
    if action == "GetFunction":
        return _Limit(action, 100, 100)
    return _Limit(action if action == "GetPolicy" else "others", 15, 15)


def _limit_of_ec2(request: Request) -> _Limit:
    if request.action in UNFILTERED and not any(key.startswith(NARROWING) for key in request.form):
        return _Limit(f"{request.action}, unfiltered", 50, 10)
    if request.is_read:
        return _Limit(request.action, 100, 20)
    if request.action in ("CreateTags", "DeleteTags"):
        return _Limit(request.action, 100, 10)
    return _Limit(request.action, 50, 5)
