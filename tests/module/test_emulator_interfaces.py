# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Network interfaces of Lambda and RDS in the emulator, beside plain moto, which makes none."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import ACCOUNT, Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients, Network

RELEASE = 1200


@pytest.fixture
def network(aws: Clients) -> Network:
    return world.make_network(aws, "shop")


@pytest.fixture
def groups(aws: Clients, network: Network) -> list[str]:
    return [world.make_group(aws, network.vpc_id, name) for name in ("one", "two")]


def interfaces(aws: Clients, **filters: str | list[str]) -> list[dict[str, Any]]:
    """Those that match; vpc_id="vpc-1" is the filter vpc-id."""
    wanted: Any = [
        {"Name": name.replace("_", "-"), "Values": [values] if isinstance(values, str) else values}
        for name, values in filters.items()
    ]
    found: Any = aws.ec2.describe_network_interfaces(Filters=wanted)["NetworkInterfaces"]
    return sorted(found, key=lambda interface: str(interface["NetworkInterfaceId"]))


def ids(found: list[dict[str, Any]]) -> set[str]:
    return {interface["NetworkInterfaceId"] for interface in found}


def attach(aws: Clients, name: str, subnet_ids: list[str], group_ids: list[str]) -> None:
    aws.functions.update_function_configuration(
        FunctionName=name, VpcConfig={"SubnetIds": subnet_ids, "SecurityGroupIds": group_ids}
    )
    aws.functions.get_waiter("function_updated_v2").wait(FunctionName=name)


def function(aws: Clients, name: str, network: Network, group_ids: list[str]) -> None:
    world.make_function(aws, name, package="Image", subnet_ids=network.subnet_ids, group_ids=group_ids)


def free(aws: Clients, subnet_id: str) -> int:
    return aws.ec2.describe_subnets(SubnetIds=[subnet_id])["Subnets"][0]["AvailableIpAddressCount"]


@plain_moto_fails("makes no interface for a function")
def test_an_interface_of_lambda(aws: Clients, network: Network, groups: list[str]) -> None:
    function(aws, "api", network, groups)
    (interface,) = interfaces(aws, subnet_id=network.subnet_ids[0])
    subnet = aws.ec2.describe_subnets(SubnetIds=network.subnet_ids[:1])["Subnets"][0]
    assert interface["InterfaceType"] == "lambda"
    assert interface["Status"] == "in-use"
    assert re.fullmatch(r"AWS Lambda VPC ENI-api-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", interface["Description"])
    assert interface["VpcId"] == network.vpc_id
    assert interface["AvailabilityZone"] == subnet["AvailabilityZone"]
    assert interface["PrivateIpAddress"] == "10.0.0.4"
    assert sorted(group["GroupId"] for group in interface["Groups"]) == sorted(groups)
    assert interface["OwnerId"] == ACCOUNT
    role_id = aws.iam.get_role(RoleName="api-role")["Role"]["RoleId"]
    assert (interface["RequesterId"], interface["RequesterManaged"]) == (f"{role_id}:api", False)
    attachment = interface["Attachment"]
    assert attachment.pop("AttachmentId").startswith("ela-attach-")
    assert attachment == {
        "DeleteOnTermination": False,
        "DeviceIndex": 1,
        "InstanceOwnerId": "amazon-aws",
        "Status": "attached",
    }


@plain_moto_fails("makes no interface for a function")
def test_functions_and_versions_share_an_interface_for_each_subnet_and_set_of_groups(
    aws: Clients, network: Network, groups: list[str]
) -> None:
    function(aws, "api", network, groups)
    function(aws, "report", network, groups[::-1])
    aws.functions.publish_version(FunctionName="api")
    shared = interfaces(aws, vpc_id=network.vpc_id)
    assert sorted(interface["SubnetId"] for interface in shared) == sorted(network.subnet_ids)
    attach(aws, "report", network.subnet_ids, groups[:1])
    own = [each for each in interfaces(aws, vpc_id=network.vpc_id) if each["NetworkInterfaceId"] not in ids(shared)]
    assert [[group["GroupId"] for group in interface["Groups"]] for interface in own] == [groups[:1]] * 2


@plain_moto_fails("makes no interface for a function")
def test_an_interface_outlives_its_last_user_by_twenty_minutes(
    emulator: Emulator, aws: Clients, network: Network, groups: list[str]
) -> None:
    function(aws, "api", network, groups)
    function(aws, "report", network, groups)
    attach(aws, "api", [], [])
    emulator.advance(2 * RELEASE)  # held by the other function
    aws.functions.delete_function(FunctionName="report")
    emulator.advance(RELEASE - 1)
    function(aws, "elsewhere", network, groups[:1])  # makes their end no later
    assert len(interfaces(aws, group_id=groups[1])) == 2
    emulator.advance(1)
    assert interfaces(aws, group_id=groups[1]) == []


