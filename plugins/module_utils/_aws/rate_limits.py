# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Calls as fast as AWS allows them to an account, and no faster. PRIVATE to the collection.

AWS gives each account and Region buckets of tokens, and refuses calls of an empty one:
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (15 a second for all calls of the control plane
together, GetFunction 100) and https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html (each action that
changes something 5 a second after the first 50). The account's other callers draw on the same ones.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Lock
from typing import Any, Callable, Optional

UPDATES_A_SECOND = 15
# A little below what AWS allows: the clocks of both ends are not one.
_LAMBDA = (8, 14.5)
_LAMBDA_GET_FUNCTION = (80, 95)
_EC2_TAGS = (80, 9.5)
_EC2_WRITES = (40, 4.8)
_THROTTLED = frozenset({"RequestLimitExceeded", "Throttling", "ThrottlingException", "TooManyRequestsException"})
# After a refusal others are drawing too: less for now, and little by little more again.
_SLOWER = 0.7
_LEAST = 0.2
_RECOVERY = 0.01
_PAUSE_SECONDS = 1.0


@dataclass(frozen=True)
class Rates:
    """A bucket of ``size`` tokens, refilled with ``refill`` a second."""

    size: float
    refill: float

    def times(self, share: float) -> Rates:
        return Rates(self.size * share, self.refill * share)


class Bucket:
    """Tokens for one kind of call. Threads that ask for one get it in turn."""

    def __init__(self, rates: Rates, now: Callable[[], float] = time.monotonic) -> None:
        self._rates = rates
        self._now = now
        self._lock = Lock()
        self._tokens = rates.size
        self._share = 1.0
        self._at = now()
        self._refused_at: Optional[float] = None

    @property
    def refill(self) -> float:
        """Tokens a second by now."""
        return self._rates.refill * self._share

    def take(self) -> float:
        """Takes a token, of the future if need be; the seconds to wait until it is there."""
        with self._lock:
            self._catch_up()
            self._share = min(1.0, self._share + _RECOVERY)
            self._tokens -= 1
            return max(0.0, -self._tokens / self.refill)

    def refused(self) -> None:
        """AWS had no token left: pause and slow down, once for all calls that were under way."""
        with self._lock:
            now = self._now()
            if self._refused_at is not None and now - self._refused_at < _PAUSE_SECONDS:
                return
            self._refused_at = now
            self._catch_up()
            self._share = max(_LEAST, self._share * _SLOWER)
            self._tokens = min(self._tokens, 0.0) - _PAUSE_SECONDS * self.refill

    def _catch_up(self) -> None:
        now = self._now()
        self._tokens = min(self._rates.size, self._tokens + (now - self._at) * self.refill)
        self._at = now


class Pace:
    """Lets the calls of a boto3 client wait for their tokens: each attempt, also those that botocore repeats.

    ``share`` is the part of what AWS allows that may be taken, up to 1; with 0 no call waits.
    """

    def __init__(
        self,
        share: float = 1.0,
        now: Callable[[], float] = time.monotonic,
        sleep: Optional[Callable[[float], None]] = None,
    ) -> None:
        self._share = share
        self._now = now
        self._sleep = sleep
        self._lock = Lock()
        self._buckets: dict[str, Bucket] = {}

    def watch(self, service: str, client: Any) -> None:
        """Have a client's calls take tokens."""
        if service in ("lambda", "ec2") and self._share:
            client.meta.events.register(f"before-send.{service}", self._before)
            client.meta.events.register(f"needs-retry.{service}", self._after)

    def seconds_for(self, action: str, calls: int) -> float:
        """How long so many calls of Lambda or EC2 take by what AWS allows."""
        bucket = self._bucket(action)
        return 0.0 if bucket is None else calls / bucket.refill

    def _before(self, event_name: str, **_request: object) -> None:
        bucket = self._bucket(event_name.partition(".")[2])
        seconds = 0.0 if bucket is None else bucket.take()
        if seconds > 0:
            (self._sleep or time.sleep)(seconds)

    def _after(self, event_name: str, response: Any, **_attempt: object) -> None:
        bucket = self._bucket(event_name.partition(".")[2])
        answer = response[1] if response else {}
        if bucket is not None and (answer.get("Error") or {}).get("Code") in _THROTTLED:
            bucket.refused()

    def _bucket(self, action: str) -> Optional[Bucket]:
        named = _rates(action)
        if named is None or not self._share:
            return None
        name, rates = named
        with self._lock:
            if name not in self._buckets:
                self._buckets[name] = Bucket(rates.times(self._share), self._now)
            return self._buckets[name]


def _rates(action: str) -> Optional[tuple[str, Rates]]:
    """The bucket that a call takes from (``lambda.GetFunction``); None where there is no need to wait."""
    service, _dot, call = action.partition(".")
    if service == "lambda":
        if call == "GetFunction":
            return action, Rates(*_LAMBDA_GET_FUNCTION)
        return service, Rates(*_LAMBDA)
    if call.startswith(("Describe", "Get")):
        return None
    return action, Rates(*(_EC2_TAGS if call in ("CreateTags", "DeleteTags") else _EC2_WRITES))
