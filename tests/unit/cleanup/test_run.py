# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Other runs at the same time, and failures part of the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._cleanup.parameters import Options
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._cleanup.run import preview
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._connection.run import run as connect
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import (
    AwsError,
    ConflictError,
    HeldError,
    IncompleteError,
)

from ..asking import absent, present, want
from ..connection.conftest import Account
from ..fake_aws import FakeAws
from .cleaning import SAME, cleaned, unforetold
from .test_cleanup import ORDERS, SHARED, interface, orphan

WRITES = ["create_group", "authorize", "revoke", "update_vpc_config", "delete_group"]


def before_write(aws: FakeAws, number: int, action: Callable[[], None]) -> list[str]:
    """Do something just before the write of that number; the list of writes fills up meanwhile."""
    done: list[str] = []

    def interrupting(name: str) -> Callable[..., Any]:
        real = getattr(aws, name)

        def write(*arguments: Any) -> Any:
            done.append(name)
            if len(done) == number + 1:
                action()
            return real(*arguments)

        return write

    for name in WRITES:
        setattr(aws, name, interrupting(name))
    return done


@pytest.mark.parametrize("number", range(6))
@pytest.mark.parametrize("options", [ORDERS, SHARED], ids=["function", "shared"])
def test_a_connection_in_the_making_is_completed(account: Account, options: dict[str, Any], number: int) -> None:
    """Wherever the cleanup comes in between, though no time passes for its two looks."""
    during: list[dict[str, Any]] = []
    writes = before_write(account.aws, number, lambda: during.append(unforetold(account.aws)))
    connect(want(function_name="f", **options), account.aws, sleep=lambda _seconds: None)
    assert (len(during), len(writes) > number) == (1, True)
    (client,) = account.attachment("f")[1]
    for group in account.db:
        assert f"tcp/5432 {client}" in account.lines(group, "ingress")
    assert account.lines(client, "egress") == [f"tcp/5432 {group}" for group in account.db]


def test_a_connection_is_not_cut_just_before_its_function_is_attached(account: Account) -> None:
    during: list[dict[str, Any]] = []
    before_write(account.aws, 5, lambda: during.append(unforetold(account.aws)))
    connect(want(function_name="f", **ORDERS), account.aws)
    assert (during[0]["changed"], len(during[0]["pending"])) == (False, 1)


@pytest.mark.parametrize("number", range(5))
def test_a_connection_that_is_taken_back_at_the_same_time(account: Account, number: int) -> None:
    before = account.aws.snapshot()
    present(account.aws, function_name="f", **ORDERS)
    before_write(account.aws, number, lambda: during.append(unforetold(account.aws)))
    during: list[dict[str, Any]] = []
    connect(want(function_name="f", state="absent", **ORDERS), account.aws, sleep=lambda _seconds: None)
    assert len(during) == 1
    assert account.aws.snapshot() == before


def test_a_doubtful_group_is_looked_at_twice(account: Account) -> None:
    client = orphan(account, "g", **SHARED)
    pauses: list[float] = []
    preview(Options(grace_period=90), account.aws, pauses.append)
    assert pauses == [90]
    result = unforetold(account.aws, pauses.append, grace_period=30)
    assert pauses == [90, 30]
    assert result["deleted"][0]["security_group_id"] == client


def test_without_grace_it_is_looked_at_once(account: Account) -> None:
    orphan(account, "g", **SHARED)
    account.aws.calls.clear()
    pauses: list[float] = []
    assert unforetold(account.aws, pauses.append, grace_period=0)["deleted"]
    assert pauses == []
    assert account.aws.calls.count("list_all_versions") == 1


@pytest.mark.parametrize("options", [ORDERS, SHARED], ids=["function", "shared"])
def test_a_group_that_is_used_at_the_second_look_stays(account: Account, options: dict[str, Any]) -> None:
    """The function was just being replaced."""
    orphan(account, "g", **options)

    def replaced(_seconds: float) -> None:
        account.aws.add_function("g")
        present(account.aws, function_name="g", **options)

    result = unforetold(account.aws, replaced)
    assert (result["changed"], result["pending"]) == (False, [])


def test_a_group_that_was_in_no_doubt_at_the_first_look_waits_for_the_next_run(account: Account) -> None:
    orphan(account, "g")
    late: list[str] = []
    result = unforetold(account.aws, lambda _seconds: late.append(orphan(account, "h", **SHARED)))
    assert len(result["deleted"]) == 1
    assert [pending["security_group_id"] for pending in result["pending"]] == late
    assert result["pending"][0]["frees"] == "It has not been free for grace_period yet; run the task again."


def test_what_no_rule_of_ours_admits_is_in_no_doubt(account: Account) -> None:
    present(account.aws, function_name="f", **ORDERS)
    client = account.group_named("f-lambda-sg")
    account.aws.interfaces.append(interface(client))
    absent(account.aws, function_name="f", **ORDERS)
    account.aws.interfaces.clear()
    pauses: list[float] = []
    assert len(unforetold(account.aws, pauses.append)["deleted"]) == 1
    assert pauses == []


