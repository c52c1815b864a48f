# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads of the emulator may lag behind, beside plain moto, whose reads always know the last write."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients, Network


@pytest.fixture
def network(aws: Clients) -> Network:
    return world.make_network(aws, "shop")


def rules(aws: Clients, group: str) -> list[Any]:
    """The ingress rules that a read shows."""
    asked: Any = [{"Name": "group-id", "Values": [group]}]
    found = aws.ec2.describe_security_group_rules(Filters=asked)["SecurityGroupRules"]
    return [rule for rule in found if not rule["IsEgress"]]


def ports(aws: Clients, group: str) -> list[int]:
    return [rule["FromPort"] for rule in rules(aws, group)]


@plain_moto_fails("shows every write at once")
def test_reads_show_what_was_before_a_write(emulator: Emulator, aws: Clients, network: Network) -> None:
    group = world.make_group(aws, network.vpc_id, "database")
    emulator.set(stale_seconds=5)
    world.allow(aws, group, "ingress", "10.0.0.0/16", 1)
    emulator.advance(3)
    world.allow(aws, group, "ingress", "10.0.0.0/16", 2)
    assert ports(aws, group) == []
    emulator.advance(1.9)
    assert ports(aws, group) == []
    emulator.advance(0.1)
    assert ports(aws, group) == [1]
    emulator.advance(3)
    assert ports(aws, group) == [1, 2]


@plain_moto_fails("shows every write at once")
def test_writes_know_what_reads_do_not_show(emulator: Emulator, aws: Clients, network: Network) -> None:
    group = world.make_group(aws, network.vpc_id, "database")
    emulator.set(stale_seconds=5)
    rule_id = world.allow(aws, group, "ingress", "10.0.0.0/16", 1)
    assert ports(aws, group) == []
    with pytest.raises(ClientError, match=r"InvalidPermission\.Duplicate"):
        world.allow(aws, group, "ingress", "10.0.0.0/16", 1)
    aws.ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=[rule_id])
    with pytest.raises(ClientError, match=r"InvalidSecurityGroupRuleId\.NotFound"):
        aws.ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=[rule_id])
    emulator.advance(5)
    assert ports(aws, group) == []


@plain_moto_fails("shows every write at once")
def test_a_read_shows_what_is_gone(emulator: Emulator, aws: Clients, network: Network) -> None:
    group = world.make_group(aws, network.vpc_id, "database")
    emulator.set(stale_seconds=5)
    aws.ec2.delete_security_group(GroupId=group)
    assert aws.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    with pytest.raises(ClientError, match=r"InvalidGroup\.NotFound"):
        aws.ec2.delete_security_group(GroupId=group)
    emulator.advance(5)
    with pytest.raises(ClientError, match=r"InvalidGroup\.NotFound"):
        aws.ec2.describe_security_groups(GroupIds=[group])


@plain_moto_fails("knows a new group at once")
def test_a_new_group_is_not_yet_there(emulator: Emulator, aws: Clients, network: Network) -> None:
    known = world.make_group(aws, network.vpc_id, "database")
    world.make_function(aws, "api")
    world.make_instance(aws, "orders", network.subnet_ids, [known])
    emulator.set(stale_seconds=5)
    new = world.make_group(aws, network.vpc_id, "client")
    with pytest.raises(ClientError, match=rf"InvalidGroup\.NotFound.*The security group '{new}' does not exist"):
        world.allow(aws, new, "egress", known, 5432)
    with pytest.raises(ClientError, match=r"InvalidGroup\.NotFound"):
        world.allow(aws, known, "ingress", new, 5432)
    with pytest.raises(ClientError, match=r"InvalidParameterValueException.*InvalidGroup\.NotFound.*" + new):
        attach(aws, network, new)
    with pytest.raises(ClientError, match=r"\(InvalidParameterValue\).*Invalid security group , groupId= " + new):
        aws.rds.modify_db_instance(DBInstanceIdentifier="orders", VpcSecurityGroupIds=[new])
    with pytest.raises(ClientError, match=r"InvalidGroup\.NotFound"):
        aws.ec2.describe_security_groups(GroupIds=[new])
    emulator.advance(5)
    world.allow(aws, new, "egress", known, 5432)
    world.allow(aws, known, "ingress", new, 5432)
    attach(aws, network, new)


