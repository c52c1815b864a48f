# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time, API calls and memory of the main jobs, beside other means of doing them. Run by `make bench`.

With --full writes docs/performance.md. Exit status 1 if a promise is broken, or if a tool did not do its job.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from ansible_collections.cloudops.lambda_rds.demo.signals import leave_in_order
from ansible_collections.cloudops.lambda_rds.demo.surroundings import isolate, running_emulator
from ansible_collections.cloudops.lambda_rds.tests.benchmark import report
from ansible_collections.cloudops.lambda_rds.tests.benchmark.account import DATABASE, FUNCTION
from ansible_collections.cloudops.lambda_rds.tests.benchmark.contenders import FLOOR, OURS, TOOLS, Tool, available
from ansible_collections.cloudops.lambda_rds.tests.benchmark.looks import Looked, measure_looks
from ansible_collections.cloudops.lambda_rds.tests.benchmark.measure import Bench, Case, Sample, WrongResultError
from ansible_collections.cloudops.lambda_rds.tests.benchmark.modes import AS_AWS, BARE, SIDE_BY_SIDE
from ansible_collections.cloudops.lambda_rds.tests.benchmark.plan import FULL, QUICK, Plan
from ansible_collections.cloudops.lambda_rds.tests.benchmark.promises import promises
from ansible_collections.cloudops.lambda_rds.tests.benchmark.results import Results

PAGE = Path(__file__).parents[2] / "docs/performance.md"


class Run:
    """Takes samples as planned, tells of each, and goes on after a tool that failed."""

    def __init__(self, bench: Bench) -> None:
        self.samples: list[Sample] = []
        self.faults: list[str] = []
        self._bench = bench

    def side_by_side(self, times: int, numbers: tuple[int, ...]) -> None:
        """No-ops of ours and of the floor in turns, with Ansible's start."""
        ours = [Case(OURS, SIDE_BY_SIDE, DATABASE, functions) for functions in numbers]
        try:
            accounts = {case: self._bench.attached(case) for case in ours}
            for _time in range(times):
                for case, account in accounts.items():
                    self._bench.back_to_attached(case.functions)
                    self._take(self._bench.no_op(case, account))
                    self._take(self._bench.no_op(dataclasses.replace(case, tool=FLOOR), account))
                    if case is ours[0]:
                        self._take(self._bench.ping(SIDE_BY_SIDE, account))
        except WrongResultError as error:
            self._fail(error)

    def case(self, case: Case) -> None:
        try:
            for sample in self._bench.measure(case):
                self._take(sample)
        except WrongResultError as error:
            self._fail(error)

    def looks(self) -> Iterator[Looked]:
        try:
            yield from measure_looks(self._bench)
        except WrongResultError as error:
            self._fail(error)

    def _take(self, sample: Sample) -> None:
        self.samples.append(sample)
        print(f"  {report.line(sample)}", flush=True)

    def _fail(self, error: WrongResultError) -> None:
        self.faults.append(str(error))
        print(f"  {error}", file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--quick", action="store_true", help="without what is slow, and no page (the default)")
    length.add_argument("--full", action="store_true", help="with what is slow, and the page")
    parser.add_argument("--tool", action="append", default=[], choices=[tool.name for tool in TOOLS], help="only these")
    parser.add_argument("--mode", action="append", default=[], choices=[BARE.name, AS_AWS.name], help="only these")
    parser.add_argument("--scope", action="append", default=[], choices=[FUNCTION, DATABASE], help="only these")
    parser.add_argument("--functions", action="append", default=[], type=int, help="only these numbers of them")
    parser.add_argument("--most-seconds", type=float, default=1800, help="for one run (default: %(default)g)")
    arguments = parser.parse_args()
    asked = (arguments.tool, arguments.mode, arguments.scope, arguments.functions)
    plan = (FULL if arguments.full else QUICK).only(*asked)
    leave_in_order()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="lambda-rds-bench-") as scratch:
        isolate(Path(scratch))
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # it would have every run compile what it imports
        with running_emulator() as emulator:
            run = Run(Bench(emulator, Path(scratch), arguments.most_seconds))
            looks = _carry_out(plan, run, available(Path(scratch)), looks=not any(asked))
    print(f"\nDone in {(time.monotonic() - started) / 60:.0f} minutes.")
    return _conclude(run, looks, write=arguments.full and not any(asked))


def _carry_out(plan: Plan, run: Run, tools: Sequence[Tool], *, looks: bool) -> list[Looked]:
    for tool in TOOLS:
        if tool not in tools:
            print(f"{tool.name} is left out: its program, or what it needs, is not there.")
    if plan.side_by_side:
        print("Side by side", flush=True)
        run.side_by_side(plan.side_by_side, plan.numbers)
    for each in plan.rounds:
        print(f"{each.functions}, a group a {each.scope}, {each.mode.name}", flush=True)
        for case in each.cases(tools):
            run.case(case)
    return list(run.looks()) if looks else []


def _conclude(run: Run, looks: list[Looked], *, write: bool) -> int:
    results = Results(run.samples)
    promised = promises(results)
    print(f"\n{report.on_screen(results)}\n\n{report.promises_table(promised)}\n\n{report.looks_table(looks)}")
    broken = [promise.text for promise in promised if not promise.kept]
    broken += [f"look, {look.sample.functions}: calls" for look in looks if not look.kept]
    for fault in run.faults:
        print(f"\nFailed: {fault}", file=sys.stderr)
    if broken:
        print(f"\nBroken: {'; '.join(broken)}.", file=sys.stderr)
    if write and not run.faults:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(report.page(results, promised, looks), encoding="utf-8")
        print(f"\nWritten: {PAGE.relative_to(PAGE.parents[1])}")
    return 1 if broken or run.faults else 0


if __name__ == "__main__":
    sys.exit(main())
