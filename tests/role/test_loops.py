# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""include_role in a loop gives what one run for each item would, and refusals come before the first write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world

from .plays import include_role, play, run

NAME = "cloudops-lambda-rds-eu-central-1-instance-orders"


@pytest.fixture
def shop(emulator: Emulator, aws: world.Clients) -> world.Clients:
    """Functions a and b, and a database behind a group that lets in nobody. Time flows: a process cannot move it."""
    emulator.set(clock_flows=True)
    network = world.make_network(aws, "shop")
    world.make_instance(aws, "orders", network.subnet_ids, [world.make_group(aws, network.vpc_id, "orders-db")])
    for name in ("a", "b"):
        world.make_function(aws, name)
    return aws


def policies(aws: world.Clients) -> dict[str, list[str]]:
    """The users that each role's inline policies let in, by role and policy."""
    found = {}
    for role in ("a-role", "b-role"):
        for name in aws.iam.list_role_policies(RoleName=role)["PolicyNames"]:
            document: Any = aws.iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
            found[f"{role} {name}"] = [arn.rpartition("/")[2] for arn in document["Statement"][0]["Resource"]]
    return found


def test_items_of_a_loop_do_not_meet(emulator: Emulator, shop: world.Clients, tmp_path: Path) -> None:
    """The caller's loop variable is `item`, and its own variables have names that a role might take for itself."""
    looped = include_role(
        function_name="{{ item.function }}",
        db_instance_identifier="{{ database }}",
        db_users="{{ item.users }}",
        report_path="{{ folder }}/{{ item.function }}.html",
        report_title="{{ file }} {{ item.function }}",
        enabled="{{ item.on }}",
    )
    looped["loop"] = [
        {"function": "a", "users": ["api"], "on": True},
        {"function": "b", "users": ["report"], "on": True},
        {"function": "a", "users": ["api"], "on": False},
    ]
    caller = {"database": "orders", "folder": str(tmp_path), "file": "Report of", "others": 1, "reason": 2, "found": 3}
    ended = run([play(looped, vars=caller)], tmp_path, emulator.environment)
    assert ended.returncode == 0, ended.stdout[-3000:]
    assert policies(shop) == {f"b-role {NAME}": ["report"]}
    for name in ("a", "b"):
        page = (tmp_path / f"{name}.html").read_text(encoding="utf-8")
        assert f"<title>Report of {name}</title>" in page
    attached = {name: bool(found["vpc_config"]) for name, found in world.snapshot(shop)["functions"].items()}
    assert attached == {"a": False, "b": True}


PROXY = {"function_name": "a", "db_instance_identifier": "orders", "proxy_enabled": True}
SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:orders-AbCdEf"
AUTH = [{"secret_arn": SECRET, "iam_auth": "required"}]
# What is given, and words of the one message that it has to be refused with.
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({**PROXY, "proxy_auth": AUTH, "function_name": "mistyped"}, "function_name (mistyped): no such function"),
    ({**PROXY, "proxy_auth": AUTH, "db_instance_identifier": "mistyped"}, "no such instance"),
    ({**PROXY, "proxy_auth": [{"description": "x"}]}, "secret_arn found in connect_lambda_rds_proxy_auth"),
    ({**PROXY, "proxy_auth": [{"secret_arn": None}]}, "auth[0].secret_arn (empty): is not the ARN of a secret"),
    ({**PROXY, "proxy_auth": [{"secret_arn": "orders"}]}, "auth[0].secret_arn (orders): is not the ARN of a secret"),
    (
        {**PROXY, "proxy_auth": [{"secret_arn": SECRET.replace("central", "west")}]},
        "is of eu-west-1, but the proxy is in eu-central-1",
    ),
    ({**PROXY, "proxy_auth": [{"secret_arn": SECRET, "iam_auth": "yes"}]}, "iam_auth must be one of"),
    ({**PROXY, "proxy_auth": [{**AUTH[0], "secret": "hunter2"}]}, "connect_lambda_rds_proxy_auth.secret. Supported"),
    (
        {**PROXY, "proxy_auth": [{"secret_arn": SECRET}], "db_users": ["api"]},
        "connect_lambda_rds_db_users (api): the proxy that connect_lambda_rds_proxy_auth describes takes passwords",
    ),
    ({**PROXY, "proxy_auth": AUTH, "db_users": ["a b"]}, "db_users (a b): is not a database user's name"),
    ({**PROXY, "proxy_auth": AUTH, "db_instance_identifier": None}, "the database behind the proxy is not named."),
    ({**PROXY, "proxy_auth": AUTH, "proxy_name": "-"}, "name (-): is not a proxy's name"),
    ({**PROXY, "proxy_auth": AUTH, "subnet_ids": ["subnet-0123456789abcdef0"]}, "no such subnets"),
    ({**PROXY, "proxy_auth": AUTH, "report_path": "/nowhere/at/all.html"}, "its folder does not exist"),
]


def test_all_refusals_come_before_the_first_write(emulator: Emulator, shop: world.Clients, tmp_path: Path) -> None:
    before = world.snapshot(shop)
    roles = shop.iam.list_roles()["Roles"]
    messages = tmp_path / "messages"
    note = {
        "name": "Note the message",
        "ansible.builtin.lineinfile": {
            "path": str(messages),
            "line": "{{ ansible_failed_result.msg | to_json }}",
            "create": True,
            "insertafter": "EOF",
            "mode": "0600",
        },
    }
    plays = [play({"name": "Try", "block": [include_role(**given)], "rescue": [note]}) for given, _words in REFUSED]
    emulator.clear_calls()
    # The emulator's own key, "secret", would be masked in every message that has this word.
    ended = run(plays, tmp_path, {**emulator.environment, "AWS_SECRET_ACCESS_KEY": "any-key-will-do"})
    assert ended.returncode == 0, ended.stdout[-3000:]
    assert [call for call in emulator.calls() if not call.is_read] == []
    assert world.snapshot(shop) == before
    assert shop.iam.list_roles()["Roles"] == roles
    said = [json.loads(line) for line in messages.read_text(encoding="utf-8").splitlines()]
    assert [words for message, (_given, words) in zip(said, REFUSED, strict=True) if words not in message] == [], said
