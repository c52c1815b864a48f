# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Runs a module in a process of its own, which can be killed, or held up, at any API call.

The processes are forks of a server that has loaded everything: a run takes a fraction of a second.
"""

from __future__ import annotations

import contextlib
import functools
import io
import json
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from ansible.module_utils.testing import patch_module_args
from botocore.httpsession import URLLib3Session

from ansible_collections.cloudops.lambda_rds.plugins.modules import (
    lambda_rds_cleanup,
    lambda_rds_connection,
    rds_db_proxy,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import RunningEmulator

MODULES = {
    "connection": lambda_rds_connection.main,
    "cleanup": lambda_rds_cleanup.main,
    "proxy": rds_db_proxy.main,
}


@dataclass(frozen=True)
class Kill:
    """The process dies at its `position`-th API call, counted from 1: before it is sent, or once it is carried out.

    By another signal it may end in order instead.
    """

    position: int
    after: bool = False
    by: signal.Signals = signal.SIGKILL

    def __str__(self) -> str:
        return f"{'after' if self.after else 'before'} call {self.position}"

    def strike(self, position: int, *, after: bool) -> None:
        if (position, after) == (self.position, self.after):
            os.kill(os.getpid(), self.by)


@dataclass(frozen=True)
class Meanwhile:
    """Something that others do, from its begin to its end, before the process makes its `position`-th API call."""

    position: int
    act: Callable[[], object]


@dataclass(frozen=True)
class Ended:
    """A run that came to its end: what the module printed, and how many API calls it made."""

    result: dict[str, Any]
    calls: int


def run_module(
    emulator: RunningEmulator,
    options: dict[str, Any],
    kill: Kill | None = None,
    *,
    meanwhile: Meanwhile | None = None,
    module: str = "connection",
) -> Ended | None:
    """None where the process was killed."""
    context = _forks()
    here, there = context.Pipe()
    run = _Run(module, options, emulator.environment, kill, meanwhile.position if meanwhile else None)
    process = context.Process(target=_child, args=(run, there))
    process.start()
    there.close()
    told: Any
    try:
        told = here.recv()
        if meanwhile and told == meanwhile.position:
            meanwhile.act()
            here.send(None)
            told = here.recv()
        elif meanwhile:
            raise RuntimeError(f"The run ended before its call {meanwhile.position}.")
    except EOFError:
        told = None
    process.join(60)
    if told is None and process.exitcode != -signal.SIGKILL:
        raise RuntimeError(f"The run ended with status {process.exitcode}, and was not killed.")
    ended: Ended | None = told
    return ended


@dataclass(frozen=True)
class _Run:
    """What the process is told: with `held`, to ask before the call of that position, and to wait for an answer."""

    module: str
    options: dict[str, Any]
    environment: dict[str, str]
    kill: Kill | None
    held: int | None


@functools.cache
def _forks() -> Any:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__.replace("runner", "preloaded")])
    return context


def _child(run: _Run, parent: Connection) -> None:
    os.environ.update(run.environment)
    # Whoever sleeps moves the emulator's clock, and loses no time.
    time.sleep = RunningEmulator(run.environment["AWS_URL"]).advance  # type: ignore[assignment]
    printed = io.StringIO()
    with (
        _counted(run, parent) as calls,
        contextlib.redirect_stdout(printed),
        patch_module_args(run.options),
        contextlib.suppress(SystemExit),
    ):
        MODULES[run.module]()
    parent.send(Ended(json.loads(printed.getvalue().strip().splitlines()[-1]), len(calls)))


@contextlib.contextmanager
def _counted(run: _Run, parent: Connection) -> Iterator[list[str]]:
    """The URLs of all API calls; and the end of this process, if it is to be."""
    send, sent, counting_one = URLLib3Session.send, list[str](), threading.Lock()

    def counting(session: URLLib3Session, request: Any) -> Any:
        with counting_one:  # calls are made side by side
            sent.append(request.url)
            position = len(sent)
        if run.held == position:
            parent.send(run.held)
            parent.recv()
        if run.kill:
            run.kill.strike(position, after=False)
        answer = send(session, request)
        if run.kill:
            run.kill.strike(position, after=True)
        return answer

    URLLib3Session.send = counting  # type: ignore[method-assign,assignment]
    yield sent
