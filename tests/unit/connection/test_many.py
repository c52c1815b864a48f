# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Many functions in one task: what is read and written, and functions that fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from math import ceil
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._changes.retry import BACKOFF
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._connection.run import preview, run
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import (
    AwsError,
    ConflictError,
    FunctionsFailedError,
    IncompleteError,
    RefusedError,
    UpdateFailedError,
)

from ..asking import absent, present, want
from .conftest import Account

ORDERS = {"db_instance_identifier": "orders"}
SHARED = {**ORDERS, "security_group_scope": "database"}
DENIED = AwsError("update", "AccessDeniedException", "no", "Ask for it.")


def add(account: Account, number: int, **settings: Any) -> list[str]:
    names = [f"api-{each:04}" for each in range(number)]
    for name in names:
        account.aws.add_function(name, **settings)
    return names


def reads(account: Account) -> list[str]:
    written = account.aws.written()
    return [call for call in account.aws.calls if call not in written]


def count_only_what_is_sent(account: Account) -> None:
    """Where a filter has no values, nothing is asked."""
    for name in ("describe_rules", "describe_subnets"):
        real = getattr(account.aws, name)

        def described(*arguments: Any, name: str = name, real: Any = real) -> Any:
            if not list(arguments[-1]):
                account.aws.calls.remove(name)
            return real(*arguments)

        setattr(account.aws, name, described)
    account.aws.calls.clear()


def quietly(account: Account, **given: Any) -> dict[str, Any]:
    return run(want(**given), account.aws, sleep=lambda _seconds: None)


class TestCalls:
    @pytest.mark.parametrize("number", [4, 50, 120])
    def test_a_shared_group_takes_few(self, account: Account, number: int) -> None:
        names = add(account, number)
        account.aws.update_status = "InProgress"
        count_only_what_is_sent(account)
        quietly(account, function_names=names, **SHARED)
        done = Counter(account.aws.calls)
        assert done["update_vpc_config"] == number
        assert len(account.aws.written()) <= number + 5
        # A page is a call, though the account in memory counts it once.
        more = ceil(number / 50) - 1
        assert len(reads(account)) + 2 * more <= 2 * ceil(number / 50) + number + 10
        account.aws.calls.clear()
        result = quietly(account, function_names=names, **SHARED)
        assert not result["changed"]
        assert account.aws.written() == []
        assert len(reads(account)) + more <= ceil(number / 50) + 5

    def test_a_group_each_takes_no_read_a_function(self, account: Account) -> None:
        names = add(account, 40)
        result = present(account.aws, function_names=names, **ORDERS)
        assert {connection["status"] for connection in result["connections"]} == {"connected"}
        account.aws.calls.clear()
        quietly(account, function_names=names, **ORDERS)
        assert len(account.aws.calls) <= 6

    def test_it_all_goes_back(self, account: Account) -> None:
        names = add(account, 30)
        before = account.aws.snapshot()
        for scope in (SHARED, ORDERS):
            present(account.aws, function_names=names, **scope)
            absent(account.aws, function_names=names, **scope)
            assert account.aws.snapshot() == before
        assert Counter(account.aws.calls)["list_versions"] == 0

    def test_a_few_among_very_many_are_asked_for_one_by_one(self, account: Account) -> None:
        account.aws.page = 1
        names = add(account, 100)[::20]
        present(account.aws, function_names=names, **SHARED)
        calls = Counter(account.aws.calls)
        assert calls["get_function"] >= 4

    def test_an_arn_of_another_account_is_not_taken_for_a_name_of_this_one(self, account: Account) -> None:
        names = add(account, 5)
        foreign = "arn:aws:lambda:eu-central-1:999999999999:function:api-0000"
        account.aws.get_function = lambda name: None  # type: ignore[method-assign]
        with pytest.raises(RefusedError, match="no such function"):
            quietly(account, function_names=[*names[1:], foreign], **SHARED)

    def test_one_that_is_not_there_is_named(self, account: Account) -> None:
        names = add(account, 5)
        with pytest.raises(RefusedError, match=r"function_name \(none\): no such function"):
            quietly(account, function_names=[*names, "none"], **SHARED)


