# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Waits for a proxy, all of them together bounded by wait_timeout. PRIVATE to the collection.

botocore has no waiters for proxies.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Callable, Optional

from .._aws.client import Aws
from .._errors import StuckError, TimedOutError
from .._model.networks import interface_from
from .._model.proxies import Proxy, proxy_from
from .._process.progress import SILENT, Phase, Progress, Stage
from .._process.waiting import pauses
from .health import (
    DONE,
    FAILED,
    WAITING,
    WaitState,
    evaluate_deletion,
    evaluate_settling,
    evaluate_status,
    evaluate_targets,
    status_message,
)
from .parameters import Options

# The network interfaces of a proxy follow it soon; where they do not, a later run deletes their group.
_RELEASE_SECONDS = 600


class ProxyWaits:
    def __init__(self, want: Options, aws: Aws, sleep: Callable[[float], None], progress: Progress = SILENT) -> None:
        self._wait = want.wait
        self._seconds = want.wait_timeout
        self._left: float = want.wait_timeout
        self._appearing = ""
        self._leaving = ""
        self._aws = aws
        self._sleep = sleep
        self._progress = progress

    def appearing(self, name: str) -> None:
        """AWS is making the proxy, or a change of it."""
        self._appearing = name

    def leaving(self, name: str) -> None:
        """AWS is deleting the proxy."""
        self._leaving = name

    def settle(self) -> None:
        """Wait for what has been begun, if the task waits.

        :raises StuckError: the proxy does not become available
        :raises TimedOutError: wait_timeout is over
        """
        appearing, self._appearing = self._appearing, ""
        leaving, self._leaving = self._leaving, ""
        if self._wait and appearing:
            self.until_available(appearing)
        if self._wait and leaving:
            self.until_gone(leaving)

    def until_settled(self, name: str) -> None:
        """Until AWS is done with what it does to the proxy, whatever comes of it."""
        self._until(name, evaluate_settling)

    def until_available(self, name: str) -> None:
        """:raises StuckError: it does not get there"""
        self._until(name, evaluate_status)

    def until_gone(self, name: str) -> None:
        self._until(name, evaluate_deletion)

    def _until(self, name: str, evaluate: Callable[[Optional[str]], WaitState]) -> None:
        """:raises TimedOutError: wait_timeout is over"""
        pauses = self._pauses(self._left, Phase.PROXY, name)
        verdict = evaluate((self._read(name) or {}).get("Status"))
        while verdict.outcome == WAITING:
            if next(pauses, None) is None:
                raise TimedOutError(
                    f"The proxy {name} was {verdict.about} after {self._seconds} seconds. Run the task again, or raise"
                    " wait_timeout."
                )
            verdict = evaluate((self._read(name) or {}).get("Status"))
        if verdict.outcome == FAILED:
            raise StuckError(status_message(name, verdict.about))

    def until_healthy(self, proxy: Proxy, *, fresh: bool) -> tuple[Proxy, WaitState]:
        """The proxy as it is in the end, and what is to be said of its targets; "go on" if wait_timeout is over.

        :param fresh: the proxy was read just now
        :raises StuckError: the proxy itself does not become available
        """
        pauses, stayed = self._pauses(self._left, Phase.TARGETS, proxy.name), 0.0
        proxy = proxy if fresh else self.look(proxy)
        verdict = _evaluate(proxy, stayed)
        while verdict.outcome == WAITING:
            pause = next(pauses, None)
            if pause is None:
                break
            before = verdict.about
            proxy = self.look(proxy)
            stayed = stayed + pause if _evaluate(proxy, 0).about == before else 0
            verdict = _evaluate(proxy, stayed)
        return proxy, verdict

    def look(self, proxy: Proxy) -> Proxy:
        """The proxy as AWS shows it by now, with what it has filled in."""
        read = self._read(proxy.name)
        if read is None:
            return proxy
        now = proxy_from(read, {}, self._aws.describe_proxy_targets(proxy.name), proxy.tags)
        return replace(now, pool=proxy.pool)

    def _read(self, name: str) -> Optional[dict[str, Any]]:
        return next((proxy for proxy in self._aws.describe_proxies(name) if proxy["DBProxyName"] == name), None)

    def for_release(self, group_id: str) -> None:
        """Until no network interface holds the group any more.

        :raises TimedOutError: the group was still held then
        """
        pauses = self._pauses(min(self._left, _RELEASE_SECONDS), Phase.RELEASE, group_id)
        while any(group_id in interface_from(item).group_ids for item in self._aws.describe_interfaces([group_id])):
            if next(pauses, None) is None:
                raise TimedOutError(f"Security group {group_id} was still held after {_RELEASE_SECONDS} seconds.")

    def _pauses(self, most: float, doing: Phase, what: str) -> Iterator[float]:
        """Pauses that grow, until ``most`` seconds are over."""
        for seconds in pauses(most):
            self._progress.tell(Stage(doing, what=what, at_most=most))
            most -= seconds
            self._left -= seconds
            self._sleep(seconds)
            yield seconds


def _evaluate(proxy: Proxy, stayed: float) -> WaitState:
    verdict = evaluate_status(proxy.status)
    if verdict.outcome == FAILED:
        raise StuckError(status_message(proxy.name, proxy.status))
    return evaluate_targets(proxy.targets, stayed) if verdict.outcome == DONE else verdict
