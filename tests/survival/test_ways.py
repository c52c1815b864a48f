# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A module does the same whether it runs from where the collection is installed or has been packed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.survival.jobs import Account
from ansible_collections.cloudops.lambda_rds.tests.survival.long_runs import long_run, play

DATABASE = {"db_instance_identifier": "orders"}
TASKS: dict[str, dict[str, Any]] = {
    "lambda_rds_connection": {**DATABASE, "function_name": "f", "verify": True},
    "lambda_rds_connection_info": {**DATABASE, "function_name": "f"},
    "lambda_rds_cleanup": {},
    "rds_db_proxy": {"name": "none", "state": "absent"},
    "rds_db_proxy_info": {},
}
PACKED = ""


class Ways:
    """Runs all modules in check mode, by an interpreter that notes which file each is told to run (_installed.py)."""

    def __init__(self, emulator: Emulator, folder: Path) -> None:
        Account(emulator)
        self._emulator, self._folder = emulator, folder
        self.noted: list[str] = []

    def results(self, before: str = "", **variables: Any) -> list[dict[str, Any]]:
        """:param before: what the interpreter does first"""
        notes, interpreter = self._folder / "notes", self._folder / "interpreter"
        notes.write_text("")
        note = f'echo "$LAMBDA_RDS_MODULE" >> {notes}'
        interpreter.write_text(f'#!/bin/sh\n{note}\n{before}\nexec {sys.executable} "$@"\n')
        interpreter.chmod(0o755)
        tasks = [{f"cloudops.lambda_rds.{name}": options} for name, options in TASKS.items()]
        told = {"ansible_python_interpreter": str(interpreter), **variables}
        plays = [play(*tasks, vars=told, check_mode=True)]
        with long_run(
            self._emulator, self._folder, plays, terminal=False, ANSIBLE_STDOUT_CALLBACK="ansible.posix.json"
        ) as run:
            assert run.end() == 0, run.output.read_text()
        self.noted = [Path(line).stem for line in notes.read_text().splitlines()]
        return [task["hosts"]["localhost"] for task in json.loads(run.output.read_text())["plays"][0]["tasks"]]


@pytest.fixture
def ways(emulator: Emulator, tmp_path: Path) -> Ways:
    return Ways(emulator, tmp_path)


def test_packed_or_not_it_does_the_same(ways: Ways) -> None:
    here = ways.results()
    assert ways.noted == list(TASKS)
    assert here[0]["changes"]
    assert here == ways.results(ansible_connection="elsewhere")
    assert ways.noted == [PACKED] * len(TASKS)
    # An interpreter that does not see our files, such as one in a container.
    assert here == ways.results('[ -z "$LAMBDA_RDS_MODULE" ] || export LAMBDA_RDS_MODULE=/nowhere')
    assert ways.noted == [each for name in TASKS for each in (name, PACKED)]


def test_the_module_says_its_own_name(emulator: Emulator, tmp_path: Path) -> None:
    with long_run(
        emulator, tmp_path, [play({"cloudops.lambda_rds.rds_db_proxy_info": {"x": 1}})], terminal=False
    ) as run:
        assert run.end() == 2
    assert "Unsupported parameters for (cloudops.lambda_rds.rds_db_proxy_info) module: x." in run.output.read_text()


def test_the_runner_is_not_for_playbooks(emulator: Emulator, tmp_path: Path) -> None:
    with long_run(emulator, tmp_path, [play({"cloudops.lambda_rds.run_installed": {}})], terminal=False) as run:
        assert run.end() == 2
    assert "Use its other modules, such as lambda_rds_connection." in run.output.read_text()
