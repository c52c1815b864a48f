# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The WSGI application: moto's, one request at a time, with every call logged and a few control paths."""

from __future__ import annotations

import io
import json
import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterable
from typing import Any

from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data

from ansible_collections.cloudops.lambda_rds.tests.emulator.api_calls import ApiCall, identify

CONTROL = "/_emulator/"

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class EmulatorApplication:
    """Calls are served one after the other: moto's dictionaries are not made for threads, and the log has one order."""

    def __init__(self, moto: Application) -> None:
        self._moto = moto
        self._calls: list[ApiCall] = []
        self._one_at_a_time = threading.Lock()
        self._controls: dict[tuple[str, str], Callable[[], Any]] = {
            ("GET", "health"): lambda: {"status": "ok"},
            ("GET", "calls"): lambda: [call.as_json() for call in self._calls],
            ("DELETE", "calls"): self._calls.clear,
            ("POST", "reset"): self._reset,
            ("POST", "stop"): _stop_soon,
        }

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith(CONTROL):
            return self._control(environ, start_response)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        call = identify(environ, body)
        with self._one_at_a_time:
            status = 0

            def started(line: str, *args: Any) -> Any:
                nonlocal status
                status = int(line.split(maxsplit=1)[0])
                return start_response(line, *args)

            try:
                answer = list(self._moto(environ, started))
            except Exception:  # answered with status 500, which says nothing
                traceback.print_exc()
                raise
            if call is not None:
                self._calls.append(ApiCall(*call, status))
            return answer

    def _control(self, environ: Environ, start_response: StartResponse) -> list[bytes]:
        action = self._controls.get((environ["REQUEST_METHOD"], environ["PATH_INFO"].removeprefix(CONTROL)))
        headers = [("Content-Type", "application/json")]
        if action is None:
            start_response("404 Not Found", headers)
            return [json.dumps({"paths": [" ".join(path) for path in self._controls]}).encode()]
        with self._one_at_a_time:
            answer = json.dumps(action()).encode()
        start_response("200 OK", headers)
        return [answer]

    def _reset(self) -> None:
        BackendDict.reset()
        reset_model_data()
        self._calls.clear()


def _stop_soon() -> None:
    """Once this request is answered; server.py ends on the signal."""
    threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGTERM)).start()
