# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many API calls a look at a path takes: every one of them a read."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import (
    allow,
    make_function,
    make_prefix_list,
    make_role,
)

from . import healthy_worlds as healthy
from .causes import many_rules
from .conftest import Run
from .healthy_worlds import World

HUNDRED = [f"f{number}" for number in range(100)]


def calls_of(emulator: Emulator, inspect: Run, made: World, *functions: str) -> Counter[str]:
    """Of a look at these functions."""
    emulator.clear_calls()
    printed = inspect(function_names=list(functions or ["f"]), **made.question)
    assert not printed.get("failed"), printed["msg"]
    assert len(printed["connections"]) == len(functions or ["f"])
    calls = emulator.calls()
    assert all(call.is_read for call in calls)
    assert "sts" not in {call.service for call in calls}
    return Counter(str(call) for call in calls)


@pytest.mark.parametrize(
    ("ground", "most"),
    [
        (healthy.one_vpc, 12),
        (healthy.with_endpoint, 12),
        (healthy.clustered, 14),
        (healthy.by_hand, 12),
        (healthy.peered, 14),
        (healthy.proxied, 14),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_one_function(emulator: Emulator, inspect: Run, ground: healthy.Ground, most: int) -> None:
    calls = calls_of(emulator, inspect, ground(emulator))
    assert calls.total() <= most, calls


def test_one_function_with_all_there_is(emulator: Emulator, inspect: Run) -> None:
    """A prefix list, a quota to ask for, published versions, and the second hop of a proxy."""
    made = healthy.proxied(emulator)
    many_rules(made)
    allow(made.clients, made.client_group, "egress", make_prefix_list(made.clients, "offices", ["192.168.0.0/16"]), 443)
    version = made.clients.functions.publish_version(FunctionName="f")["Version"]
    made.clients.functions.create_alias(FunctionName="f", Name="live", FunctionVersion=version)
    calls = calls_of(emulator, inspect, made)
    assert calls["servicequotas:GetServiceQuota"] == 1
    assert calls["lambda:ListVersionsByFunction"] == 1
    assert calls["ec2:GetManagedPrefixListEntries"] == 1
    assert calls["ec2:DescribeManagedPrefixLists"] == 1
    assert calls.total() <= 18, calls


def test_a_hundred_functions_that_share_a_role(emulator: Emulator, inspect: Run) -> None:
    """One call each, and at most forty for all of them together."""
    made = healthy.one_vpc(emulator)
    role = make_role(made.clients, "shared")
    for name in HUNDRED:
        where: Any = {"subnet_ids": made.function_subnets, "group_ids": [made.client_group]}
        make_function(made.clients, name, package="Image", Role=role, **where)
    calls = calls_of(emulator, inspect, made, *HUNDRED)
    assert calls.pop("lambda:GetFunction") == 100
    assert calls["iam:SimulatePrincipalPolicy"] == 1
    assert calls.total() <= 40, calls