def attach(aws: Clients, network: Network, group: str) -> None:
    config: Any = {"SubnetIds": network.subnet_ids, "SecurityGroupIds": [group]}
    aws.functions.update_function_configuration(FunctionName="api", VpcConfig=config)


@plain_moto_fails("shows every write at once")
def test_tags_lag_behind_too(emulator: Emulator, aws: Clients, network: Network) -> None:
    group = world.make_group(aws, network.vpc_id, "database", tags={"stage": "old"})
    rule_id = world.allow(aws, group, "ingress", "10.0.0.0/16", 1, tags={"stage": "old"})
    emulator.set(stale_seconds=5)
    aws.ec2.create_tags(Resources=[group, rule_id], Tags=[{"Key": "stage", "Value": "new"}])

    def shown() -> list[Any]:
        found = aws.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
        return [tag["Value"] for each in (*found, *rules(aws, group)) for tag in each["Tags"]]

    assert shown() == ["old", "old"]
    emulator.advance(5)
    assert shown() == ["new", "new"]


@plain_moto_fails("shows every write at once")
def test_functions_and_databases_lag_behind(emulator: Emulator, aws: Clients, network: Network) -> None:
    world.make_function(aws, "api", Timeout=3)
    world.make_instance(aws, "orders", network.subnet_ids, [])
    emulator.set(stale_seconds=5)
    aws.functions.update_function_configuration(FunctionName="api", Timeout=9)
    aws.rds.modify_db_instance(DBInstanceIdentifier="orders", BackupRetentionPeriod=9)

    def shown() -> tuple[int, int]:
        (database,) = aws.rds.describe_db_instances()["DBInstances"]
        return aws.functions.get_function(FunctionName="api")["Configuration"]["Timeout"], database[
            "BackupRetentionPeriod"
        ]

    assert shown() == (3, 1)
    emulator.advance(5)
    assert shown() == (9, 9)


@plain_moto_fails("shows every write at once")
def test_each_account_and_region_lags_behind_by_itself(emulator: Emulator) -> None:
    places = [
        Clients.of(each)
        for each in (emulator, emulator.elsewhere(account="210987654321"), emulator.elsewhere(region="us-east-1"))
    ]

    def vpcs() -> list[int]:
        return [len(place.ec2.describe_vpcs()["Vpcs"]) for place in places]

    emulator.set(stale_seconds=5)
    for number, place in enumerate(places):
        for _time in range(2):
            place.ec2.create_vpc(CidrBlock="10.0.0.0/16")
        assert vpcs() == [3] * number + [1] * (len(places) - number)
        emulator.advance(5)
    assert vpcs() == [3, 3, 3]


def test_stale_reads_change_nothing(emulator: Emulator, aws: Clients, network: Network) -> None:
    group = world.make_group(aws, network.vpc_id, "database", tags={"stage": "test"})
    world.make_function(aws, "api")
    world.make_cluster(aws, "stock", network.subnet_ids, [group])
    emulator.advance(5)
    emulator.set(stale_seconds=5)
    world.allow(aws, group, "ingress", "10.0.0.0/16", 1, tags={"stage": "test"})
    aws.functions.update_function_configuration(FunctionName="api", Timeout=9)
    emulator.set(stale_seconds=0)
    actual = world.snapshot(aws)
    emulator.set(stale_seconds=5)
    assert world.snapshot(aws) != actual
    emulator.advance(5)
    assert world.snapshot(aws) == actual


@plain_moto_fails("shows every write at once")
def test_whoever_assumes_a_role_reads_its_account_s_past(emulator: Emulator, aws: Clients, network: Network) -> None:
    group = world.make_group(aws, network.vpc_id, "database")
    assumed = emulator.client("sts").assume_role(
        RoleArn=f"arn:aws:iam::{emulator.account}:role/deploy", RoleSessionName="test"
    )["Credentials"]
    make: Any = boto3.session.Session(
        assumed["AccessKeyId"], assumed["SecretAccessKey"], assumed["SessionToken"], region_name=emulator.region
    ).client
    ec2 = make("ec2", endpoint_url=emulator.url, config=Config(retries={"max_attempts": 0}))
    emulator.set(stale_seconds=5)
    world.allow(aws, group, "ingress", "10.0.0.0/16", 1)
    asked = [{"Name": "group-id", "Values": [group]}]
    assert all(rule["IsEgress"] for rule in ec2.describe_security_group_rules(Filters=asked)["SecurityGroupRules"])