@plain_moto_fails("makes no interface for a function")
def test_an_interface_that_is_used_again_stays(
    emulator: Emulator, aws: Clients, network: Network, groups: list[str]
) -> None:
    function(aws, "api", network, groups)
    made = ids(interfaces(aws))
    attach(aws, "api", [], [])
    emulator.advance(RELEASE - 1)
    attach(aws, "api", network.subnet_ids, groups)
    emulator.advance(2 * RELEASE)
    assert ids(interfaces(aws)) == made != set()
    attach(aws, "api", [], [])
    emulator.advance(RELEASE - 1)
    assert ids(interfaces(aws)) == made


@plain_moto_fails("makes no interface for a function")
def test_a_published_version_holds_its_interfaces(
    emulator: Emulator, aws: Clients, network: Network, groups: list[str]
) -> None:
    function(aws, "api", network, groups)
    aws.functions.publish_version(FunctionName="api")
    attach(aws, "api", [], [])
    emulator.advance(2 * RELEASE)
    assert len(interfaces(aws)) == 2
    aws.functions.delete_function(FunctionName="api", Qualifier="1")
    emulator.advance(RELEASE)
    assert interfaces(aws) == []


@plain_moto_fails("makes no interface for a function")
def test_an_inactive_function_has_no_interfaces(
    emulator: Emulator, aws: Clients, network: Network, groups: list[str]
) -> None:
    function(aws, "idle", network, groups)
    function(aws, "busy", network, groups[:1])
    emulator.set(inactive_functions=["idle"])
    assert {group["GroupId"] for interface in interfaces(aws) for group in interface["Groups"]} == {groups[0]}
    aws.ec2.delete_security_group(GroupId=groups[1])
    emulator.set(inactive_functions=[])
    function(aws, "other", network, groups[:1])  # settles anew, where a group is gone by now
    assert {group["GroupId"] for interface in interfaces(aws) for group in interface["Groups"]} == {groups[0]}
    assert groups[1] not in world.snapshot(aws)["groups"]


@plain_moto_fails("takes no address for a function")
def test_an_interface_takes_an_address_and_gives_it_back(
    emulator: Emulator, aws: Clients, network: Network, groups: list[str]
) -> None:
    (subnet_id, _other) = network.subnet_ids
    assert free(aws, subnet_id) == 256 - 5
    function(aws, "api", network, groups)
    assert free(aws, subnet_id) == 256 - 5 - 1
    world.make_instance(aws, "orders", [subnet_id], groups)
    assert free(aws, subnet_id) == 256 - 5 - 2
    aws.rds.delete_db_instance(DBInstanceIdentifier="orders", SkipFinalSnapshot=True)
    aws.functions.delete_function(FunctionName="api")
    emulator.advance(RELEASE)
    assert free(aws, subnet_id) == 256 - 5


@plain_moto_fails("gives out any address, for ever")
def test_a_subnet_has_so_many_addresses(aws: Clients, network: Network, groups: list[str]) -> None:
    subnet = aws.ec2.create_subnet(VpcId=network.vpc_id, CidrBlock="10.0.200.0/28")["Subnet"]["SubnetId"]
    for _number in range(16 - 5):
        aws.ec2.create_network_interface(SubnetId=subnet, Groups=groups)
    with pytest.raises(ClientError, match="InsufficientFreeAddressesInSubnet"):
        aws.ec2.create_network_interface(SubnetId=subnet, Groups=groups)
    taken = {interface["PrivateIpAddress"] for interface in interfaces(aws, subnet_id=subnet)}
    assert taken == {f"10.0.200.{number}" for number in range(4, 15)}
    assert free(aws, subnet) == 0
    function(aws, "api", Network(network.vpc_id, [subnet]), groups)
    assert interfaces(aws, interface_type="lambda") == []


def of_lambda(aws: Clients, network: Network, groups: list[str]) -> dict[str, Any]:
    function(aws, "api", network, groups)
    return interfaces(aws)[0]


def of_rds(aws: Clients, network: Network, groups: list[str]) -> dict[str, Any]:
    world.make_instance(aws, "orders", network.subnet_ids, groups)
    return interfaces(aws)[0]


