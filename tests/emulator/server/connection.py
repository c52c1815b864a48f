# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One connection to the emulator: it stays open for many calls, as those to AWS do."""

from __future__ import annotations

import io
from typing import Any

from werkzeug.serving import WSGIRequestHandler


class ConnectionHandler(WSGIRequestHandler):
    """werkzeug's closes the connection after each call: that takes longer than most calls."""

    protocol_version = "HTTP/1.1"
    # An answer is sent in one piece, and at once.
    wbufsize = -1
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        """Serve one call, and leave nothing of it unread: the next one follows on the same connection."""
        environ = self.make_environ()
        if environ.get("wsgi.input_terminated"):  # in chunks, as microburst sends it
            whole = environ["wsgi.input"].read()
            environ.update({"wsgi.input": io.BytesIO(whole), "CONTENT_LENGTH": str(len(whole))})
        started: list[Any] = []
        app: Any = self.server.app  # the types ask for a `write`, which nobody calls
        try:
            body = b"".join(app(environ, lambda *start: started.extend(start)))
            status, headers = started
        except Exception:  # noqa: BLE001 - application.py has printed it
            status, headers, body = "500 Internal Server Error", [], b"Internal Server Error"
        code, _space, message = status.partition(" ")
        self.send_response(int(code), message)
        for name, value in headers:
            if name.lower() != "content-length":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_request(self, *_code_and_size: Any) -> None:
        """Not at all: the application keeps the list of calls."""
