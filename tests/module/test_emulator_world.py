# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The snapshot sees every change that a connection could make, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients

DETACHED: Any = {"SubnetIds": [], "SecurityGroupIds": []}


class Shop:
    """An account with one of each."""

    def __init__(self, aws: Clients) -> None:
        self.network = world.make_network(aws, "shop")
        self.database_group = world.make_group(aws, self.network.vpc_id, "database", tags={"team": "orders"})
        self.client_group = world.make_group(aws, self.network.vpc_id, "client")
        self.rule = world.allow(aws, self.database_group, "ingress", self.client_group, 5432, description="one")
        world.make_instance(aws, "orders", self.network.subnet_ids, [self.database_group])
        world.make_cluster(aws, "stock", self.network.subnet_ids, [self.database_group])
        self.vpc_config: Any = {"SubnetIds": self.network.subnet_ids, "SecurityGroupIds": [self.client_group]}
        world.make_function(aws, "outside")
        world.make_function(aws, "inside", subnet_ids=self.network.subnet_ids, group_ids=[self.client_group])


@pytest.fixture
def shop(aws: Clients) -> Shop:
    return Shop(aws)


Change = Callable[[Clients, Shop], Any]


def revoke_and_restore(aws: Clients, shop: Shop) -> None:
    aws.ec2.revoke_security_group_ingress(GroupId=shop.database_group, SecurityGroupRuleIds=[shop.rule])
    world.allow(aws, shop.database_group, "ingress", shop.client_group, 5432, description="one")


CHANGES: dict[str, Change] = {
    "a function attached": lambda aws, shop: aws.functions.update_function_configuration(
        FunctionName="outside", VpcConfig=shop.vpc_config
    ),
    "a function detached": lambda aws, _: aws.functions.update_function_configuration(
        FunctionName="inside", VpcConfig=DETACHED
    ),
    "a setting of a function": lambda aws, _: aws.functions.update_function_configuration(
        FunctionName="outside", MemorySize=256
    ),
    "a group made": lambda aws, shop: world.make_group(aws, shop.network.vpc_id, "another"),
    "a group tagged": lambda aws, shop: aws.ec2.create_tags(
        Resources=[shop.client_group], Tags=[{"Key": "a", "Value": "b"}]
    ),
    "a rule made": lambda aws, shop: world.allow(aws, shop.client_group, "egress", shop.database_group, 5432),
    "a rule tagged": lambda aws, shop: aws.ec2.create_tags(Resources=[shop.rule], Tags=[{"Key": "a", "Value": "b"}]),
    "a rule revoked and made again": revoke_and_restore,
    "a database's groups": lambda aws, shop: aws.rds.modify_db_instance(
        DBInstanceIdentifier="orders", VpcSecurityGroupIds=[shop.client_group], ApplyImmediately=True
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_snapshot_sees(aws: Clients, shop: Shop, change: Change) -> None:
    before = world.snapshot(aws)
    change(aws, shop)
    assert world.snapshot(aws) != before


def test_a_snapshot_sees_proxies_where_there_are_some(aws: Clients, shop: Shop) -> None:
    assert "proxies" not in world.snapshot(aws)
    group = world.make_group(aws, shop.network.vpc_id, "proxy")
    database = world.Database("orders", "", 5432, [shop.database_group])
    world.make_proxy(aws, "pool", shop.network.subnet_ids, [group], target=database, Tags=[{"Key": "a", "Value": "b"}])
    before = world.snapshot(aws)
    seen = before["proxies"]["pool"]
    assert (seen["groups"], seen["targets"], seen["tags"]) == ([group], ["orders"], {"a": "b"})
    assert world.snapshot(aws) == before
    arn = seen["settings"]["DBProxyArn"]
    changes: list[Callable[[], Any]] = [
        lambda: aws.rds.add_tags_to_resource(ResourceName=arn, Tags=[{"Key": "a", "Value": "c"}]),
        lambda: aws.rds.deregister_db_proxy_targets(DBProxyName="pool", DBInstanceIdentifiers=["orders"]),
        lambda: aws.rds.modify_db_proxy_target_group(
            DBProxyName="pool", TargetGroupName="default", ConnectionPoolConfig={"ConnectionBorrowTimeout": 9}
        ),
        lambda: aws.rds.create_db_proxy_endpoint(
            DBProxyName="pool", DBProxyEndpointName="reader", VpcSubnetIds=shop.network.subnet_ids
        ),
        lambda: aws.rds.modify_db_proxy(DBProxyName="pool", RequireTLS=True),
    ]
    for change in changes:
        change()
        assert world.snapshot(aws) != before
        before = world.snapshot(aws)


def test_two_snapshots_of_one_world_are_equal(aws: Clients, shop: Shop) -> None:
    before = world.snapshot(aws)
    assert set(before["functions"]) == {"inside", "outside"}
    assert set(before["databases"]) == {"orders", "stock", "stock-1"}
    assert before["groups"][shop.database_group]["tags"] == {"team": "orders"}
    assert before["groups"][shop.database_group]["rules"][shop.rule] == {
        "direction": "ingress",
        "protocol": "tcp",
        "ports": [5432, 5432],
        "peer": shop.client_group,
        "description": "one",
        "tags": {},
    }
    assert world.snapshot(aws) == before


def test_attached_and_detached_again_is_as_before(aws: Clients, shop: Shop) -> None:
    before = world.snapshot(aws)
    for vpc_config in (shop.vpc_config, DETACHED):
        aws.functions.update_function_configuration(FunctionName="outside", VpcConfig=vpc_config)
        aws.functions.get_waiter("function_updated_v2").wait(FunctionName="outside")
    assert world.snapshot(aws) == before


def test_subnets_lie_in_different_zones(aws: Clients) -> None:
    made = world.make_network(aws, "shop", subnets=3).subnet_ids
    assert len({subnet["AvailabilityZone"] for subnet in aws.ec2.describe_subnets(SubnetIds=made)["Subnets"]}) == 3