@plain_moto_fails("makes no interface for a service")
@pytest.mark.parametrize(
    ("made", "refusal"),
    [(of_lambda, "OperationNotPermitted.*'ela-attach'"), (of_rds, r"AuthFailure.*do not have permission")],
)
def test_users_cannot_change_the_interfaces_of_services(
    aws: Clients,
    network: Network,
    groups: list[str],
    made: Callable[[Clients, Network, list[str]], dict[str, Any]],
    refusal: str,
) -> None:
    interface = made(aws, network, groups)
    interface_id = interface["NetworkInterfaceId"]
    with pytest.raises(ClientError, match=refusal):
        aws.ec2.modify_network_interface_attribute(NetworkInterfaceId=interface_id, Groups=groups[:1])
    with pytest.raises(ClientError, match=refusal):
        aws.ec2.detach_network_interface(AttachmentId=interface["Attachment"]["AttachmentId"])
    with pytest.raises(ClientError, match=f"InvalidParameterValue.*'{interface_id}' is currently in use"):
        aws.ec2.delete_network_interface(NetworkInterfaceId=interface_id)
    assert interfaces(aws, network_interface_id=interface_id) == [interface]


def test_users_can_change_their_own_interfaces(aws: Clients, network: Network, groups: list[str]) -> None:
    made = aws.ec2.create_network_interface(SubnetId=network.subnet_ids[0], Groups=groups)["NetworkInterface"]
    interface_id = made["NetworkInterfaceId"]
    aws.ec2.modify_network_interface_attribute(NetworkInterfaceId=interface_id, Groups=groups[:1])
    (interface,) = interfaces(aws)
    assert [group["GroupId"] for group in interface["Groups"]] == groups[:1]
    aws.ec2.delete_network_interface(NetworkInterfaceId=interface_id)
    assert interfaces(aws) == []


@plain_moto_fails("makes no interface for a database")
def test_an_instance_has_an_interface_with_its_groups(aws: Clients, network: Network, groups: list[str]) -> None:
    world.make_instance(aws, "orders", network.subnet_ids, groups[:1])
    (interface,) = interfaces(aws)
    assert interface["Description"] == "RDSNetworkInterface"
    assert interface["SubnetId"] in network.subnet_ids
    assert (interface["InterfaceType"], interface["Status"]) == ("interface", "in-use")
    assert (interface["RequesterId"], interface["RequesterManaged"]) == ("amazon-rds", True)
    assert interface["Attachment"]["InstanceOwnerId"] == "amazon-rds"
    assert [group["GroupId"] for group in interface["Groups"]] == groups[:1]
    aws.rds.modify_db_instance(DBInstanceIdentifier="orders", VpcSecurityGroupIds=groups[1:], ApplyImmediately=True)
    (changed,) = interfaces(aws)
    assert changed["NetworkInterfaceId"] == interface["NetworkInterfaceId"]
    assert [group["GroupId"] for group in changed["Groups"]] == groups[1:]
    aws.rds.delete_db_instance(DBInstanceIdentifier="orders", SkipFinalSnapshot=True)
    assert interfaces(aws) == []


@plain_moto_fails("makes no interface for a database")
def test_each_member_of_a_cluster_has_an_interface_with_the_groups_of_the_cluster(
    aws: Clients, network: Network, groups: list[str]
) -> None:
    world.make_cluster(aws, "shop", network.subnet_ids, groups[:1], members=2)
    assert len(interfaces(aws, group_id=groups[0], requester_id="amazon-rds")) == 2
    aws.rds.modify_db_cluster(DBClusterIdentifier="shop", VpcSecurityGroupIds=groups[1:])
    assert len(interfaces(aws, group_id=groups[1])) == 2
    assert interfaces(aws, group_id=groups[0]) == []


@plain_moto_fails("makes no interface for a service")
def test_filters_of_interfaces(aws: Clients, network: Network, groups: list[str]) -> None:
    function(aws, "api", network, groups[:1])
    world.make_instance(aws, "orders", network.subnet_ids, groups)
    every = interfaces(aws)
    (database,) = [interface for interface in every if interface["RequesterManaged"]]
    lambdas = [interface for interface in every if not interface["RequesterManaged"]]
    assert interfaces(aws, interface_type="lambda") == lambdas
    assert interfaces(aws, requester_managed="true") == [database]
    assert interfaces(aws, requester_managed="false", status="in-use", vpc_id=network.vpc_id) == lambdas
    assert interfaces(aws, requester_id=["amazon-rds", "amazon-elb"]) == [database]
    assert interfaces(aws, description="AWS Lambda VPC ENI-api-*") == lambdas
    assert interfaces(aws, description=["AWS Lambda VPC ENI-web-*", "RDS*"]) == [database]
    assert interfaces(aws, status="available") == []
    assert interfaces(aws, vpc_id="vpc-0") == []
    assert interfaces(aws, private_ip_address=database["PrivateIpAddress"], subnet_id=database["SubnetId"]) == [
        database
    ]
    assert len(interfaces(aws, subnet_id=network.subnet_ids)) == len(every)
    assert interfaces(aws, **{"attachment.instance_owner_id": "amazon-aws"}) == lambdas
    assert interfaces(aws, group_id=groups[1]) == [database]
    assert interfaces(aws, group_id=groups) == every