class TestSelection:
    def test_by_prefix(self, account: Account) -> None:
        names = add(account, 60)
        result = present(account.aws, function_name_prefix="api-", **SHARED)
        assert [connection["function_name"] for connection in result["connections"]] == names
        assert account.attachment("f") == ([], [])
        assert "get_function" not in account.aws.calls

    def test_by_tags_and_by_both(self, account: Account) -> None:
        names = add(account, 6)
        for name in names[::2]:
            account.aws.functions[name]["Tags"] = {"team": "shop", "stage": "prod"}
        account.aws.functions["f"]["Tags"] = {"team": "shop"}
        chosen = present(account.aws, function_tags={"team": "shop"}, **SHARED)
        assert {one["function_name"] for one in chosen["connections"]} == {*names[::2], "f"}
        both = present(account.aws, function_tags={"team": "shop"}, function_name_prefix="api", **SHARED)
        assert [one["function_name"] for one in both["connections"]] == names[::2]

    def test_an_endpoint_that_ignores_the_tags_chooses_nothing_else(self, account: Account) -> None:
        account.aws.functions["f"]["Tags"] = {"team": "shop"}
        add(account, 3)
        everything = {one["FunctionArn"]: one.get("Tags", {}) for one in account.aws.functions.values()}
        account.aws.tagged_functions = lambda tags: everything  # type: ignore[method-assign]
        chosen = present(account.aws, function_tags={"team": "shop"}, **SHARED)
        assert [one["function_name"] for one in chosen["connections"]] == ["f"]

    def test_one_that_is_listed_though_it_is_deleted_is_not_missed(self, account: Account) -> None:
        chosen = {"function_tags": {"team": "shop"}, **ORDERS}
        account.aws.functions["f"]["Tags"] = {"team": "shop"}
        before = account.aws.snapshot()
        tagged = {account.aws.functions["f"]["FunctionArn"]: {"team": "shop"}}
        tagged |= {arn.replace(":f", ":gone"): tags for arn, tags in tagged.items()}
        account.aws.tagged_functions = lambda tags: tagged  # type: ignore[method-assign]
        assert [one["function_name"] for one in present(account.aws, **chosen)["connections"]] == ["f"]
        absent(account.aws, **chosen)
        assert account.aws.snapshot() == before
        del account.aws.functions["f"]
        with pytest.raises(RefusedError, match="no function of this account and Region is chosen by that"):
            quietly(account, **chosen)

    @pytest.mark.parametrize("chosen", [{"function_name_prefix": "none"}, {"function_tags": {"team": "none", "x": 1}}])
    def test_nothing_is_refused_and_absent_warns(self, account: Account, chosen: dict[str, Any]) -> None:
        with pytest.raises(RefusedError, match="no function of this account and Region is chosen by that"):
            quietly(account, **chosen, **SHARED)
        present(account.aws, function_name="f", **SHARED)
        connected = account.aws.snapshot()
        result = absent(account.aws, **chosen, **SHARED)
        assert account.aws.snapshot() == connected
        assert [finding["code"] for finding in result["findings"]] == ["none_chosen"]

    def test_what_a_deleted_function_left_goes_with_the_others(self, account: Account) -> None:
        names = add(account, 5)
        present(account.aws, function_name_prefix="api-", **ORDERS)
        for name in names[:2]:
            del account.aws.functions[name]
        result = absent(account.aws, function_name_prefix="api-", **ORDERS)
        assert [connection["function_name"] for connection in result["connections"]] == [*names[2:], *names[:2]]
        assert not [group for group in account.aws.groups.values() if group["GroupName"].startswith("api-")]

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"function_name_prefix": ""}, "function_name_prefix (empty): is not what the name"),
            ({"function_name_prefix": "api-*"}, "function_name_prefix (api-*): is not what the name"),
            ({"function_tags": {}}, "function_tags (0): is not a number of tags"),
            ({"function_tags": {str(key): "x" for key in range(51)}}, "function_tags (51): is not a number of tags"),
            ({"function_tags": {"": "x"}}, "function_tags (=x): no tag is like that: its key has 1 to 128 characters"),
            ({"function_tags": {"k" * 129: 1}}, "no tag is like that"),
            ({"function_tags": {"k": "v" * 257}}, "its value at most 256"),
            ({"function_name": "f", "function_tags": {"a": "b"}}, "(together): exactly one way to name the functions"),
            ({"function_tags": {"a": "b"}, "security_group_name": "x"}, "security_group_name (x): is one name, but"),
        ],
    )
    def test_what_makes_no_sense(self, given: dict[str, Any], message: str) -> None:
        with pytest.raises(RefusedError) as refused:
            want(**ORDERS, **given)
        assert message in str(refused.value)


