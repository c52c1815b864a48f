# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Says at the end how many refusals, and errors of AWS's calls, the tests have gone through."""

from __future__ import annotations

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    passed = terminalreporter.getreports("passed")
    refusals = sum("/test_refusals.py::" in report.nodeid for report in passed)
    errors = sum(int(value) for report in passed for name, value in report.user_properties if name == "errors_covered")
    if refusals or errors:
        terminalreporter.write_line(f"refusals and errors covered: {refusals} refusals, {errors} errors of calls")
