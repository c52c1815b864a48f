# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""lambda_rds_cleanup through boto3 and HTTP: what detached and deleted functions leave, and what others hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import (
    allow,
    make_function,
    make_group,
    make_network,
    snapshot,
)

from .conftest import Account, Run

Connect = Callable[..., str]

ORDERS = {"db_instance_identifier": "orders"}
# Longer than Lambda keeps the network interfaces of a function that has left.
RELEASE = 1300


@pytest.fixture
def connect(emulator: Emulator, account: Account, run: Run) -> Connect:
    """Connects functions, making those that are not there; returns the id of their client group."""

    def connected(*names: str, **options: Any) -> str:
        there = account.clients.functions.list_functions()["Functions"]
        for name in {*names} - {function["FunctionName"] for function in there}:
            make_function(account.clients, name)
        emulator.advance(60)  # new functions become active, and Lambda's calls of this second are used up
        done = run(function_names=list(names), **ORDERS, **options)
        assert not done.get("failed"), done["msg"]
        return str(done["connections"][0]["security_group_id"])

    return connected


def foretold(clean: Run, **options: Any) -> dict[str, Any]:
    """Run the cleanup, after making sure that check mode lists exactly what it does."""
    options = {"grace_period": 0, **options}
    said, done = clean(check=True, **options), clean(**options)
    assert not done.get("failed"), done["msg"]
    for key in ("changed", "changes", "deleted", "pending", "diff"):
        assert said[key] == done[key], key
    return done


def names(found: list[dict[str, Any]]) -> list[str]:
    return [group["security_group_name"] for group in found]


def test_where_nothing_was_connected_there_is_nothing_to_do(account: Account, clean: Run) -> None:
    before = snapshot(account.clients)
    result = foretold(clean)
    assert (result["changed"], result["pending"]) == (False, [])
    assert snapshot(account.clients) == before


def test_what_a_detach_leaves_goes_once_lambda_has_let_go(
    emulator: Emulator, account: Account, connect: Connect, run: Run, clean: Run
) -> None:
    before = snapshot(account.clients)
    connect("f")
    held = run(function_name="f", state="absent", **ORDERS)["pending"]
    result = foretold(clean)
    assert (result["changed"], names(result["pending"])) == (False, ["f-lambda-sg"])
    (now,), (then,) = result["pending"], held
    assert now["network_interface_ids"] == then["network_interface_ids"] != []
    emulator.advance(RELEASE)
    result = foretold(clean)
    assert (names(result["deleted"]), result["pending"]) == (["f-lambda-sg"], [])
    assert snapshot(account.clients) == before


@pytest.mark.parametrize("scope", ["function", "database"])
def test_what_a_deleted_function_leaves_goes_with_the_rules_that_admit_it(
    emulator: Emulator, account: Account, connect: Connect, clean: Run, scope: str
) -> None:
    before = snapshot(account.clients)
    client = connect("g", security_group_scope=scope)
    account.clients.functions.delete_function(FunctionName="g")
    emulator.advance(RELEASE)
    checked = clean(check=True, grace_period=1)
    done = clean(grace_period=1)
    assert checked["changes"] == done["changes"]
    assert [group["security_group_id"] for group in done["deleted"]] == [client]
    assert [change["action"] for change in done["changes"]] == [
        "revoke_security_group_ingress",
        "revoke_security_group_ingress",
        "delete_security_group",
    ]
    assert snapshot(account.clients) == before
    assert not foretold(clean)["changed"]


def test_a_connection_in_use_is_left_alone(emulator: Emulator, account: Account, connect: Connect, clean: Run) -> None:
    connect("f")
    connect("g", "h", security_group_scope="database")
    account.clients.functions.delete_function(FunctionName="h")
    emulator.advance(RELEASE)
    before = snapshot(account.clients)
    result = foretold(clean)
    assert (result["changed"], result["pending"]) == (False, [])
    assert snapshot(account.clients) == before