class TestFailures:
    """Of a hundred functions, three cannot be updated."""

    @pytest.fixture
    def names(self, account: Account) -> list[str]:
        return add(account, 100)

    @pytest.fixture
    def bad(self, names: list[str]) -> list[str]:
        return names[10::30]

    def break_them(self, account: Account, bad: list[str], error: Exception) -> Callable[[], None]:
        """What mends them."""
        real = account.aws.update_vpc_config

        def update(name: str, *more: Any) -> Any:
            if name.rpartition(":")[2] in bad:
                raise error
            return real(name, *more)

        account.aws.update_vpc_config = update  # type: ignore[assignment,method-assign]
        return lambda: setattr(account.aws, "update_vpc_config", real)

    @pytest.mark.parametrize("scope", ["function", "database"])
    def test_the_others_are_connected_and_a_rerun_does_the_rest(
        self, account: Account, names: list[str], bad: list[str], scope: str
    ) -> None:
        account.aws.quota = 200
        task = {"function_names": names, **ORDERS, "security_group_scope": scope}
        mend = self.break_them(account, bad, DENIED)
        with pytest.raises(FunctionsFailedError) as failed:
            quietly(account, **task)
        message, result = str(failed.value), failed.value.result
        assert message.startswith("3 of 100 functions failed. api-0010, api-0040, api-0070: Could not update:")
        assert " The others are done. Written before: " in message
        assert message.endswith(" more. Running the task again completes it.")
        statuses = {one["function_name"]: one["status"] for one in result["connections"]}
        assert list(statuses) == names
        assert [name for name, status in statuses.items() if status != "connected"] == bad
        assert [failure["function_name"] for failure in result["failures"]] == bad
        assert result["changed"]
        mend()
        account.aws.calls.clear()
        assert quietly(account, **task)["changed"]
        assert account.aws.written() == ["update_vpc_config"] * 3
        assert not quietly(account, **task)["changed"]

    @pytest.mark.parametrize("scope", ["function", "database"])
    def test_what_could_not_be_taken_off_stays_connected(
        self, account: Account, names: list[str], bad: list[str], scope: str
    ) -> None:
        account.aws.quota = 200
        before = account.aws.snapshot()
        task = {"function_names": names, **ORDERS, "security_group_scope": scope}
        quietly(account, **task)
        mend = self.break_them(account, bad, DENIED)
        with pytest.raises(FunctionsFailedError, match="3 of 100 functions failed"):
            quietly(account, state="absent", **task)
        assert [name for name in names if account.attachment(name)[1]] == bad
        if scope == "database":
            client = account.group_named("orders-lambda-clients")
            assert f"tcp/5432 {client}" in account.lines(account.db[0], "ingress")
        mend()
        quietly(account, state="absent", **task)
        assert account.aws.snapshot() == before

    def test_an_update_that_aws_gives_up_fails_for_its_function_alone(
        self, account: Account, names: list[str], bad: list[str]
    ) -> None:
        account.aws.update_status = "InProgress"
        real = account.aws.is_updated

        def is_updated(name: str) -> bool:
            if name.rpartition(":")[2] in bad:
                raise UpdateFailedError(name, f"update function {name}", "EniLimitExceeded", "full")
            return real(name)

        account.aws.is_updated = is_updated  # type: ignore[method-assign]
        with pytest.raises(FunctionsFailedError, match="EniLimitExceeded: full") as failed:
            quietly(account, function_names=names, **SHARED)
        changed = {change.get("function_name") for change in failed.value.result["changes"]}
        assert changed.isdisjoint(bad)

    def test_one_that_others_keep_changing_is_given_up_too(
        self, account: Account, names: list[str], bad: list[str]
    ) -> None:
        self.break_them(account, bad, ConflictError("update", "ResourceConflictException", "busy"))
        account.aws.calls.clear()
        with pytest.raises(FunctionsFailedError, match="ResourceConflictException"):
            quietly(account, function_names=names, **SHARED)
        tried = Counter(account.aws.calls)["update_vpc_config"]
        assert tried == len(names) - len(bad) + len(bad) * (len(BACKOFF) + 1)

    def test_one_that_is_being_deployed_is_waited_for(self, account: Account, names: list[str]) -> None:
        busy = names[5]
        account.aws.functions[busy]["LastUpdateStatus"] = "InProgress"
        real = account.aws.update_vpc_config

        def update(name: str, *more: Any) -> Any:
            if account.aws.functions[name.rpartition(":")[2]]["LastUpdateStatus"] == "InProgress":
                raise ConflictError("update", "ResourceConflictException", "busy")
            return real(name, *more)

        account.aws.update_vpc_config = update  # type: ignore[assignment,method-assign]
        assert {one["status"] for one in quietly(account, function_names=names, **SHARED)["connections"]} == {
            "connected"
        }
        assert Counter(account.aws.calls)["wait_until_updated"] == 1

    @pytest.mark.parametrize("call", ["create_group", "authorize", "revoke"])
    def test_what_was_not_written_because_others_came_first_is_written_then(
        self, account: Account, names: list[str], call: str
    ) -> None:
        account.aws.fail[call] = [ConflictError(call, "InvalidGroup.Duplicate", "others came first")]
        quietly(account, function_names=names, **SHARED)
        client = account.group_named("orders-lambda-clients")
        assert {tuple(account.attachment(name)[1]) for name in names} == {(client,)}
        assert not quietly(account, function_names=names, **SHARED)["changed"]

    def test_if_all_fail_nobody_is_said_to_be_done(self, account: Account, names: list[str]) -> None:
        self.break_them(account, names, DENIED)
        with pytest.raises(FunctionsFailedError) as failed:
            quietly(account, function_names=names, **SHARED)
        assert str(failed.value).startswith("100 of 100 functions failed.")
        assert "others" not in str(failed.value)

    def test_what_stops_the_whole_task_says_what_was_written(self, account: Account, names: list[str]) -> None:
        account.aws.fail["authorize"] = [AwsError("authorize", "UnauthorizedOperation", "no")]
        with pytest.raises(IncompleteError, match="Written before: create security group"):
            quietly(account, function_names=names, **SHARED)


