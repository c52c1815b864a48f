# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists of the emulator come in pages, beside those of plain moto, which come at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients

EC2_LISTS = {
    "describe_security_groups": ("SecurityGroups", "GroupId", "GroupIds"),
    "describe_security_group_rules": ("SecurityGroupRules", "SecurityGroupRuleId", "SecurityGroupRuleIds"),
    "describe_subnets": ("Subnets", "SubnetId", "SubnetIds"),
    "describe_network_interfaces": ("NetworkInterfaces", "NetworkInterfaceId", "NetworkInterfaceIds"),
    "describe_network_acls": ("NetworkAcls", "NetworkAclId", "NetworkAclIds"),
    "describe_route_tables": ("RouteTables", "RouteTableId", "RouteTableIds"),
    "describe_vpcs": ("Vpcs", "VpcId", "VpcIds"),
    "describe_vpc_peering_connections": (
        "VpcPeeringConnections",
        "VpcPeeringConnectionId",
        "VpcPeeringConnectionIds",
    ),
}
# MaxResults, where that is not 1000.
MOST = {"describe_route_tables": 100}
RDS_LISTS = {
    "describe_db_instances": ("DBInstances", "DBInstanceIdentifier"),
    "describe_db_clusters": ("DBClusters", "DBClusterIdentifier"),
    "describe_db_subnet_groups": ("DBSubnetGroups", "DBSubnetGroupName"),
}
of_each_ec2_list = pytest.mark.parametrize("action", EC2_LISTS)
of_each_rds_list = pytest.mark.parametrize("action", RDS_LISTS)


@pytest.fixture
def ec2(aws: Clients) -> Any:
    """At least seven of each."""
    network = world.make_network(aws, "shop", subnets=7)
    for number in range(7):
        group = world.make_group(aws, network.vpc_id, f"group-{number}")
        aws.ec2.create_network_interface(SubnetId=network.subnet_ids[0], Groups=[group])
        other = aws.ec2.create_vpc(CidrBlock=f"10.{number + 1}.0.0/16")["Vpc"]["VpcId"]
        world.peer(aws, network.vpc_id, other)
    return aws.ec2


def make_instances(aws: Clients, count: int) -> None:
    for number in range(count):
        aws.rds.create_db_instance(
            DBInstanceIdentifier=f"orders-{number}",
            Engine="postgres",
            DBInstanceClass="db.t4g.micro",
            AllocatedStorage=20,
        )


def make_clusters(aws: Clients, count: int) -> None:
    for number in range(count):
        aws.rds.create_db_cluster(
            DBClusterIdentifier=f"stock-{number}",
            Engine="aurora-postgresql",
            MasterUsername="admin_user",
            MasterUserPassword="not-a-secret",
        )


def make_subnet_groups(aws: Clients, count: int) -> None:
    subnet_ids = world.make_network(aws, "shop").subnet_ids
    for number in range(count):
        world.make_subnet_group(aws, f"group-{number}", subnet_ids)


MAKERS: dict[str, Callable[[Clients, int], None]] = {
    "describe_db_instances": make_instances,
    "describe_db_clusters": make_clusters,
    "describe_db_subnet_groups": make_subnet_groups,
}


def unchecked(emulator: Emulator, service: str) -> Any:
    """A client that sends what botocore would refuse by itself."""
    make: Any = boto3.session.Session(emulator.account, "secret", region_name=emulator.region).client
    return make(service, endpoint_url=emulator.url, config=Config(parameter_validation=False))


def sizes(client: Any, action: str, key: str, item: str, **asked: Any) -> list[int]:
    """Of the pages of a paginator, which together hold each item once."""
    pages = [page[key] for page in client.get_paginator(action).paginate(**asked)]
    found = [each[item] for page in pages for each in page]
    assert len(found) == len(set(found))
    return [len(page) for page in pages]


@plain_moto_fails("answers all at once")
@of_each_ec2_list
def test_a_short_page_size_makes_a_paginator_ask_again(emulator: Emulator, ec2: Any, action: str) -> None:
    key, item, _filters = EC2_LISTS[action]
    total = len(getattr(ec2, action)()[key])
    emulator.set(page_size=3)
    first = getattr(ec2, action)()
    assert (len(first[key]), "NextToken" in first) == (3, True)
    found = sizes(ec2, action, key, item)
    assert (sum(found), set(found[:-1])) == (total, {3})


@plain_moto_fails("ignores MaxResults")
@of_each_ec2_list
def test_max_results_is_honoured(ec2: Any, action: str) -> None:
    key, item, _filters = EC2_LISTS[action]
    found = sizes(ec2, action, key, item, PaginationConfig={"PageSize": 5})
    assert (found[0], sum(found)) == (5, len(getattr(ec2, action)()[key]))


@plain_moto_fails("ignores MaxResults")
@of_each_ec2_list
def test_max_results_has_its_limits(emulator: Emulator, action: str) -> None:
    most = MOST.get(action, 1000)
    for asked, limit in ((4, "greater than 5"), (most + 1, f"less than {most}")):
        with pytest.raises(ClientError, match=f"InvalidParameterValue.*{asked} .*Expecting a value {limit}"):
            getattr(unchecked(emulator, "ec2"), action)(MaxResults=asked)


