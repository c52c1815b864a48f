# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an RDS Proxy of the emulator connects to, beside plain moto."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients


class Shop:
    """A proxy that may reach databases on port 6432, and as yet connects to none."""

    def __init__(self, aws: Clients) -> None:
        self.aws = aws
        self.network = world.make_network(aws, "shop")
        self.group = world.make_group(aws, self.network.vpc_id, "database")
        self.proxy_group = world.make_group(aws, self.network.vpc_id, "proxy")
        world.allow(aws, self.group, "ingress", self.proxy_group, 6432)
        world.make_proxy(aws, "pool", self.network.subnet_ids, [self.proxy_group])

    def instance(self, identifier: str = "orders", **settings: Any) -> world.Database:
        return world.make_instance(self.aws, identifier, self.network.subnet_ids, [self.group], port=6432, **settings)

    def cluster(self, identifier: str = "stock", **settings: Any) -> world.Database:
        return world.make_cluster(self.aws, identifier, self.network.subnet_ids, [self.group], port=6432, **settings)

    def register(self, **named: Any) -> Any:
        return self.aws.rds.register_db_proxy_targets(DBProxyName="pool", **named)["DBProxyTargets"]

    def targets(self) -> Any:
        return world.proxy_targets(self.aws, "pool")


@pytest.fixture
def shop(aws: Clients) -> Shop:
    return Shop(aws)


@plain_moto_fails("has neither the port nor the endpoint of an instance")
def test_an_instance_is_one_target(shop: Shop) -> None:
    database = shop.instance()
    target = {"RdsResourceId": "orders", "Type": "RDS_INSTANCE", "Endpoint": database.hostname, "Port": 6432}
    assert shop.register(DBInstanceIdentifiers=["Orders"]) == [{**target, "TargetHealth": {"State": "REGISTERING"}}]
    world.wait_for_targets(shop.aws, "pool")
    assert shop.targets() == [{**target, "Role": "READ_WRITE", "TargetHealth": {"State": "AVAILABLE"}}]


@plain_moto_fails("shows the members of a cluster not at all")
def test_a_cluster_is_a_target_with_each_of_its_members(shop: Shop) -> None:
    shop.cluster(members=2)
    tracked: Any = {"RdsResourceId": "stock", "Type": "TRACKED_CLUSTER", "Port": 6432}
    registered = shop.register(DBClusterIdentifiers=["stock"])
    assert registered[0] == {**tracked, "TargetHealth": {"State": "REGISTERING"}}
    assert [target["RdsResourceId"] for target in registered[1:]] == ["stock-1", "stock-2"]
    world.wait_for_targets(shop.aws, "pool")
    first, *members = shop.targets()
    assert first == tracked
    assert [(each["RdsResourceId"], each["Role"], each["Type"], each["TrackedClusterId"]) for each in members] == [
        ("stock-1", "READ_WRITE", "RDS_INSTANCE", "stock"),
        ("stock-2", "READ_ONLY", "RDS_INSTANCE", "stock"),
    ]
    assert {(each["Port"], each["TargetHealth"]["State"]) for each in members} == {(6432, "AVAILABLE")}


@plain_moto_fails("shows the members of a cluster not at all")
def test_members_come_and_go_with_their_cluster(emulator: Emulator, shop: Shop) -> None:
    shop.cluster()
    shop.register(DBClusterIdentifiers=["stock"])
    emulator.set(database_create_seconds=60)
    shop.aws.rds.create_db_instance(
        DBInstanceIdentifier="stock-2",
        Engine="aurora-postgresql",
        DBInstanceClass="db.r6g.large",
        DBClusterIdentifier="stock",
    )
    assert [target["RdsResourceId"] for target in shop.targets()] == ["stock", "stock-1"]
    emulator.advance(60)
    assert [target["RdsResourceId"] for target in shop.targets()] == ["stock", "stock-1", "stock-2"]
    assert shop.targets()[2]["TargetHealth"] == {"State": "REGISTERING"}
    shop.aws.rds.delete_db_instance(DBInstanceIdentifier="stock-2", SkipFinalSnapshot=True)
    assert [target["RdsResourceId"] for target in shop.targets()] == ["stock", "stock-1"]


