# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A write took effect and its answer was lost: the run completes, and says that it was made."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._changes.changes import DeleteGroup
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._connection.run import run
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import (
    AwsError,
    ConflictError,
    IncompleteError,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.security_groups import Group
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.state import State

from ..asking import present, texts, want
from .conftest import Account

LIVE = {"function_name": "f", "publish": True, "alias": "live", "db_instance_identifier": "orders"}
WRITES = ["create_group", "authorize", "revoke", "update_vpc_config", "publish_version", "move_alias"]


def repeated() -> ConflictError:
    """What the repetition of a call that took effect ends in."""
    return ConflictError("do it again", "InvalidPermission.Duplicate", "it is there", answer_lost=True)


def again(account: Account, **options: Any) -> dict[str, Any]:
    return run(want(**options), account.aws, sleep=lambda _seconds: None)


@pytest.fixture
def released(account: Account) -> Account:
    account.aws.add_version("f")
    account.aws.add_alias("f", "live", "1")
    return account


def undisturbed() -> tuple[dict[str, Any], dict[str, Any]]:
    """What connecting and taking back say in an account where all goes well."""
    account = Account()
    account.aws.add_version("f")
    account.aws.add_alias("f", "live", "1")
    return again(account, **LIVE), again(account, state="absent", **LIVE)


@pytest.mark.parametrize("write", WRITES)
def test_a_lost_write_of_present_counts(released: Account, write: str) -> None:
    released.aws.lose[write] = [repeated()]
    done, expected = again(released, **LIVE), undisturbed()[0]
    assert released.aws.lose[write] == []
    assert sorted(texts(done)) == sorted(texts(expected))
    assert done["diff"] == expected["diff"]
    assert not again(released, **LIVE)["changed"]


@pytest.mark.parametrize("write", ["revoke", "update_vpc_config", "publish_version", "move_alias"])
def test_a_lost_write_of_absent_counts(released: Account, write: str) -> None:
    again(released, **LIVE)
    released.aws.lose[write] = [repeated()]
    done, expected = again(released, state="absent", **LIVE), undisturbed()[1]
    assert released.aws.lose[write] == []
    assert sorted(texts(done)) == sorted(texts(expected))


@pytest.mark.parametrize("write", ["set_tags", "remove_tags"])
def test_lost_tags_count(account: Account, write: str) -> None:
    options = {"function_name": "f", "db_instance_identifier": "orders"}
    again(account, tags={"Team": "a"}, **options)
    account.aws.lose[write] = [repeated()]
    changed = again(account, tags={"Owner": "b"}, **options)
    assert sorted(change["action"] for change in changed["changes"]) == ["create_tags", "delete_tags"]


def test_the_only_write_being_lost_is_a_change(account: Account) -> None:
    present(account.aws, function_name="f", db_instance_identifier="orders")
    (rule,) = [key for key, rule in account.aws.rules.items() if rule["GroupId"] == account.db[0] and rule["Tags"]]
    del account.aws.rules[rule]
    account.aws.lose["authorize"] = [repeated()]
    assert again(account, function_name="f", db_instance_identifier="orders")["changed"]


def test_what_somebody_else_wrote_at_the_same_time_is_not_our_change(account: Account) -> None:
    present(account.aws, function_name="f", db_instance_identifier="orders")
    (rule,) = [key for key, rule in account.aws.rules.items() if rule["GroupId"] == account.db[0] and rule["Tags"]]
    del account.aws.rules[rule]
    account.aws.lose["authorize"] = [ConflictError("do it", "InvalidPermission.Duplicate", "another run was first")]
    assert not again(account, function_name="f", db_instance_identifier="orders")["changed"]


def test_a_lost_write_that_did_not_take_effect_is_made_once(account: Account) -> None:
    account.aws.fail["authorize"] = [repeated()]
    done = again(account, function_name="f", db_instance_identifier="orders")
    assert len(texts(done)) == len(set(texts(done)))
    assert not again(account, function_name="f", db_instance_identifier="orders")["changed"]


def test_a_failure_names_what_may_have_been_written(account: Account) -> None:
    account.aws.lose["authorize"] = [AwsError("authorize egress", "ReadTimeoutError", "no answer", answer_lost=True)]
    with pytest.raises(IncompleteError) as stopped:
        again(account, function_name="f", db_instance_identifier="orders")
    message = str(stopped.value)
    assert "Written before: create security group f-lambda-sg" in message
    assert "Perhaps written, the answer was lost: authorize egress on (new: f-lambda-sg): tcp/5432 to" in message
    assert message.endswith("Running the task again completes it.")


def test_a_deleted_group_is_gone() -> None:
    group = Group("sg-1", "client", "vpc-1")
    assert DeleteGroup(group).is_in_effect(State())
    assert not DeleteGroup(group).is_in_effect(State(groups={"sg-1": group}))