@plain_moto_fails("ignores MaxResults")
@of_each_ec2_list
def test_max_results_and_ids_exclude_each_other(ec2: Any, action: str) -> None:
    key, item, ids = EC2_LISTS[action]
    known = [each[item] for each in getattr(ec2, action)()[key]]
    with pytest.raises(ClientError, match=f"InvalidParameterCombination.*{ids}"):
        getattr(ec2, action)(MaxResults=5, **{ids: known})


@of_each_ec2_list
def test_what_is_asked_for_by_id_comes_at_once(emulator: Emulator, ec2: Any, action: str) -> None:
    key, item, ids = EC2_LISTS[action]
    known = [each[item] for each in getattr(ec2, action)()[key]]
    emulator.set(page_size=3)
    assert [each[item] for each in getattr(ec2, action)(**{ids: known})[key]] == known


@plain_moto_fails("ignores NextToken")
@of_each_ec2_list
def test_ec2_refuses_a_token_that_it_did_not_give(emulator: Emulator, ec2: Any, action: str) -> None:
    emulator.set(page_size=3)
    other = next(each for each in EC2_LISTS if each != action)
    for token in ("nonsense", getattr(ec2, other)()["NextToken"]):
        with pytest.raises(ClientError, match=r"InvalidParameterValue.*NextToken is invalid"):
            getattr(ec2, action)(NextToken=token)


@pytest.mark.parametrize(("size", "pages"), [(3, [3, 3, 1]), (7, [7])])
def test_filters_hold_on_every_page(emulator: Emulator, ec2: Any, size: int, pages: list[int]) -> None:
    emulator.set(page_size=size)
    asked = [{"Name": "group-name", "Values": ["group-*"]}]
    assert sizes(ec2, "describe_security_groups", "SecurityGroups", "GroupId", Filters=asked) == pages


@plain_moto_fails("knows no pages but those of instances, of a hundred each")
@of_each_rds_list
def test_a_short_page_size_shortens_rds_s_lists(emulator: Emulator, aws: Clients, action: str) -> None:
    MAKERS[action](aws, 7)
    emulator.set(page_size=3)
    key, item = RDS_LISTS[action]
    total = len(list(aws.rds.get_paginator(action).paginate().search(f"{key}[]")))  # type: ignore[call-overload]
    assert total >= 7
    found = sizes(aws.rds, action, key, item)
    assert (sum(found), set(found[:-1])) == (total, {3})


@plain_moto_fails("knows no pages of clusters")
def test_rds_has_pages_of_a_hundred_and_smaller_ones(aws: Clients) -> None:
    make_clusters(aws, 101)
    assert sizes(aws.rds, "describe_db_clusters", "DBClusters", "DBClusterIdentifier") == [100, 1]
    page = {"PageSize": 40}
    found = sizes(aws.rds, "describe_db_clusters", "DBClusters", "DBClusterIdentifier", PaginationConfig=page)
    assert found == [40, 40, 21]


@plain_moto_fails("takes any MaxRecords and any Marker")
@of_each_rds_list
def test_rds_refuses_wrong_pages(aws: Clients, action: str) -> None:
    for asked in (19, 101):
        with pytest.raises(ClientError, match=f"InvalidParameterValue.*Invalid value {asked} for MaxRecords"):
            getattr(aws.rds, action)(MaxRecords=asked)
    with pytest.raises(ClientError, match=r"InvalidParameterValue.*nonsense"):
        getattr(aws.rds, action)(Marker="nonsense")


@plain_moto_fails("lists all functions")
def test_a_short_page_size_shortens_lambda_s_lists(emulator: Emulator, aws: Clients) -> None:
    for number in range(4):
        world.make_function(aws, f"f-{number}")
    emulator.set(page_size=3)
    assert sizes(aws.functions, "list_functions", "Functions", "FunctionName") == [3, 1]


@plain_moto_fails("answers all at once")
def test_endpoints_and_entries_of_prefix_lists_come_in_pages(emulator: Emulator, aws: Clients) -> None:
    vpc_id = world.make_network(aws, "shop").vpc_id
    for service in ("s3", "dynamodb"):
        world.make_gateway_endpoint(aws, vpc_id, service, [])
    listed = world.make_prefix_list(aws, "offices", [f"10.{number}.0.0/16" for number in range(3)])
    named: Any = {"PrefixListId": listed}
    config = {"PageSize": 1}
    assert sizes(aws.ec2, "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId", PaginationConfig=config) == [1, 1]
    assert aws.ec2.describe_vpc_endpoints(MaxResults=5000)["VpcEndpoints"]
    found = sizes(aws.ec2, "get_managed_prefix_list_entries", "Entries", "Cidr", **named, PaginationConfig=config)
    assert found == [1, 1, 1]
    with pytest.raises(ClientError, match="Expecting a value less than 100"):
        unchecked(emulator, "ec2").get_managed_prefix_list_entries(**named, MaxResults=101)
