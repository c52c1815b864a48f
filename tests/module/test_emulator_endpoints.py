# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""VPC endpoints, prefix lists, and what a VPC does with names, beside plain moto."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from botocore.exceptions import ClientError

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients, Network

from .test_emulator_routes import routes

S3 = "com.amazonaws.eu-central-1.s3"


@pytest.fixture
def here(aws: Clients) -> Network:
    return world.make_network(aws, "here")


def endpoint(aws: Clients, endpoint_id: str) -> Any:
    (found,) = aws.ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint_id])["VpcEndpoints"]
    return found


def list_of_s3(aws: Clients) -> str:
    filters: Any = [{"Name": "prefix-list-name", "Values": [S3]}]
    (found,) = aws.ec2.describe_prefix_lists(Filters=filters)["PrefixLists"]
    return found["PrefixListId"]


@plain_moto_fails("has no type where none was said, and private names for gateways")
def test_an_endpoint_is_a_gateway_without_more(aws: Clients, here: Network) -> None:
    table = world.main_route_table(aws, here.vpc_id)
    made = aws.ec2.create_vpc_endpoint(VpcId=here.vpc_id, ServiceName=S3, RouteTableIds=[table])["VpcEndpoint"]
    seen = endpoint(aws, made["VpcEndpointId"])
    assert (seen["VpcEndpointType"], seen["PrivateDnsEnabled"], seen["State"]) == ("Gateway", False, "available")
    assert seen["RouteTableIds"] == [table]


@plain_moto_fails("has the route in the first tables for ever, and in no other")
def test_the_tables_of_a_gateway_endpoint_have_its_route(aws: Clients, here: Network) -> None:
    first, second = (world.make_route_table(aws, here.vpc_id, []) for _time in range(2))
    made = world.make_gateway_endpoint(aws, here.vpc_id, "s3", [first])
    listed = list_of_s3(aws)
    assert routes(aws, first)[listed] == (made, "active")
    aws.ec2.modify_vpc_endpoint(VpcEndpointId=made, AddRouteTableIds=[second], RemoveRouteTableIds=[first])
    assert listed not in routes(aws, first)
    assert routes(aws, second)[listed] == (made, "active")
    aws.ec2.delete_vpc_endpoints(VpcEndpointIds=[made])
    assert listed not in routes(aws, second)
    assert aws.ec2.describe_vpc_endpoints()["VpcEndpoints"] == []


@plain_moto_fails("puts a route in the place of another endpoint's")
def test_a_table_has_one_endpoint_of_a_service(aws: Clients, here: Network) -> None:
    table = world.main_route_table(aws, here.vpc_id)
    world.make_gateway_endpoint(aws, here.vpc_id, "s3", [table])
    world.make_gateway_endpoint(aws, here.vpc_id, "dynamodb", [table])
    with pytest.raises(ClientError, match="RouteAlreadyExists"):
        world.make_gateway_endpoint(aws, here.vpc_id, "s3", [table])
    assert len(aws.ec2.describe_vpc_endpoints()["VpcEndpoints"]) == 2


