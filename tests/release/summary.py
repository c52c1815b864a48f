# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sums up the steps of a run: summary.py DIRECTORY. The last line counts the tests that really ran.

A test is a pytest test or a Molecule scenario. A step without tests of its own that failed counts as one that failed.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET


@dataclass
class Count:
    """Tests that passed, failed and were skipped."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, other: Count) -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed" + (f", {self.skipped} skipped" if self.skipped else "")


def pytest_count(report: Path) -> Count:
    """The tests of a JUnit report of pytest; one that was expected to fail, ran and did, has passed."""
    count = Count()
    for case in ET.parse(report).getroot().iter("testcase"):
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            count.failed += 1
        elif skipped is not None and skipped.get("type") != "pytest.xfail":
            count.skipped += 1
        else:
            count.passed += 1
    return count


def molecule_count(log: Path) -> Count:
    """The scenarios in Molecule's recap, if this is a log of Molecule."""
    recap = re.findall(r"^(\S+) +: actions=(\d+) +successful=(\d+) .*failed=(\d+)", log.read_text(), re.MULTILINE)
    failed = {name for name, _actions, successful, failures in recap if successful == "0" or failures != "0"}
    # A line of one action is the shared emulator's start or end, not a scenario's run.
    scenarios = failed | {name for name, actions, _successful, _failures in recap if actions != "1"}
    return Count(len(scenarios - failed), len(failed))


def recorded(report: Path) -> Counter[str]:
    """What the tests of a JUnit report counted by record_property."""
    counts: Counter[str] = Counter()
    for counted in ET.parse(report).getroot().iter("property"):
        if counted.get("value", "").isdigit():
            counts[counted.get("name", "")] += int(counted.get("value", ""))
    return counts


def main() -> int:
    directory, total = Path(sys.argv[1]), Count()
    counts: Counter[str] = Counter()
    for result in sorted(directory.glob("*.result"), key=lambda path: path.stat().st_mtime):
        verdict, seconds = result.read_text().split()
        count, report = molecule_count(result.with_suffix(".log")), result.with_suffix(".xml")
        if report.exists():
            count.add(pytest_count(report))
            counts += recorded(report)
        tests = str(count) if count != Count() else ""
        if verdict != "ok" and not count.failed:
            count.failed = 1
        total.add(count)
        print(f"{result.stem:<14} {verdict:<8} {seconds:>4} s   {tests}".rstrip())
    for name, number in sorted(counts.items()):
        print(f"{name}: {number}")
    print(total)
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