@plain_moto_fails("finds by several groups only what has all of them or no other")
def test_a_filter_by_several_groups_finds_what_has_any(aws: Clients, network: Network, groups: list[str]) -> None:
    third = world.make_group(aws, network.vpc_id, "three")
    aws.ec2.create_network_interface(SubnetId=network.subnet_ids[0], Groups=groups)
    assert len(interfaces(aws, group_id=[groups[0], third])) == 1
    assert interfaces(aws, group_id=third) == []


@plain_moto_fails("deletes a subnet that is used")
def test_a_subnet_with_an_interface_stays(
    emulator: Emulator, aws: Clients, network: Network, groups: list[str]
) -> None:
    function(aws, "api", network, groups)
    subnet_id = network.subnet_ids[0]
    with pytest.raises(ClientError, match=r"DependencyViolation.*has dependencies and cannot be deleted"):
        aws.ec2.delete_subnet(SubnetId=subnet_id)
    aws.functions.delete_function(FunctionName="api")
    emulator.advance(RELEASE)
    aws.ec2.delete_subnet(SubnetId=subnet_id)
    assert subnet_id not in [subnet["SubnetId"] for subnet in aws.ec2.describe_subnets()["Subnets"]]


@plain_moto_fails("makes no interface for a function")
@pytest.mark.parametrize("code", ["EniLimitExceeded", "SubnetOutOfIPAddresses"])
def test_an_update_fails_where_no_interface_can_be_made(
    emulator: Emulator, aws: Clients, network: Network, groups: list[str], code: str
) -> None:
    small = aws.ec2.create_subnet(VpcId=network.vpc_id, CidrBlock="10.0.200.0/28")["Subnet"]["SubnetId"]
    function(aws, "api", network, groups)
    if code == "EniLimitExceeded":
        emulator.set(interfaces_per_vpc=3)
    else:
        for _number in range(16 - 5):
            aws.ec2.create_network_interface(SubnetId=small, Groups=groups)
    with pytest.raises(WaiterError):
        attach(aws, "api", [*network.subnet_ids, small], groups[:1])
    configuration = aws.functions.get_function(FunctionName="api")["Configuration"]
    assert configuration["LastUpdateStatusReasonCode"] == code
    emulator.advance(2 * RELEASE)
    held = interfaces(aws, interface_type="lambda")
    assert sorted(interface["SubnetId"] for interface in held) == sorted(network.subnet_ids)
    assert all(len(interface["Groups"]) == len(groups) for interface in held)


@plain_moto_fails("makes no interface for a function")
def test_an_update_in_progress_holds_both_networks(
    emulator: Emulator, aws: Clients, network: Network, groups: list[str]
) -> None:
    function(aws, "api", network, groups[:1])
    emulator.set(update_seconds=2 * RELEASE)
    aws.functions.update_function_configuration(
        FunctionName="api", VpcConfig={"SubnetIds": network.subnet_ids, "SecurityGroupIds": groups[1:]}
    )
    emulator.advance(2 * RELEASE - 1)
    for group in groups:
        assert len(interfaces(aws, group_id=group)) == 2
    emulator.advance(RELEASE)
    with pytest.raises(ClientError, match="DependencyViolation"):
        aws.ec2.delete_security_group(GroupId=groups[0])
    emulator.advance(1)
    aws.ec2.delete_security_group(GroupId=groups[0])
    assert {group["GroupId"] for interface in interfaces(aws) for group in interface["Groups"]} == {groups[1]}


@plain_moto_fails("makes no interface for a function")
def test_stale_reads_show_the_interfaces_from_before(
    emulator: Emulator, aws: Clients, network: Network, groups: list[str]
) -> None:
    function(aws, "api", network, groups[:1])
    emulator.advance(60)
    emulator.set(stale_seconds=10)
    made = aws.ec2.create_network_interface(SubnetId=network.subnet_ids[0], Groups=groups[1:])["NetworkInterface"]
    assert len(interfaces(aws)) == 2
    emulator.advance(10)
    assert made["NetworkInterfaceId"] in ids(interfaces(aws, group_id=groups[1]))
    assert len(interfaces(aws, interface_type="lambda")) == 2


@plain_moto_fails("makes no interface for a function")
def test_a_reset_forgets_interfaces_and_their_ends(
    emulator: Emulator, aws: Clients, network: Network, groups: list[str]
) -> None:
    function(aws, "api", network, groups)
    assert len(interfaces(aws)) == 2
    aws.functions.delete_function(FunctionName="api")
    emulator.reset()
    assert interfaces(aws) == []
    emulator.advance(RELEASE)
    assert interfaces(aws) == []
