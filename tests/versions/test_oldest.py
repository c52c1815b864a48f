# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The unit tests on the oldest versions."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.versions.environments import CHECKOUT
from ansible_collections.cloudops.lambda_rds.tests.versions.pairs import PAIRS


@pytest.mark.parametrize("pair", PAIRS[:1], ids=[PAIRS[0].name], indirect=True)
def test_unit(programs: Path, record_property: Callable[[str, Any], None]) -> None:
    command = [str(programs / "python"), "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    options = ["--disable-socket", "--allow-unix-socket"]
    # What old versions do differently shows in few examples; the logic, in many on the newest (make unit).
    few = {**os.environ, "UNIT_EXAMPLES": "10"}
    ended = subprocess.run(
        [*command, *options, "tests/unit"], cwd=CHECKOUT, env=few, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    passed = re.search(r"^(\d+) passed", ended.stdout, re.MULTILINE)
    assert passed is not None, ended.stdout
    record_property("unit tests on the oldest versions", int(passed[1]))
