# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Login by IAM: one inline policy for an execution role and a database, and nobody else's touched."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._connection.function_changes import (
    DeleteLoginPolicy,
    PutLoginPolicy,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import AwsError, RefusedError
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.login_policies import (
    LoginPolicy,
    document_of,
    policy_from,
    policy_name,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.names import DatabaseName
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.state import State

from ..asking import absent, present, texts
from ..fake_aws import OWNER
from .conftest import Account

ORDERS = {"db_instance_identifier": "orders"}
NAME = "cloudops-lambda-rds-eu-central-1-instance-orders"
ARN = f"arn:aws:rds-db:eu-central-1:{OWNER}:dbuser:db-ORDERS"


def role_of(account: Account, function: str, role: str) -> None:
    if function not in account.aws.functions:
        account.aws.add_function(function)
    account.aws.functions[function]["Role"] = f"arn:aws:iam::{OWNER}:role/service-role/{role}"


def allows(*users: str, arn: str = ARN) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": "rds-db:connect", "Resource": [f"{arn}/{user}" for user in users]}
    return {"Version": "2012-10-17", "Statement": [statement]}


@pytest.fixture
def shop(account: Account) -> Account:
    """Functions f and g share the role ``app``, h has one of its own."""
    account.aws.instances["orders"]["DbiResourceId"] = "db-ORDERS"
    for function, role in (("f", "app"), ("g", "app"), ("h", "job")):
        role_of(account, function, role)
    return account


def codes(result: dict[str, Any]) -> list[str]:
    return [finding["code"] for finding in result["findings"] if finding["code"].startswith("login")]


def test_one_policy_a_role_however_many_functions_have_it(shop: Account) -> None:
    result = present(shop.aws, function_names=["f", "g", "h"], db_users=["report", "api", "api"], **ORDERS)
    assert [text for text in texts(result) if "policy" in text] == [
        f"put inline policy {NAME} on role app: log in as api, report",
        f"put inline policy {NAME} on role job: log in as api, report",
    ]
    assert shop.aws.role_policies == {("app", NAME): allows("api", "report"), ("job", NAME): allows("api", "report")}
    assert result["diff"]["after"]["login_policies"]["app"] == {NAME: ["api", "report"]}
    assert "login_policies" not in result["diff"]["before"]
    assert not present(shop.aws, function_names=["f", "g", "h"], db_users=["api", "report"], **ORDERS)["changed"]


def test_a_thousand_functions_of_a_role_fill_it_no_more_than_one(shop: Account) -> None:
    names = [f"n{number}" for number in range(60)]
    for name in names:
        role_of(shop, name, "app")
    wanted = {"function_names": names, "security_group_scope": "database", "db_users": ["api"], **ORDERS}
    present(shop.aws, **wanted)
    assert list(shop.aws.role_policies) == [("app", NAME)]
    assert shop.aws.calls.count("get_role_policy") <= 4


def test_a_function_is_attached_before_its_role_may_log_in(shop: Account) -> None:
    present(shop.aws, function_name="f", db_users=["api"], **ORDERS)
    assert shop.aws.calls.index("update_vpc_config") < shop.aws.calls.index("put_role_policy")


def test_other_users_replace_those_of_before(shop: Account) -> None:
    present(shop.aws, function_name="f", db_users=["api"], **ORDERS)
    result = present(shop.aws, function_name="f", db_users=["report"], **ORDERS)
    assert texts(result) == [f"put inline policy {NAME} on role app: log in as report"]
    assert shop.aws.role_policies["app", NAME] == allows("report")


def test_a_database_that_was_made_anew_has_another_id(shop: Account) -> None:
    present(shop.aws, function_name="f", db_users=["api"], **ORDERS)
    shop.aws.instances["orders"]["DbiResourceId"] = "db-NEW"
    assert present(shop.aws, function_name="f", db_users=["api"], **ORDERS)["changed"]
    assert shop.aws.role_policies["app", NAME] == allows("api", arn=ARN.replace("db-ORDERS", "db-NEW"))


@pytest.mark.parametrize("wanted", [{"db_users": None}, {}])
def test_without_users_nothing_of_iam_is_read(shop: Account, wanted: dict[str, Any]) -> None:
    present(shop.aws, function_name="f", db_users=["api"], **ORDERS)
    for run in (present, absent):
        assert "policy" not in " ".join(texts(run(shop.aws, function_name="f", **wanted, **ORDERS)))
        assert not {"get_role_policy", "list_roles_with_policy"} & set(shop.aws.calls)


@pytest.mark.parametrize("way", ["off", "no users"])
def test_it_is_taken_back(shop: Account, way: str) -> None:
    present(shop.aws, function_name="h", db_users=["api"], **ORDERS)
    if way == "off":
        result = absent(shop.aws, function_name="h", db_users=["api"], **ORDERS)
    else:
        result = present(shop.aws, function_name="h", db_users=[], **ORDERS)
    assert f"delete inline policy {NAME} from role job" in texts(result)
    assert shop.aws.role_policies == {}
    again = absent if way == "off" else present
    assert not again(shop.aws, function_name="h", db_users=[], **ORDERS)["changed"]


@pytest.mark.parametrize("gone", ["function", "database", "both", "role of before"])
def test_it_is_found_though_what_it_was_for_is_gone(shop: Account, gone: str) -> None:
    present(shop.aws, function_name="h", db_users=["api"], **ORDERS)
    if gone in ("function", "both"):
        del shop.aws.functions["h"]
    if gone in ("database", "both"):
        shop.aws.instances.clear()
    if gone == "role of before":
        role_of(shop, "h", "another")
    absent(shop.aws, function_name="h", db_users=["api"], **ORDERS)
    assert shop.aws.role_policies == {}


@pytest.mark.parametrize("scope", ["function", "database", "given"])
def test_a_role_keeps_it_while_another_function_of_it_is_connected(shop: Account, scope: str) -> None:
    client = {"security_group_id": shop.aws.add_group(shop.vpc, "mine")} if scope == "given" else {}
    scoped = client or {"security_group_scope": scope}
    present(shop.aws, function_names=["f", "g"], db_users=["api"], **scoped, **ORDERS)
    result = absent(shop.aws, function_name="f", db_users=["api"], **scoped, **ORDERS)
    assert shop.aws.role_policies == {("app", NAME): allows("api")}
    assert codes(result) == ["login_policy_kept"]
    assert result["findings"][-1]["message"].endswith("stay connected: g.")
    result = absent(shop.aws, function_name="g", db_users=["api"], **scoped, **ORDERS)
    assert (shop.aws.role_policies, codes(result)) == ({}, [])


def test_more_than_one_function_that_keeps_it_is_counted(shop: Account) -> None:
    role_of(shop, "h", "app")
    present(shop.aws, function_names=["f", "g", "h"], db_users=["api"], **ORDERS)
    result = absent(shop.aws, function_name="f", db_users=["api"], **ORDERS)
    assert result["findings"][-1]["message"].endswith("stay connected: g, h.")


def test_another_database_and_another_region_have_policies_of_their_own(shop: Account) -> None:
    shop.aws.add_instance("stock", shop.vpc, shop.subnets, shop.db)
    shop.aws.instances["stock"]["DbiResourceId"] = "db-STOCK"
    elsewhere = ("app", NAME.replace("central", "west"))
    shop.aws.role_policies[elsewhere] = allows("api", arn=ARN.replace("central", "west"))
    present(shop.aws, function_name="f", db_users=["api"], **ORDERS)
    present(shop.aws, function_name="f", db_users=["api"], db_instance_identifier="stock")
    assert len(shop.aws.role_policies) == 3
    absent(shop.aws, function_name="f", db_users=["api"], **ORDERS)
    assert {name for _role, name in shop.aws.role_policies} == {NAME.replace("orders", "stock"), elsewhere[1]}


NOT_OURS = [
    allows(),
    {**allows("api"), "Id": "mine"},
    {"Version": "2012-10-17", "Statement": allows("api")["Statement"] * 2},
    {"Version": "2012-10-17", "Statement": allows("api")["Statement"][0]},
    {"Version": "2012-10-17", "Statement": ["?"]},
    {"Version": "2012-10-17", "Statement": [{**allows("api")["Statement"][0], "Resource": "*"}]},
    {"Version": "2012-10-17", "Statement": [{**allows("api")["Statement"][0], "Resource": ["arn:aws:s3:::b/api"]}]},
    allows("api", "../other/x"),
    {},
]


@pytest.mark.parametrize("document", NOT_OURS)
def test_a_policy_that_is_not_as_we_write_it_is_left_alone(shop: Account, document: dict[str, Any]) -> None:
    shop.aws.role_policies["app", NAME] = document
    with pytest.raises(RefusedError, match=r"db_users \(api\): the role app has an inline policy .* Rename or delete"):
        present(shop.aws, function_name="f", db_users=["api"], **ORDERS)
    for users in (["api"], []):
        result = absent(shop.aws, function_name="f", db_users=users, **ORDERS)
        assert codes(result) == ["login_policy_not_ours"]
    assert shop.aws.role_policies == {("app", NAME): document}


def test_without_the_permission_to_search_the_roles_of_the_functions_are_looked_at(shop: Account) -> None:
    present(shop.aws, function_names=["f", "h"], db_users=["api"], **ORDERS)
    del shop.aws.functions["h"]
    denied = AwsError("list roles", "AccessDenied", "no")
    shop.aws.fail["list_roles_with_policy"] = [denied] * 2
    result = absent(shop.aws, function_names=["f", "h"], db_users=["api"], **ORDERS)
    assert list(shop.aws.role_policies) == [("job", NAME)]
    assert codes(result) == ["login_roles_not_searched"]
    assert "No longer in Lambda: h." in result["findings"][-1]["message"]
    del shop.aws.functions["f"]
    shop.aws.fail["list_roles_with_policy"] = [denied] * 2
    result = absent(shop.aws, function_names=["f", "h"], db_users=["api"], **ORDERS)
    assert "No longer in Lambda: f, h." in result["findings"][-1]["message"]


def test_another_error_of_the_search_is_an_error(shop: Account) -> None:
    shop.aws.fail["list_roles_with_policy"] = [AwsError("list roles", "ServiceFailure", "no")]
    with pytest.raises(AwsError):
        absent(shop.aws, function_name="f", db_users=["api"], **ORDERS)


@pytest.mark.parametrize("lost", ["put_role_policy", "delete_role_policy"])
def test_an_answer_that_is_lost_counts_as_the_change_that_it_was(shop: Account, lost: str) -> None:
    error = AwsError("write", "ServiceUnavailable", "later", answer_lost=True)
    if lost == "delete_role_policy":
        present(shop.aws, function_name="f", db_users=["api"], **ORDERS)
    shop.aws.lose[lost] = [error]
    run = present if lost == "put_role_policy" else absent
    with pytest.raises(Exception, match=r"Perhaps written, the answer was lost: (put|delete) inline policy"):
        run(shop.aws, function_name="f", db_users=["api"], **ORDERS)
    assert "policy" not in " ".join(texts(run(shop.aws, function_name="f", db_users=["api"], **ORDERS)))


def test_what_became_of_a_write_shows_in_the_next_state() -> None:
    policy = LoginPolicy("app", NAME, ("api",), ARN)
    there, elsewhere = State(login_policies={"app": policy}), State(login_policies={"app": replace(policy, users=())})
    assert [PutLoginPolicy(policy).is_in_effect(state) for state in (there, elsewhere, State())] == [True, False, False]
    assert [DeleteLoginPolicy(policy).is_in_effect(state) for state in (there, State())] == [False, True]


def test_a_function_without_a_role_lets_nobody_in(shop: Account) -> None:
    del shop.aws.functions["f"]["Role"]
    present(shop.aws, function_name="f", db_users=["api"], **ORDERS)
    assert shop.aws.role_policies == {}


def test_a_database_without_a_resource_id_is_refused(shop: Account) -> None:
    del shop.aws.instances["orders"]["DbiResourceId"]
    with pytest.raises(RefusedError, match="RDS shows no resource id for instance orders"):
        present(shop.aws, function_name="f", db_users=["api"], **ORDERS)


@pytest.mark.parametrize("user", ["", "a b", "a/b", "a:b", "x" * 64, "o'neill"])
def test_what_is_no_user_is_refused(shop: Account, user: str) -> None:
    with pytest.raises(RefusedError, match=r"db_users \(.*\): is not a database user's name"):
        present(shop.aws, function_name="f", db_users=[user], **ORDERS)


def test_a_database_that_is_given_by_ids_is_refused(shop: Account) -> None:
    with pytest.raises(RefusedError, match=r"db_users \(api\): IAM knows a database by an id that only RDS tells"):
        present(shop.aws, function_name="f", db_users=["api"], **shop.by_ids)
    assert present(shop.aws, function_name="f", db_users=[], **shop.by_ids)["changed"]


@given(st.lists(st.from_regex(r"[a-z_*]{1,63}", fullmatch=True), min_size=1, unique=True), st.sampled_from(["a", "b"]))
def test_what_is_written_is_read_back(users: list[str], role: str) -> None:
    policy = LoginPolicy(role, NAME, tuple(users), ARN)
    assert policy_from(role, NAME, document_of(policy)) == policy


def test_the_name_fits(shop: Account) -> None:
    longest = policy_name(DatabaseName("instance", "x" * 63), "us-gov-northwest-10")
    assert len(longest) <= 128
