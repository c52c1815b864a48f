# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A client group that is not ours (security_group_id): rules come and go, the group stays, worn as it was."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import RefusedError

from ..asking import absent, present, texts, want
from .conftest import Account

ORDERS = {"db_instance_identifier": "orders"}


@pytest.fixture
def given(account: Account) -> dict[str, Any]:
    return {"security_group_id": account.aws.add_group(account.vpc, "team"), **ORDERS}


def test_it_is_put_on_and_taken_off(account: Account, given: dict[str, Any]) -> None:
    before = account.aws.snapshot()
    result = present(account.aws, function_name="f", **given)
    assert account.attachment()[1] == [given["security_group_id"]]
    assert "-1/-1 0.0.0.0/0" in account.lines(given["security_group_id"], "egress")
    assert not present(account.aws, function_name="f", **given)["changed"]
    assert result["connections"][0]["security_group_name"] == "team"
    off = texts(absent(account.aws, function_name="f", **given))
    assert [text.partition(" on ")[0] for text in off] == [
        "revoke ingress",
        "revoke ingress",
        "take function f out of its VPC",
        "revoke egress",
    ]
    assert account.aws.snapshot() == before
    assert not absent(account.aws, function_name="f", **given)["changed"]


def test_it_stays_on_a_function_that_wore_it(account: Account, given: dict[str, Any]) -> None:
    account.aws.add_function("g", account.subnets, [given["security_group_id"]])
    before = account.aws.snapshot()
    present(account.aws, function_name="g", **given)
    assert not present(account.aws, function_name="g", **given)["changed"]
    result = absent(account.aws, function_name="g", **given)
    assert account.aws.snapshot() == before
    assert [finding["code"] for finding in result["findings"]] == ["left_on"]


def test_it_is_found_by_its_rules_alone(account: Account, given: dict[str, Any]) -> None:
    before = account.aws.snapshot()
    present(account.aws, function_name="f", **given)
    absent(account.aws, function_name="f", **ORDERS)
    assert account.aws.snapshot() == before


def test_its_rules_stay_until_the_last_function_goes(account: Account, given: dict[str, Any]) -> None:
    account.aws.add_function("g", account.subnets, [account.db[0]])
    before = account.aws.snapshot()
    present(account.aws, function_name="f", **given)
    present(account.aws, function_name="g", **given)
    absent(account.aws, function_name="f", **given)
    assert account.attachment("f") == ([], [])
    assert f"tcp/5432 {given['security_group_id']}" in account.lines(account.db[1], "ingress")
    absent(account.aws, function_name="g", **given)
    assert account.aws.snapshot() == before


def test_a_rule_that_is_restored_carries_the_notes_again(account: Account, given: dict[str, Any]) -> None:
    before = account.aws.snapshot()
    present(account.aws, function_name="f", **given)
    lost = next(key for key, rule in account.aws.rules.items() if rule["GroupId"] == account.db[0] and rule["Tags"])
    del account.aws.rules[lost]
    assert len(present(account.aws, function_name="f", **given)["changes"]) == 1
    absent(account.aws, function_name="f", **given)
    assert account.aws.snapshot() == before


def test_with_egress_of_others_the_notes_are_on_the_databases_side(account: Account, given: dict[str, Any]) -> None:
    for group in account.db:
        account.aws.allow("egress", given["security_group_id"], group, 5432)
    before = account.aws.snapshot()
    present(account.aws, function_name="f", **given)
    off = texts(absent(account.aws, function_name="f", **given))
    assert off[0] == "take function f out of its VPC"
    assert account.aws.snapshot() == before


def test_it_stays_on_while_another_database_needs_it(account: Account, given: dict[str, Any]) -> None:
    account.aws.add_instance("stock", account.vpc, account.subnets, account.db[:1])
    account.aws.instances["stock"]["Endpoint"]["Port"] = 3306
    before = account.aws.snapshot()
    stock = {**given, "db_instance_identifier": "stock"}
    present(account.aws, function_name="f", **given)
    present(account.aws, function_name="f", **stock)
    absent(account.aws, function_name="f", **given)
    assert account.attachment()[1] == [given["security_group_id"]]
    absent(account.aws, function_name="f", **stock)
    assert account.aws.snapshot() == before


def test_subnets_are_given_back_with_it(account: Account, given: dict[str, Any]) -> None:
    account.aws.add_function("g", account.subnets[:1], [given["security_group_id"]])
    before = account.aws.snapshot()
    present(account.aws, function_name="g", **given)
    present(account.aws, function_name="g", subnet_ids=account.subnets, **given)
    absent(account.aws, function_name="g", **given)
    assert account.aws.snapshot() == before


def test_one_that_is_not_noted_stays_on(account: Account, given: dict[str, Any]) -> None:
    account.aws.add_function("g", account.subnets, [given["security_group_id"]])
    assert not absent(account.aws, function_name="g", **given)["changed"]


