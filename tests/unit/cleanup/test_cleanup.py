# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Which groups go, which stay, and what is said about these."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import RefusedError
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.ownership import TAG_DATABASE, TAG_SCOPE

from ..asking import absent, present, texts
from ..connection.conftest import Account
from .cleaning import cleaned, unforetold

ORDERS = {"db_instance_identifier": "orders"}
SHARED = {**ORDERS, "security_group_scope": "database"}


def interface(group_id: str, kind: str = "lambda") -> dict[str, Any]:
    return {"NetworkInterfaceId": "eni-1", "InterfaceType": kind, "Groups": [{"GroupId": group_id}]}


def orphan(account: Account, name: str, **options: Any) -> str:
    """The client group of a function that was deleted while it was connected."""
    account.aws.add_function(name)
    present(account.aws, function_name=name, **(options or ORDERS))
    (group,) = account.attachment(name)[1]
    del account.aws.functions[name]
    return group


def test_where_nothing_is_ours_one_call_is_enough(account: Account) -> None:
    assert not cleaned(account.aws)["changed"]
    assert account.aws.calls == ["describe_groups"] * 2


def test_a_group_in_use_is_neither_deleted_nor_pending(account: Account) -> None:
    present(account.aws, function_name="f", **ORDERS)
    before = account.aws.snapshot()
    result = cleaned(account.aws)
    assert (result["changed"], result["pending"]) == (False, [])
    assert account.aws.snapshot() == before
    assert account.aws.calls == ["describe_groups", "list_all_versions"] * 2


@pytest.mark.parametrize("other", [None, {}, {"security_group_id": "given"}])
def test_what_leads_on_from_a_proxy_goes_with_its_last_client(account: Account, other: dict[str, Any] | None) -> None:
    pool = account.aws.add_group(account.vpc, "pool")
    account.aws.add_proxy("pool", "POSTGRESQL", account.subnets, VpcSecurityGroupIds=[pool])
    account.aws.add_target("pool", "instance", "orders")
    given = account.aws.add_group(account.vpc, "given")
    before = account.aws.snapshot()
    if other is not None:
        present(account.aws, function_name="f", db_proxy_name="pool", **({"security_group_id": given} if other else {}))
        before = account.aws.snapshot()
    client = orphan(account, "g", db_proxy_name="pool")
    assert account.aws.snapshot() != before
    done = cleaned(account.aws)
    assert [group["security_group_id"] for group in done["deleted"]] == [client]
    assert account.aws.snapshot() == before


def test_what_a_detach_left_is_finished_once_lambda_frees_it(account: Account) -> None:
    before = account.aws.snapshot()
    present(account.aws, function_name="f", **ORDERS)
    client = account.group_named("f-lambda-sg")
    account.aws.interfaces.append(interface(client))
    assert absent(account.aws, function_name="f", **ORDERS)["pending"]
    held = cleaned(account.aws)
    assert (held["changed"], held["deleted"]) == (False, [])
    assert held["pending"] == [
        {
            "security_group_id": client,
            "security_group_name": "f-lambda-sg",
            "network_interface_ids": ["eni-1"],
            "function_versions": [],
            "aliases": [],
            "referenced_by": [],
            "frees": "Lambda deletes its network interfaces by itself, usually within 20 to 40 minutes; run the task"
            " again then.",
        }
    ]
    account.aws.interfaces.clear()
    done = cleaned(account.aws)
    assert texts(done) == [f"delete security group {client} (f-lambda-sg)"]
    assert done["deleted"] == [
        {
            "security_group_id": client,
            "security_group_name": "f-lambda-sg",
            "vpc_id": account.vpc,
            "database": "instance/orders",
            "function_name": "f",
        }
    ]
    assert done["pending"] == []
    assert account.aws.snapshot() == before
    assert not cleaned(account.aws)["changed"]


def test_groups_of_deleted_functions_go_with_the_rules_that_admit_them(account: Account) -> None:
    before = account.aws.snapshot()
    clients = [orphan(account, name) for name in ("g", "h")]
    a, b = account.db
    result = cleaned(account.aws)
    admitted = "; ".join(f"tcp/5432 from {client}" for client in clients)
    assert texts(result) == [
        f"revoke ingress on {a}: {admitted}",
        f"revoke ingress on {b}: {admitted}",
        f"delete security group {clients[0]} (g-lambda-sg)",
        f"delete security group {clients[1]} (h-lambda-sg)",
    ]
    groups = result["diff"]["after"]["security_groups"]
    assert groups.keys() == {a, b}
    assert groups[a]["ingress"] == ["tcp/5432 from 10.9.0.0/16"]
    assert account.aws.snapshot() == before


def test_as_many_calls_for_many_groups_as_for_one(account: Account) -> None:
    orphan(account, "g")
    one = cleaned(account.aws) and list(account.aws.calls)
    for number in range(9):
        orphan(account, f"g{number}")
    cleaned(account.aws)
    assert [call for call in account.aws.calls if call != "delete_group"] == [
        call for call in one if call != "delete_group"
    ]


