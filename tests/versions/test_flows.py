# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What users do with the collection, on each pair of ansible-core and amazon.aws; a test is a flow."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import make_proxy_role
from ansible_collections.cloudops.lambda_rds.tests.versions.account import Account
from ansible_collections.cloudops.lambda_rds.tests.versions.plays import EXPECTED, Played, Player

PLAYBOOKS = Path(__file__).parent / "playbooks"
ATTACH = "cloudops.lambda_rds.attach_lambda_rds"
DIAGNOSE = "cloudops.lambda_rds.diagnose_lambda_rds"
CLEANUP = "cloudops.lambda_rds.cleanup_lambda_rds"

WANTED = {"connect_lambda_rds_function_name": "api", "connect_lambda_rds_db_instance_identifier": "orders"}
# What the one failure says of these variables: by AWS, the module, and the role's argument specs.
REFUSALS: dict[str, dict[str, Any]] = {
    "ghost": {"connect_lambda_rds_db_instance_identifier": "ghost"},
    r"port \(70000\)": {"connect_lambda_rds_port": 70000},
    "value of connect_lambda_rds_security_group_scope must be one of": {
        "connect_lambda_rds_security_group_scope": "all"
    },
}
OFF = {**WANTED, "connect_lambda_rds_enabled": False}


def test_check(player: Player, account: Account) -> None:
    played = player.play(ATTACH, "--check", "--diff", environment=account.emulator.environment, **WANTED)
    assert played.succeeded().quietly().changed
    assert account.written() == []


def test_attach(attached: Played, account: Account) -> None:
    assert attached.succeeded().quietly().changed
    account.restore("attached")
    assert account.connected("api")


def test_again(attached: Played, player: Player, account: Account) -> None:
    attached.succeeded()
    account.restore("attached")
    played = player.play(ATTACH, environment=account.emulator.environment, **WANTED)
    assert not played.succeeded().quietly().changed
    assert account.written() == []


def test_diagnose_with_report(attached: Played, player: Player, account: Account, tmp_path: Path) -> None:
    attached.succeeded()
    account.restore("attached")
    report = tmp_path / "report.html"
    path = {"connect_lambda_rds_report_path": str(report)}
    player.play(DIAGNOSE, environment=account.emulator.environment, **WANTED, **path).succeeded().quietly()
    assert "<html" in report.read_text()
    assert account.written() == []
    # Nobody has connected it.
    failed = {**WANTED, "connect_lambda_rds_function_name": "report"}
    played = player.play(DIAGNOSE, environment=account.emulator.environment, **failed, **path)
    assert played.status
    assert len(played.failures) == 1


def test_off(detached: Played, account: Account) -> None:
    assert detached.succeeded().changed
    account.restore("detached")
    assert account.look()["functions"] == account.bare["functions"]


def test_cleanup(detached: Played, player: Player, account: Account) -> None:
    detached.succeeded()
    account.restore("detached")
    assert player.play(CLEANUP, environment=account.emulator.environment).succeeded().quietly().changed
    assert account.look() == account.bare


def test_modules(player: Player, account: Account) -> None:
    role = make_proxy_role(account.clients, "pool-role", [account.secret])
    played = player.play(
        PLAYBOOKS / "modules.yml", environment=account.emulator.environment, secret=account.secret, role=role
    )
    played.succeeded().quietly()
    assert account.connected("api")
    assert account.look()["proxies"]["pool"]["targets"] == ["orders"]


def test_refusals(player: Player, account: Account) -> None:
    for message, options in REFUSALS.items():
        played = player.play(ATTACH, environment=account.emulator.environment, **{**WANTED, **options})
        assert played.status, options
        (failure,) = played.quietly().failures
        assert re.search(message, failure), failure
    assert account.written() == []


def test_module_defaults(player: Player, account: Account) -> None:
    emulator = account.emulator
    played = player.play(
        PLAYBOOKS / "module_defaults.yml",
        environment={},
        region=emulator.region,
        endpoint_url=emulator.url,
        access_key=emulator.account,
        secret_key="secret",
    )
    # ansible-core before 2.19 looks at every module of amazon.aws for this.
    played.succeeded().quietly(rf"{EXPECTED}|amazon\.aws\.\w+ has been deprecated")
    assert account.connected("api")


def test_loop(player: Player, account: Account, tmp_path: Path) -> None:
    functions = ["api", "report"]
    played = player.play(
        PLAYBOOKS / "loop.yml", environment=account.emulator.environment, functions=functions, reports=str(tmp_path)
    )
    played.succeeded().quietly()
    assert [account.connected(name) for name in account.functions] == [True, True, False]
    assert all(f">{name}<" in (tmp_path / f"{name}.html").read_text() for name in functions)


def test_async_and_become(player: Player, account: Account) -> None:
    method = become_method()
    if method is None:
        pytest.skip("become: needs root, or sudo without a password")
    player.play(
        PLAYBOOKS / "async_and_become.yml", environment=account.emulator.environment, method=method
    ).succeeded().quietly()
    assert all(account.connected(name) for name in account.functions)


def test_role_with_proxy(player: Player, account: Account) -> None:
    # Switching off waits for the network interfaces, and so ends in one run.
    account.emulator.set(interface_release_seconds=5)
    proxy = {
        "connect_lambda_rds_proxy_enabled": True,
        "connect_lambda_rds_proxy_auth": [{"secret_arn": account.secret}],
        "connect_lambda_rds_release_timeout": 60,
    }
    player.play(ATTACH, environment=account.emulator.environment, **WANTED, **proxy).succeeded().quietly()
    assert account.connected("api")
    assert account.look()["proxies"]["orders-proxy"]["targets"] == ["orders"]
    player.play(ATTACH, environment=account.emulator.environment, **OFF, **proxy).succeeded().quietly()
    account.release()
    assert account.look() == account.bare


def become_method() -> str | None:
    """How to become root without a password."""
    if os.geteuid() == 0:
        return "ansible.builtin.su"
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return "ansible.builtin.sudo"
    return None
