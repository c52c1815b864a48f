# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator in the foreground, until SIGTERM or SIGINT."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.emulator.server import server


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog=f"python -m {__package__}")
    parser.add_argument("--port", type=int, default=0, help="default: a free one; the URL is the first line printed")
    parser.add_argument("--ready-file", type=Path, help="gets the URL when the emulator answers, goes when it stops")
    parser.add_argument("--plain", action="store_true", help="moto as it is, to see what a bridge is for")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end with the process that started this one")
    arguments = parser.parse_args()

    # SIGINT too: a shell starts what runs in its background with that ignored.
    for end in (signal.SIGTERM, signal.SIGINT):
        signal.signal(end, _stop)
    emulator = server.make_server(arguments.port, plain=arguments.plain)
    if arguments.until_stdin_closes:
        threading.Thread(target=_stop_with_stdin, daemon=True).start()
    server.serve(emulator, arguments.ready_file)


def _stop(_signal: int, _frame: Any) -> None:
    sys.exit(0)


def _stop_with_stdin() -> None:
    # Not through sys.stdin: its lock, held by this thread, would abort the interpreter's end.
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