def test_a_published_version_holds_its_group(account: Account) -> None:
    present(account.aws, function_name="f", **ORDERS)
    account.aws.add_version("f", 3)
    account.aws.add_alias("f", "live", "3")
    absent(account.aws, function_name="f", **ORDERS)
    result = cleaned(account.aws)
    assert (result["changed"], len(result["pending"])) == (False, 1)
    assert result["pending"][0]["function_versions"] == ["f:3"]
    assert result["pending"][0]["aliases"] == ["f:live"]
    assert "f:3 (alias live)" in result["pending"][0]["frees"]


@pytest.mark.parametrize("direction", ["ingress", "egress"])
def test_a_rule_of_others_holds_the_group_and_stays(account: Account, direction: str) -> None:
    other = account.aws.add_group(account.vpc, "other")
    client = orphan(account, "g")
    account.aws.allow(direction, other, client, 443)
    before = account.aws.snapshot()
    result = cleaned(account.aws)
    assert (result["changed"], result["pending"][0]["referenced_by"]) == (False, [other])
    assert f"Remove the rules that others made for it in {other}." in result["pending"][0]["frees"]
    assert account.aws.snapshot() == before


def test_an_interface_of_others_holds_the_group(account: Account) -> None:
    account.aws.interfaces.append(interface(orphan(account, "g"), "interface"))
    assert cleaned(account.aws)["pending"][0]["frees"] == "Take it off the network interfaces eni-1."


def test_a_rule_in_a_group_that_goes_holds_nothing(account: Account) -> None:
    """In the order of their ids the group that is named would come first."""
    named = orphan(account, "g")
    naming = orphan(account, "h", egress_rules=[{"from_port": 443, "group_id": named}], **ORDERS)
    account.aws.allow("ingress", naming, naming, 443)
    result = cleaned(account.aws)
    assert [group["security_group_id"] for group in result["deleted"]] == [naming, named]


def test_a_group_that_has_no_rule_left_goes_whatever_its_function(account: Account) -> None:
    present(account.aws, function_name="f", **ORDERS)
    account.aws.interfaces.append(interface(account.group_named("f-lambda-sg")))
    absent(account.aws, function_name="f", **ORDERS)
    account.aws.interfaces.clear()
    assert account.aws.functions.keys() == {"f"}
    assert len(cleaned(account.aws)["deleted"]) == 1


def test_a_connection_that_is_admitted_but_not_worn_is_left_to_its_own_task(account: Account) -> None:
    """Another run is about to put it on, or somebody took it off."""
    before = account.aws.snapshot()
    present(account.aws, function_name="f", **ORDERS)
    account.aws.functions["f"]["VpcConfig"] = {"SubnetIds": [], "SecurityGroupIds": [], "VpcId": ""}
    result = cleaned(account.aws)
    assert not result["changed"]
    assert result["pending"][0]["frees"] == (
        "The function f does not wear it, but another run may be about to put it on. If none is, run"
        " lambda_rds_connection for it: state=present puts it on, state=absent deletes it."
    )
    absent(account.aws, function_name="f", **ORDERS)
    assert account.aws.snapshot() == before


def test_a_shared_group_of_deleted_functions_goes(account: Account) -> None:
    before = account.aws.snapshot()
    client = orphan(account, "g", **SHARED)
    (deleted,) = cleaned(account.aws)["deleted"]
    assert (deleted["security_group_id"], deleted["function_name"]) == (client, None)
    assert account.aws.snapshot() == before


def test_only_groups_with_both_our_tags_are_ours(account: Account) -> None:
    account.aws.add_group(account.vpc, "half", {TAG_DATABASE: "instance/orders"})
    account.aws.add_group(account.vpc, "other half", {TAG_SCOPE: "function"})
    result = cleaned(account.aws)
    assert (result["changed"], result["pending"]) == (False, [])


def test_rules_of_another_database_are_not_ours_to_revoke(account: Account) -> None:
    client = orphan(account, "g")
    other = account.aws.add_group(account.vpc, "other")
    account.aws.allow("ingress", other, client, 5432, **{TAG_DATABASE: "instance/stock"})
    assert cleaned(account.aws)["pending"][0]["referenced_by"] == [other]


def test_one_vpc_alone(account: Account) -> None:
    other, _subnets = account.aws.add_vpc()
    here = orphan(account, "g")
    assert not cleaned(account.aws, vpc_id=other)["changed"]
    (deleted,) = cleaned(account.aws, vpc_id=account.vpc)["deleted"]
    assert deleted["security_group_id"] == here


@pytest.mark.parametrize("way", [cleaned, unforetold])
def test_a_vpc_that_does_not_exist_is_refused(account: Account, way: Callable[..., dict[str, Any]]) -> None:
    orphan(account, "g")
    before = account.aws.snapshot()
    with pytest.raises(RefusedError, match=r"vpc_id \(vpc-0\): no such VPC in this account and Region\. Check the id"):
        way(account.aws, vpc_id="vpc-0")
    assert account.aws.snapshot() == before