def interfaces(aws: Clients, made: str) -> list[Any]:
    filters: Any = [{"Name": "vpc-id", "Values": [endpoint(aws, made)["VpcId"]]}]
    filters += [{"Name": "interface-type", "Values": ["vpc_endpoint"]}]
    return list(aws.ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"])


@plain_moto_fails("gives interfaces the default group, at any address")
def test_an_interface_endpoint_has_interfaces_with_its_groups(aws: Clients, here: Network) -> None:
    group, other = (world.make_group(aws, here.vpc_id, name) for name in ("endpoint", "other"))
    made = world.make_interface_endpoint(aws, here.vpc_id, "secretsmanager", here.subnet_ids[:1], [group])
    seen = endpoint(aws, made)
    assert (seen["VpcEndpointType"], seen["PrivateDnsEnabled"]) == ("Interface", True)
    assert [each["GroupId"] for each in seen["Groups"]] == [group]
    (interface,) = interfaces(aws, made)
    assert seen["NetworkInterfaceIds"] == [interface["NetworkInterfaceId"]]
    assert [each["GroupId"] for each in interface["Groups"]] == [group]
    assert interface["PrivateIpAddress"] == "10.0.0.4"
    with pytest.raises(ClientError, match="DependencyViolation"):
        aws.ec2.delete_security_group(GroupId=group)
    aws.ec2.modify_vpc_endpoint(
        VpcEndpointId=made,
        AddSubnetIds=here.subnet_ids[1:],
        RemoveSubnetIds=here.subnet_ids[:1],
        AddSecurityGroupIds=[other],
        RemoveSecurityGroupIds=[group],
    )
    (interface,) = interfaces(aws, made)
    assert (interface["SubnetId"], interface["Groups"][0]["GroupId"]) == (here.subnet_ids[1], other)
    aws.ec2.delete_vpc_endpoints(VpcEndpointIds=[made])
    assert aws.ec2.describe_network_interfaces()["NetworkInterfaces"] == []


@plain_moto_fails("says no group where the default one is worn")
def test_an_interface_endpoint_without_groups_wears_the_default_one(aws: Clients, here: Network) -> None:
    made = world.make_interface_endpoint(aws, here.vpc_id, "kms", here.subnet_ids)
    filters: Any = [{"Name": "vpc-id", "Values": [here.vpc_id]}, {"Name": "group-name", "Values": ["default"]}]
    (default,) = aws.ec2.describe_security_groups(Filters=filters)["SecurityGroups"]
    assert [each["GroupId"] for each in endpoint(aws, made)["Groups"]] == [default["GroupId"]]


@plain_moto_fails("takes any endpoint")
@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("InvalidServiceName", {"ServiceName": "com.amazonaws.eu-central-1.nonsense"}),
        ("InvalidServiceName", {"VpcEndpointType": "Gateway"}),
        ("InvalidParameter.*enableDnsHostnames", {"PrivateDnsEnabled": True}),
        ("InvalidGroup.NotFound", {"SecurityGroupIds": ["sg-00000000"]}),
        ("different networks", {"SubnetIds": "there"}),
        ("DuplicateSubnetsInSameZone", {"SubnetIds": "twice"}),
    ],
    ids=str,
)
def test_endpoints_are_checked(aws: Clients, here: Network, code: str, other: Any) -> None:
    there = world.make_network(aws, "there", subnets=4, cidr="10.1.0.0/16")
    vpc_id = there.vpc_id if other.get("SubnetIds") == "twice" else here.vpc_id
    subnets = {"there": there.subnet_ids[:1], "twice": [there.subnet_ids[0], there.subnet_ids[3]]}
    wanted: dict[str, Any] = {
        "ServiceName": "com.amazonaws.eu-central-1.sts",
        "VpcEndpointType": "Interface",
        "PrivateDnsEnabled": False,
        **other,
    }
    if other.get("VpcEndpointType") != "Gateway":
        wanted["SubnetIds"] = subnets.get(other.get("SubnetIds"), here.subnet_ids)
    with pytest.raises(ClientError, match=code):
        aws.ec2.create_vpc_endpoint(VpcId=vpc_id, **wanted)
    assert aws.ec2.describe_vpc_endpoints()["VpcEndpoints"] == []


def test_attributes_of_a_vpc(aws: Clients, here: Network) -> None:
    def told(attribute: Literal["enableDnsSupport", "enableDnsHostnames"]) -> bool:
        answer: Any = aws.ec2.describe_vpc_attribute(VpcId=here.vpc_id, Attribute=attribute)
        return bool(answer[attribute[0].upper() + attribute[1:]]["Value"])

    assert (told("enableDnsSupport"), told("enableDnsHostnames")) == (True, False)
    aws.ec2.modify_vpc_attribute(VpcId=here.vpc_id, EnableDnsSupport={"Value": False})
    assert told("enableDnsSupport") is False


