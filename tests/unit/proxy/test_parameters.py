# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Options that are refused before AWS is asked anything: every message names parameter, value and remedy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import RefusedError
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.proxies import Auth
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._proxy.parameters import PoolOptions, parse

from .asking import options, want
from .conftest import ROLE, SECRET

DB: dict[str, Any] = {"name": "shop", "db_instance_identifier": "orders"}


@pytest.fixture(autouse=True)
def _counted(record_property: Callable[[str, object], None]) -> None:
    record_property("refusals covered", 1)


def secrets(*arns: str | None, **more: str) -> dict[str, Any]:
    return {**DB, "auth": [{"secret_arn": arn, **more} for arn in arns]}


def pool(**settings: Any) -> dict[str, Any]:
    return {**DB, "connection_pool": settings}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({**DB, "name": ""}, "name (empty): is not a proxy's name: 1 to 63 letters"),
        ({**DB, "name": "a--b"}, "name (a--b): is not a proxy's name"),
        ({**DB, "name": "1a"}, "name (1a): is not a proxy's name"),
        ({**DB, "name": "a-"}, "name (a-): is not a proxy's name"),
        ({**DB, "name": "a" * 64}, f"name ({'a' * 64}): is not a proxy's name"),
        ({"name": "shop"}, "db_instance_identifier, db_cluster_identifier (missing): a proxy has to have a database."),
        ({**DB, "db_cluster_identifier": "c"}, "(together): name more than one database. Keep one of them."),
        ({"name": "shop", "db_cluster_identifier": " "}, "db_cluster_identifier (empty): names no database."),
        ({**DB, "subnet_ids": []}, "subnet_ids ([]): the list is empty."),
        ({**DB, "subnet_ids": ["sg-1"]}, "subnet_ids (sg-1): is not an id of the right kind. Give one such as subnet-"),
        ({**DB, "vpc_security_group_ids": [""]}, "vpc_security_group_ids (empty): is not an id of the right kind."),
        ({**DB, "security_group_name": "sg-x"}, "security_group_name (sg-x): is not a security group's name"),
        (
            {**DB, "security_group_name": "x", "vpc_security_group_ids": ["sg-1"]},
            "security_group_name (x): is for a group that this module makes, but vpc_security_group_ids names groups",
        ),
        (secrets("hunter2"), "auth[0].secret_arn (hunter2): is not the ARN of a secret of Secrets Manager. Give one"),
        (secrets(""), "auth[0].secret_arn (empty): is not the ARN"),
        (secrets(None), "auth[0].secret_arn (empty): is not the ARN"),
        (secrets(ROLE), f"auth[0].secret_arn ({ROLE}): is not the ARN"),
        (secrets(SECRET, SECRET), f"auth[1].secret_arn ({SECRET}): is there twice. Name each secret once."),
        (
            secrets(*(f"{SECRET}{number}" for number in range(201))),
            "auth (201): a proxy has at most 200 secrets. Use several proxies",
        ),
        (secrets(SECRET, description=""), "auth[0].description (0 characters): has to have 1 to 1000 characters."),
        (secrets(SECRET, description="x" * 1001), "auth[0].description (1001 characters): has to have 1 to 1000"),
        (
            {**DB, "auth": [], "default_auth_scheme": "none"},
            "auth ([]): a proxy has to authenticate by secrets, or end to end by IAM. Give at least one secret",
        ),
        ({**DB, "role_arn": "proxy"}, "role_arn (proxy): is not the ARN of an IAM role. Give one such as arn:aws:iam"),
        ({**DB, "role_arn": ""}, "role_arn (empty): is not the ARN of an IAM role."),
        ({**DB, "idle_client_timeout": 0}, "idle_client_timeout (0): is not within 1 to 28800 seconds."),
        ({**DB, "idle_client_timeout": 28801}, "idle_client_timeout (28801): is not within 1 to 28800 seconds."),
        (pool(max_connections_percent=0), "connection_pool.max_connections_percent (0): is not within 1 to 100 perc"),
        (pool(max_connections_percent=101), "connection_pool.max_connections_percent (101): is not within 1 to 100"),
        (pool(max_idle_connections_percent=-1), "max_idle_connections_percent (-1): is not within 0 to 100 percent."),
        (pool(max_idle_connections_percent=101), "max_idle_connections_percent (101): is not within 0 to 100 percent."),
        (
            pool(max_connections_percent=20, max_idle_connections_percent=21),
            "connection_pool.max_idle_connections_percent (21): is more than max_connections_percent (20).",
        ),
        (pool(connection_borrow_timeout=-1), "connection_borrow_timeout (-1): is not within 0 to 300 seconds."),
        (pool(connection_borrow_timeout=301), "connection_borrow_timeout (301): is not within 0 to 300 seconds."),
        ({**DB, "wait_timeout": -1}, "wait_timeout (-1): is less than 0 seconds."),
        ({**DB, "tags": {"aws:x": "y"}}, "tags (aws:x): keys that begin with cloudops.lambda_rds: or aws: are not yo"),
        ({**DB, "tags": {"cloudops.lambda_rds:proxy": "y"}}, "tags (cloudops.lambda_rds:proxy): keys that begin"),
    ],
)
def test_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(RefusedError) as caught:
        parse(options(**given))
    assert all(refusal.data["remedy"] for refusal in caught.value.refusals)
    assert message in str(caught.value)


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(RefusedError) as caught:
        parse(options(name="-", role_arn="x", idle_client_timeout=0, wait_timeout=-1))
    found = [refusal.parameter for refusal in caught.value.refusals]
    assert found == [
        "name", "db_instance_identifier, db_cluster_identifier", "role_arn", "idle_client_timeout", "wait_timeout",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "given",
    [
        {"idle_client_timeout": 1},
        {"idle_client_timeout": 28800},
        {"connection_pool": {"max_connections_percent": 1, "max_idle_connections_percent": 0}},
        {"connection_pool": {"max_connections_percent": 100, "max_idle_connections_percent": 100}},
        {"connection_pool": {"connection_borrow_timeout": 0}},
        {"connection_pool": {"connection_borrow_timeout": 300}},
        {"wait_timeout": 0},
        {"name": "a" * 63},
    ],
)
def test_the_ends_of_a_range_are_within_it(given: dict[str, Any]) -> None:
    assert parse(options(**{**DB, **given})).present


