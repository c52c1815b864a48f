# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Runs of ansible-playbook that are watched while they last: at a terminal, or with standard output in a file."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import RunningEmulator
from ansible_collections.cloudops.lambda_rds.tests.families import kill_family, kill_with_environment

HERE = Path(__file__).parent
SECONDS = 60
CTRL_C = b"\x03"
# The shell at a terminal is there before and after, and keeps it open for what a worker of Ansible's says last.
SHELL = ["setsid", "--ctty", "sh", "-c", 'trap : INT; "$@"; echo "exit status $?"; exec cat', "sh"]
MODULE = "cloudops.lambda_rds.lambda_rds_connection"


@dataclass
class LongRun:
    """A run that is under way. ``watched`` is what a terminal shows, or else standard error."""

    process: subprocess.Popen[bytes]
    output: Path
    _watched: int
    _terminal: bool
    watched: str = ""

    def wait_for(self, text: str, times: int = 1) -> None:
        until = time.monotonic() + SECONDS
        while self.watched.count(text) < times:
            assert self._read(until), f"there was no {text!r} in:\n{self.watched}"

    def wait_for_call(self, emulator: RunningEmulator, action: str) -> None:
        self.wait_until(lambda: any(call.action == action for call in emulator.calls()))

    def wait_until(self, happened: Callable[[], bool]) -> None:
        until = time.monotonic() + SECONDS
        while not happened():
            assert time.monotonic() < until, self.watched
            # Sleeping would move the emulator's clock (fixtures.py).
            select.select([], [], [], 0.05)

    def press(self, key: bytes) -> None:
        os.write(self._watched, key)

    def end(self) -> int:
        """The exit status. At a terminal something may still be said then."""
        until = time.monotonic() + SECONDS
        if self._terminal:
            while not (ended := re.search(r"^exit status (\d+)$", self.watched, re.MULTILINE)):
                assert self._read(until), self.watched
            return int(ended[1])
        while self._read(until):
            pass
        return self.process.wait(SECONDS)

    def _read(self, until: float) -> bool:
        """Whether something came."""
        ready = select.select([self._watched], [], [], max(0, until - time.monotonic()))[0]
        data = b""
        # A terminal that nobody has open any more is an error, not an end.
        with contextlib.suppress(OSError):
            data = os.read(self._watched, 4096) if ready else b""
        self.watched += data.decode().replace("\r\n", "\n")
        return bool(data)


@contextlib.contextmanager
def long_run(
    emulator: RunningEmulator,
    folder: Path,
    plays: list[dict[str, Any]],
    *,
    terminal: bool,
    arguments: tuple[str, ...] = (),
    **environment: str,
) -> Iterator[LongRun]:
    """With or without a terminal; without, standard output goes to a file and standard error is watched."""
    book, output = folder / "playbook.yml", folder / "output"
    book.write_text(json.dumps(plays))
    program = [str(Path(sys.executable).with_name("ansible-playbook")), str(book), *arguments]
    watched, theirs = pty.openpty() if terminal else os.pipe()
    with output.open("wb") as file:
        process = subprocess.Popen(
            # What is typed at a terminal reaches whom it controls.
            [*SHELL, *program] if terminal else program,
            stdin=theirs if terminal else subprocess.DEVNULL,
            stdout=theirs if terminal else file,
            stderr=theirs,
            # Ansible looks for results of async in the user's home, and writes them into $HOME.
            env={**_environment(emulator), "ANSIBLE_ASYNC_DIR": str(folder / "async"), **environment},
        )
    os.close(theirs)
    try:
        yield LongRun(process, output, watched, terminal)
    finally:
        if process.poll() is None:
            # A module that goes on would work at the account of the next test.
            kill_family(process.pid)
            process.wait()
        kill_with_environment(f"ANSIBLE_ASYNC_DIR={folder}/")
        os.close(watched)


def _environment(emulator: RunningEmulator) -> dict[str, str]:
    return {
        **os.environ,
        **emulator.environment,
        "ANSIBLE_CONNECTION_PLUGINS": str(HERE / "connections"),
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_NOCOLOR": "true",
    }


def play(*tasks: dict[str, Any], **keywords: Any) -> dict[str, Any]:
    return {"hosts": "localhost", "gather_facts": False, "tasks": list(tasks), **keywords}
