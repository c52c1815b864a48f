# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""AWS moves on between observing and writing, or fails part of the way."""

from __future__ import annotations

import time
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._changes.retry import BACKOFF
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._connection.run import run
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import (
    AwsError,
    ConflictError,
    HeldError,
    IncompleteError,
    TimedOutError,
    UpdateFailedError,
)

from ..asking import absent, present, want
from .conftest import Account

ORDERS = {"db_instance_identifier": "orders"}
CONFLICT = ConflictError("write", "InvalidPermission.Duplicate", "somebody was faster")
WRITES = ["create_group", "authorize", "revoke", "update_vpc_config"]


def go(account: Account, **given: Any) -> tuple[dict[str, Any], list[float]]:
    pauses: list[float] = []
    return run(want(function_name="f", **ORDERS, **given), account.aws, sleep=pauses.append), pauses


@pytest.mark.parametrize("write", WRITES)
def test_after_a_conflict_it_looks_again_and_completes(account: Account, write: str) -> None:
    account.aws.fail[write] = [CONFLICT]
    result, pauses = go(account)
    assert pauses == [0.5]
    assert account.attachment()[1] == [account.group_named("f-lambda-sg")]
    assert result["connections"][0]["status"] == "connected"
    assert not present(account.aws, function_name="f", **ORDERS)["changed"]


def test_a_conflict_that_does_not_end_is_given_up(account: Account) -> None:
    account.aws.fail["authorize"] = [CONFLICT] * 99
    with pytest.raises(
        IncompleteError, match=r"create security group f-lambda-sg .* Running the task again completes it"
    ):
        go(account)
    assert account.aws.calls.count("authorize") == 7


def test_default_rules_that_aws_does_not_show_yet_are_looked_for_again(account: Account) -> None:
    real = account.aws.describe_rules
    asked = []

    def late(name: str, values: Any) -> list[dict[str, Any]]:
        asked.append(set(values))
        return [] if len(asked) == 3 else real(name, values)

    account.aws.describe_rules = late  # type: ignore[method-assign]
    go(account)
    assert account.lines(account.group_named("f-lambda-sg"), "egress") == [f"tcp/5432 {group}" for group in account.db]


@pytest.mark.parametrize("write", WRITES)
def test_a_failure_says_what_was_written_and_the_next_run_completes_it(account: Account, write: str) -> None:
    account.aws.fail[write] = [AwsError("do that", "AccessDenied", "no", "Allow it.")]
    with pytest.raises(IncompleteError) as caught:
        go(account)
    message = str(caught.value)
    assert message.startswith("Could not do that: AccessDenied: no Allow it.")
    assert message.endswith(
        "Nothing was changed." if write == "create_group" else "Running the task again completes it."
    )
    assert [str(change["text"]) in message for change in caught.value.written] == [True] * len(caught.value.written)
    present(account.aws, function_name="f", **ORDERS)
    before = account.aws.snapshot()
    assert not present(account.aws, function_name="f", **ORDERS)["changed"]
    assert account.aws.snapshot() == before


def test_another_run_that_made_the_group_is_joined(account: Account) -> None:
    """Two runs at once: the other has created the group after this one looked."""
    other = Account()
    present(other.aws, function_name="f", **ORDERS)
    real = account.aws.create_group

    def raced(name: str, description: str, vpc_id: str, tags: Any) -> str:
        account.aws.create_group = real  # type: ignore[method-assign]
        real(name, description, vpc_id, tags)
        return real(name, description, vpc_id, tags)

    account.aws.create_group = raced  # type: ignore[method-assign]
    go(account)
    assert [group["GroupName"] for group in account.aws.groups.values()].count("f-lambda-sg") == 1


def test_a_group_that_is_held_after_all_is_pending(account: Account) -> None:
    present(account.aws, function_name="f", **ORDERS)
    account.aws.fail["delete_group"] = [HeldError("delete", "DependencyViolation", "held")]
    result, _pauses = go(account, state="absent")
    assert result["pending"][0]["frees"] == "AWS shows no reason yet; run the task again in a minute."
    assert result["connections"][0]["status"] == "pending"
    assert "delete" not in result["changes"][-1]["action"]
    assert absent(account.aws, function_name="f", **ORDERS)["changed"]


@pytest.mark.parametrize(("timeout", "deleted"), [(5, False), (30, True)])
def test_release_timeout_bounds_the_wait_for_interfaces(account: Account, timeout: int, deleted: bool) -> None:
    present(account.aws, function_name="f", **ORDERS)
    client = account.group_named("f-lambda-sg")
    account.aws.interfaces.append(
        {"NetworkInterfaceId": "eni-1", "InterfaceType": "lambda", "Groups": [{"GroupId": client}]}
    )
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if sum(pauses) >= 20:
            account.aws.interfaces.clear()

    wanted = want(function_name="f", state="absent", release_timeout=timeout, **ORDERS)
    result = run(wanted, account.aws, sleep=sleep)
    assert (client not in account.aws.groups) is deleted
    assert sum(pauses) <= timeout
    assert [item["network_interface_ids"] for item in result["pending"]] == ([] if deleted else [["eni-1"]])


