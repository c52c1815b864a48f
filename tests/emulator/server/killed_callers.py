# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A layer that kills a process with all that it has started: before a call, or once so many writes are carried out.

The process waits for its answer just then, so that nothing of it is started meanwhile.
"""

from __future__ import annotations

from ansible_collections.cloudops.lambda_rds.tests.emulator.server.request import Answer, Next, Request
from ansible_collections.cloudops.lambda_rds.tests.families import kill_family


class KilledCallers:
    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._process: int | None = None
        self._writes = 0

    def kill(self, process: int, writes: int) -> None:
        """After so many writes from now on; with 0, before the next call."""
        self._process, self._writes = process, writes

    def __call__(self, request: Request, inner: Next) -> Answer:
        if self._process is not None and self._writes == 0:
            # What it had yet to ask is not carried out.
            self._strike()
            return Answer("503 Service Unavailable", [], b"")
        answer = inner(request)
        if self._process is not None and request.service and not request.is_read and answer.code < 400:
            self._writes -= 1
            if self._writes == 0:
                self._strike()
        return answer

    def _strike(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            kill_family(process)
