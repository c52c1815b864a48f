# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Taking a proxy back, and what has to wait."""

from __future__ import annotations

from typing import Any

import pytest

from .asking import absent, present, texts, unforetold
from .conftest import NEW, Account


def test_it_gives_back_what_was_there(account: Account) -> None:
    before = account.aws.snapshot()
    present(account.aws, **NEW)
    done = absent(account.aws)
    assert [change["action"] for change in done["changes"]] == [
        "deregister_db_proxy_targets",
        "delete_db_proxy",
        "revoke_security_group_ingress",
        "revoke_security_group_ingress",
        "revoke_security_group_egress",
        "delete_security_group",
    ]
    assert (done["proxy"], done["targets"], done["rules"], done["pending"]) == (None, [], [], [])
    assert account.aws.snapshot() == before


def test_a_second_run_changes_nothing_and_takes_three_calls(account: Account) -> None:
    present(account.aws, **NEW)
    absent(account.aws)
    assert not absent(account.aws)["changed"]
    assert account.aws.calls == ["describe_proxies", "describe_groups", "describe_rules"]


def test_the_database_may_be_gone(account: Account) -> None:
    present(account.aws, **NEW)
    account.aws.instances.clear()
    absent(account.aws, db_instance_identifier="orders")
    assert not account.aws.proxies
    assert "shop-proxy-sg" not in str(account.aws.groups)


def test_the_proxy_may_be_gone(account: Account) -> None:
    before = account.aws.snapshot()
    present(account.aws, **NEW)
    for kept in (account.aws.proxies, account.aws.targets, account.aws.pools, account.aws.tags):
        kept.clear()
    assert [change["action"] for change in absent(account.aws)["changes"]][-1] == "delete_security_group"
    assert account.aws.snapshot() == before


def test_a_group_that_functions_still_point_to_is_pending(account: Account) -> None:
    present(account.aws, **NEW)
    ours, client = account.group_named("shop-proxy-sg"), account.aws.add_group(account.vpc, "client")
    theirs = [account.aws.allow("egress", client, ours, 5432), account.aws.allow("ingress", ours, client, 5432)]
    done = absent(account.aws)
    (pending,) = done["pending"]
    assert (pending["security_group_id"], pending["referenced_by"]) == (ours, [client])
    assert pending["frees"] == f"Remove the rules that others made for it in {client}."
    assert done["security_group_id"] == ours
    assert all(rule in account.aws.rules for rule in theirs)
    assert not absent(account.aws)["changed"]
    del account.aws.rules[theirs[0]]
    assert [change["action"] for change in absent(account.aws)["changes"]] == ["delete_security_group"]


def interface(group: str, description: str) -> dict[str, Any]:
    return {"NetworkInterfaceId": "eni-1", "Description": description, "Groups": [{"GroupId": group}]}


def test_interfaces_of_the_proxy_are_waited_for(account: Account) -> None:
    present(account.aws, **NEW)
    group = account.group_named("shop-proxy-sg")
    account.aws.interfaces.append(interface(group, "Network interface for DBProxy shop"))
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            account.aws.interfaces.clear()

    done = unforetold(account.aws, sleep, state="absent")
    assert done["pending"] == []
    assert slept == [1, 2, 4]
    assert group not in account.aws.groups


def test_interfaces_that_stay_leave_the_group_to_the_next_run(account: Account) -> None:
    present(account.aws, **NEW)
    group = account.group_named("shop-proxy-sg")
    account.aws.interfaces.append(interface(group, "Network interface for DBProxy shop"))
    slept: list[float] = []
    done = unforetold(account.aws, slept.append, state="absent")
    assert sum(slept) == 600
    (pending,) = done["pending"]
    assert pending["text"] == f"delete security group {group} (shop-proxy-sg)"
    assert (
        pending["frees"] == "AWS deletes the network interfaces eni-1 by itself; run the task again in a few minutes."
    )
    account.aws.interfaces.clear()
    assert [change["action"] for change in absent(account.aws)["changes"]] == ["delete_security_group"]


def test_interfaces_of_others_are_not_waited_for(account: Account) -> None:
    present(account.aws, **NEW)
    group = account.group_named("shop-proxy-sg")
    account.aws.interfaces.append(interface(group, "somebody's"))
    slept: list[float] = []
    done = unforetold(account.aws, slept.append, state="absent")
    assert (done["pending"][0]["frees"], slept) == ("Take it off the network interfaces eni-1.", [])
    assert group in account.aws.groups


def test_without_wait_the_rest_is_left_to_the_next_run(account: Account) -> None:
    before = account.aws.snapshot()
    present(account.aws, **NEW)
    account.aws.slow = 3
    done = absent(account.aws, wait=False)
    assert [change["action"] for change in done["changes"]] == ["deregister_db_proxy_targets", "delete_db_proxy"]
    assert [item["text"].partition(" on ")[0] for item in done["pending"]] == [
        "delete security group {} (shop-proxy-sg)".format(account.group_named("shop-proxy-sg")),
        "revoke ingress",
        "revoke ingress",
        "revoke egress",
    ]
    assert done["pending"][1]["frees"] == "Run the task again when the proxy shop is gone."
    again = unforetold(account.aws, state="absent", wait=False)
    assert (again["changed"], len(again["pending"])) == (False, 4)
    unforetold(account.aws, state="absent")
    assert account.aws.snapshot() == before


@pytest.mark.parametrize("status", ["creating", "modifying"])
def test_a_proxy_at_work_is_waited_for(account: Account, status: str) -> None:
    before = account.aws.snapshot()
    present(account.aws, **NEW)
    account.aws.proxies["shop"]["Status"] = status
    account.aws.moves["shop"] = [status] * 2 + ["available"]
    unforetold(account.aws, state="absent")
    assert account.aws.snapshot() == before


def test_a_proxy_at_work_is_left_alone_without_wait(account: Account) -> None:
    present(account.aws, **NEW)
    account.aws.proxies["shop"]["Status"] = "creating"
    done = absent(account.aws, wait=False)
    assert not done["changed"]
    assert texts({"changes": done["pending"]})[1:3] == [
        "deregister instance orders from proxy shop",
        "delete proxy shop",
    ]


def test_a_suspended_proxy_is_deleted_with_its_target(account: Account) -> None:
    present(account.aws, **NEW)
    account.aws.proxies["shop"]["Status"] = "suspended"
    assert texts(absent(account.aws))[0] == "delete proxy shop"