def test_all_groups_share_the_release_timeout(account: Account) -> None:
    account.aws.add_function("g")
    present(account.aws, function_names=["f", "g"], **ORDERS)
    for name in ("f-lambda-sg", "g-lambda-sg"):
        account.aws.interfaces.append(
            {"NetworkInterfaceId": f"eni-{name}", "Groups": [{"GroupId": account.group_named(name)}]}
        )
    pauses: list[float] = []
    wanted = want(function_names=["f", "g"], state="absent", release_timeout=30, **ORDERS)
    assert len(run(wanted, account.aws, sleep=pauses.append)["pending"]) == 2
    assert sum(pauses) == 30


def test_an_update_of_an_earlier_run_is_waited_for(account: Account) -> None:
    present(account.aws, function_name="f", **ORDERS)
    account.aws.functions["f"]["LastUpdateStatus"] = "InProgress"
    account.aws.calls.clear()
    run(want(function_name="f", wait=False, **ORDERS), account.aws)
    assert "wait_until_updated" not in account.aws.calls
    assert not run(want(function_name="f", **ORDERS), account.aws)["changed"]
    assert account.aws.calls.count("wait_until_updated") == 1


def test_a_shared_group_that_another_run_took_out_of_use_is_opened_again(account: Account) -> None:
    shared = {"security_group_scope": "database", **ORDERS}
    account.aws.add_function("g")
    present(account.aws, function_name="f", **shared)
    real = account.aws.update_vpc_config

    def meanwhile(*arguments: Any) -> Any:
        account.aws.update_vpc_config = real  # type: ignore[method-assign]
        client = account.group_named("orders-lambda-clients")
        account.aws.interfaces.append({"NetworkInterfaceId": "eni-1", "Groups": [{"GroupId": client}]})
        absent(account.aws, function_name="f", **shared)
        return real(*arguments)

    account.aws.update_vpc_config = meanwhile  # type: ignore[assignment,method-assign]
    result = run(want(function_name="g", **shared), account.aws)
    client = account.group_named("orders-lambda-clients")
    assert account.lines(client, "egress") == [f"tcp/5432 {group}" for group in account.db]
    assert f"tcp/5432 {client}" in account.lines(account.db[1], "ingress")
    assert [finding["code"] for finding in result["findings"]] == ["internet_lost"]


def test_a_shared_group_that_two_runs_leave_to_each_other_is_taken_out_of_use(account: Account) -> None:
    shared = {"security_group_scope": "database", **ORDERS}
    account.aws.add_function("g")
    present(account.aws, function_names=["f", "g"], **shared)
    client = account.group_named("orders-lambda-clients")
    real = account.aws.update_vpc_config

    def meanwhile(*arguments: Any) -> Any:
        account.aws.update_vpc_config = real  # type: ignore[method-assign]
        absent(account.aws, function_name="g", **shared)
        assert client in account.aws.groups
        return real(*arguments)

    account.aws.update_vpc_config = meanwhile  # type: ignore[assignment,method-assign]
    run(want(function_name="f", state="absent", **shared), account.aws)
    assert client not in account.aws.groups
    assert not [line for group in account.db for line in account.lines(group, "ingress") if client in line]


@pytest.mark.parametrize("stays", [True, False])
def test_a_function_that_comes_while_the_last_use_is_taken_back_keeps_its_rules(account: Account, stays: bool) -> None:
    before = account.aws.snapshot()
    shared = {"security_group_scope": "database", **ORDERS}
    present(account.aws, function_name="f", **shared)
    client = account.group_named("orders-lambda-clients")
    account.aws.add_function("g")
    account.aws.interfaces.append({"NetworkInterfaceId": "eni-1", "Groups": [{"GroupId": client}]})
    connected = _rules(account)
    real_revoke, real_authorize = account.aws.revoke, account.aws.authorize

    def come(*arguments: Any) -> Any:
        account.aws.revoke = real_revoke  # type: ignore[method-assign]
        present(account.aws, function_name="g", **shared)
        return real_revoke(*arguments)

    def leave(*arguments: Any) -> Any:
        account.aws.authorize = real_authorize  # type: ignore[method-assign]
        if not stays:
            absent(account.aws, function_name="g", **shared)
        return real_authorize(*arguments)

    account.aws.revoke = come  # type: ignore[assignment,method-assign]
    account.aws.authorize = leave  # type: ignore[assignment,method-assign]
    result = run(want(function_name="f", state="absent", **shared), account.aws)
    assert [one["action"] for one in result["changes"]].count("authorize_security_group_ingress") == len(account.db)
    groups = result["diff"]["after"]["security_groups"].values()
    shown = [rule for group in groups for way in ("ingress", "egress") for rule in group[way]]
    assert bool(shown) == stays
    if stays:
        assert not result["pending"]
        assert _rules(account) == connected
        assert not present(account.aws, function_name="g", **shared)["changed"]
        absent(account.aws, function_name="g", **shared)
    account.aws.interfaces.clear()
    absent(account.aws, function_name="f", **shared)
    del account.aws.functions["g"]
    assert account.aws.snapshot() == before


