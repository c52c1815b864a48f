# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Databases of the emulator, beside those of plain moto."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import Clients, Network


def instance(aws: Clients, identifier: str) -> Any:
    return aws.rds.describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"][0]


def cluster(aws: Clients, identifier: str) -> Any:
    return aws.rds.describe_db_clusters(DBClusterIdentifier=identifier)["DBClusters"][0]


@pytest.fixture
def network(aws: Clients) -> Network:
    return world.make_network(aws, "shop", subnets=3)


@plain_moto_fails("repeats the port as DbInstancePort")
def test_the_port_of_an_instance_is_its_endpoint_s(aws: Clients, network: Network) -> None:
    world.make_instance(aws, "orders", network.subnet_ids, [], port=6000)
    assert instance(aws, "orders")["Endpoint"]["Port"] == 6000
    assert instance(aws, "orders")["DbInstancePort"] == 0


def test_identifiers_come_back_in_lower_case(aws: Clients, network: Network) -> None:
    assert world.make_instance(aws, "Orders", network.subnet_ids, []).identifier == "orders"
    assert world.make_cluster(aws, "Stock", network.subnet_ids, []).identifier == "stock"
    assert instance(aws, "ORDERS")["DBInstanceIdentifier"] == "orders"
    assert cluster(aws, "STOCK")["DBClusterIdentifier"] == "stock"


@plain_moto_fails("gives a member a default port and no subnet group")
def test_a_member_has_the_network_of_its_cluster(aws: Clients, network: Network) -> None:
    group = world.make_group(aws, network.vpc_id, "database")
    made = world.make_cluster(aws, "stock", network.subnet_ids, [group], port=6000, members=2)
    assert made.members == ["stock-1", "stock-2"]
    assert cluster(aws, "stock")["DBSubnetGroup"] == "stock"
    for identifier in made.members:
        member = instance(aws, identifier)
        assert member["DBClusterIdentifier"] == "stock"
        assert member["Endpoint"]["Port"] == cluster(aws, "stock")["Port"] == 6000
        assert [worn["VpcSecurityGroupId"] for worn in member["VpcSecurityGroups"]] == [group]
        (subnet_group,) = aws.rds.describe_db_subnet_groups(DBSubnetGroupName=cluster(aws, "stock")["DBSubnetGroup"])[
            "DBSubnetGroups"
        ]
        assert member["DBSubnetGroup"] == subnet_group
        assert subnet_group["VpcId"] == network.vpc_id
        assert {s["SubnetIdentifier"] for s in subnet_group["Subnets"]} == set(network.subnet_ids)


@plain_moto_fails("leaves such a database without a subnet group")
def test_a_database_without_a_subnet_group_is_in_the_default_vpc(aws: Clients) -> None:
    (default,) = aws.ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    secret = "not-a-secret"
    aws.rds.create_db_instance(
        DBInstanceIdentifier="orders", Engine="postgres", DBInstanceClass="db.t4g.micro", AllocatedStorage=20
    )
    aws.rds.create_db_cluster(
        DBClusterIdentifier="stock", Engine="aurora-postgresql", MasterUsername="admin_user", MasterUserPassword=secret
    )
    (found,) = aws.rds.describe_db_subnet_groups(DBSubnetGroupName="default")["DBSubnetGroups"]
    assert instance(aws, "orders")["DBSubnetGroup"] == found
    assert cluster(aws, "stock")["DBSubnetGroup"] == "default"
    assert found["VpcId"] == default["VpcId"]
    worn = {g["VpcSecurityGroupId"] for g in cluster(aws, "stock")["VpcSecurityGroups"]}
    assert worn == {g["VpcSecurityGroupId"] for g in instance(aws, "orders")["VpcSecurityGroups"]}
    groups = aws.ec2.describe_security_groups(GroupIds=list(worn))["SecurityGroups"]
    assert [(group["GroupName"], group["VpcId"]) for group in groups] == [("default", default["VpcId"])]


def test_a_multi_az_cluster_has_port_groups_and_subnet_group(aws: Clients, network: Network) -> None:
    group = world.make_group(aws, network.vpc_id, "database")
    world.make_cluster(aws, "ledger", network.subnet_ids, [group], engine="mysql", members=0)
    found = cluster(aws, "ledger")
    assert (found["Port"], found["DBSubnetGroup"], found["Engine"]) == (3306, "ledger", "mysql")
    assert [worn["VpcSecurityGroupId"] for worn in found["VpcSecurityGroups"]] == [group]
