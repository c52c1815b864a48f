# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An account in the emulator, and what the module says of it: the results behind the pictures of docs/images/."""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Callable
from typing import Any

from ansible.module_utils.testing import patch_module_args

from ansible_collections.cloudops.lambda_rds.plugins.modules import lambda_rds_connection, lambda_rds_connection_info
from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world

DATABASE = {"db_instance_identifier": "orders"}
# Of a hundred functions: those outside any VPC, and those in a group that the database does not admit.
OUTSIDE, NOT_ADMITTED = (3, 58), (17, 41, 77, 78, 90)
A_WHILE = 60


class Account:
    """`orders`, and `nightly-report`, which is connected to it."""

    def __init__(self, emulator: Emulator) -> None:
        # Ansible masks the key wherever it stands, also as a part of "secretsmanager".
        os.environ.update({**emulator.environment, "AWS_SECRET_ACCESS_KEY": "any-key-will-do"})
        self._emulator = emulator
        self._clients = world.Clients.of(emulator)
        self._network = world.make_network(self._clients, "main")
        self._group = world.make_group(self._clients, self._network.vpc_id, "orders-db")
        world.make_instance(self._clients, "orders", self._network.subnet_ids, [self._group])
        world.make_function(self._clients, "nightly-report", package="Image", Timeout=3)
        _run(lambda_rds_connection.main, function_name="nightly-report", **DATABASE)
        emulator.advance(A_WHILE)

    def look(self) -> dict[str, Any]:
        return _run(lambda_rds_connection_info.main, function_name="nightly-report", **DATABASE)

    def spoil(self) -> None:
        """The database's rule is gone, and the function's is for another port."""
        ec2 = self._clients.ec2
        ours = [rule for rule in ec2.describe_security_group_rules()["SecurityGroupRules"] if rule.get("Tags")]
        for rule in ours:
            gone: Any = {"GroupId": rule["GroupId"], "SecurityGroupRuleIds": [rule["SecurityGroupRuleId"]]}
            if rule["IsEgress"]:
                world.allow(self._clients, rule["GroupId"], "egress", self._group, 3306)
                ec2.revoke_security_group_egress(**gone)
            else:
                ec2.revoke_security_group_ingress(**gone)

    def look_at_a_hundred(self, language: str) -> dict[str, Any]:
        """Seven of them do not reach the database."""
        vpc_id, role = self._network.vpc_id, world.make_role(self._clients, "shared")
        clients, other = (world.make_group(self._clients, vpc_id, name) for name in ("clients", "other"))
        world.allow(self._clients, self._group, "ingress", clients, 5432)
        names = [f"shop-{number:03}" for number in range(100)]
        for number, name in enumerate(names):
            group = other if number in NOT_ADMITTED else clients
            inside: Any = {"subnet_ids": self._network.subnet_ids, "group_ids": [group]}
            where = {} if number in OUTSIDE else inside
            world.make_function(self._clients, name, Role=role, Timeout=30, **where)
        self._emulator.advance(A_WHILE)
        return _run(lambda_rds_connection_info.main, function_names=names, language=language, **DATABASE)


def _run(main: Callable[[], None], **options: Any) -> dict[str, Any]:
    printed = io.StringIO()
    with patch_module_args(options), contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
        main()
    result: dict[str, Any] = json.loads(printed.getvalue().strip().splitlines()[-1])
    assert not result.get("failed"), result["msg"]
    return result