@plain_moto_fails("answers 500")
def test_what_is_not_there_cannot_be_registered(shop: Shop) -> None:
    with pytest.raises(shop.aws.rds.exceptions.DBInstanceNotFoundFault, match="orders"):
        shop.register(DBInstanceIdentifiers=["orders"])
    with pytest.raises(shop.aws.rds.exceptions.DBClusterNotFoundFault, match="stock"):
        shop.register(DBClusterIdentifiers=["stock"])
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        shop.register()
    assert shop.targets() == []


@plain_moto_fails("registers what is not available")
def test_what_is_not_available_cannot_be_registered(emulator: Emulator, shop: Shop) -> None:
    emulator.set(database_create_seconds=60)
    shop.instance(wait=False)
    shop.cluster(wait=False)
    with pytest.raises(shop.aws.rds.exceptions.InvalidDBInstanceStateFault, match=r"orders .* CREATING"):
        shop.register(DBInstanceIdentifiers=["orders"])
    with pytest.raises(shop.aws.rds.exceptions.InvalidDBClusterStateFault, match=r"stock .* CREATING"):
        shop.register(DBClusterIdentifiers=["stock"])
    emulator.advance(60)
    shop.register(DBClusterIdentifiers=["stock"])


@plain_moto_fails("registers any engine, of any VPC")
def test_what_does_not_fit_cannot_be_registered(shop: Shop) -> None:
    shop.instance(engine="mysql")
    with pytest.raises(ClientError, match=r"InvalidParameterValue.*mysql.*POSTGRESQL"):
        shop.register(DBInstanceIdentifiers=["orders"])
    other = world.make_network(shop.aws, "other", cidr="10.1.0.0/16")
    world.make_instance(shop.aws, "away", other.subnet_ids, [])
    world.make_cluster(shop.aws, "far", other.subnet_ids, [])
    for named in ({"DBInstanceIdentifiers": ["away"]}, {"DBClusterIdentifiers": ["far"]}):
        with pytest.raises(ClientError, match=f"InvalidParameterValue.*{shop.network.vpc_id}"):
            shop.register(**named)


@plain_moto_fails("registers any number of databases")
def test_a_proxy_connects_to_one_database(shop: Shop) -> None:
    shop.instance()
    shop.cluster()
    both = {"DBInstanceIdentifiers": ["orders"], "DBClusterIdentifiers": ["stock"]}
    with pytest.raises(shop.aws.rds.exceptions.DBProxyTargetAlreadyRegisteredFault):
        shop.register(**both)
    shop.register(DBInstanceIdentifiers=["orders"])
    for again in ({"DBInstanceIdentifiers": ["orders"]}, {"DBClusterIdentifiers": ["stock"]}):
        with pytest.raises(shop.aws.rds.exceptions.DBProxyTargetAlreadyRegisteredFault):
            shop.register(**again)


@plain_moto_fails("registers whatever room there is")
def test_a_target_needs_addresses_in_the_subnets(shop: Shop) -> None:
    shop.instance()
    small = [
        shop.aws.ec2.create_subnet(VpcId=shop.network.vpc_id, CidrBlock=cidr, AvailabilityZone=f"eu-central-1{zone}")
        for cidr, zone in (("10.0.200.0/28", "a"), ("10.0.200.16/28", "b"))
    ]
    subnet_ids = [made["Subnet"]["SubnetId"] for made in small]
    world.make_proxy(shop.aws, "narrow", subnet_ids, [shop.proxy_group])
    filling = [
        shop.aws.ec2.create_network_interface(SubnetId=subnet_ids[0])["NetworkInterface"]["NetworkInterfaceId"]
        for _number in range(10)
    ]
    named: Any = {"DBProxyName": "narrow", "DBInstanceIdentifiers": ["orders"]}
    with pytest.raises(shop.aws.rds.exceptions.InsufficientAvailableIPsInSubnetFault):
        shop.aws.rds.register_db_proxy_targets(**named)
    shop.aws.ec2.delete_network_interface(NetworkInterfaceId=filling[0])
    shop.aws.rds.register_db_proxy_targets(**named)


