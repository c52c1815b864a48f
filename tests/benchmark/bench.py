# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time and API calls of the main jobs, beside other means of doing them. Run by `make bench`.

Writes docs/performance.md. Exit status 1 if a promise is broken, or if a tool did not do its job.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from ansible_collections.cloudops.lambda_rds.demo.signals import leave_in_order
from ansible_collections.cloudops.lambda_rds.demo.surroundings import isolate, running_emulator
from ansible_collections.cloudops.lambda_rds.tests.benchmark import report
from ansible_collections.cloudops.lambda_rds.tests.benchmark.looks import Looked, measure_looks
from ansible_collections.cloudops.lambda_rds.tests.benchmark.measure import (
    AMAZON_AWS,
    FLOOR,
    OURS,
    Sample,
    WrongResultError,
    measure,
)
from ansible_collections.cloudops.lambda_rds.tests.benchmark.results import Results
from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator

PAGE = Path(__file__).parents[2] / "docs/performance.md"
# The quick ones before and after the slow one: a change in the machine's load meets all of them.
TURNS = (OURS, FLOOR, AMAZON_AWS, FLOOR, OURS)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one function only, and no page")
    parser.add_argument("--repetitions", type=int, default=3, help="at most (default: %(default)s)")
    parser.add_argument(
        "--minutes", type=float, default=7, help="begin no repetition that would end later (default: %(default)s)"
    )
    arguments = parser.parse_args()
    leave_in_order()
    with tempfile.TemporaryDirectory(prefix="lambda-rds-bench-") as scratch:
        isolate(Path(scratch))
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # it would have every run compile what it imports
        try:
            with running_emulator() as emulator:
                samples = _repeat(emulator, arguments, Path(scratch))
                looks = list(measure_looks(emulator, Path(scratch)))
        except WrongResultError as error:
            print(error, file=sys.stderr)
            return 1
    return _conclude(samples, looks, write=not arguments.quick)


def _repeat(emulator: Emulator, arguments: argparse.Namespace, scratch: Path) -> list[list[Sample]]:
    """The samples of each repetition."""
    samples: list[list[Sample]] = []
    started = time.monotonic()
    longest = 0.0
    for number in range(1, arguments.repetitions + 1):
        begun = time.monotonic()
        if samples and begun + longest - started > arguments.minutes * 60:
            print(f"No time is left for repetition {number}.")
            break
        print(f"Repetition {number} of {arguments.repetitions}", flush=True)
        samples.append(list(_take_turns(emulator, [1] if arguments.quick else [1, 10], scratch)))
        longest = max(longest, time.monotonic() - begun)
    return samples


def _take_turns(emulator: Emulator, sizes: list[int], scratch: Path) -> Iterator[Sample]:
    for functions in sizes:
        for tool in TURNS:
            for sample in measure(emulator, tool, functions, scratch):
                calls = f"{sample.reads} reads, {sample.writes} writes"
                print(f"  {tool.name:20} {sample.job:6} {functions:4}  {sample.seconds:6.2f} s  {calls}", flush=True)
                yield sample


def _conclude(samples: list[list[Sample]], looks: list[Looked], *, write: bool) -> int:
    results = Results(sample for repetition in samples for sample in repetition)
    print(f"\n{report.summary(results, seconds=True)}\n\n{report.promises(results)}\n\n{report.looks_table(looks)}")
    if write:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(report.page(results, looks, len(samples)), encoding="utf-8")
        print(f"\nWritten: {PAGE.relative_to(PAGE.parents[1])}")
    broken = [promise.text for promise in results.promises() if not promise.kept]
    broken += [f"look, {look.sample.functions}: calls" for look in looks if not look.kept]
    if broken:
        print(f"Broken: {'; '.join(broken)}.", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
