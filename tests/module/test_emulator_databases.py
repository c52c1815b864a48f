# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Databases of the emulator, beside those of plain moto."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients, Network


def instance(aws: Clients, identifier: str) -> Any:
    return aws.rds.describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"][0]


def cluster(aws: Clients, identifier: str) -> Any:
    return aws.rds.describe_db_clusters(DBClusterIdentifier=identifier)["DBClusters"][0]


def worn(database: Any) -> dict[str, str]:
    """Group id: status."""
    return {group["VpcSecurityGroupId"]: group["Status"] for group in database["VpcSecurityGroups"]}


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
        assert worn(member) == {group: "active"}
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
    assert worn(cluster(aws, "stock")) == worn(instance(aws, "orders"))
    groups = aws.ec2.describe_security_groups(GroupIds=list(worn(cluster(aws, "stock"))))["SecurityGroups"]
    assert [(group["GroupName"], group["VpcId"]) for group in groups] == [("default", default["VpcId"])]


def test_a_multi_az_cluster_has_port_groups_and_subnet_group(aws: Clients, network: Network) -> None:
    group = world.make_group(aws, network.vpc_id, "database")
    world.make_cluster(aws, "ledger", network.subnet_ids, [group], engine="mysql", members=0)
    found = cluster(aws, "ledger")
    assert (found["Port"], found["DBSubnetGroup"], found["Engine"]) == (3306, "ledger", "mysql")
    assert worn(found) == {group: "active"}


@plain_moto_fails("has an instance at once")
def test_an_instance_has_no_endpoint_while_it_is_created(emulator: Emulator, aws: Clients, network: Network) -> None:
    emulator.set(database_create_seconds=600)
    group = world.make_group(aws, network.vpc_id, "database")
    assert world.make_instance(aws, "orders", network.subnet_ids, [group], wait=False).hostname == ""
    emulator.advance(599)
    found = instance(aws, "orders")
    assert (found["DBInstanceStatus"], found["DbInstancePort"], "Endpoint" in found) == ("creating", 0, False)
    assert worn(found) == {group: "active"}
    with pytest.raises(ClientError, match=r"InvalidDBInstanceState.*not in available state"):
        aws.rds.modify_db_instance(DBInstanceIdentifier="orders", BackupRetentionPeriod=2)
    emulator.advance(1)
    found = instance(aws, "orders")
    assert (found["DBInstanceStatus"], found["DbInstancePort"]) == ("available", 0)
    assert found["Endpoint"]["Port"] == 5432
    assert found["Endpoint"]["Address"].startswith("orders.")


@plain_moto_fails("has a cluster at the second look")
def test_a_cluster_has_no_endpoint_while_it_is_created(emulator: Emulator, aws: Clients, network: Network) -> None:
    emulator.set(database_create_seconds=600)
    assert world.make_cluster(aws, "stock", network.subnet_ids, [], wait=False).hostname == ""
    emulator.advance(599)
    found = cluster(aws, "stock")
    assert (found["Status"], "Endpoint" in found, "ReaderEndpoint" in found) == ("creating", False, False)
    assert "Endpoint" not in instance(aws, "stock-1")
    with pytest.raises(ClientError, match=r"InvalidDBClusterStateFault.*not in available state"):
        aws.rds.modify_db_cluster(DBClusterIdentifier="stock", BackupRetentionPeriod=2)
    emulator.advance(1)
    found = cluster(aws, "stock")
    assert found["Status"] == instance(aws, "stock-1")["DBInstanceStatus"] == "available"
    assert found["Endpoint"].startswith("stock.cluster-")
    assert found["ReaderEndpoint"].startswith("stock.cluster-ro-")
    assert "Endpoint" in instance(aws, "stock-1")


def test_a_builder_waits_for_the_endpoint(emulator: Emulator, aws: Clients, network: Network) -> None:
    emulator.set(database_create_seconds=100)
    assert world.make_instance(aws, "orders", network.subnet_ids, []).hostname.startswith("orders.")
    assert world.make_cluster(aws, "stock", network.subnet_ids, []).hostname.startswith("stock.")


@plain_moto_fails("has the endpoint in the answer already")
def test_what_is_created_is_creating_in_the_answer_and_available_at_the_next_look(aws: Clients) -> None:
    made = aws.rds.create_db_instance(
        DBInstanceIdentifier="orders", Engine="postgres", DBInstanceClass="db.t4g.micro", AllocatedStorage=20
    )["DBInstance"]
    assert (made["DBInstanceStatus"], "Endpoint" in made) == ("creating", False)
    assert instance(aws, "orders")["DBInstanceStatus"] == "available"


@plain_moto_fails("has none left at once")
def test_databases_are_deleting_for_a_while(emulator: Emulator, aws: Clients, network: Network) -> None:
    world.make_instance(aws, "orders", network.subnet_ids, [])
    world.make_cluster(aws, "stock", network.subnet_ids, [])
    emulator.set(database_create_seconds=300)
    aws.rds.delete_db_instance(DBInstanceIdentifier="Orders", SkipFinalSnapshot=True)
    with pytest.raises(ClientError, match="InvalidDBClusterStateFault"):
        aws.rds.delete_db_cluster(DBClusterIdentifier="stock", SkipFinalSnapshot=True)
    aws.rds.delete_db_instance(DBInstanceIdentifier="stock-1", SkipFinalSnapshot=True)
    aws.rds.delete_db_cluster(DBClusterIdentifier="stock", SkipFinalSnapshot=True)
    emulator.advance(299)
    for identifier in ("orders", "stock-1"):
        assert instance(aws, identifier)["DBInstanceStatus"] == "deleting"
        with pytest.raises(ClientError, match=r"InvalidDBInstanceState.*already being deleted"):
            aws.rds.delete_db_instance(DBInstanceIdentifier=identifier, SkipFinalSnapshot=True)
    assert cluster(aws, "stock")["Status"] == "deleting"
    with pytest.raises(ClientError, match=r"InvalidDBClusterStateFault.*already being deleted"):
        aws.rds.delete_db_cluster(DBClusterIdentifier="stock", SkipFinalSnapshot=True)
    asked: Any = [{"Name": "requester-id", "Values": ["amazon-rds"]}]
    assert len(aws.ec2.describe_network_interfaces(Filters=asked)["NetworkInterfaces"]) == 2
    emulator.advance(1)
    assert aws.rds.describe_db_instances()["DBInstances"] == []
    assert aws.rds.describe_db_clusters()["DBClusters"] == []
    assert aws.ec2.describe_network_interfaces(Filters=asked)["NetworkInterfaces"] == []


