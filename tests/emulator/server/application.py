# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The WSGI application: moto's, one request at a time, with every call logged and a few control paths."""

from __future__ import annotations

import functools
import json
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from typing import Any

from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data

from ansible_collections.cloudops.lambda_rds.tests.emulator.server.access_denied import Denials
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.api_calls import ApiCall, signed_with
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.checkpoints import Checkpoints
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.clock import CLOCK
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.killed_callers import KilledCallers
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.request import (
    Answer,
    Environ,
    Layer,
    Next,
    Request,
    read_request,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.settings import SETTINGS
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.stale_reads import StaleReads
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.throttling import Throttling

CONTROL = "/_emulator/"

StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class EmulatorApplication:
    """Calls are served one after the other: moto's dictionaries are not made for threads, and the log has one order."""

    def __init__(self, moto: Application, *, plain: bool = False) -> None:
        self._calls: list[ApiCall] = []
        self._checkpoints = Checkpoints()
        self._one_at_a_time = threading.Lock()
        killed_callers = KilledCallers()
        self._layers: tuple[Any, ...] = () if plain else (killed_callers, Throttling(), Denials(), StaleReads())
        to_moto: Next = functools.partial(_ask_moto, moto)
        self._answer: Next = functools.reduce(_behind, reversed(self._layers), to_moto)
        self._controls: dict[tuple[str, str], Callable[[Any], Any]] = {
            ("GET", "health"): lambda _values: {"status": "ok"},
            ("GET", "calls"): lambda _values: [call.as_json() for call in self._calls],
            ("DELETE", "calls"): lambda _values: self._calls.clear(),
            ("GET", "clock"): lambda _values: {"now": CLOCK.now()},
            ("POST", "clock"): lambda values: CLOCK.advance(values["advance"]),
            ("GET", "settings"): lambda _values: SETTINGS.as_json(),
            ("POST", "settings"): _set,
            ("POST", "kill"): lambda values: killed_callers.kill(values["process"], values["writes"]),
            ("POST", "checkpoint"): lambda values: self._checkpoints.keep(**values),
            ("POST", "restore"): lambda values: self._restore(values["name"]),
            ("POST", "reset"): lambda _values: self._reset(),
            ("POST", "stop"): lambda _values: _stop_soon(),
        }

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        request = read_request(environ)
        if environ["PATH_INFO"].startswith(CONTROL):
            return self._control(request, start_response)
        if request.service and SETTINGS.latency_seconds > 0:
            time.sleep(SETTINGS.latency_seconds)  # while the calls of others are served
        with self._one_at_a_time:
            CLOCK.run_due()
            answer = self._answer(request)
            if request.service:
                signed = signed_with(environ)
                self._calls.append(ApiCall(request.service, request.action, answer.code, **signed))
        start_response(answer.status, answer.headers)
        return [answer.body]

    def _control(self, request: Request, start_response: StartResponse) -> list[bytes]:
        method, path = request.environ["REQUEST_METHOD"], request.environ["PATH_INFO"].removeprefix(CONTROL)
        action = self._controls.get((method, path))
        headers = [("Content-Type", "application/json")]
        if action is None:
            start_response("404 Not Found", headers)
            return [json.dumps({"paths": [" ".join(known) for known in self._controls]}).encode()]
        try:
            with self._one_at_a_time:
                answer = action(json.loads(request.body or b"{}"))
        except (KeyError, TypeError, ValueError) as error:
            start_response("400 Bad Request", headers)
            return [json.dumps({"error": str(error)}).encode()]
        start_response("200 OK", headers)
        return [json.dumps(answer).encode()]

    def _restore(self, name: str) -> None:
        self._checkpoints.go_back_to(name)
        self._calls.clear()
        for layer in self._layers:
            layer.reset()

    def _reset(self) -> None:
        BackendDict.reset()
        reset_model_data()
        self._calls.clear()
        self._checkpoints.reset()
        CLOCK.reset()
        SETTINGS.reset()
        for layer in self._layers:
            layer.reset()


def _set(values: dict[str, Any]) -> None:
    SETTINGS.update(values)
    CLOCK.flows = SETTINGS.clock_flows


def _behind(inner: Next, layer: Layer) -> Next:
    return lambda request: layer(request, inner)


def _ask_moto(moto: Application, request: Request) -> Answer:
    started: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], *_exception: Any) -> None:
        started[:] = [status, headers]

    try:
        body = b"".join(moto(request.environ, start_response))
    except Exception:  # answered with status 500, which says nothing
        traceback.print_exc()
        raise
    status, headers = started
    return Answer(status, headers, body)


def _stop_soon() -> None:
    """Once this request is answered; server.py ends on the signal."""
    threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGTERM)).start()
