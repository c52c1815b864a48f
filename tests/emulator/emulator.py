# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator as Python sees it: `Emulator` starts one, `RunningEmulator` talks to one that somebody started."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import urllib.request
from types import TracebackType
from typing import IO, Any

import boto3

from ansible_collections.cloudops.lambda_rds.tests.emulator.server.api_calls import ApiCall

ACCOUNT = "123456789012"
REGION = "eu-central-1"
PACKAGE = __name__.rpartition(".")[0]
# No proxy of the environment stands between us and the loopback interface.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class RunningEmulator:
    """One account in one Region of the emulator at `url`."""

    def __init__(self, url: str, *, account: str = ACCOUNT, region: str = REGION) -> None:
        self.url = url
        self.account = account
        self.region = region
        self._clients: dict[str, Any] = {}
        self._session: boto3.session.Session | None = None

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables with which amazon.aws and this collection call the emulator and nothing else."""
        return {
            "AWS_URL": self.url,
            "AWS_REGION": self.region,
            "AWS_ACCESS_KEY_ID": self.account,  # access_keys_name_accounts.py
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def client(self, service: str) -> Any:
        """A boto3 client, made once."""
        if service not in self._clients:
            # One session for all of them, because each session reads botocore's list of endpoints.
            self._session = self._session or boto3.session.Session(self.account, "secret", region_name=self.region)
            make: Any = self._session.client  # mypy's stubs know each service by its literal name only
            self._clients[service] = make(service, endpoint_url=self.url)
        return self._clients[service]

    def elsewhere(self, *, account: str | None = None, region: str | None = None) -> RunningEmulator:
        """Another account or Region of the same emulator."""
        return RunningEmulator(self.url, account=account or self.account, region=region or self.region)

    def calls(self) -> list[ApiCall]:
        """All API calls since the start or the last clearing, in the order of their answers."""
        return [ApiCall(**call) for call in self._control("GET", "calls")]

    def clear_calls(self) -> None:
        self._control("DELETE", "calls")

    def reset(self) -> None:
        """Nothing is left: no resource of any account, and no call."""
        self._control("POST", "reset")

    def now(self) -> float:
        """The emulator's time, in seconds."""
        return float(self._control("GET", "clock")["now"])

    def advance(self, seconds: float) -> None:
        """Move the emulator's clock."""
        self._control("POST", "clock", {"advance": seconds})

    def set(self, **values: Any) -> None:
        """Change settings (settings.py), until the next reset."""
        self._control("POST", "settings", values)

    def checkpoint(self, name: str, *, outlives_reset: bool = False) -> None:
        """Keep the state of all that there is under a name, until the next reset or for good; not while it changes."""
        self._control("POST", "checkpoint", {"name": name, "outlives_reset": outlives_reset})

    def restore(self, name: str) -> None:
        """Go back to a state that was kept. Calls are cleared, and what was under way is forgotten."""
        self._control("POST", "restore", {"name": name})

    def kill(self, process: int, *, writes: int) -> None:
        """Kill a process and its descendants once so many writes are carried out; with 0, before the next call."""
        self._control("POST", "kill", {"process": process, "writes": writes})

    def healthy(self) -> bool:
        with contextlib.suppress(OSError):
            return bool(self._control("GET", "health")["status"] == "ok")
        return False

    def _control(self, method: str, path: str, values: dict[str, Any] | None = None) -> Any:
        data = None if values is None else json.dumps(values).encode()
        request = urllib.request.Request(f"{self.url}/_emulator/{path}", data, method=method)
        with OPENER.open(request, timeout=30) as answer:
            return json.load(answer)


class Emulator(RunningEmulator):
    """An emulator in a process of its own, so that its changes of moto and its state are nobody else's.

    Use it as a context manager, or `start` and `stop` it. It also ends when this process does, however that ends.
    """

    def __init__(self, *, port: int = 0, plain: bool = False, account: str = ACCOUNT, region: str = REGION) -> None:
        super().__init__("", account=account, region=region)
        self._arguments = ["--port", str(port), "--until-stdin-closes", *(["--plain"] if plain else [])]
        self._process: subprocess.Popen[str] | None = None
        self._errors: IO[str] | None = None

    @property
    def process_id(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> Emulator:
        """Returns when the emulator answers."""
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - _ended closes it
        self._process = subprocess.Popen(
            [sys.executable, "-m", PACKAGE, *self._arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        if not self.url:
            raise RuntimeError(f"The emulator did not start:\n{self._ended()[1]}")
        return self

    def stop(self) -> None:
        """Returns when the process has ended, and with it the port is closed."""
        if self._process is None:
            return
        self._process.terminate()
        status, errors = self._ended()
        sys.stderr.write(errors)  # tracebacks of moto's, each of which was answered with status 500
        if status != 0:
            raise RuntimeError(f"The emulator ended with status {status}.")

    def _ended(self) -> tuple[int, str]:
        assert self._process is not None
        assert self._errors is not None
        self._process.communicate(timeout=30)
        status, self._process = self._process.returncode, None
        with self._errors as errors:
            errors.seek(0)
            return status, errors.read()

    def __enter__(self) -> Emulator:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()
