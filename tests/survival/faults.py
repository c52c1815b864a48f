# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Lets one API call go wrong: microburst, an HTTP proxy between boto3 and the emulator."""

from __future__ import annotations

import atexit
import contextlib
import json
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# The real one: tests replace time.sleep.
from time import monotonic, sleep
from typing import IO, Any

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import RunningEmulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.api_calls import ApiCall

START_SECONDS = 60
# More than a test lets it fire, so that its log is whole.
ALL_FIRED = 2000

# Each service's own code and status.
THROTTLED = {
    "ec2": {"code": "RequestLimitExceeded", "status": 503},
    "iam": {"code": "Throttling", "status": 400},
    "lambda": {"code": "TooManyRequestsException", "status": 429},
    "rds": {"code": "Throttling", "status": 400},
}
FAILED = {
    "ec2": {"code": "InternalError", "status": 500},
    "iam": {"code": "ServiceFailure", "status": 500},
    "lambda": {"code": "ServiceException", "status": 500},
    "rds": {"code": "InternalFailure", "status": 500},
}
UNAVAILABLE = {
    "ec2": {"code": "Unavailable", "status": 503},
    "iam": {"code": "ServiceUnavailable", "status": 503},
    "lambda": {"code": "ServiceUnavailableException", "status": 503},
    "rds": {"code": "ServiceUnavailable", "status": 503},
}
# The call was not carried out.
NOT_DONE = ["throttled", "failed", "unavailable", "reset"]
# It was, and the answer is lost: no byte of it arrives, or half of it before the connection ends.
DONE = ["lost", "cut off"]
FAULTS = NOT_DONE + DONE


@dataclass(frozen=True)
class Call:
    """A call of a run: the `occurrence`-th of this action, counted from 1."""

    service: str
    action: str
    occurrence: int

    @property
    def is_read(self) -> bool:
        return ApiCall(self.service, self.action, 200).is_read

    def __str__(self) -> str:
        return f"{self.service}:{self.action} {self.occurrence}"


def in_order(made: Iterable[ApiCall]) -> list[Call]:
    count: Counter[str] = Counter()
    calls = []
    for call in made:
        count[str(call)] += 1
        calls.append(Call(call.service, call.action, count[str(call)]))
    return calls


@dataclass(frozen=True)
class _Effect:
    """What a rule of microburst says, and how its log names it: of a key that it does not know it only says "match"."""

    rule: dict[str, Any]
    logged: str


def _effect(fault: str, service: str) -> _Effect:
    answers = {"throttled": THROTTLED, "failed": FAILED, "unavailable": UNAVAILABLE}
    if fault in answers:
        error = answers[fault][service]
        return _Effect({"error": error}, f"error:{error['code']}")
    return {
        "reset": _Effect({"reset": True}, "reset"),
        "lost": _Effect({"response": {"abort_bytes": 0}}, "response:abort"),
        "cut off": _Effect({"response": {"abort_frac": 0.5}}, "response:abort"),
    }[fault]


class FaultyNetwork:
    """The way to an emulator. The process ends when it is closed, or when this process ends, however that is."""

    def __init__(self, upstream: RunningEmulator) -> None:
        self._upstream = upstream
        port = _free_port()
        # Of a host with dots microburst asks which service it is, and reads all of botocore's models for that.
        self.url = f"http://localhost:{port}"
        self._output: IO[str] = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed by close()
        # The shell ends microburst when its input is closed.
        until_stdin_closes = '"$@" & read -r _; kill "$!"; wait "$!"'
        program = [sys.executable, "-m", "microburst", "--upstream", upstream.url, "--port", str(port)]
        self._process = subprocess.Popen(
            ["sh", "-c", until_stdin_closes, "sh", *program],
            stdin=subprocess.PIPE,
            stdout=self._output,
            stderr=subprocess.STDOUT,
        )
        self._wait_until_healthy()

    def close(self) -> None:
        self._process.communicate(timeout=START_SECONDS)
        self._output.close()

    @contextlib.contextmanager
    def once(self, call: Call, fault: str) -> Iterator[RunningEmulator]:
        """The emulator, and that call of the next run goes wrong: once, or this fails."""
        name = {"service": call.service, "operation": call.action}
        # The first rule that matches is taken: this one lets the earlier calls pass.
        earlier = [{**name, "times": call.occurrence - 1, "latency": 0}] if call.occurrence > 1 else []
        effect = _effect(fault, call.service)
        yield from self._under([*earlier, {**name, "times": 1, **effect.rule}])
        assert self._fired() == [effect.logged], f"{fault}, {call}: fired {self._fired()}"

    @contextlib.contextmanager
    def always(self, service: str, action: str, fault: str) -> Iterator[RunningEmulator]:
        """The emulator, and every call of an action goes wrong."""
        effect = _effect(fault, service)
        yield from self._under([{"service": service, "operation": action, **effect.rule}])
        assert set(self._fired()) == {effect.logged}, f"{fault}, {service}:{action}: fired {self._fired()}"

    def _under(self, rules: list[dict[str, Any]]) -> Iterator[RunningEmulator]:
        self._control("fired", "DELETE")
        self._rule_id = self._control("rules", "POST", rules)[-1]["id"]
        upstream = self._upstream
        yield RunningEmulator(self.url, account=upstream.account, region=upstream.region)

    def _fired(self) -> list[str]:
        """What the last rule did, as often as it did it."""
        fired = self._control(f"fired?limit={ALL_FIRED}&rule_id={self._rule_id}", "GET")
        return [event["action"] for event in fired]

    def _control(self, path: str, method: str, values: Any = None) -> Any:
        data = None if values is None else json.dumps(values).encode()
        request = urllib.request.Request(f"{self.url}/_microburst/{path}", data, method=method)
        # No proxy of the environment stands between us and the loopback interface.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            return json.load(answer)

    def _wait_until_healthy(self) -> None:
        deadline = monotonic() + START_SECONDS
        while True:
            try:
                self._control("health", "GET")
            except OSError:
                if self._process.poll() is None and monotonic() < deadline:
                    sleep(0.05)
                    continue
                self._process.kill()
                self._output.seek(0)
                raise RuntimeError(f"microburst did not start:\n{self._output.read()}") from None
            return


def started(upstream: RunningEmulator) -> FaultyNetwork:
    network = FaultyNetwork(upstream)
    atexit.register(network.close)
    return network


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
