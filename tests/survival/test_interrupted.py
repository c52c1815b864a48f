# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""ansible-playbook is interrupted: the module ends in order, the user reads what follows, the next run completes it."""

from __future__ import annotations

import re
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import make_function
from ansible_collections.cloudops.lambda_rds.tests.survival.jobs import LONG, Account
from ansible_collections.cloudops.lambda_rds.tests.survival.long_runs import CTRL_C, MODULE, LongRun, long_run, play
from ansible_collections.cloudops.lambda_rds.tests.survival.runner import run_module

NAMES = [f"f{number:02}" for number in range(60)]
TASK: dict[str, Any] = {
    "function_names": NAMES,
    "db_instance_identifier": "orders",
    "security_group_scope": "database",
}
WRITTEN = "UpdateFunctionConfiguration"
COMPLETES = "Running the task again completes what is missing.\n"
STOPPING = (
    "interrupted: [localhost] => lambda_rds_connection finishes the AWS call that is under way and begins no other. "
    + COMPLETES
)
GOES_ON = f"interrupted: [localhost] => lambda_rds_connection may go on for a while where it runs. {COMPLETES}"


@pytest.fixture
def account(emulator: Emulator) -> Account:
    """Sixty functions: what Lambda allows lasts seconds, and so does each update."""
    account = Account(emulator)
    for name in NAMES:
        make_function(account.clients, name, package="Image")
    account.keep_built()
    emulator.set(clock_flows=True, update_seconds=30)
    return account


def completes(account: Account) -> None:
    """What the next run makes is what an undisturbed one makes."""
    account.emulator.set(clock_flows=False)
    again = run_module(account.emulator, TASK)
    assert again is not None
    assert not again.result.get("failed"), again.result
    assert again.result["changed"]
    account.emulator.advance(LONG)
    completed = account.look()
    account.emulator.restore("built")
    assert run_module(account.emulator, TASK) is not None
    account.emulator.advance(LONG)
    assert completed == account.look()


def writes(emulator: Emulator) -> int:
    return sum(not call.is_read for call in emulator.calls())


def has_stopped(account: Account, run: LongRun) -> None:
    """In order, after what it says; and nothing of it is left that calls AWS."""
    stopped = re.search(rf"interrupted: \[localhost\] => Stopped after (\d+) changes. {COMPLETES}", run.watched)
    assert stopped, run.watched
    assert int(stopped[1]) == writes(account.emulator)
    assert 0 < int(stopped[1]) < len(NAMES)


def test_ctrl_c_at_a_terminal(account: Account, tmp_path: Path) -> None:
    account.emulator.clear_calls()
    with long_run(account.emulator, tmp_path, [play({MODULE: TASK})], terminal=True) as run:
        run.wait_for_call(account.emulator, WRITTEN)
        run.press(CTRL_C)
        assert run.end() == 99
        run.wait_for(COMPLETES, times=2)
    assert run.watched.index(STOPPING) < run.watched.index("Stopped after")
    has_stopped(account, run)
    completes(account)


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 99), (signal.SIGTERM, -signal.SIGTERM)], ids=str)
def test_a_signal_without_a_terminal(account: Account, tmp_path: Path, number: signal.Signals, status: int) -> None:
    """Such as that of a CI service to a job that is cancelled.

    ansible-playbook does not wait for its workers after SIGTERM; they end all the same.
    """
    account.emulator.clear_calls()
    with long_run(account.emulator, tmp_path, [play({MODULE: TASK})], terminal=False) as run:
        run.wait_for_call(account.emulator, WRITTEN)
        run.process.send_signal(number)
        assert run.end() == status
    assert STOPPING in run.watched
    has_stopped(account, run)
    completes(account)


def test_before_anything_is_written(account: Account, tmp_path: Path) -> None:
    """The module is being loaded still, by an interpreter that is slow."""
    begun, slow = tmp_path / "begun", tmp_path / "slow"
    slow.write_text(f'#!/bin/sh\ntouch {begun}\nsleep 20\nexec {sys.executable} "$@"\n')
    slow.chmod(0o755)
    account.emulator.clear_calls()
    tasks = play({MODULE: TASK, "vars": {"ansible_python_interpreter": str(slow)}})
    with long_run(account.emulator, tmp_path, [tasks], terminal=True) as run:
        run.wait_until(begun.exists)
        run.press(CTRL_C)
        assert run.end() == 99
        run.wait_for("interrupted: [localhost] => Stopped before anything was changed.\n")
    assert writes(account.emulator) == 0


def test_on_another_node_the_module_may_go_on(account: Account, tmp_path: Path) -> None:
    tasks = play({MODULE: TASK, "vars": {"ansible_connection": "elsewhere"}})
    with long_run(account.emulator, tmp_path, [tasks], terminal=True) as run:
        run.wait_for_call(account.emulator, WRITTEN)
        run.press(CTRL_C)
        assert run.end() == 99
    assert GOES_ON in run.watched


def test_in_check_mode_there_is_nothing_to_say(account: Account, tmp_path: Path) -> None:
    account.emulator.clear_calls()
    with long_run(account.emulator, tmp_path, [play({MODULE: TASK, "check_mode": True})], terminal=True) as run:
        run.wait_for_call(account.emulator, "DescribeDBInstances")
        run.press(CTRL_C)
        run.end()
    assert "interrupted: [" not in run.watched
    assert writes(account.emulator) == 0
