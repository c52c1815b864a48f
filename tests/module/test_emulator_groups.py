# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A security group of the emulator cannot be deleted while it is used, beside plain moto, which deletes any."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients, Network


def by_a_rule(aws: Clients, network: Network, group: str) -> None:
    world.allow(aws, world.make_group(aws, network.vpc_id, "other"), "ingress", group, 5432)


def by_an_interface(aws: Clients, network: Network, group: str) -> None:
    aws.ec2.create_network_interface(SubnetId=network.subnet_ids[0], Groups=[group])


def by_a_function(aws: Clients, network: Network, group: str) -> None:
    world.make_function(aws, "api", subnet_ids=network.subnet_ids, group_ids=[group])


def by_a_published_version(aws: Clients, network: Network, group: str) -> None:
    by_a_function(aws, network, group)
    aws.functions.publish_version(FunctionName="api")
    aws.functions.update_function_configuration(FunctionName="api", VpcConfig={"SubnetIds": [], "SecurityGroupIds": []})


def by_an_instance(aws: Clients, network: Network, group: str) -> None:
    world.make_instance(aws, "orders", network.subnet_ids, [group])


def by_a_cluster(aws: Clients, network: Network, group: str) -> None:
    world.make_cluster(aws, "orders", network.subnet_ids, [group])


USES = (by_a_rule, by_an_interface, by_a_function, by_a_published_version, by_an_instance, by_a_cluster)


@plain_moto_fails("deletes a group that is used")
@pytest.mark.parametrize("used", USES)
def test_a_used_group_stays(aws: Clients, used: Callable[[Clients, Network, str], None]) -> None:
    network = world.make_network(aws, "shop")
    group = world.make_group(aws, network.vpc_id, "used")
    used(aws, network, group)
    with pytest.raises(ClientError, match="DependencyViolation"):
        aws.ec2.delete_security_group(GroupId=group)
    assert group in world.snapshot(aws)["groups"]


@plain_moto_fails("deletes a group that is used")
def test_lambda_holds_a_group_for_twenty_minutes_more(emulator: Emulator, aws: Clients) -> None:
    network = world.make_network(aws, "shop")
    group = world.make_group(aws, network.vpc_id, "used")
    by_a_function(aws, network, group)
    aws.functions.delete_function(FunctionName="api")
    emulator.advance(1199)
    with pytest.raises(ClientError, match="DependencyViolation"):
        aws.ec2.delete_security_group(GroupId=group)
    emulator.advance(1)
    aws.ec2.delete_security_group(GroupId=group)
    assert group not in world.snapshot(aws)["groups"]


def test_the_group_of_an_inactive_function_can_go(emulator: Emulator, aws: Clients) -> None:
    network = world.make_network(aws, "shop")
    group = world.make_group(aws, network.vpc_id, "used")
    by_a_function(aws, network, group)
    emulator.set(inactive_functions=["api"])
    aws.ec2.delete_security_group(GroupId=group)
    assert group not in world.snapshot(aws)["groups"]


@plain_moto_fails("deletes a default group")
def test_a_default_group_stays(aws: Clients) -> None:
    vpc_id = world.make_network(aws, "shop").vpc_id
    (default,) = aws.ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])["SecurityGroups"]
    with pytest.raises(ClientError, match="CannotDelete"):
        aws.ec2.delete_security_group(GroupId=default["GroupId"])


def test_a_group_that_names_itself_or_others_can_go(aws: Clients) -> None:
    vpc_id = world.make_network(aws, "shop").vpc_id
    group, other = world.make_group(aws, vpc_id, "one"), world.make_group(aws, vpc_id, "other")
    world.allow(aws, group, "ingress", group, 5432)
    world.allow(aws, group, "egress", other, 5432)
    aws.ec2.delete_security_group(GroupId=group)
    aws.ec2.delete_security_group(GroupId=other)
    assert {group, other}.isdisjoint(world.snapshot(aws)["groups"])


def test_a_vpc_can_still_be_deleted(aws: Clients) -> None:
    vpc_id = aws.ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    aws.ec2.delete_vpc(VpcId=vpc_id)
    assert vpc_id not in [vpc["VpcId"] for vpc in aws.ec2.describe_vpcs()["Vpcs"]]


def test_a_rule_in_a_peered_vpc_holds_no_group_and_is_stale_then(aws: Clients) -> None:
    here, there = (world.make_network(aws, name, cidr=f"10.{n}.0.0/16") for n, name in enumerate(("here", "there")))
    world.peer(aws, here.vpc_id, there.vpc_id)
    group, other = world.make_group(aws, here.vpc_id, "group"), world.make_group(aws, there.vpc_id, "other")
    rule = world.allow(aws, other, "ingress", group, 5432)
    aws.ec2.delete_security_group(GroupId=group)
    assert world.snapshot(aws)["groups"][other]["rules"][rule]["peer"] == group
    aws.ec2.revoke_security_group_ingress(GroupId=other, SecurityGroupRuleIds=[rule])
