# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A module does the same on the controller, where its progress is shown, and on another node."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

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


def results(emulator: Emulator, folder: Path, **variables: Any) -> list[dict[str, Any]]:
    """Of all modules in check mode."""
    tasks = [{f"cloudops.lambda_rds.{name}": options} for name, options in TASKS.items()]
    plays = [play(*tasks, vars=variables, check_mode=True)]
    with long_run(emulator, folder, plays, terminal=False, ANSIBLE_STDOUT_CALLBACK="ansible.posix.json") as run:
        assert run.end() == 0, run.output.read_text()
    return [task["hosts"]["localhost"] for task in json.loads(run.output.read_text())["plays"][0]["tasks"]]


def test_on_another_node_it_does_the_same(emulator: Emulator, tmp_path: Path) -> None:
    Account(emulator)
    here = results(emulator, tmp_path)
    assert here[0]["changes"]
    assert here == results(emulator, tmp_path, ansible_connection="elsewhere")


def test_the_module_says_its_own_name(emulator: Emulator, tmp_path: Path) -> None:
    with long_run(
        emulator, tmp_path, [play({"cloudops.lambda_rds.lambda_rds_connection": {**DATABASE, "x": 1}})], terminal=False
    ) as run:
        assert run.end() == 2
    assert "Unsupported parameters for (cloudops.lambda_rds.lambda_rds_connection) module: x." in run.output.read_text()
