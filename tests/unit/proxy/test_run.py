# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Waits, conflicts and failures on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._changes.retry import BACKOFF
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import (
    AwsError,
    ConflictError,
    IncompleteError,
    TimedOutError,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process.progress import Phase
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._proxy.run import run

from ..stages import Told
from .asking import absent, present, texts, unforetold, want
from .conftest import NEW, SECRET, Account

ORDERS: dict[str, Any] = {"db_instance_identifier": "orders"}


def go(account: Account, **given: Any) -> tuple[dict[str, Any], list[float]]:
    pauses: list[float] = []
    return unforetold(account.aws, pauses.append, **{**NEW, **ORDERS, **given}), pauses


def stopped(account: Account, sleep: Callable[[float], None] = lambda _seconds: None, **given: Any) -> str:
    with pytest.raises(IncompleteError) as caught:
        unforetold(account.aws, sleep, **{**NEW, **ORDERS, **given})
    return str(caught.value)


def test_pauses_grow_while_the_proxy_is_made(account: Account) -> None:
    account.aws.slow = 8
    _done, pauses = go(account)
    assert pauses == [1, 2, 4, 8, 15, 15, 15, 15]


def test_the_target_is_waited_for(account: Account) -> None:
    account.aws.health = {"State": "REGISTERING"}
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            account.aws.health = {"State": "AVAILABLE"}

    done = unforetold(account.aws, sleep, **NEW, **ORDERS)
    assert pauses == [1, 2, 4]
    assert [item["state"] for item in done["targets"]] == ["AVAILABLE"]


def test_one_wait_timeout_is_for_all_waits(account: Account) -> None:
    account.aws.slow = 4
    account.aws.health = {"State": "REGISTERING"}
    pauses: list[float] = []
    message = stopped(account, pauses.append, wait_timeout=40)
    assert sum(pauses) == 40
    assert "The proxy shop cannot use its database. Target orders is REGISTERING. It was so after 40 seconds" in message
    assert "Written before: create security group shop-proxy-sg" in message
    assert message.endswith("Running the task again completes it.")


def test_a_proxy_that_takes_too_long_is_completed_by_the_next_run(account: Account) -> None:
    account.aws.slow = 9
    message = stopped(account, wait_timeout=3)
    assert "The proxy shop was creating after 3 seconds. Run the task again, or raise wait_timeout." in message
    done, _pauses = go(account)
    assert texts(done) == ["register instance orders with proxy shop"]


def test_an_unhealthy_target_fails_after_some_minutes_even_if_nothing_changed(account: Account) -> None:
    go(account)
    account.aws.health = {"State": "UNAVAILABLE", "Reason": "AUTH_FAILURE", "Description": "wrong password"}
    pauses: list[float] = []
    message = stopped(account, pauses.append)
    assert 180 <= sum(pauses) < 200
    assert "AWS says: wrong password See that these secrets have the user name" in message
    assert f"that the database has: {SECRET}; and that the role" in message
    assert message.endswith("Nothing was changed.")


def test_the_rule_that_is_missing_is_named_by_the_rules_of_now(account: Account) -> None:
    account.aws.health = {"State": "UNAVAILABLE", "Reason": "UNREACHABLE"}

    def close(_seconds: float) -> None:
        for key in [key for key, rule in account.aws.rules.items() if rule["Tags"] and rule["IsEgress"]]:
            del account.aws.rules[key]

    message, group = stopped(account, close), account.group_named("shop-proxy-sg")
    missing = "; ".join(f"egress on {group}: tcp/6432 to {other}" for other in account.db)
    assert f"These rules between proxy and database are missing: {missing}." in message


def test_open_rules_point_to_network_acls(account: Account) -> None:
    account.aws.health = {"State": "UNAVAILABLE", "Reason": "UNREACHABLE"}
    assert "are both there: see the network ACLs" in stopped(account)


def test_a_database_that_goes_while_it_is_waited_for_is_told(account: Account) -> None:
    account.aws.health = {"State": "UNAVAILABLE", "Reason": "UNREACHABLE"}
    message = stopped(account, lambda _seconds: account.aws.instances.clear())
    assert "The database is not there any more: register another one." in message


def test_a_reason_that_changes_is_given_time_anew(account: Account) -> None:
    account.aws.health = {"State": "UNAVAILABLE", "Reason": "UNREACHABLE"}
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if 150 <= sum(pauses) < 165:
            account.aws.health = {"State": "UNAVAILABLE", "Reason": "AUTH_FAILURE"}

    assert "See that these secrets" in stopped(account, sleep)
    assert sum(pauses) >= 150 + 180


@pytest.mark.parametrize("status", ["suspended", "incompatible-network", "insufficient-resource-limits"])
def test_a_proxy_that_aws_gives_up_is_a_failure_with_its_remedy(account: Account, status: str) -> None:
    real = account.aws.create_proxy

    def stuck(*arguments: Any) -> None:
        real(*arguments)
        account.aws.moves["shop"] = ["creating", status]

    account.aws.create_proxy = stuck  # type: ignore[assignment,method-assign]
    message = stopped(account)
    assert f"The proxy shop is {status}." in message
    assert "create proxy shop" in message


def test_a_proxy_that_becomes_stuck_while_its_target_is_waited_for(account: Account) -> None:
    go(account)
    account.aws.proxies["shop"]["Status"] = "suspended"
    assert "The proxy shop is suspended. See its events in RDS" in stopped(account)


def test_without_wait_the_rest_is_listed(account: Account) -> None:
    account.aws.slow = 2
    done = present(account.aws, **NEW, wait=False, connection_pool={"connection_borrow_timeout": 5})
    assert texts(done)[-1].startswith("create proxy shop")
    assert [item["text"] for item in done["pending"]] == [
        "modify the connection pool of proxy shop: connection_borrow_timeout=5",
        "register instance orders with proxy shop",
    ]
    assert done["pending"][0]["frees"] == "Run the task again when the proxy shop is available."
    assert (done["proxy"]["status"], done["proxy"]["endpoint"] is not None) == ("creating", True)
    assert done["diff"]["after"]["proxy"]["targets"] == []
    again = unforetold(account.aws, **ORDERS, wait=False, connection_pool={"connection_borrow_timeout": 5})
    assert (again["changed"], len(again["pending"])) == (False, 2)
    last = unforetold(account.aws, **ORDERS, wait=False, connection_pool={"connection_borrow_timeout": 5})
    assert (len(last["changes"]), last["pending"]) == (2, [])


def test_without_wait_a_proxy_that_is_being_deleted_has_to_be_gone_first(account: Account) -> None:
    present(account.aws, **NEW)
    account.aws.slow = 3
    unforetold(account.aws, state="absent", wait=False)
    done = unforetold(account.aws, **NEW, **ORDERS, wait=False)
    assert not done["changed"]
    assert {item["frees"] for item in done["pending"]} == {"Run the task again when the proxy shop is gone."}


def conflict(code: str) -> ConflictError:
    return ConflictError("do it", code, "AWS has moved on")


@pytest.mark.parametrize(
    "call", ["create_group", "authorize", "revoke", "create_proxy", "register_proxy_target", "modify_proxy_pool"]
)
def test_a_conflict_leads_to_another_look(account: Account, call: str) -> None:
    account.aws.fail[call] = [conflict("InvalidDBProxyStateFault")] * 2
    done, pauses = go(account, connection_pool={"connection_borrow_timeout": 5})
    assert pauses == [*BACKOFF[:2]]
    assert done["targets"][0]["state"] == "AVAILABLE"
    assert not go(account)[0]["changed"]


def test_looking_again_is_bounded(account: Account) -> None:
    account.aws.fail["register_proxy_target"] = [conflict("InvalidDBInstanceState")] * 99
    message = stopped(account)
    assert "InvalidDBInstanceState" in message
    assert account.aws.calls.count("register_proxy_target") == len(BACKOFF) + 1


def test_a_database_that_goes_meanwhile_is_refused_with_what_was_written(account: Account) -> None:
    real = account.aws.register_proxy_target

    def vanish(*arguments: Any) -> None:
        account.aws.instances.clear()
        real(*arguments)

    account.aws.register_proxy_target = vanish  # type: ignore[assignment,method-assign]
    message = stopped(account)
    assert "no such instance in this account and Region." in message
    assert "create proxy shop" in message


WRITES = ["create_group", "authorize", "revoke", "create_proxy", "modify_proxy_pool", "register_proxy_target"]
WORDS = {
    "create_group": "create security group",
    "create_proxy": "create proxy",
    "modify_proxy": "modify proxy",
    "modify_proxy_pool": "modify the connection pool",
    "register_proxy_target": "register",
    "tag_proxy": "tag proxy",
    "untag_proxy": "remove tags from proxy",
}
POOL: dict[str, Any] = {"connection_pool": {"connection_borrow_timeout": 5}}


@pytest.mark.parametrize("call", WRITES)
@pytest.mark.parametrize("lost", [False, True])
def test_a_run_that_is_cut_off_anywhere_is_completed_by_the_next(account: Account, call: str, lost: bool) -> None:
    (account.aws.lose if lost else account.aws.fail)[call] = [AwsError("do it", "Killed", "cut off", answer_lost=lost)]
    message = stopped(account, **POOL)
    assert ("Perhaps written" in message) == lost
    before = account.aws.snapshot()
    done, _pauses = go(account, **POOL)
    assert done["changed"] == (account.aws.snapshot() != before)
    assert not go(account, **POOL)[0]["changed"]
    absent(account.aws)
    assert not any("shop" in str(group) for group in account.aws.groups.values())


@pytest.mark.parametrize("call", [*WRITES[:3], "deregister_proxy_target", "delete_proxy", "delete_group"])
@pytest.mark.parametrize("lost", [False, True])
def test_a_run_that_takes_back_is_completed_too(account: Account, call: str, lost: bool) -> None:
    before = account.aws.snapshot()
    go(account)
    (account.aws.lose if lost else account.aws.fail)[call] = [AwsError("do it", "Killed", "cut off", answer_lost=lost)]
    used = call not in WRITES[:2]
    if used:
        stopped(account, state="absent")
    absent(account.aws)
    assert account.aws.snapshot() == before


@pytest.mark.parametrize("call", [*WRITES, "modify_proxy", "tag_proxy", "untag_proxy"])
def test_a_write_whose_answer_was_lost_counts_once(account: Account, call: str) -> None:
    changing: dict[str, Any] = {}
    if call not in WRITES:
        go(account, tags={"Old": "a"})
        changing = {"tags": {"New": "b"}, "idle_client_timeout": 60}
    account.aws.lose[call] = [ConflictError("do it", "Again", "it is there", answer_lost=True)]
    done, _pauses = go(account, **POOL, **changing)
    assert account.aws.lose[call] == []
    lines = texts(done)
    assert len(lines) == len(set(lines))
    assert any(line.startswith(WORDS.get(call, call)) for line in lines)
    assert not go(account)[0]["changed"]


def test_a_deletion_whose_answer_was_lost_counts(account: Account) -> None:
    go(account)
    account.aws.lose["delete_proxy"] = [ConflictError("do it", "Again", "it is gone", answer_lost=True)]
    account.aws.lose["deregister_proxy_target"] = [ConflictError("do it", "Again", "it is gone", answer_lost=True)]
    done, _pauses = go(account, state="absent")
    assert texts(done)[:2] == ["deregister instance orders from proxy shop", "delete proxy shop"]


def test_a_wait_that_runs_out_before_the_first_write_changes_nothing(account: Account) -> None:
    go(account)
    account.aws.proxies["shop"]["Status"] = "modifying"
    with pytest.raises(TimedOutError, match="The proxy shop was modifying after 5 seconds"):
        go(account, wait_timeout=5)


def test_a_proxy_that_is_not_shown_yet_is_waited_for(account: Account) -> None:
    real, hidden = account.aws.describe_proxies, [True, True, False, False]

    def shown(name: str | None = None) -> list[dict[str, Any]]:
        return [] if hidden and hidden.pop() and name else real(name)

    account.aws.describe_proxies = shown  # type: ignore[method-assign]
    _done, pauses = go(account)
    assert pauses[0] == 1


def test_a_proxy_that_goes_between_two_reads_is_gone(account: Account) -> None:
    go(account)
    real = account.aws.list_proxy_tags

    def gone(arn: str) -> dict[str, str] | None:
        for kept in (account.aws.proxies, account.aws.targets, account.aws.pools, account.aws.tags):
            kept.clear()
        return real(arn)

    account.aws.list_proxy_tags = gone  # type: ignore[method-assign]
    done, _pauses = go(account, state="absent")
    assert "delete security group" in texts(done)[-1]


def test_what_follows_a_modification_waits_for_it(account: Account) -> None:
    go(account)
    account.aws.slow = 3
    account.aws.calls.clear()
    _done, pauses = go(account, idle_client_timeout=60, **POOL)
    assert (account.aws.calls.count("modify_proxy_pool"), pauses) == (1, [1, 2, 4])


def test_without_wait_what_follows_a_modification_is_left(account: Account) -> None:
    go(account)
    account.aws.slow = 3
    done = present(account.aws, idle_client_timeout=60, wait=False, **POOL)
    assert texts(done) == ["modify proxy shop: idle_client_timeout=60"]
    assert [item["text"].partition(":")[0] for item in done["pending"]] == ["modify the connection pool of proxy shop"]


def test_a_group_that_another_run_makes_between_two_looks_is_used(account: Account) -> None:
    go(account)
    group = account.group_named("shop-proxy-sg")
    for kept in (account.aws.proxies, account.aws.targets, account.aws.pools, account.aws.tags):
        kept.clear()
    real, hidden = account.aws.describe_groups, [True]

    def described(name: str, values: Any, vpc_id: str | None = None) -> list[dict[str, Any]]:
        late = name.startswith("tag:") and hidden and hidden.pop()
        return [] if late else real(name, values, vpc_id)

    account.aws.describe_groups = described  # type: ignore[method-assign]
    assert go(account)[0]["security_group_id"] == group


def test_the_waits_are_told_with_the_time_that_is_left(account: Account) -> None:
    account.aws.slow = 4
    account.aws.health = {"State": "REGISTERING"}
    told = Told()
    with pytest.raises(IncompleteError):
        run(want(**NEW, **ORDERS, wait_timeout=40), account.aws, lambda _seconds: None, told)
    assert [stage.doing for stage in told.stages] == [Phase.PROXY] * 4 + [Phase.TARGETS] * 5
    assert {stage.what for stage in told.stages} == {"shop"}
    assert [stage.at_most for stage in told.stages] == [40, 39, 37, 33, 25, 24, 22, 18, 10]


def test_a_group_that_a_proxy_holds_is_told(account: Account) -> None:
    unforetold(account.aws, **NEW, **ORDERS)
    group = account.group_named("shop-proxy-sg")
    about = "Network interface for DBProxy shop"
    account.aws.interfaces.append({"NetworkInterfaceId": "eni-1", "Description": about, "Groups": [{"GroupId": group}]})
    told = Told()
    run(want(state="absent", wait_timeout=7), account.aws, lambda _seconds: None, told)
    held = [(stage.what, stage.at_most) for stage in told.stages if stage.doing is Phase.RELEASE]
    assert held == [(group, 7), (group, 6), (group, 4)]