def test_options_are_read_in_one_form() -> None:
    found = want(
        name="Shop",
        db_instance_identifier=" Orders ",
        auth=[{"secret_arn": SECRET}],
        subnet_ids=["subnet-2", "subnet-1", "subnet-2"],
        vpc_security_group_ids=["sg-2", "sg-1"],
        connection_pool={"init_query": "", "session_pinning_filters": ["exclude_variable_sets"] * 2},
        tags={"CostCenter": 4711},
    )
    assert (found.name, found.database and found.database.text) == ("shop", "instance orders")
    assert found.auth == (Auth(SECRET, "disabled", None, None),)
    assert (found.subnet_ids, found.security_group_ids) == (("subnet-1", "subnet-2"), ("sg-1", "sg-2"))
    assert found.pool == PoolOptions(init_query="", session_pinning_filters=("exclude_variable_sets",))
    assert found.tags == {"CostCenter": "4711"}


def test_absent_needs_no_more_than_the_name() -> None:
    assert want(state="absent").database is None


@pytest.mark.parametrize(
    ("name", "group"), [("shop", "shop-proxy-sg"), ("sg", "rds-sg-proxy-sg"), ("sg-x", "rds-sg-x-proxy-sg")]
)
def test_no_group_has_a_name_that_ec2_refuses(name: str, group: str) -> None:
    assert want(name=name, db_instance_identifier="orders").group_name == group


@pytest.mark.parametrize("region", ["eu-west-1", None])
def test_a_secret_of_another_region_is_refused(region: str | None) -> None:
    """Where no Region is known, nothing is compared."""
    if region is None:
        assert parse(options(**secrets(SECRET))).auth
        return
    with pytest.raises(RefusedError) as refused:
        parse(options(**secrets(SECRET, SECRET + "x")), region)
    message = "is of eu-central-1, but the proxy is in eu-west-1 and reads secrets of that Region only."
    assert [f"auth[{number}].secret_arn" for number in (0, 1)] == [each.parameter for each in refused.value.refusals]
    assert all(message in each.reason for each in refused.value.refusals)
