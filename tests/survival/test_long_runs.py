# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the other tests rely on: nothing of a run that is given up works on at the account of the next test."""

from __future__ import annotations

import select
from pathlib import Path

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.survival.jobs import Account
from ansible_collections.cloudops.lambda_rds.tests.survival.long_runs import MODULE, long_run, play

TASK = {"function_names": ["f", "g"], "db_instance_identifier": "orders"}


def test_a_run_that_is_given_up_makes_no_more_calls(emulator: Emulator, tmp_path: Path) -> None:
    Account(emulator)
    emulator.set(clock_flows=True, update_seconds=1000)
    with long_run(emulator, tmp_path, [play({MODULE: TASK})], terminal=False) as run:
        run.wait_for_call(emulator, "UpdateFunctionConfiguration")
    made = len(emulator.calls())
    # Longer than between two looks at an update.
    select.select([], [], [], 8)
    assert len(emulator.calls()) == made
