# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Programs that are measured: their time, and the memory of all their processes together."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ansible_collections.cloudops.lambda_rds.tests.families import PROC, family, kill_family

BETWEEN_LOOKS = 0.05


class TooSlowError(Exception):
    """A program did not end within its time."""


@dataclass(frozen=True)
class Ended:
    """`processor` are seconds of all its processes; `memory` are bytes at the peak, None where nobody looked."""

    status: int
    output: str
    seconds: float
    processor: float
    memory: int | None


def run(
    command: Sequence[str | Path],
    environment: Mapping[str, str],
    directory: Path,
    *,
    most_seconds: float,
    look_at_memory: bool,
) -> Ended:
    """Run a program to its end. Whatever ends us ends it and its children.

    :raises TooSlowError: it was ended
    """
    used = _processor_of_children()
    started = time.perf_counter()
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        cwd=directory,
    ) as process:
        try:
            with _memory(process.pid) if look_at_memory else contextlib.nullcontext() as peak:
                output, _nothing = process.communicate(timeout=most_seconds)
                seconds = time.perf_counter() - started
        except subprocess.TimeoutExpired:
            kill_family(process.pid)
            raise TooSlowError(f"not done after {most_seconds:g} s") from None
        except BaseException:
            kill_family(process.pid)
            raise
    memory = None if peak is None else peak.bytes
    return Ended(process.returncode, output, seconds, _processor_of_children() - used, memory)


def _processor_of_children() -> float:
    """Seconds, of all that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@dataclass
class _Peak:
    bytes: int = 0


@contextlib.contextmanager
def _memory(process: int) -> Iterator[_Peak]:
    """Looks at a process and its descendants all the time. Of what several share, each has its part (PSS)."""
    peak, done = _Peak(), threading.Event()

    def look() -> None:
        while not done.wait(BETWEEN_LOOKS):
            peak.bytes = max(peak.bytes, sum(_proportional_set_size(each) for each in family(process)))

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    try:
        yield peak
    finally:
        done.set()
        looking.join()


def cpu_seconds(process: int) -> float:
    """Of a process that runs; not of its children."""
    fields = (PROC / str(process) / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _proportional_set_size(process: int) -> int:
    """0 for a process that is gone."""
    with contextlib.suppress(OSError):
        sizes = (PROC / str(process) / "smaps_rollup").read_text(encoding="ascii")
        found = re.search(r"^Pss:\s+(\d+) kB", sizes, re.MULTILINE)
        return int(found[1]) * 1024 if found else 0
    return 0