class TestQuotas:
    def test_too_many_rules_propose_the_shared_group(self, account: Account) -> None:
        names = add(account, 70)
        with pytest.raises(RefusedError, match="Set security_group_scope to database"):
            quietly(account, function_names=names, **ORDERS)
        assert account.aws.written() == []
        assert quietly(account, function_names=names, **SHARED)["changed"]

    def test_too_many_interfaces_do(self, account: Account) -> None:
        account.aws.quota, account.aws.interface_quota = 1000, 100
        there = [{"InterfaceType": "interface"}]
        account.aws.describe_lambda_interfaces = lambda vpc_ids: there  # type: ignore[method-assign]
        names = add(account, 60)
        with pytest.raises(RefusedError, match=r"takes 120 network interfaces .* 0 of the 100") as refused:
            quietly(account, function_names=names, **ORDERS)
        assert "Set security_group_scope to database" in str(refused.value)
        assert account.aws.written() == []
        account.aws.interface_quota = None
        there += [{"InterfaceType": "lambda"}] * 381
        with pytest.raises(RefusedError, match=r"there are 381 of the 500 that a VPC may have \(AWS's default"):
            preview(want(function_names=names, **ORDERS), account.aws)
        there.pop()
        assert quietly(account, function_names=names, **ORDERS)["changed"]
        account.aws.calls.clear()
        assert not quietly(account, function_names=names, **ORDERS)["changed"]
        assert "interfaces_quota" not in account.aws.calls

    def test_where_nothing_is_missing_no_quota_is_asked_for(self, account: Account) -> None:
        names = add(account, 55)
        quietly(account, function_names=names, **ORDERS)
        assert "rules_quota" not in account.aws.calls
        names += [f"more-{name}" for name in names[:6]]
        for name in names[55:]:
            account.aws.add_function(name)
        with pytest.raises(RefusedError, match="would have 62 ingress rules"):
            quietly(account, function_names=names, **ORDERS)
        assert "rules_quota" in account.aws.calls
