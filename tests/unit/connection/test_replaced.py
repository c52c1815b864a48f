# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Functions that leave a client group of ours for another: when the old one may go."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._connection.run import run

from ..asking import present, want
from .conftest import Account

ORDERS = {"db_instance_identifier": "orders"}
ONE_EACH = {**ORDERS, "security_group_scope": "function"}
SHARED = {**ORDERS, "security_group_scope": "database"}
SHARED_NAME = "orders-lambda-clients"


def add(account: Account, number: int) -> list[str]:
    names = [f"api-{each}" for each in range(number)]
    for name in names:
        account.aws.add_function(name)
    return names


def group_names(account: Account) -> set[str]:
    return {group["GroupName"] for group in account.aws.groups.values()}


# Few functions are asked for one by one, many are listed.
@pytest.mark.parametrize("number", [2, 6])
@pytest.mark.parametrize(("one", "other"), [(ONE_EACH, SHARED), (SHARED, ONE_EACH)], ids=["joining", "leaving"])
class TestUpdatesThatNobodyWaitsFor:
    """Until they have ended, what was there before may serve."""

    def test_the_old_groups_stay_with_their_rules(
        self, account: Account, number: int, one: dict[str, Any], other: dict[str, Any]
    ) -> None:
        aws, names = account.aws, add(account, number)
        present(aws, function_names=names, **one)
        ingress, old = account.lines(account.db[0], "ingress"), group_names(account)
        aws.update_status = "InProgress"
        for changed in (True, False):
            done = run(want(function_names=names, wait=False, **other), aws, sleep=lambda _seconds: None)
            assert done["changed"] is changed
            assert set(ingress) < set(account.lines(account.db[0], "ingress"))
            held = {item["security_group_name"]: item["frees"] for item in done["pending"]}
            assert held.keys() == old - {"db-a", "db-b"}
            assert all(frees.startswith("The update of api-") for frees in held.values())
        for name in names:
            aws.functions[name]["LastUpdateStatus"] = "Successful"
        assert present(aws, function_names=names, wait=False, **other)["pending"] == []
        assert group_names(account) & old == {"db-a", "db-b"}

    def test_who_waits_waits_for_those_of_a_run_that_did_not(
        self, account: Account, number: int, one: dict[str, Any], other: dict[str, Any]
    ) -> None:
        aws, names = account.aws, add(account, number)
        present(aws, function_names=names, **one)
        aws.update_status = "InProgress"
        run(want(function_names=names, wait=False, **other), aws, sleep=lambda _seconds: None)
        aws.calls.clear()
        run(want(function_names=names, **other), aws, sleep=lambda _seconds: None)
        assert aws.calls.count("wait_until_updated") == number
        assert "wait_until_updated" not in aws.calls[aws.calls.index("revoke") :]


class TestSharedGroups:
    @pytest.fixture
    def names(self, account: Account) -> list[str]:
        names = add(account, 5)
        present(account.aws, function_names=names, **SHARED)
        return names

    def stop_before_revoking(self, account: Account, names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
        """All have moved to a group of their own, and the run ends before anything is taken back."""
        real = account.aws.revoke

        def revoke(direction: str, *more: Any) -> None:
            if direction == "ingress":
                raise KeyboardInterrupt
            real(direction, *more)

        with monkeypatch.context() as patch:
            patch.setattr(account.aws, "revoke", revoke, raising=False)
            with pytest.raises(KeyboardInterrupt):
                run(want(function_names=names, **ONE_EACH), account.aws, sleep=lambda _seconds: None)
        assert SHARED_NAME in group_names(account)

    def test_one_that_a_run_left_behind_goes(
        self, account: Account, names: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.stop_before_revoking(account, names, monkeypatch)
        assert present(account.aws, function_names=names, **ONE_EACH)["changed"]
        assert SHARED_NAME not in group_names(account)
        assert not present(account.aws, function_names=names, **ONE_EACH)["changed"]

    def test_not_while_another_function_wears_it(self, account: Account, names: list[str]) -> None:
        present(account.aws, function_name="f", **SHARED)
        present(account.aws, function_names=names, **ONE_EACH)
        client = account.group_named(SHARED_NAME)
        assert f"tcp/5432 {client}" in account.lines(account.db[0], "ingress")
        account.aws.calls.clear()
        assert not present(account.aws, function_names=names, **ONE_EACH)["changed"]
        assert "get_function" not in account.aws.calls
