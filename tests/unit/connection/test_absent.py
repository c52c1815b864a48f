# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What taking the connection back does: just what was there before, whatever is gone in between."""

from __future__ import annotations

from typing import Any

import pytest

from ..asking import absent, present, texts
from .conftest import Account

ORDERS = {"db_instance_identifier": "orders"}
BOTH = [ORDERS, {"db_hostname": "orders.abc.eu-central-1.rds.amazonaws.com"}, "by_hand"]


def _database(account: Account, named: Any) -> dict[str, Any]:
    return account.by_ids if named == "by_hand" else named


@pytest.mark.parametrize("named", BOTH)
def test_everything_is_as_before(account: Account, named: Any) -> None:
    before = account.aws.snapshot()
    present(account.aws, function_name="f", **_database(account, named))
    client = account.group_named("f-lambda-sg")
    result = absent(account.aws, function_name="f", **_database(account, named))
    a, b = account.db
    assert texts(result) == [
        f"revoke ingress on {a}: tcp/5432 from {client}",
        f"revoke ingress on {b}: tcp/5432 from {client}",
        "take function f out of its VPC",
        f"revoke egress on {client}: tcp/5432 to {a}; tcp/5432 to {b}",
        f"delete security group {client} (f-lambda-sg)",
    ]
    assert account.aws.snapshot() == before
    assert result["connections"][0]["status"] == "disconnected"
    assert not absent(account.aws, function_name="f", **_database(account, named))["changed"]


def test_a_function_keeps_its_own_groups(account: Account) -> None:
    own = account.aws.add_group(account.vpc, "own")
    account.aws.add_function("g", account.subnets[:1], [own])
    before = account.aws.snapshot()
    present(account.aws, function_name="g", **ORDERS)
    absent(account.aws, function_name="g", **ORDERS)
    assert account.aws.snapshot() == before


def test_without_the_database(account: Account) -> None:
    before = account.aws.snapshot()
    present(account.aws, function_name="f", **ORDERS)
    account.aws.instances.clear()
    absent(account.aws, function_name="f", **ORDERS)
    assert account.aws.snapshot() == before


def test_without_the_function(account: Account) -> None:
    present(account.aws, function_name="f", **ORDERS)
    account.aws.functions.clear()
    result = absent(account.aws, function_name="f", **ORDERS)
    assert {group["GroupName"] for group in account.aws.groups.values()} == {"db-a", "db-b"}
    assert result["connections"][0]["function_arn"] is None


def test_of_what_never_was(account: Account) -> None:
    assert not absent(account.aws, function_name="nobody", db_cluster_identifier="nothing")["changed"]


def test_network_interfaces_hold_the_group(account: Account) -> None:
    present(account.aws, function_name="f", **ORDERS)
    client = account.group_named("f-lambda-sg")
    account.aws.interfaces.append(
        {"NetworkInterfaceId": "eni-1", "InterfaceType": "lambda", "Groups": [{"GroupId": client}]}
    )
    first = absent(account.aws, function_name="f", **ORDERS)
    assert texts(first)[-1].startswith("revoke egress")
    assert first["connections"][0]["status"] == "pending"
    assert first["pending"][0]["network_interface_ids"] == ["eni-1"]
    assert "usually within 20 to 40 minutes" in first["pending"][0]["frees"]
    second = absent(account.aws, function_name="f", **ORDERS)
    assert not second["changed"]
    assert second["pending"] == first["pending"]
    account.aws.interfaces.clear()
    assert texts(absent(account.aws, function_name="f", **ORDERS)) == [f"delete security group {client} (f-lambda-sg)"]


def test_an_interface_that_is_not_lambdas_has_to_be_freed_by_hand(account: Account) -> None:
    present(account.aws, function_name="f", **ORDERS)
    client = account.group_named("f-lambda-sg")
    account.aws.interfaces.append({"NetworkInterfaceId": "eni-1", "Groups": [{"GroupId": client}]})
    pending = absent(account.aws, function_name="f", **ORDERS)["pending"]
    assert pending[0]["frees"] == "Take it off the network interfaces eni-1."


def test_a_pending_group_is_used_again(account: Account) -> None:
    present(account.aws, function_name="f", **ORDERS)
    client = account.group_named("f-lambda-sg")
    account.aws.interfaces.append({"NetworkInterfaceId": "eni-1", "Groups": [{"GroupId": client}]})
    absent(account.aws, function_name="f", **ORDERS)
    present(account.aws, function_name="f", **ORDERS)
    assert account.attachment() == (account.subnets, [client])


def test_a_published_version_holds_the_group(account: Account) -> None:
    present(account.aws, function_name="f", **ORDERS)
    account.aws.versions.append({**account.aws.functions["f"], "Version": "3"})
    pending = absent(account.aws, function_name="f", **ORDERS)["pending"]
    assert pending[0]["function_versions"] == ["f:3"]
    assert "f:3" in pending[0]["frees"]


def test_a_rule_of_others_holds_the_group(account: Account) -> None:
    present(account.aws, function_name="f", **ORDERS)
    client = account.group_named("f-lambda-sg")
    other = account.aws.add_group(account.vpc, "other")
    account.aws.allow("ingress", other, client, 443)
    account.aws.allow("egress", other, client, 443)
    result = absent(account.aws, function_name="f", **ORDERS)
    assert result["pending"][0]["referenced_by"] == [other]
    assert f"Remove the rules that others made for it in {other}." in result["pending"][0]["frees"]
    assert account.lines(other, "ingress") == [f"tcp/443 {client}"]


