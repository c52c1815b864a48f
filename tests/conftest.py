# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""For all tests: Hypothesis profiles, and the counts that tests record, summed up at the end.

Hypothesis tries the same few examples on every run, UNIT_EXAMPLES (50) a test, or SOAK_EXAMPLES new ones (`make soak`).
"""

from __future__ import annotations

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings

EXAMPLES = int(os.environ.get("UNIT_EXAMPLES", "50"))
# A busy runner is no defect, so no deadline.
settings.register_profile("default", max_examples=EXAMPLES, derandomize=True, database=None, deadline=None)
settings.load_profile("default")

if "SOAK_EXAMPLES" in os.environ:
    settings.register_profile(
        "soak",
        max_examples=int(os.environ["SOAK_EXAMPLES"]),
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("soak")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    counts: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed"):
        counts.update({name: value for name, value in report.user_properties if isinstance(value, int)})
    for name, count in sorted(counts.items()):
        terminalreporter.write_line(f"{name}: {count}")
