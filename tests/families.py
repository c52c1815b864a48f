# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A process with all that it has started. Process groups do not tell, as Ansible's workers have their own."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

PROC = Path("/proc")


def family(process: int) -> list[int]:
    """The process, and its descendants that run."""
    parents = {}
    for entry in PROC.glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name of the program, in parentheses, may hold anything.
            parents[int(entry.parent.name)] = int(entry.read_text(errors="replace").rpartition(")")[2].split()[1])
    found = [process]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def kill_family(process: int) -> None:
    """With what is being started at the moment."""
    stopped: set[int] = set()
    while not stopped.issuperset(found := family(process)):
        stopped.update(found)
        _signal(found, signal.SIGSTOP)
    _signal(found, signal.SIGKILL)


def kill_with_environment(text: str) -> None:
    """All processes that have this in their environment, whoever has started them: also those left alone."""
    for entry in PROC.glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if text.encode() in entry.read_bytes():
                _signal([int(entry.parent.name)], signal.SIGKILL)


def _signal(processes: list[int], number: signal.Signals) -> None:
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, number)