def test_what_is_deleted_while_it_is_created_is_never_available(
    emulator: Emulator, aws: Clients, network: Network
) -> None:
    emulator.set(database_create_seconds=600)
    world.make_instance(aws, "orders", network.subnet_ids, [], wait=False)
    emulator.advance(300)
    aws.rds.delete_db_instance(DBInstanceIdentifier="orders", SkipFinalSnapshot=True)
    emulator.advance(599)
    assert instance(aws, "orders")["DBInstanceStatus"] == "deleting"
    emulator.advance(1)
    assert aws.rds.describe_db_instances()["DBInstances"] == []


@plain_moto_fails("has every group active at once")
@pytest.mark.parametrize("kind", ["instance", "cluster"])
def test_other_groups_are_adding_and_removing_for_a_while(
    emulator: Emulator, aws: Clients, network: Network, kind: str
) -> None:
    stays, goes, comes, late = (world.make_group(aws, network.vpc_id, name) for name in ("a", "b", "c", "d"))
    emulator.set(database_group_seconds=60)
    if kind == "instance":
        world.make_instance(aws, "orders", network.subnet_ids, [stays, goes])
    else:
        world.make_cluster(aws, "orders", network.subnet_ids, [stays, goes])

    def modify(*group_ids: str) -> Any:
        if kind == "instance":
            named = {"DBInstanceIdentifier": "ORDERS", "VpcSecurityGroupIds": group_ids}
            return aws.rds.modify_db_instance(**named)["DBInstance"]  # type: ignore[arg-type]
        return aws.rds.modify_db_cluster(DBClusterIdentifier="ORDERS", VpcSecurityGroupIds=group_ids)["DBCluster"]

    def everywhere() -> dict[str, str]:
        if kind == "instance":
            return worn(instance(aws, "orders"))
        assert worn(instance(aws, "orders-1")) == worn(cluster(aws, "orders"))
        return worn(cluster(aws, "orders"))

    assert everywhere() == {stays: "active", goes: "active"}
    changing = {stays: "active", comes: "adding", goes: "removing"}
    assert worn(modify(stays, comes)) == changing
    emulator.advance(59)
    assert everywhere() == changing
    assert worn(modify(stays, comes, late)) == {**changing, late: "adding"}
    emulator.advance(59)
    assert worn(modify(late, comes, stays)) == {**changing, late: "adding"}
    emulator.advance(1)
    assert everywhere() == {stays: "active", comes: "active", late: "active"}


def test_a_member_cannot_have_groups_of_its_own(aws: Clients, network: Network) -> None:
    group = world.make_group(aws, network.vpc_id, "database")
    world.make_cluster(aws, "stock", network.subnet_ids, [])
    with pytest.raises(ClientError, match="InvalidParameterCombination"):
        aws.rds.modify_db_instance(DBInstanceIdentifier="stock-1", VpcSecurityGroupIds=[group])


def test_identifiers_have_no_case(aws: Clients, network: Network) -> None:
    world.make_instance(aws, "orders", network.subnet_ids, [])
    world.make_cluster(aws, "Stock", network.subnet_ids, [])
    with pytest.raises(ClientError, match="DBInstanceAlreadyExists"):
        aws.rds.create_db_instance(
            DBInstanceIdentifier="ORDERS", Engine="postgres", DBInstanceClass="db.t4g.micro", AllocatedStorage=20
        )
    member = aws.rds.create_db_instance(
        DBInstanceIdentifier="Stock-2",
        Engine="aurora-postgresql",
        DBInstanceClass="db.r6g.large",
        DBClusterIdentifier="STOCK",
    )["DBInstance"]
    assert (member["DBInstanceIdentifier"], member["DBClusterIdentifier"]) == ("stock-2", "stock")
    assert [each["DBInstanceIdentifier"] for each in cluster(aws, "sTOCK")["DBClusterMembers"]] == [
        "stock-1",
        "stock-2",
    ]
    assert world.make_subnet_group(aws, "Shop", network.subnet_ids) == "shop"
    (found,) = aws.rds.describe_db_subnet_groups(DBSubnetGroupName="SHOP")["DBSubnetGroups"]
    assert found["DBSubnetGroupName"] == "shop"
    asked: Any = [{"Name": "db-instance-id", "Values": ["STOCK-2"]}]
    assert len(aws.rds.describe_db_instances(Filters=asked)["DBInstances"]) == 1


@plain_moto_fails("makes a second cluster in its place")
def test_a_cluster_exists_once(aws: Clients, network: Network) -> None:
    world.make_cluster(aws, "stock", network.subnet_ids, [])
    with pytest.raises(ClientError, match="DBClusterAlreadyExistsFault"):
        world.make_cluster(aws, "STOCK", network.subnet_ids, [], members=0)
