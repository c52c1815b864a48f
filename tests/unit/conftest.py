# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""For all unit tests: botocore's models are read once, and coverage is measured where it says something."""

from __future__ import annotations

import sys

import pytest

from ansible_collections.cloudops.lambda_rds.tests import botocore_models

botocore_models.share()

# Thousands of runs through code that is covered already: to measure them takes longer than they do themselves.
UNMEASURED = {"test_aws_errors", "test_properties"}
_resting = False
MEASURED = sys.modules["coverage"].Coverage.current() if "coverage" in sys.modules else None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """What only one of UNMEASURED reaches counts as not covered. To go on measuring takes a moment: once a file."""
    global _resting  # noqa: PLW0603 - one a process, as what measures is
    if MEASURED is None or _resting == (item.path.stem in UNMEASURED):
        return
    _resting = not _resting
    (MEASURED.stop if _resting else MEASURED.start)()
