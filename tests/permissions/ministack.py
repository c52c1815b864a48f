# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ministack, an AWS in memory that enforces IAM policies, in a process of its own and a venv of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from types import TracebackType

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import RunningEmulator

# `make permissions` makes it beside the venv of the tests, from requirements.txt.
PROGRAM = Path(f"{sys.prefix}-ministack") / "bin" / "ministack"
START_SECONDS = 60
STOP_SECONDS = 15
# The shell ends ministack when we close its input, or when we are gone, however we end.
UNTIL_STDIN_CLOSES = '"$0" & read -r _; kill "$!"; wait "$!"'


class Ministack(RunningEmulator):
    """Use it as a context manager. An access key of twelve digits is the account's root, which may do anything."""

    def __init__(self) -> None:
        self._port = _free_port()
        super().__init__(f"http://127.0.0.1:{self._port}")
        self._directory = tempfile.TemporaryDirectory(prefix="ministack-")
        self._log = Path(self._directory.name) / "log"
        self._process: subprocess.Popen[bytes] | None = None

    def reset(self) -> None:
        self._ask("reset", "POST")

    def healthy(self) -> bool:
        try:
            self._ask("health", "GET")
        except OSError:
            return False
        return True

    def __enter__(self) -> Ministack:
        if not PROGRAM.exists():
            raise RuntimeError(f"There is no {PROGRAM}: run `make permissions`, which installs it.")
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                ["sh", "-c", UNTIL_STDIN_CLOSES, str(PROGRAM)],
                env={**os.environ, **self._settings},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.healthy():
            if time.monotonic() > deadline:
                said = self._log.read_text(errors="replace")
                self._stop()
                raise RuntimeError(f"ministack did not answer within {START_SECONDS} seconds:\n{said}")
            time.sleep(0.1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop()

    @property
    def _settings(self) -> dict[str, str]:
        return {
            "AUTH": "true",
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self._port),
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "TMPDIR": self._directory.name,
            # Where there is Docker it would start a real database for each instance.
            "DOCKER_HOST": f"unix://{self._directory.name}/no-docker",
        }

    def _ask(self, path: str, method: str) -> None:
        request = urllib.request.Request(f"{self.url}/_ministack/{path}", method=method)
        # No proxy of the environment stands between us and the loopback interface.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30):
            pass

    def _stop(self) -> None:
        """Returns when the process has ended, and with it the port is closed."""
        if self._process is not None:
            try:
                self._process.communicate(timeout=STOP_SECONDS)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._process.pid, signal.SIGKILL)
                self._directory.cleanup()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