@plain_moto_fails("takes away what was not there")
def test_a_target_can_be_taken_away(shop: Shop) -> None:
    shop.instance()
    with pytest.raises(shop.aws.rds.exceptions.DBProxyTargetNotFoundFault, match="orders"):
        shop.aws.rds.deregister_db_proxy_targets(DBProxyName="pool", DBInstanceIdentifiers=["orders"])
    shop.register(DBInstanceIdentifiers=["orders"])
    with pytest.raises(shop.aws.rds.exceptions.DBProxyTargetNotFoundFault, match="stock"):
        shop.aws.rds.deregister_db_proxy_targets(DBProxyName="pool", DBClusterIdentifiers=["stock"])
    world.wait_for_targets(shop.aws, "pool")
    shop.aws.rds.deregister_db_proxy_targets(DBProxyName="pool", DBInstanceIdentifiers=["orders"])
    assert shop.targets() == []
    shop.register(DBInstanceIdentifiers=["orders"])
    assert shop.targets()[0]["TargetHealth"] == {"State": "REGISTERING"}


@plain_moto_fails("has a target available, be there a database or not")
def test_a_deleted_instance_leaves_its_target(emulator: Emulator, shop: Shop) -> None:
    shop.instance()
    shop.register(DBInstanceIdentifiers=["orders"])
    world.wait_for_targets(shop.aws, "pool")
    (before,) = shop.targets()
    emulator.set(database_create_seconds=60)
    shop.aws.rds.delete_db_instance(DBInstanceIdentifier="orders", SkipFinalSnapshot=True)
    emulator.advance(100)
    (after,) = shop.targets()
    assert after["TargetHealth"]["State"] == "UNAVAILABLE"
    assert after == {**before, "Role": "UNKNOWN", "TargetHealth": after["TargetHealth"]}


@plain_moto_fails("has a target available, be there a database or not")
def test_a_deleted_cluster_leaves_its_target(shop: Shop) -> None:
    shop.cluster()
    shop.register(DBClusterIdentifiers=["stock"])
    world.wait_for_targets(shop.aws, "pool")
    shop.aws.rds.delete_db_instance(DBInstanceIdentifier="stock-1", SkipFinalSnapshot=True)
    shop.aws.rds.delete_db_cluster(DBClusterIdentifier="stock", SkipFinalSnapshot=True)
    (tracked,) = shop.targets()
    assert (tracked["RdsResourceId"], tracked["TargetHealth"]["State"]) == ("stock", "UNAVAILABLE")


def test_a_renamed_proxy_keeps_its_target(shop: Shop) -> None:
    shop.instance()
    shop.register(DBInstanceIdentifiers=["orders"])
    world.wait_for_targets(shop.aws, "pool")
    before = shop.targets()
    shop.aws.rds.modify_db_proxy(DBProxyName="pool", NewDBProxyName="lake")
    assert world.proxy_targets(shop.aws, "lake") == before


@plain_moto_fails("has no paging of targets")
def test_targets_come_in_pages(emulator: Emulator, shop: Shop) -> None:
    shop.cluster(members=2)
    shop.register(DBClusterIdentifiers=["stock"])
    emulator.set(page_size=2)
    paginator = shop.aws.rds.get_paginator("describe_db_proxy_targets")
    pages = [page["Targets"] for page in paginator.paginate(DBProxyName="pool")]
    assert [[target["RdsResourceId"] for target in page] for page in pages] == [["stock", "stock-1"], ["stock-2"]]
