# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can be changed of an RDS Proxy of the emulator, beside plain moto."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients, Network


@pytest.fixture
def network(aws: Clients) -> Network:
    return world.make_network(aws, "shop")


def make(aws: Clients, network: Network, name: str = "pool", **settings: Any) -> Any:
    group = world.make_group(aws, network.vpc_id, name)
    world.make_proxy(aws, name, network.subnet_ids, [group], **settings)
    return proxy(aws, name)


def proxy(aws: Clients, name: str = "pool") -> Any:
    return aws.rds.describe_db_proxies(DBProxyName=name)["DBProxies"][0]


def pool(aws: Clients) -> Any:
    (group,) = aws.rds.describe_db_proxy_target_groups(DBProxyName="pool")["TargetGroups"]
    assert (group["TargetGroupName"], group["IsDefault"], group["DBProxyName"]) == ("default", True, "pool")
    return group["ConnectionPoolConfig"]


def change_pool(aws: Clients, **config: Any) -> Any:
    wanted: Any = config
    changed = aws.rds.modify_db_proxy_target_group(
        DBProxyName="pool", TargetGroupName="default", ConnectionPoolConfig=wanted
    )["DBProxyTargetGroup"]["ConnectionPoolConfig"]
    assert pool(aws) == changed
    return changed


@plain_moto_fails("does not know ModifyDBProxy")
def test_a_proxy_can_be_modified(aws: Clients, network: Network) -> None:
    before = make(aws, network)
    secret = world.make_secret(aws, "another")
    group = world.make_group(aws, network.vpc_id, "another")
    changes: Any = {
        "RequireTLS": True,
        "DebugLogging": True,
        "IdleClientTimeout": 60,
        "RoleArn": world.make_proxy_role(aws, "another", [secret]),
        "DefaultAuthScheme": "IAM_AUTH",
    }
    changed: Any = aws.rds.modify_db_proxy(
        DBProxyName="pool", SecurityGroups=[group], Auth=[{"SecretArn": secret, "IAMAuth": "REQUIRED"}], **changes
    )["DBProxy"]
    auth = [{**before["Auth"][0], "SecretArn": secret, "IAMAuth": "REQUIRED"}]
    wanted = {**before, **changes, "VpcSecurityGroupIds": [group], "Auth": auth, "Status": "modifying"}
    assert {**changed, "UpdatedDate": None} == {**wanted, "UpdatedDate": None}
    assert changed["UpdatedDate"] > before["UpdatedDate"]
    assert proxy(aws) == changed


@plain_moto_fails("does not know ModifyDBProxy")
def test_what_is_not_said_stays(aws: Clients, network: Network) -> None:
    before = make(aws, network, RequireTLS=True, DebugLogging=True)
    changed: Any = aws.rds.modify_db_proxy(DBProxyName="pool", DebugLogging=False)["DBProxy"]
    assert changed == {**before, "DebugLogging": False, "Status": "modifying", "UpdatedDate": changed["UpdatedDate"]}


@plain_moto_fails("does not know ModifyDBProxy")
def test_a_proxy_can_be_renamed(aws: Clients, network: Network) -> None:
    before = make(aws, network)
    make(aws, network, "taken")
    with pytest.raises(aws.rds.exceptions.DBProxyAlreadyExistsFault):
        aws.rds.modify_db_proxy(DBProxyName="pool", NewDBProxyName="taken")
    aws.rds.modify_db_proxy(DBProxyName="pool", NewDBProxyName="lake")
    renamed = proxy(aws, "lake")
    assert renamed["DBProxyArn"] == before["DBProxyArn"]
    assert renamed["Endpoint"] == before["Endpoint"].replace("pool.", "lake.", 1)
    (group,) = aws.rds.describe_db_proxy_target_groups(DBProxyName="lake")["TargetGroups"]
    assert group["DBProxyName"] == "lake"
    with pytest.raises(aws.rds.exceptions.DBProxyNotFoundFault):
        proxy(aws)


@plain_moto_fails("does not know ModifyDBProxy")
def test_a_change_is_checked_like_a_new_proxy(aws: Clients, network: Network) -> None:
    before = make(aws, network)
    foreign = world.make_group(aws, world.make_network(aws, "other", cidr="10.1.0.0/16").vpc_id, "foreign")
    refused: list[dict[str, Any]] = [
        {"NewDBProxyName": "a--b"},
        {"IdleClientTimeout": 0},
        {"RoleArn": "arn:aws:iam::123456789012:role/nobody"},
        {"SecurityGroups": [foreign]},
        {"RequireTLS": True, "Auth": [{"SecretArn": "not-the-arn-of-a-secret"}]},
    ]
    for changes in refused:
        with pytest.raises(ClientError, match="InvalidParameterValue"):
            aws.rds.modify_db_proxy(DBProxyName="pool", **changes)
        assert proxy(aws) == before


