# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Security group rules of the emulator, beside those of plain moto."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.cloudops.lambda_rds.tests.emulator import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import Clients

TAGS = {"cloudops.lambda_rds:scope": "function", "Name": "orders"}


def two_groups(aws: Clients) -> tuple[str, str]:
    vpc_id = world.make_network(aws, "shop").vpc_id
    return world.make_group(aws, vpc_id, "client"), world.make_group(aws, vpc_id, "database")


def to(peer: str, port: int = 5432, **said: str) -> Any:
    """One permission."""
    return {
        "IpProtocol": "tcp",
        "FromPort": port,
        "ToPort": port,
        "UserIdGroupPairs": [{"GroupId": peer, **said}],
    }


def rules(aws: Clients, *filters: tuple[str, str]) -> list[Any]:
    asked: Any = [{"Name": name, "Values": [value]} for name, value in filters]
    return aws.ec2.describe_security_group_rules(Filters=asked)["SecurityGroupRules"]


def ingress(aws: Clients, group: str) -> list[Any]:
    return [rule for rule in rules(aws, ("group-id", group)) if not rule["IsEgress"]]


@plain_moto_fails("leaves out description, owner and ARN")
def test_a_rule_is_described_in_full(aws: Clients) -> None:
    client, database = two_groups(aws)
    rule_id = world.allow(aws, database, "ingress", client, 5432, description="from api", tags=TAGS)
    (rule,) = ingress(aws, database)
    owner = "123456789012"
    assert {**rule, "Tags": {tag["Key"]: tag["Value"] for tag in rule["Tags"]}} == {
        "SecurityGroupRuleId": rule_id,
        "SecurityGroupRuleArn": f"arn:aws:ec2:eu-central-1:{owner}:security-group-rule/{rule_id}",
        "GroupId": database,
        "GroupOwnerId": owner,
        "IsEgress": False,
        "IpProtocol": "tcp",
        "FromPort": 5432,
        "ToPort": 5432,
        "ReferencedGroupInfo": {"GroupId": client, "UserId": owner},
        "Description": "from api",
        "Tags": TAGS,
    }


@plain_moto_fails("tells neither VPC nor peering of a group elsewhere")
def test_a_rule_that_names_a_group_of_a_peered_vpc_says_so(aws: Clients) -> None:
    here = world.make_network(aws, "here")
    there = world.make_network(aws, "there", cidr="10.1.0.0/16")
    peering = world.peer(aws, here.vpc_id, there.vpc_id)
    client, database = world.make_group(aws, here.vpc_id, "client"), world.make_group(aws, there.vpc_id, "database")
    world.allow(aws, database, "ingress", client, 5432)
    assert ingress(aws, database)[0]["ReferencedGroupInfo"] == {
        "GroupId": client,
        "UserId": "123456789012",
        "VpcId": here.vpc_id,
        "VpcPeeringConnectionId": peering,
        "PeeringStatus": "active",
    }


def test_rules_are_found_by_their_tags_and_their_group(aws: Clients) -> None:
    client, database = two_groups(aws)
    rule_id = world.allow(aws, database, "ingress", client, 5432, tags=TAGS)
    world.allow(aws, database, "ingress", client, 5433)
    tag = ("tag:cloudops.lambda_rds:scope", "function")
    for filters in ([tag], [tag, ("group-id", database)], [("tag-key", "Name")]):
        assert [rule["SecurityGroupRuleId"] for rule in rules(aws, *filters)] == [rule_id]
    assert rules(aws, tag, ("group-id", client)) == []
    assert rules(aws, ("tag:cloudops.lambda_rds:scope", "database")) == []