def test_without_waiting_the_group_is_left_to_the_next_run(account: Account) -> None:
    present(account.aws, function_name="f", **ORDERS)
    pending = absent(account.aws, function_name="f", wait=False, **ORDERS)["pending"]
    assert pending[0]["frees"].startswith("The update of f ends in a minute or so")
    absent(account.aws, function_name="f", wait=False, **ORDERS)
    assert "f-lambda-sg" not in {group["GroupName"] for group in account.aws.groups.values()}


def test_a_shared_group_stays_for_the_others(account: Account) -> None:
    account.aws.add_function("g")
    before = account.aws.snapshot()
    present(account.aws, function_names=["f", "g"], security_group_scope="database", **ORDERS)
    client = account.group_named("orders-lambda-clients")
    assert texts(absent(account.aws, function_name="f", **ORDERS)) == ["take function f out of its VPC"]
    assert f"tcp/5432 {client}" in account.lines(account.db[0], "ingress")
    account.aws.versions.append({**account.aws.functions["g"], "Version": "1"})
    absent(account.aws, function_name="g", security_group_scope="database", **ORDERS)
    account.aws.versions.clear()
    absent(account.aws, function_name="g", **ORDERS)
    assert account.aws.snapshot() == before


def test_what_was_replaced_is_given_back(account: Account) -> None:
    other, subnets = account.aws.add_vpc(subnets=3)
    groups = [account.aws.add_group(other, "own-a"), account.aws.add_group(other, "own-b")]
    account.aws.add_function("g", subnets, groups)
    account.aws.functions["g"]["VpcConfig"]["Ipv6AllowedForDualStack"] = True
    before = account.aws.snapshot()
    present(account.aws, function_name="g", allow_vpc_change=True, **ORDERS)
    assert not present(account.aws, function_name="g", allow_vpc_change=True, **ORDERS)["changed"]
    absent(account.aws, function_name="g", **ORDERS)
    assert account.aws.snapshot() == before


def test_subnets_are_given_back_and_new_groups_of_others_stay(account: Account) -> None:
    own, more = account.aws.add_group(account.vpc, "own"), account.aws.add_group(account.vpc, "more")
    account.aws.add_function("g", account.subnets[:1], [own])
    present(account.aws, function_name="g", subnet_ids=account.subnets, **ORDERS)
    account.aws.functions["g"]["VpcConfig"]["SecurityGroupIds"].append(more)
    absent(account.aws, function_name="g", **ORDERS)
    assert account.attachment("g") == (account.subnets[:1], [own, more])


def test_subnets_that_change_while_connected_are_given_back(account: Account) -> None:
    own = account.aws.add_group(account.vpc, "own")
    account.aws.add_function("g", account.subnets[:1], [own])
    before = account.aws.snapshot()
    present(account.aws, function_name="g", **ORDERS)
    present(account.aws, function_name="g", subnet_ids=account.subnets, **ORDERS)
    present(account.aws, function_name="g", subnet_ids=account.subnets[1:], **ORDERS)
    absent(account.aws, function_name="g", **ORDERS)
    assert account.aws.snapshot() == before


def test_what_is_gone_cannot_be_given_back(account: Account) -> None:
    other, subnets = account.aws.add_vpc()
    account.aws.add_function("g", subnets, [account.aws.add_group(other, "own")])
    present(account.aws, function_name="g", allow_vpc_change=True, **ORDERS)
    del account.aws.subnets[subnets[0]]
    result = absent(account.aws, function_name="g", **ORDERS)
    assert account.attachment("g") == ([], [])
    assert [finding["code"] for finding in result["findings"]] == ["not_given_back"]


def test_a_function_that_others_moved_since_is_left_where_it_is(account: Account) -> None:
    other, subnets = account.aws.add_vpc()
    own = account.aws.add_group(other, "own")
    account.aws.add_function("g", subnets, [own])
    present(account.aws, function_name="g", allow_vpc_change=True, **ORDERS)
    account.aws.functions["g"]["VpcConfig"].update(SubnetIds=subnets[:1], SecurityGroupIds=[own])
    absent(account.aws, function_name="g", **ORDERS)
    assert account.attachment("g") == (subnets[:1], [own])


def test_a_note_moves_along_when_the_scope_changes(account: Account) -> None:
    other, subnets = account.aws.add_vpc()
    account.aws.add_function("g", subnets, [account.aws.add_group(other, "own")])
    before = account.aws.snapshot()
    present(account.aws, function_name="g", allow_vpc_change=True, **ORDERS)
    present(account.aws, function_name="g", security_group_scope="database", **ORDERS)
    absent(account.aws, function_name="g", **ORDERS)
    assert account.aws.snapshot() == before


def test_a_custom_endpoint_is_looked_for(account: Account) -> None:
    account.aws.add_cluster("stock", account.vpc, account.subnets, account.db)
    before = account.aws.snapshot()
    custom = "reports.cluster-custom-abc.eu-central-1.rds.amazonaws.com"
    result = present(account.aws, function_name="f", db_hostname=custom)
    assert (result["database"]["identifier"], result["database"]["endpoint"]) == ("stock", custom)
    absent(account.aws, function_name="f", db_hostname=custom)
    assert account.aws.snapshot() == before
