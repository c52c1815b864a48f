# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the modules under a policy: what it calls, what it says, and what it leaves in the account."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from botocore.client import BaseClient

from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients, snapshot
from ansible_collections.cloudops.lambda_rds.tests.module.conftest import Account
from ansible_collections.cloudops.lambda_rds.tests.unit.test_policy import SERVICES

from .ministack import Ministack
from .played import Refusal
from .policy import Identity, printed_policy
from .runs import Run, Task


@dataclass(frozen=True)
class Done:
    """What a task printed, the actions that it called, and the account before and after."""

    printed: dict[str, Any]
    calls: list[str]
    before: Any
    after: Any

    @property
    def failed(self) -> bool:
        return bool(self.printed.get("failed"))


# Notes for the summary line how an action was proved.
Proved = Callable[[str, str], None]
# By the name of the run.
Allowed = dict[str, list[tuple[Task, Done]]]


@dataclass
class Desk:
    """A new account each time that a run begins, and the identity that runs the tasks in it."""

    ministack: Ministack
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    allowed: Allowed

    def begin(self, run: Run) -> tuple[Identity, Iterator[Task]]:
        self.ministack.reset()
        account = Account(self.ministack)  # type: ignore[arg-type]  # it uses nothing of an Emulator but its clients
        account.clients.functions.get_waiter("function_active_v2").wait(FunctionName="f")
        identity = Identity(account.clients.iam)
        identity.may(printed_policy())
        return identity, run(account)

    def where_all_is_allowed(self, run: Run) -> list[tuple[Task, Done]]:
        """Every task of a run, under the README's policy."""
        if run.__name__ not in self.allowed:
            identity, tasks = self.begin(run)
            self.allowed[run.__name__] = [(task, self.perform(task, identity)) for task in tasks]
        return self.allowed[run.__name__]

    def perform(self, task: Task, identity: Identity, refusal: Refusal | None = None) -> Done:
        """Run a task. A refusal is made in ministack's place."""
        calls: list[str] = []
        call: Callable[..., Any] = BaseClient._make_api_call  # type: ignore[attr-defined]

        def recorded(client: Any, operation: str, arguments: dict[str, Any]) -> Any:
            calls.append(f"{SERVICES[client.meta.service_model.service_name]}:{operation}")
            if refusal is not None and calls[-1] == refusal.call:
                raise refusal.error
            return call(client, operation, arguments)

        before = self._state()
        connection = {"endpoint_url": self.ministack.url, "region": self.ministack.region, **identity.options}
        arguments = {**task.options, **connection, "_ansible_check_mode": task.check}
        with self.monkeypatch.context() as patch, patch_module_args(arguments):
            patch.setattr(BaseClient, "_make_api_call", recorded)
            with pytest.raises(SystemExit):
                task.module.main()
        printed = json.loads(self.capsys.readouterr().out.strip().splitlines()[-1])
        return Done(printed, calls, before, self._state())

    def _state(self) -> Any:
        """The account, with names in the place of ids, so that one account can be compared with another."""
        clients = Clients.of(self.ministack)
        seen = snapshot(clients)
        for group in seen["groups"].values():
            group["rules"] = list(group["rules"].values())
        text = json.dumps(seen)
        for resource, name in _names(clients):
            text = text.replace(resource.partition("-")[2], name)
        return _in_order(json.loads(text))


def _names(clients: Clients) -> Iterator[tuple[str, str]]:
    for group in clients.ec2.describe_security_groups()["SecurityGroups"]:
        yield group["GroupId"], f"{group['GroupName']} of {group['VpcId']}".replace(" ", "_")
    for subnet in clients.ec2.describe_subnets()["Subnets"]:
        yield subnet["SubnetId"], _tag_name(subnet)
    for vpc in clients.ec2.describe_vpcs()["Vpcs"]:
        yield vpc["VpcId"], _tag_name(vpc)
    for proxy in clients.rds.describe_db_proxies()["DBProxies"]:
        for arn in [proxy["DBProxyArn"], *(auth["SecretArn"] for auth in proxy["Auth"])]:
            yield arn.rpartition(":")[2], proxy["DBProxyName"]
        yield proxy["Endpoint"].split(".")[1], proxy["DBProxyName"]


def _tag_name(resource: Any) -> str:
    return next((tag["Value"] for tag in resource.get("Tags", []) if tag["Key"] == "Name"), "default")


def _in_order(value: Any) -> Any:
    """Lists, and the words of texts, that were in the order of their ids."""
    if isinstance(value, dict):
        return {key: _in_order(item) for key, item in value.items()}
    if isinstance(value, list):
        return sorted(map(_in_order, value), key=json.dumps)
    return " ".join(sorted(value.split(" "))) if isinstance(value, str) else value
