# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What ansible-playbook shows of a task while it lasts: lines in a long run, and nothing in a short one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.survival.jobs import LONG, Account
from ansible_collections.cloudops.lambda_rds.tests.survival.long_runs import CTRL_C, MODULE, long_run, play
from ansible_collections.cloudops.lambda_rds.tests.survival.shop import Shop

WAITING = "Lambda has carried out 0 of 2 updates, at most 10 min more"
ELSEWHERE = {"ansible_connection": "elsewhere"}
TASK: dict[str, Any] = {"function_names": ["f", "g"], "db_instance_identifier": "orders"}


@pytest.fixture
def account(emulator: Emulator) -> Account:
    account = Account(emulator)
    # Updates end when the test lets them (finish).
    emulator.set(clock_flows=True, update_seconds=1000)
    return account


def finish(emulator: Emulator) -> None:
    """The updates that are under way, and those that are not yet."""
    emulator.set(update_seconds=0)
    emulator.advance(LONG)


def test_a_terminal_shows_where_a_long_run_is(account: Account, tmp_path: Path) -> None:
    with long_run(account.emulator, tmp_path, [play({MODULE: TASK})], terminal=True) as run:
        run.wait_for(f"progress: [localhost] => {WAITING}\n")
        finish(account.emulator)
        assert run.end() == 0
    assert re.search(
        r"^TASK .*\n(progress: .*\n)+(\[WARNING\].*\n)*changed: \[localhost\]\n", run.watched, re.MULTILINE
    )


def test_it_says_so_in_japanese(account: Account, tmp_path: Path) -> None:
    with long_run(account.emulator, tmp_path, [play({MODULE: {**TASK, "language": "ja"}})], terminal=True) as run:
        run.wait_for("progress: [localhost] => Lambda による更新の反映は 2 件中 0 件完了、待機は最長であと 10 分\n")


def test_standard_output_is_for_results(account: Account, tmp_path: Path) -> None:
    """Two hosts at once, in a loop, with JSON for a program to read."""
    inventory = tmp_path / "hosts"
    inventory.write_text("a\nb\n")
    of_each = {
        MODULE: {**TASK, "function_names": ["{{ item }}"]},
        "loop": ["{{ {'a': 'f', 'b': 'g'}[inventory_hostname] }}"],
    }
    plays = [play({**of_each, "delegate_to": "localhost"}, hosts="all")]
    with long_run(
        account.emulator,
        tmp_path,
        plays,
        terminal=False,
        arguments=("-i", str(inventory)),
        ANSIBLE_STDOUT_CALLBACK="ansible.posix.json",
    ) as run:
        for host in "ab":
            run.wait_for(f"progress: [{host} -> localhost] => ")
        finish(account.emulator)
        assert run.end() == 0
    result = json.loads(run.output.read_text())
    hosts = result["plays"][0]["tasks"][0]["hosts"]
    assert all(hosts[host]["results"][0]["changed"] for host in "ab"), json.dumps(hosts)
    assert "LAMBDA_RDS_PROGRESS" not in json.dumps(hosts)


def test_a_short_run_shows_nothing(account: Account, tmp_path: Path) -> None:
    """Whatever way the task is run."""
    account.emulator.set(update_seconds=0.2)
    quick = {**TASK, "wait_timeout": 30}
    plays = [
        play(
            {MODULE: quick, "check_mode": True},
            {MODULE: {**quick, "function_names": ["{{ item }}"]}, "loop": ["f", "g"]},
            {MODULE: quick, "no_log": True},
            {MODULE: quick, "async": 30, "poll": 1},
            {MODULE: {"function_names": ["f", "g"]}, "module_defaults": {MODULE: {"db_instance_identifier": "orders"}}},
            {MODULE: quick, "vars": ELSEWHERE},
        ),
        # The Region, which the environment does not tell, comes by the group.
        play(
            {MODULE: quick, "register": "done"},
            {"ansible.builtin.assert": {"that": "done is not changed"}},
            environment={"AWS_REGION": ""},
            module_defaults={"group/cloudops.lambda_rds.aws": {"region": account.emulator.region}},
        ),
    ]
    with long_run(account.emulator, tmp_path, plays, terminal=False) as run:
        assert run.end() == 0, run.output.read_text()
    assert "progress:" not in run.watched + run.output.read_text()


@pytest.mark.parametrize("keywords", [{"no_log": True}, {"vars": ELSEWHERE}], ids=str)
def test_what_is_secret_or_elsewhere_shows_nothing(account: Account, tmp_path: Path, keywords: dict[str, Any]) -> None:
    account.emulator.set(update_seconds=8)
    with long_run(account.emulator, tmp_path, [play({MODULE: TASK, **keywords})], terminal=True) as run:
        assert run.end() == 0
    assert "progress:" not in run.watched


def test_a_proxy_is_waited_for_and_can_be_interrupted(emulator: Emulator, tmp_path: Path) -> None:
    shop = Shop(emulator)
    emulator.set(clock_flows=True, proxy_create_seconds=1000)
    module = "cloudops.lambda_rds.rds_db_proxy"
    with long_run(emulator, tmp_path, [play({module: shop.task()})], terminal=True) as run:
        run.wait_for("progress: [localhost] => waiting for AWS to be done with the proxy pool, at most ")
        run.press(CTRL_C)
        assert run.end() == 99
        run.wait_for("Running the task again completes what is missing.\n", times=2)
    assert "interrupted: [localhost] => rds_db_proxy finishes the AWS call that is under way" in run.watched
    assert re.search(r"interrupted: \[localhost\] => Stopped after [1-9]\d* changes\.", run.watched)
