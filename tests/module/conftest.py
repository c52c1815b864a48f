# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The modules as Ansible starts them, in this process, against the emulator over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.cloudops.lambda_rds.plugins.modules import (
    lambda_rds_cleanup,
    lambda_rds_connection,
    lambda_rds_connection_info,
)
from ansible_collections.cloudops.lambda_rds.tests import botocore_models
from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import aws, built_once, emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import (
    Clients,
    allow,
    make_function,
    make_group,
    make_instance,
    make_network,
)

__all__ = ["Run", "aws", "emulator"]

Run = Callable[..., dict[str, Any]]

botocore_models.share()


@pytest.fixture
def run(environment: None, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs lambda_rds_connection."""
    return _runner(lambda_rds_connection.main, capsys)


@pytest.fixture
def clean(environment: None, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs lambda_rds_cleanup."""
    return _runner(lambda_rds_cleanup.main, capsys)


@pytest.fixture
def inspect(environment: None, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs lambda_rds_connection_info."""
    return _runner(lambda_rds_connection_info.main, capsys)


@pytest.fixture
def environment(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in emulator.environment.items():
        monkeypatch.setenv(name, value)


def _runner(main: Callable[[], None], capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a module with options; ``check=True`` for check mode. Returns what it prints."""

    def module(*, check: bool = False, **options: Any) -> dict[str, Any]:
        with patch_module_args({**options, "_ansible_check_mode": check}), pytest.raises(SystemExit):
            main()
        printed: dict[str, Any] = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
        return printed

    return module


class Account:
    """A VPC, a database ``orders`` with two groups, a rule of another team, a function ``f`` outside any VPC."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.clients = Clients.of(emulator)
        self.network = make_network(self.clients, "main")
        self.groups = [make_group(self.clients, self.network.vpc_id, f"db-{name}") for name in "ab"]
        allow(self.clients, self.groups[0], "ingress", "10.9.0.0/16", 5432, description="another team")
        self.database = make_instance(self.clients, "orders", self.network.subnet_ids, self.groups)
        make_function(
            self.clients, "f", package="Image", Timeout=77, MemorySize=512, Environment={"Variables": {"A": "b"}}
        )

    def release(self) -> None:
        """Time passes, and Lambda deletes the network interfaces that nobody uses any more."""
        self.emulator.advance(1300)

    @property
    def by_hand(self) -> dict[str, Any]:
        return {
            "vpc_id": self.network.vpc_id,
            "subnet_ids": self.network.subnet_ids,
            "rds_security_group_ids": self.groups,
            "port": 5432,
        }


@pytest.fixture
def account(emulator: Emulator) -> Account:
    return built_once(emulator, Account)