@plain_moto_fails("does not know ModifyDBProxy")
def test_a_proxy_without_secrets_stays_with_iam(aws: Clients, network: Network) -> None:
    make(aws, network, Auth=[], DefaultAuthScheme="IAM_AUTH")
    with pytest.raises(ClientError, match=r"InvalidParameterCombination.*Auth"):
        aws.rds.modify_db_proxy(DBProxyName="pool", DefaultAuthScheme="NONE")


@plain_moto_fails("has one set of defaults for all engines")
def test_the_pool_has_the_defaults_of_the_engine(aws: Clients, network: Network) -> None:
    make(aws, network, engine_family="SQLSERVER")
    assert pool(aws) == {
        "MaxConnectionsPercent": 10,
        "MaxIdleConnectionsPercent": 5,
        "ConnectionBorrowTimeout": 120,
        "SessionPinningFilters": [],
    }


@plain_moto_fails("resets the idle connections with every change and forgets the initialization query")
def test_a_change_of_the_pool_leaves_the_rest(aws: Clients, network: Network) -> None:
    make(aws, network, engine_family="MYSQL")
    changed = change_pool(aws, MaxConnectionsPercent=80, MaxIdleConnectionsPercent=10, InitQuery="SET x=1")
    assert changed == {
        "MaxConnectionsPercent": 80,
        "MaxIdleConnectionsPercent": 10,
        "ConnectionBorrowTimeout": 120,
        "SessionPinningFilters": [],
        "InitQuery": "SET x=1",
    }
    filtered = change_pool(aws, ConnectionBorrowTimeout=0, SessionPinningFilters=["EXCLUDE_VARIABLE_SETS"])
    assert filtered == {
        **changed,
        "ConnectionBorrowTimeout": 0,
        "SessionPinningFilters": ["EXCLUDE_VARIABLE_SETS"],
    }
    assert change_pool(aws, MaxConnectionsPercent=50)["MaxIdleConnectionsPercent"] == 25


@plain_moto_fails("takes every value")
def test_the_bounds_of_the_pool(aws: Clients, network: Network) -> None:
    make(aws, network)
    before = pool(aws)
    refused: list[tuple[dict[str, Any], str]] = [
        ({"MaxConnectionsPercent": 0}, "InvalidParameterValue.*MaxConnectionsPercent"),
        ({"MaxConnectionsPercent": 101}, "InvalidParameterValue.*MaxConnectionsPercent"),
        ({"MaxConnectionsPercent": 20, "MaxIdleConnectionsPercent": 21}, "InvalidParameterValue.*between 0 and 20"),
        ({"MaxIdleConnectionsPercent": 20}, "InvalidParameterCombination.*MaxConnectionsPercent"),
        ({"ConnectionBorrowTimeout": 301}, "InvalidParameterValue.*ConnectionBorrowTimeout"),
        ({"SessionPinningFilters": ["EXCLUDE_VARIABLE_SETS"]}, "InvalidParameterValue.*POSTGRESQL"),
    ]
    for config, refusal in refused:
        with pytest.raises(ClientError, match=refusal):
            change_pool(aws, **config)
        assert pool(aws) == before


@plain_moto_fails("takes any target group for the default one")
def test_there_is_one_target_group(aws: Clients, network: Network) -> None:
    make(aws, network)
    other: Any = {"DBProxyName": "pool", "TargetGroupName": "other"}
    for call in (
        aws.rds.describe_db_proxy_target_groups,
        aws.rds.modify_db_proxy_target_group,
        aws.rds.describe_db_proxy_targets,
        aws.rds.register_db_proxy_targets,
        aws.rds.deregister_db_proxy_targets,
    ):
        with pytest.raises(aws.rds.exceptions.DBProxyTargetGroupNotFoundFault):
            call(**other)
    with pytest.raises(ClientError, match=r"InvalidParameterValue.*rename"):
        aws.rds.modify_db_proxy_target_group(DBProxyName="pool", TargetGroupName="default", NewName="other")
