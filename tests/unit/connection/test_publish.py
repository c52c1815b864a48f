# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Published versions and aliases: reported always, published and moved when asked for only."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import ConflictError, RefusedError

from ..asking import absent, present, texts
from .conftest import Account

ORDERS = {"db_instance_identifier": "orders"}
LIVE = {"function_name": "f", "publish": True, "alias": "live", **ORDERS}


def codes(result: dict[str, Any]) -> list[str]:
    return [finding["code"] for finding in result["findings"]]


@pytest.fixture
def released(account: Account) -> Account:
    """The function has two versions, and an alias of the newer one."""
    account.aws.add_version("f", 9)
    account.aws.add_version("f", 10)
    account.aws.add_alias("f", "live", "10")
    return account


def version_of(account: Account, alias: str) -> str:
    return next(str(one["FunctionVersion"]) for one in account.aws.aliases if one["Name"] == alias)


def worn_by(account: Account, version: str) -> list[str]:
    found = next(one for one in account.aws.versions if one["Version"] == version)
    return list(found["VpcConfig"]["SecurityGroupIds"])


def test_an_alias_of_a_version_without_the_connection_is_reported(released: Account) -> None:
    released.aws.add_alias("f", "newest", "$LATEST")
    result = present(released.aws, function_name="f", **ORDERS)
    assert codes(result) == ["internet_lost", "alias_not_connected"]
    finding = result["findings"][1]
    assert (finding["resource"], finding["severity"]) == ("f:live", "risk")
    assert "version 10," in finding["message"]
    assert "publish=true and alias=live" in finding["remedy"]
    assert "publish_version" not in released.aws.calls


def test_versions_are_read_only_when_a_function_is_attached(released: Account) -> None:
    present(released.aws, function_name="f", **ORDERS)
    present(released.aws, function_name="f", **ORDERS)
    assert not {"list_versions", "list_aliases"} & set(released.aws.calls)


def test_aliases_are_not_read_without_a_version(account: Account) -> None:
    present(account.aws, function_name="f", **ORDERS)
    assert "list_versions" in account.aws.calls
    assert "list_aliases" not in account.aws.calls


def test_a_version_that_gets_a_share_of_an_alias_is_reported(account: Account) -> None:
    account.aws.add_version("f", 1)
    account.aws.add_alias("f", "canary", "$LATEST", v1=0.1)
    result = present(account.aws, function_name="f", **ORDERS)
    assert "version 1," in result["findings"][1]["message"]


def test_publish_makes_a_version_with_the_connection_once(released: Account) -> None:
    result = present(released.aws, function_name="f", publish=True, **ORDERS)
    assert texts(result)[-1] == "publish a version of function f"
    assert result["connections"][0]["published_version"] == "11"
    assert worn_by(released, "11") == [released.group_named("f-lambda-sg")]
    assert version_of(released, "live") == "10"
    assert not present(released.aws, function_name="f", publish=True, **ORDERS)["changed"]


def test_the_first_version_of_a_function(account: Account) -> None:
    assert present(account.aws, function_name="f", publish=True, **ORDERS)["connections"][0]["published_version"] == "1"


def test_the_alias_is_moved_after_the_version_is_there(released: Account) -> None:
    result = present(released.aws, **LIVE)
    assert texts(result)[-2:] == [
        "publish a version of function f",
        "move alias live of function f to (new version of f)",
    ]
    assert codes(result) == ["internet_lost"]
    assert version_of(released, "live") == "11"
    calls = released.aws.calls
    order = ["wait_until_version_active", "move_alias"]
    assert sorted(order, key=calls.index) == order
    again = present(released.aws, **LIVE)
    assert (again["changed"], codes(again)) == (False, [])


def test_an_alias_of_a_connected_version_stays_though_a_newer_one_is_not_connected(released: Account) -> None:
    present(released.aws, **LIVE)
    released.aws.add_version("f", 12, VpcConfig={"SubnetIds": [], "SecurityGroupIds": []})
    assert not present(released.aws, **LIVE)["changed"]


def test_an_alias_is_moved_to_a_connected_version_that_is_there(released: Account) -> None:
    present(released.aws, function_name="f", publish=True, **ORDERS)
    assert texts(present(released.aws, **LIVE)) == ["move alias live of function f to 11"]


def test_an_alias_of_latest_needs_no_version(account: Account) -> None:
    account.aws.add_version("f", 1)
    account.aws.add_alias("f", "live", "$LATEST")
    assert "publish a version of function f" not in texts(present(account.aws, **LIVE))


def test_other_code_for_the_callers_of_an_alias_is_reported(released: Account) -> None:
    released.aws.functions["f"]["CodeSha256"] = "deployed since"
    result = present(released.aws, **LIVE)
    assert codes(result) == ["internet_lost", "alias_gets_other_code"]
    assert "version 10" in result["findings"][1]["message"]


def test_code_that_is_deployed_meanwhile_is_looked_at_first(released: Account) -> None:
    released.aws.fail["publish_version"] = [ConflictError("publish", "InvalidParameterValueException", "CodeSHA256")]
    assert present(released.aws, **LIVE)["changed"]
    assert version_of(released, "live") == "11"


@pytest.mark.parametrize("run", [present, absent])
def test_an_alias_that_is_not_there_is_refused(account: Account, run: Any) -> None:
    with pytest.raises(RefusedError, match=r"alias \(live\): the function f has no alias of that name. Create it"):
        run(account.aws, **LIVE)


def test_taking_it_back_moves_the_alias_to_a_version_without_the_connection(released: Account) -> None:
    present(released.aws, **LIVE)
    client = released.group_named("f-lambda-sg")
    result = absent(released.aws, **LIVE)
    assert version_of(released, "live") == "12"
    assert worn_by(released, "12") == []
    (pending,) = result["pending"]
    assert (pending["security_group_id"], pending["function_versions"], pending["aliases"]) == (client, ["f:11"], [])
    assert not absent(released.aws, **LIVE)["changed"]


def test_taking_it_back_names_the_aliases_of_versions_that_keep_the_group(released: Account) -> None:
    present(released.aws, **LIVE)
    (pending,) = absent(released.aws, function_name="f", **ORDERS)["pending"]
    assert pending["aliases"] == ["f:live"]
    assert "f:11 (alias live)" in pending["frees"]


def test_taking_back_what_is_not_there_publishes_nothing(account: Account) -> None:
    assert not absent(account.aws, function_name="f", publish=True, **ORDERS)["changed"]
    assert not absent(account.aws, function_name="gone", publish=True, **ORDERS)["changed"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"alias": "live"}, "alias (live): an alias can only be moved to a published version."),
        ({"alias": "7", "publish": True}, "alias (7): is not an alias's name"),
        ({"alias": "", "publish": True}, "alias (empty): is not an alias's name"),
        ({"publish": True, "wait": False}, "publish (true): Lambda publishes no version while"),
    ],
)
def test_options_that_cannot_be_are_refused(account: Account, options: dict[str, Any], message: str) -> None:
    with pytest.raises(RefusedError) as refused:
        present(account.aws, function_name="f", **options, **ORDERS)
    assert message in str(refused.value)
