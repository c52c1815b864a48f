# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A service of moto as a WSGI application without Flask, which takes longer than most calls.

Flask would match the URL to a handler. The services used here have one handler each, which finds the action by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from moto import backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.base_backend import BackendDict
from moto.core.request import Request
from moto.moto_server.werkzeug_app import create_backend_app
from werkzeug.exceptions import HTTPException

from ansible_collections.cloudops.lambda_rds.tests.emulator.server.request import Environ

Handler = Callable[[Request, str, dict[str, str]], tuple[int, dict[str, Any], str | bytes]]


class _ServedRequest(Request):  # type: ignore[misc]
    from_wsgi_server = True


def create_app(service: str) -> Any:
    """moto's own application where a service has several handlers."""
    found: Any = backends.get_backend(service)
    if isinstance(found, BackendDict):
        regions = found[DEFAULT_ACCOUNT_ID]
        found = {"global": regions["us-east-1" if "us-east-1" in regions else "aws"]}
    handlers = set(found["global"].url_paths.values())
    return DirectApplication(handlers.pop()) if len(handlers) == 1 else create_backend_app(service)


class DirectApplication:
    """Passes each request to one handler."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = _ServedRequest(environ)
        try:
            status, headers, body = self._handler(request, request.raw_url, dict(request.headers))
        except HTTPException as refusal:
            return refusal(environ, start_response)
        words = f"{int(status)} {HTTPStatus(int(status)).phrase}"
        start_response(words, [(name, str(value)) for name, value in headers.items()])
        return [body if isinstance(body, bytes) else body.encode()]