def _rules(account: Account) -> dict[str, list[str]]:
    return {
        f"{group} {way}": account.lines(group, way) for group in account.aws.groups for way in ("ingress", "egress")
    }


def test_a_shared_group_that_others_keep_closing_is_given_up(account: Account) -> None:
    real = account.aws.update_vpc_config

    def undone(*arguments: Any) -> Any:
        answer = real(*arguments)
        account.aws.functions["f"]["VpcConfig"] = {"SubnetIds": [], "SecurityGroupIds": []}
        return answer

    account.aws.update_vpc_config = undone  # type: ignore[assignment,method-assign]
    account.aws.calls.clear()
    with pytest.raises(IncompleteError, match=r"Could not keep the functions attached: .* Others keep changing them"):
        run(
            want(function_name="f", security_group_scope="database", **ORDERS), account.aws, sleep=lambda _seconds: None
        )
    assert account.aws.calls.count("update_vpc_config") == 7


def test_a_wait_that_runs_out_is_a_failure_that_says_so(account: Account) -> None:
    account.aws.update_status = "InProgress"
    account.aws.fail["is_updated"] = [TimedOutError("still being updated")]
    with pytest.raises(IncompleteError, match=r"still being updated Written before: .*attach function f"):
        go(account)


def test_a_refusal_after_a_conflict_says_what_was_written(account: Account) -> None:
    def vanish(*_arguments: Any) -> Any:
        del account.aws.functions["f"]
        raise CONFLICT

    account.aws.authorize = vanish  # type: ignore[assignment,method-assign]
    with pytest.raises(IncompleteError, match=r"no such function .* Written before: create security group"):
        go(account)


def test_a_pause_is_slept_through(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    account.aws.fail["create_group"] = [ConflictError("create", "InvalidGroup.Duplicate", "just made")]
    run(want(function_name="f", db_instance_identifier="orders"), account.aws)
    assert slept == [BACKOFF[0]]


def test_an_update_that_aws_gives_up_is_not_among_what_was_written(account: Account) -> None:
    account.aws.update_status = "InProgress"
    arn = account.aws.functions["f"]["FunctionArn"]
    account.aws.fail["is_updated"] = [UpdateFailedError(arn, "update function f", "EniLimitExceeded", "no more")]
    with pytest.raises(IncompleteError) as stopped:
        go(account)
    assert "Written before: create security group f-lambda-sg" in str(stopped.value)
    assert "attach function f" not in str(stopped.value)


def test_a_group_that_another_run_makes_between_two_looks_is_used(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = {"function_name": "f", "security_group_scope": "database", **ORDERS}
    present(account.aws, **task)
    account.aws.add_function("g")
    real, hidden = account.aws.describe_groups, [True]

    def described(name: str, values: Any, vpc_id: Any = None) -> list[dict[str, Any]]:
        late = name.startswith("tag:") and hidden and hidden.pop()
        return [] if late else real(name, values, vpc_id)

    monkeypatch.setattr(account.aws, "describe_groups", described)
    done = run(want(**{**task, "function_name": "g"}), account.aws, sleep=lambda _seconds: None)
    assert done["connections"][0]["security_group_id"] == account.attachment("f")[1][0]


def test_rules_that_note_nobody_any_more_are_taken_back(account: Account) -> None:
    client = account.aws.add_group(account.vpc, "given")
    before = account.aws.snapshot()
    task = {"function_name": "f", "security_group_id": client, **ORDERS}
    present(account.aws, **task)
    for rule in account.aws.rules.values():
        rule["Tags"] = [tag for tag in rule["Tags"] if ":before:" not in tag["Key"]]
    vpc = account.aws.functions["f"]["VpcConfig"]
    vpc.update(SubnetIds=[], SecurityGroupIds=[])
    absent(account.aws, **task)
    assert account.aws.snapshot() == before


def test_waiting_for_late_reads_leaves_a_look_for_what_is_shared(account: Account) -> None:
    account.aws.fail["authorize"] = [CONFLICT] * len(BACKOFF)
    result, pauses = go(account, security_group_scope="database")
    assert pauses == list(BACKOFF)
    assert result["connections"][0]["status"] == "connected"