def test_only_doubt_is_waited_for(account: Account) -> None:
    """Not for what is held, and not for a connection that its own task has to finish."""
    account.aws.interfaces.append(interface(orphan(account, "g")))
    present(account.aws, function_name="f", **ORDERS)
    account.aws.functions["f"]["VpcConfig"] = {"SubnetIds": [], "SecurityGroupIds": [], "VpcId": ""}
    pauses: list[float] = []
    assert len(unforetold(account.aws, pauses.append)["pending"]) == 2
    assert pauses == []


def test_a_group_that_is_held_after_all_is_pending(account: Account) -> None:
    clients = [orphan(account, name) for name in ("g", "h")]
    account.aws.fail["delete_group"] = [HeldError("delete", "DependencyViolation", "held")]
    account.aws.interfaces.append(interface("sg-elsewhere"))
    result = unforetold(account.aws)
    assert [group["security_group_id"] for group in result["deleted"]] == clients[1:]
    assert [pending["security_group_id"] for pending in result["pending"]] == clients[:1]
    assert clients[0] in result["diff"]["after"]["security_groups"]
    assert len(cleaned(account.aws)["deleted"]) == 1


def test_interfaces_that_hold_it_after_all_are_said(account: Account) -> None:
    client = orphan(account, "g")

    def attached(*_arguments: Any) -> None:
        account.aws.interfaces.append(interface(client))
        raise HeldError("delete", "DependencyViolation", "held")

    account.aws.delete_group = attached  # type: ignore[assignment,method-assign]
    (pending,) = unforetold(account.aws)["pending"]
    assert pending["network_interface_ids"] == ["eni-1"]
    assert "release_timeout" not in pending["frees"]


def test_after_a_conflict_it_looks_again(account: Account) -> None:
    before = account.aws.snapshot()
    orphan(account, "g")
    account.aws.fail["revoke"] = [ConflictError("revoke", "InvalidSecurityGroupRuleId.NotFound", "gone")] * 2
    pauses: list[float] = []
    result = unforetold(account.aws, pauses.append)
    assert pauses == [60, 0.5, 1]
    assert len(result["deleted"]) == 1
    assert account.aws.snapshot() == before


@pytest.mark.parametrize("write", ["revoke", "delete_group"])
def test_a_write_of_which_the_answer_was_lost_is_told_all_the_same(account: Account, write: str) -> None:
    """botocore repeats the call, and finds done what it asks for."""
    orphan(account, "g")
    orphan(account, "h")
    foretold = preview(Options(), account.aws, lambda _seconds: None)
    real = getattr(account.aws, write)

    def lost(*arguments: Any) -> None:
        setattr(account.aws, write, real)
        real(*arguments)
        raise ConflictError(write, "InvalidSecurityGroupRuleId.NotFound", "gone", answer_lost=True)

    setattr(account.aws, write, lost)
    result = unforetold(account.aws)
    assert {key: result[key] for key in SAME} == {key: foretold[key] for key in SAME}


def test_a_group_that_is_held_at_first_and_deleted_after_a_conflict_is_not_pending(account: Account) -> None:
    for name in ("g", "h"):
        orphan(account, name)
    conflict = ConflictError("delete", "InvalidPermission.NotFound", "gone")
    account.aws.fail["delete_group"] = [HeldError("delete", "DependencyViolation", "held"), conflict]
    result = unforetold(account.aws)
    assert (len(result["deleted"]), result["pending"]) == (2, [])


def test_a_conflict_that_does_not_end_is_given_up(account: Account) -> None:
    orphan(account, "g")
    account.aws.fail["revoke"] = [ConflictError("revoke", "InvalidSecurityGroupRuleId.NotFound", "gone")] * 99
    with pytest.raises(IncompleteError, match=r"Could not revoke: .* Nothing was changed\."):
        unforetold(account.aws)
    assert len(account.aws.fail["revoke"]) == 99 - 7


@pytest.mark.parametrize("write", ["revoke", "delete_group"])
def test_a_failure_says_what_was_written_and_the_next_run_completes_it(account: Account, write: str) -> None:
    before = account.aws.snapshot()
    orphan(account, "g")
    account.aws.fail[write] = [AwsError("do that", "UnauthorizedOperation", "no", "Allow it.")]
    with pytest.raises(IncompleteError) as caught:
        unforetold(account.aws)
    written = write == "delete_group"
    assert str(caught.value).startswith("Could not do that: UnauthorizedOperation: no Allow it.")
    assert ("revoke ingress on" in str(caught.value)) == written
    assert cleaned(account.aws)["changed"]
    assert account.aws.snapshot() == before