def test_options_of_a_peering(aws: Clients, here: Network) -> None:
    there = world.make_network(aws, "there", cidr="10.1.0.0/16")
    peering_id = world.peer(aws, here.vpc_id, there.vpc_id)
    aws.ec2.modify_vpc_peering_connection_options(
        VpcPeeringConnectionId=peering_id, AccepterPeeringConnectionOptions={"AllowDnsResolutionFromRemoteVpc": True}
    )
    (peering,) = aws.ec2.describe_vpc_peering_connections()["VpcPeeringConnections"]
    sides = (peering["AccepterVpcInfo"], peering["RequesterVpcInfo"])
    assert [each["PeeringOptions"]["AllowDnsResolutionFromRemoteVpc"] for each in sides] == [True, False]


@plain_moto_fails("has any list empty, and takes rules that name it")
def test_a_prefix_list_that_is_not_there(aws: Clients, here: Network) -> None:
    with pytest.raises(ClientError, match=r"InvalidPrefixListID\.NotFound"):
        aws.ec2.get_managed_prefix_list_entries(PrefixListId="pl-00000000")
    with pytest.raises(ClientError, match=r"InvalidPrefixListID\.NotFound"):
        world.allow(aws, world.make_group(aws, here.vpc_id, "web"), "egress", "pl-00000000", 443)


@plain_moto_fails("takes any number of entries")
def test_a_prefix_list_has_no_more_entries_than_it_may_have(aws: Clients) -> None:
    with pytest.raises(ClientError, match="PrefixListMaxEntriesExceeded"):
        world.make_prefix_list(aws, "offices", ["10.0.0.0/8", "11.0.0.0/8"], most=1)
    listed = world.make_prefix_list(aws, "offices", ["10.0.0.0/8"], most=1)
    change: Any = {"PrefixListId": listed, "AddEntries": [{"Cidr": "11.0.0.0/8"}]}
    with pytest.raises(ClientError, match="PrefixListMaxEntriesExceeded"):
        aws.ec2.modify_managed_prefix_list(**change, CurrentVersion=1)
    with pytest.raises(ClientError, match="PrefixListVersionMismatch"):
        aws.ec2.modify_managed_prefix_list(**change, CurrentVersion=7)
    aws.ec2.modify_managed_prefix_list(**change, CurrentVersion=1, RemoveEntries=[{"Cidr": "10.0.0.0/8"}])
    entries = aws.ec2.get_managed_prefix_list_entries(PrefixListId=listed)["Entries"]
    assert [entry["Cidr"] for entry in entries] == ["11.0.0.0/8"]


@plain_moto_fails("fails on all lists once one is changed")
def test_a_changed_prefix_list_keeps_its_name(aws: Clients) -> None:
    listed = world.make_prefix_list(aws, "offices", ["10.0.0.0/8"])
    aws.ec2.modify_managed_prefix_list(PrefixListId=listed, CurrentVersion=1, AddEntries=[{"Cidr": "11.0.0.0/8"}])
    (changed,) = aws.ec2.describe_managed_prefix_lists(PrefixListIds=[listed])["PrefixLists"]
    assert changed["PrefixListName"] == "offices"
    assert S3 in {each["PrefixListName"] for each in aws.ec2.describe_prefix_lists()["PrefixLists"]}


@plain_moto_fails("counts a rule as one")
def test_a_rule_that_names_a_prefix_list_counts_as_often_as_that_may_have_entries(
    aws: Clients, emulator: Emulator, here: Network
) -> None:
    emulator.set(rules_per_group=20)
    group = world.make_group(aws, here.vpc_id, "web")
    world.allow(aws, group, "ingress", world.make_prefix_list(aws, "a", ["10.0.0.0/8"], most=15), 443)
    with pytest.raises(ClientError, match="RulesPerSecurityGroupLimitExceeded"):
        world.allow(aws, group, "ingress", world.make_prefix_list(aws, "b", ["10.0.0.0/8"], most=6), 443)
    world.allow(aws, group, "ingress", world.make_prefix_list(aws, "c", ["10.0.0.0/8"], most=5), 443)