@pytest.mark.parametrize("what", ["unknown", "elsewhere", "ours", "unrecordable", "too many"])
def test_it_is_refused(account: Account, given: dict[str, Any], what: str) -> None:
    names = ["f"]
    team = given["security_group_id"]
    if what == "unknown":
        given["security_group_id"] = "sg-0dead"
    elif what == "elsewhere":
        given["security_group_id"] = account.aws.add_group(account.aws.add_vpc()[0], "x")
    elif what == "ours":
        present(account.aws, function_name="f", **ORDERS)
        given["security_group_id"] = account.group_named("f-lambda-sg")
    elif what == "unrecordable":
        for group in account.db:
            account.aws.allow("egress", team, group, 5432)
            account.aws.allow("ingress", group, team, 5432)
    else:
        names = [f"g{number}" for number in range(49)]
        for name in names:
            account.aws.add_function(name)
    messages = {
        "unknown": "security_group_id (sg-0dead): no such security group in this account and Region. Check the id.",
        "elsewhere": f"but the function will be in {account.vpc}. Give a group of {account.vpc}",
        "ours": "is a client group that this module made (for instance/orders). Leave it out",
        "unrecordable": "nothing of ours could note down that f did not wear it before",
        "too many": "function_names (49): what these functions had before cannot be noted down in the 50 tags",
    }
    with pytest.raises(RefusedError) as caught:
        present(account.aws, function_names=names, **given)
    assert messages[what] in str(caught.value)


def test_with_all_rules_there_a_function_that_wears_it_is_connected(account: Account, given: dict[str, Any]) -> None:
    team = given["security_group_id"]
    for group in account.db:
        account.aws.allow("egress", team, group, 5432)
        account.aws.allow("ingress", group, team, 5432)
    account.aws.add_function("g", account.subnets, [team])
    assert not present(account.aws, function_name="g", **given)["changed"]


def test_a_function_changes_from_a_group_of_ours_to_it(account: Account, given: dict[str, Any]) -> None:
    present(account.aws, function_name="f", **ORDERS)
    present(account.aws, function_name="f", **given)
    assert account.attachment()[1] == [given["security_group_id"]]
    assert "f-lambda-sg" not in {group["GroupName"] for group in account.aws.groups.values()}
    assert want(function_name="f", **given).scope == "existing"


def test_a_function_that_comes_from_a_shared_group_brings_no_note_of_others(
    account: Account, given: dict[str, Any]
) -> None:
    """A random account found it: the note on a function that stays on the shared group kept the rules for ever."""
    team = account.aws.add_group(account.vpc, "another team")
    for name in ("g", "h"):
        account.aws.add_function(name, account.subnets[:1], [team])
    before = account.aws.snapshot()
    by_ids = {**account.by_ids, "subnet_ids": account.subnets[1:]}
    shared, other = (
        {**by_ids, "security_group_scope": "database"},
        {**given, **by_ids, "db_instance_identifier": None},
    )
    present(account.aws, function_names=["g", "h"], **shared)
    present(account.aws, function_name="g", **other)
    absent(account.aws, function_name="g", **other)
    absent(account.aws, function_name="h", **shared)
    assert account.aws.snapshot() == before


def test_subnets_are_given_back_though_another_database_needs_the_group(
    account: Account, given: dict[str, Any]
) -> None:
    """A random account found it."""
    account.aws.add_function("g", account.subnets[:1], [account.aws.add_group(account.vpc, "another team")])
    before = account.aws.snapshot()
    other = {**given, **account.by_ids, "db_instance_identifier": None, "subnet_ids": account.subnets, "port": 6432}
    present(account.aws, function_name="g", **given)
    present(account.aws, function_name="g", **other)
    assert account.attachment("g")[0] == account.subnets
    absent(account.aws, function_name="g", **other)
    assert account.attachment("g")[0] == account.subnets[:1]
    assert given["security_group_id"] in account.attachment("g")[1]
    absent(account.aws, function_name="g", **given)
    assert account.aws.snapshot() == before


@pytest.mark.parametrize("first", [0, 1])
def test_the_vpc_is_given_back_by_the_last_database_that_needs_the_group(
    account: Account, given: dict[str, Any], first: int
) -> None:
    other_vpc, other_subnets = account.aws.add_vpc()
    account.aws.add_function("g", other_subnets, [account.aws.add_group(other_vpc, "home")])
    before = account.aws.snapshot()
    by_ids = {**given, **account.by_ids, "db_instance_identifier": None, "port": 6432}
    tasks: list[dict[str, Any]] = [{**given, "allow_vpc_change": True}, {**by_ids, "subnet_ids": account.subnets}]
    for task in tasks:
        present(account.aws, function_name="g", **task)
    for task in (tasks[first], tasks[1 - first]):
        absent(account.aws, function_name="g", **task)
    assert account.aws.snapshot() == before
