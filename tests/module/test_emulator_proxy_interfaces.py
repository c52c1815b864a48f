# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Network interfaces of RDS Proxies in the emulator, beside plain moto, which makes none."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients, Network


@pytest.fixture
def network(aws: Clients) -> Network:
    return world.make_network(aws, "shop")


@pytest.fixture
def groups(aws: Clients, network: Network) -> list[str]:
    return [world.make_group(aws, network.vpc_id, name) for name in ("one", "two")]


def interfaces(aws: Clients, **filters: str) -> list[Any]:
    wanted: Any = [{"Name": name.replace("_", "-"), "Values": [value]} for name, value in filters.items()]
    return list(aws.ec2.describe_network_interfaces(Filters=wanted)["NetworkInterfaces"])


def worn(aws: Clients) -> set[str]:
    return {group["GroupId"] for interface in interfaces(aws) for group in interface["Groups"]}


def free(aws: Clients, subnet_id: str) -> int:
    return aws.ec2.describe_subnets(SubnetIds=[subnet_id])["Subnets"][0]["AvailableIpAddressCount"]


@plain_moto_fails("makes no interface for a proxy")
def test_a_proxy_has_an_interface_in_each_subnet(aws: Clients, network: Network, groups: list[str]) -> None:
    before = [free(aws, subnet_id) for subnet_id in network.subnet_ids]
    world.make_proxy(aws, "pool", network.subnet_ids, groups, wait=False)
    made = interfaces(aws, description="Network interface for DBProxy pool", group_id=groups[0])
    assert sorted(interface["SubnetId"] for interface in made) == sorted(network.subnet_ids)
    assert worn(aws) == set(groups)
    assert [free(aws, subnet_id) for subnet_id in network.subnet_ids] == [count - 1 for count in before]
    for interface in made:
        assert (interface["InterfaceType"], interface["Status"]) == ("interface", "in-use")
        assert (interface["RequesterId"], interface["RequesterManaged"]) == ("amazon-rds", True)


@plain_moto_fails("makes no interface for a proxy")
def test_nobody_else_can_change_them(aws: Clients, network: Network, groups: list[str]) -> None:
    world.make_proxy(aws, "pool", network.subnet_ids, groups[:1])
    interface = interfaces(aws)[0]
    interface_id = interface["NetworkInterfaceId"]
    with pytest.raises(ClientError, match="AuthFailure"):
        aws.ec2.modify_network_interface_attribute(NetworkInterfaceId=interface_id, Groups=groups[1:])
    with pytest.raises(ClientError, match="AuthFailure"):
        aws.ec2.detach_network_interface(AttachmentId=interface["Attachment"]["AttachmentId"])
    with pytest.raises(ClientError, match="currently in use"):
        aws.ec2.delete_network_interface(NetworkInterfaceId=interface_id)


@plain_moto_fails("makes no interface for a proxy")
def test_they_follow_the_groups_of_the_proxy(aws: Clients, network: Network, groups: list[str]) -> None:
    world.make_proxy(aws, "pool", network.subnet_ids, groups[:1])
    before = {interface["NetworkInterfaceId"] for interface in interfaces(aws)}
    aws.rds.modify_db_proxy(DBProxyName="pool", SecurityGroups=groups[1:])
    assert worn(aws) == {groups[1]}
    assert {interface["NetworkInterfaceId"] for interface in interfaces(aws)} == before


@plain_moto_fails("deletes groups and subnets in use")
def test_they_outlive_the_proxy_and_hold_its_groups_and_subnets(
    emulator: Emulator, aws: Clients, network: Network, groups: list[str]
) -> None:
    world.make_proxy(aws, "pool", network.subnet_ids, groups[:1])
    aws.rds.delete_db_proxy(DBProxyName="pool")
    for seconds in (120, 299):  # deleting; gone
        emulator.advance(seconds)
        assert len(interfaces(aws)) == 2
        with pytest.raises(ClientError, match="DependencyViolation"):
            aws.ec2.delete_security_group(GroupId=groups[0])
        with pytest.raises(ClientError, match="DependencyViolation"):
            aws.ec2.delete_subnet(SubnetId=network.subnet_ids[0])
    assert aws.rds.describe_db_proxies()["DBProxies"] == []
    emulator.advance(1)
    assert interfaces(aws) == []
    aws.ec2.delete_security_group(GroupId=groups[0])
    aws.ec2.delete_subnet(SubnetId=network.subnet_ids[0])


@plain_moto_fails("makes no interface for a proxy")
def test_a_proxy_of_the_same_name_has_its_own(
    emulator: Emulator, aws: Clients, network: Network, groups: list[str]
) -> None:
    world.make_proxy(aws, "pool", network.subnet_ids, groups[:1])
    (auth,) = aws.rds.describe_db_proxies()["DBProxies"][0]["Auth"]
    first = {interface["NetworkInterfaceId"] for interface in interfaces(aws)}
    aws.rds.delete_db_proxy(DBProxyName="pool")
    emulator.advance(120)
    world.make_proxy(aws, "pool", network.subnet_ids, groups[:1], wait=False, Auth=[{"SecretArn": auth["SecretArn"]}])
    both = {interface["NetworkInterfaceId"] for interface in interfaces(aws)}
    assert (len(both), both > first) == (4, True)
    emulator.advance(300)
    assert {interface["NetworkInterfaceId"] for interface in interfaces(aws)} == both - first


@plain_moto_fails("makes no interface for a proxy")
def test_a_full_subnet_gets_one_once_there_is_room(aws: Clients, network: Network, groups: list[str]) -> None:
    small = aws.ec2.create_subnet(VpcId=network.vpc_id, CidrBlock="10.0.200.0/28", AvailabilityZone="eu-central-1a")
    subnet_ids = [small["Subnet"]["SubnetId"], network.subnet_ids[1]]
    filling = [
        aws.ec2.create_network_interface(SubnetId=subnet_ids[0])["NetworkInterface"]["NetworkInterfaceId"]
        for _number in range(11)
    ]
    world.make_proxy(aws, "pool", subnet_ids, groups[:1])
    assert len(interfaces(aws, requester_id="amazon-rds")) == 1
    aws.ec2.delete_network_interface(NetworkInterfaceId=filling[0])
    aws.rds.modify_db_proxy(DBProxyName="pool", RequireTLS=True)
    assert len(interfaces(aws, requester_id="amazon-rds")) == 2


@plain_moto_fails("looks at no rule")
def test_checkpoints_keep_a_proxy_and_what_it_connects_to(
    emulator: Emulator, aws: Clients, network: Network, groups: list[str]
) -> None:
    database = world.make_instance(aws, "orders", network.subnet_ids, groups[1:])
    rule = world.allow(aws, groups[1], "ingress", groups[0], 5432)
    world.make_proxy(aws, "pool", network.subnet_ids, groups[:1], target=database)
    emulator.checkpoint("built")
    before = world.snapshot(aws)
    for _time in range(2):
        aws.ec2.revoke_security_group_ingress(GroupId=groups[1], SecurityGroupRuleIds=[rule])
        emulator.advance(15)
        assert world.proxy_targets(aws, "pool")[0]["TargetHealth"]["Reason"] == "UNREACHABLE"
        aws.rds.delete_db_proxy(DBProxyName="pool")
        emulator.restore("built")
        assert world.snapshot(aws) == before
        assert world.proxy_targets(aws, "pool")[0]["TargetHealth"] == {"State": "AVAILABLE"}
        assert len(interfaces(aws)) == 3