def test_tags_of_a_rule_change_like_all_tags(aws: Clients) -> None:
    client, database = two_groups(aws)
    rule_id = world.allow(aws, database, "ingress", client, 5432, tags=TAGS)
    aws.ec2.create_tags(Resources=[rule_id], Tags=[{"Key": "stage", "Value": "test"}])
    aws.ec2.delete_tags(Resources=[rule_id], Tags=[{"Key": "Name"}])
    tags = {tag["Key"]: tag["Value"] for tag in ingress(aws, database)[0]["Tags"]}
    assert tags == {"cloudops.lambda_rds:scope": "function", "stage": "test"}


@plain_moto_fails("answers with the rules of the last permission")
def test_authorizing_answers_with_every_rule_made(aws: Clients) -> None:
    client, database = two_groups(aws)
    made = aws.ec2.authorize_security_group_ingress(GroupId=database, IpPermissions=[to(client), to(client, 5433)])
    assert [rule["FromPort"] for rule in made["SecurityGroupRules"]] == [5432, 5433]


@plain_moto_fails("takes a rule twice when the description differs, and half of a call")
@pytest.mark.parametrize("direction", ["ingress", "egress"])
def test_an_equivalent_rule_refuses_the_whole_call(aws: Clients, direction: str) -> None:
    client, database = two_groups(aws)
    authorize = getattr(aws.ec2, f"authorize_security_group_{direction}")
    authorize(GroupId=database, IpPermissions=[to(client, Description="one")])
    before = world.snapshot(aws)
    with pytest.raises(ClientError, match=r"InvalidPermission\.Duplicate"):
        authorize(GroupId=database, IpPermissions=[to(client, 5433), to(client, Description="another")])
    assert world.snapshot(aws) == before


def test_another_direction_port_or_peer_is_another_rule(aws: Clients) -> None:
    client, database = two_groups(aws)
    world.allow(aws, database, "ingress", client, 5432)
    world.allow(aws, database, "egress", client, 5432)
    world.allow(aws, database, "ingress", client, 5433)
    world.allow(aws, database, "ingress", database, 5432)
    world.allow(aws, database, "ingress", "10.0.0.0/16", 5432)
    assert len(ingress(aws, database)) == 4


def test_rules_are_revoked_by_id(aws: Clients) -> None:
    client, database = two_groups(aws)
    first = world.allow(aws, database, "ingress", client, 5432, description="one")
    second = world.allow(aws, database, "ingress", client, 5433)
    out = world.allow(aws, client, "egress", database, 5432)
    aws.ec2.revoke_security_group_ingress(GroupId=database, SecurityGroupRuleIds=[first])
    aws.ec2.revoke_security_group_egress(GroupId=client, SecurityGroupRuleIds=[out])
    assert [rule["SecurityGroupRuleId"] for rule in ingress(aws, database)] == [second]
    assert [rule["IpProtocol"] for rule in rules(aws, ("group-id", client))] == ["-1"]


@plain_moto_fails("finds a rule by its description as well")
def test_a_revoke_by_permission_needs_no_description(aws: Clients) -> None:
    client, database = two_groups(aws)
    world.allow(aws, database, "ingress", client, 5432, description="from api")
    aws.ec2.revoke_security_group_ingress(GroupId=database, IpPermissions=[to(client)])
    assert ingress(aws, database) == []


@plain_moto_fails("revokes what comes before the mistake")
def test_a_revoke_of_an_absent_rule_revokes_nothing(aws: Clients) -> None:
    client, database = two_groups(aws)
    world.allow(aws, database, "ingress", client, 5432)
    before = world.snapshot(aws)
    with pytest.raises(ClientError, match=r"InvalidPermission\.NotFound"):
        aws.ec2.revoke_security_group_ingress(GroupId=database, IpPermissions=[to(client), to(client, 5433)])
    assert world.snapshot(aws) == before


def test_a_dry_run_writes_nothing(aws: Clients) -> None:
    client, database = two_groups(aws)
    before = world.snapshot(aws)
    with pytest.raises(ClientError, match="DryRunOperation"):
        aws.ec2.authorize_security_group_ingress(GroupId=database, IpPermissions=[to(client)], DryRun=True)
    assert world.snapshot(aws) == before
