# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An end in order, whoever asks for it."""

from __future__ import annotations

import signal
import sys
from types import FrameType
from typing import NoReturn


def leave_in_order() -> None:
    """Let SIGINT and SIGTERM end the program through its `finally` clauses, with the shell's exit status for each.

    A second signal does not cut that short. Set here, because a shell's background job ignores SIGINT.
    """

    def leave(number: int, _frame: FrameType | None) -> NoReturn:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_IGN)
        sys.exit(128 + number)

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, leave)