def test_published_versions_hold_their_group(
    emulator: Emulator, account: Account, connect: Connect, run: Run, clean: Run
) -> None:
    connect("f")
    emulator.advance(60)
    version = account.clients.functions.publish_version(FunctionName="f")["Version"]
    account.clients.functions.create_alias(FunctionName="f", Name="live", FunctionVersion=version)
    run(function_name="f", state="absent", **ORDERS)
    emulator.advance(RELEASE)
    result = foretold(clean)
    assert not result["changed"]
    (pending,) = result["pending"]
    assert (pending["function_versions"], pending["aliases"]) == ([f"f:{version}"], ["f:live"])


@pytest.mark.parametrize("direction", ["ingress", "egress"])
def test_rules_of_others_hold_the_group_and_stay(
    emulator: Emulator, account: Account, connect: Connect, clean: Run, direction: Any
) -> None:
    client = connect("g")
    other = make_group(account.clients, account.network.vpc_id, "other")
    allow(account.clients, other, direction, client, 443)
    account.clients.functions.delete_function(FunctionName="g")
    emulator.advance(RELEASE)
    before = snapshot(account.clients)
    result = foretold(clean)
    assert (result["changed"], result["pending"][0]["referenced_by"]) == (False, [other])
    assert snapshot(account.clients) == before
    revoke: Any = getattr(account.clients.ec2, f"revoke_security_group_{direction}")
    rules = before["groups"][other]["rules"]
    revoke(GroupId=other, SecurityGroupRuleIds=[key for key, rule in rules.items() if rule["peer"] == client])
    assert [group["security_group_id"] for group in foretold(clean)["deleted"]] == [client]


def test_interfaces_of_others_hold_the_group(
    emulator: Emulator, account: Account, connect: Connect, clean: Run
) -> None:
    client = connect("g")
    subnet = account.network.subnet_ids[0]
    made = account.clients.ec2.create_network_interface(SubnetId=subnet, Groups=[client])["NetworkInterface"]
    account.clients.functions.delete_function(FunctionName="g")
    emulator.advance(RELEASE)
    result = foretold(clean)
    assert not result["changed"]
    assert made["NetworkInterfaceId"] in result["pending"][0]["network_interface_ids"]


def test_one_vpc_alone(emulator: Emulator, account: Account, connect: Connect, clean: Run) -> None:
    other = make_network(account.clients, "other", cidr="10.1.0.0/16")
    client = connect("g")
    account.clients.functions.delete_function(FunctionName="g")
    emulator.advance(RELEASE)
    assert "no such VPC in this account and Region" in clean(vpc_id="vpc-0123456789abcdef0")["msg"]
    result = foretold(clean, vpc_id=other.vpc_id)
    assert (result["changed"], result["pending"]) == (False, [])
    result = foretold(clean, vpc_id=account.network.vpc_id)
    assert [group["security_group_id"] for group in result["deleted"]] == [client]


def test_the_reads_are_as_many_for_six_groups_as_for_one(
    emulator: Emulator, account: Account, connect: Connect, clean: Run
) -> None:
    counts = []
    for wanted in (["g"], ["h1", "h2", "h3", "h4", "h5", "h6"]):
        connect(*wanted)
        for name in wanted:
            account.clients.functions.delete_function(FunctionName=name)
        emulator.advance(RELEASE)
        emulator.clear_calls()
        assert len(clean(grace_period=0)["deleted"]) == len(wanted)
        calls = emulator.calls()
        counts.append((sum(call.is_read for call in calls), sum(not call.is_read for call in calls)))
    assert counts == [(6, 2 + 1), (6, 2 + 6)]


def test_wrong_options_are_refused_together(account: Account, clean: Run) -> None:
    refused = clean(vpc_id="orders", grace_period=-5)
    assert [refusal["parameter"] for refusal in refused["refusals"]] == ["vpc_id", "grace_period"]
    assert refused["msg"].endswith("Nothing was changed.")
