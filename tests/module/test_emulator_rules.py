# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Security group rules of the emulator, beside those of plain moto."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients

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


def range_of(cidr: str, ports: tuple[int | None, int | None] = (5432, 5432), protocol: str = "tcp") -> Any:
    """One permission for an address range."""
    ranges = {"Ipv6Ranges": [{"CidrIpv6": cidr}]} if ":" in cidr else {"IpRanges": [{"CidrIp": cidr}]}
    sides = zip(("FromPort", "ToPort"), ports, strict=True)
    return {"IpProtocol": protocol, **{side: port for side, port in sides if port is not None}, **ranges}


def authorize(aws: Clients, group: str, *permissions: Any) -> Any:
    return aws.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=permissions)


def revoke(aws: Clients, group: str, *permissions: Any) -> Any:
    return aws.ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=permissions)


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
    call = getattr(aws.ec2, f"authorize_security_group_{direction}")
    call(GroupId=database, IpPermissions=[to(client, Description="one")])
    before = world.snapshot(aws)
    with pytest.raises(ClientError, match=r"InvalidPermission\.Duplicate"):
        call(GroupId=database, IpPermissions=[to(client, 5433), to(client, Description="another")])
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


@plain_moto_fails("cannot tell which revokes")
def test_a_revoke_answers_with_what_it_revoked(aws: Clients) -> None:
    client, database = two_groups(aws)
    rule_id = world.allow(aws, database, "ingress", client, 5432, description="from api")
    (revoked,) = revoke(aws, database, to(client))["RevokedSecurityGroupRules"]
    assert revoked == {
        "SecurityGroupRuleId": rule_id,
        "GroupId": database,
        "IsEgress": False,
        "IpProtocol": "tcp",
        "FromPort": 5432,
        "ToPort": 5432,
        "ReferencedGroupId": client,
        "Description": "from api",
    }


@plain_moto_fails("refuses what a default VPC does not know")
def test_a_default_vpc_revokes_what_it_knows_and_names_the_rest(aws: Clients) -> None:
    (vpc,) = aws.ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    group = world.make_group(aws, vpc["VpcId"], "database")
    authorize(aws, group, range_of("10.0.0.0/16"))
    answer = revoke(aws, group, range_of("10.0.0.0/16"), range_of("10.1.0.0/16"))
    assert [
        (found["FromPort"], [peer["CidrIp"] for peer in found["IpRanges"]]) for found in answer["UnknownIpPermissions"]
    ] == [(5432, ["10.1.0.0/16"])]
    assert ingress(aws, group) == []


@plain_moto_fails("does not say which rule is unknown")
@pytest.mark.parametrize("whose", ["nobody", "another group", "the other direction"])
def test_a_rule_id_that_is_not_of_the_group_revokes_nothing(aws: Clients, whose: str) -> None:
    client, database = two_groups(aws)
    known = world.allow(aws, database, "ingress", client, 5432)
    other = {
        "nobody": "sgr-0123456789abcdef0",
        "another group": world.allow(aws, client, "ingress", database, 5432),
        "the other direction": world.allow(aws, database, "egress", client, 5432),
    }[whose]
    before = world.snapshot(aws)
    with pytest.raises(ClientError, match=r"InvalidSecurityGroupRuleId\.NotFound.*" + other):
        aws.ec2.revoke_security_group_ingress(GroupId=database, SecurityGroupRuleIds=[known, other])
    assert world.snapshot(aws) == before


@plain_moto_fails("keeps the tags of rules that are gone, or that never were")
def test_tags_end_with_their_rules(aws: Clients) -> None:
    client, database = two_groups(aws)
    rule_id = world.allow(aws, database, "ingress", client, 5432, tags=TAGS)
    with pytest.raises(ClientError, match="Duplicate"):
        world.allow(aws, database, "ingress", client, 5432, tags=TAGS)
    asked: Any = [{"Name": "resource-type", "Values": ["security-group-rule"]}]
    assert {tag["ResourceId"] for tag in aws.ec2.describe_tags(Filters=asked)["Tags"]} == {rule_id}
    aws.ec2.revoke_security_group_ingress(GroupId=database, SecurityGroupRuleIds=[rule_id])
    assert aws.ec2.describe_tags(Filters=asked)["Tags"] == []


@plain_moto_fails("accepts a group of any VPC")
@pytest.mark.parametrize("direction", ["ingress", "egress"])
def test_a_rule_names_no_group_of_a_vpc_that_is_not_peered(aws: Clients, direction: str) -> None:
    here, there = world.make_network(aws, "here"), world.make_network(aws, "there", cidr="10.1.0.0/16")
    client, database = world.make_group(aws, here.vpc_id, "client"), world.make_group(aws, there.vpc_id, "database")
    call = getattr(aws.ec2, f"authorize_security_group_{direction}")

    def refused() -> None:
        before = world.snapshot(aws)
        with pytest.raises(ClientError, match=r"InvalidGroup\.NotFound.*resources that belong to different networks"):
            call(GroupId=database, IpPermissions=[range_of("10.9.0.0/16"), to(client)])
        assert world.snapshot(aws) == before

    refused()
    asked = aws.ec2.create_vpc_peering_connection(VpcId=here.vpc_id, PeerVpcId=there.vpc_id)["VpcPeeringConnection"]
    refused()
    aws.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=asked["VpcPeeringConnectionId"])
    call(GroupId=database, IpPermissions=[range_of("10.9.0.0/16"), to(client)])
    aws.ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=asked["VpcPeeringConnectionId"])
    (rule,) = [rule for rule in rules(aws, ("group-id", database)) if "ReferencedGroupInfo" in rule]
    assert rule["ReferencedGroupInfo"]["PeeringStatus"] == "deleted"


@plain_moto_fails("knows no groups of other accounts")
def test_a_rule_names_a_group_of_another_account_whose_vpc_is_peered(emulator: Emulator, aws: Clients) -> None:
    partner = Clients.of(emulator.elsewhere(account="210987654321"))
    here, there = world.make_network(aws, "here"), world.make_network(partner, "there", cidr="10.1.0.0/16")
    database, client = world.make_group(aws, here.vpc_id, "database"), world.make_group(partner, there.vpc_id, "client")
    pair = to(client, UserId="210987654321")
    with pytest.raises(ClientError, match="different networks"):
        authorize(aws, database, pair)
    peering = world.peer(aws, here.vpc_id, there.vpc_id, other=partner)
    with pytest.raises(ClientError, match=r"InvalidGroup\.NotFound.*does not exist"):
        authorize(aws, database, to(client))
    authorize(aws, database, pair)
    (rule,) = ingress(aws, database)
    assert rule["GroupOwnerId"] == "123456789012"
    assert rule["ReferencedGroupInfo"] == {
        "GroupId": client,
        "UserId": "210987654321",
        "VpcId": there.vpc_id,
        "VpcPeeringConnectionId": peering,
        "PeeringStatus": "active",
    }


@plain_moto_fails("knows no groups of other accounts")
def test_accounts_that_share_a_vpc_name_each_other_s_groups(emulator: Emulator, aws: Clients) -> None:
    participant = Clients.of(emulator.elsewhere(account="210987654321"))
    vpc_id = world.make_network(aws, "shared").vpc_id
    database, client = world.make_group(aws, vpc_id, "database"), world.make_group(participant, vpc_id, "client")
    authorize(aws, database, to(client, UserId="210987654321"))
    assert ingress(aws, database)[0]["ReferencedGroupInfo"] == {"GroupId": client, "UserId": "210987654321"}
    authorize(participant, client, to(database, UserId="123456789012"))
    (rule,) = ingress(participant, client)
    assert (rule["GroupOwnerId"], rule["ReferencedGroupInfo"]["UserId"]) == ("210987654321", "123456789012")
    revoke(participant, client, to(database, UserId="123456789012"))
    assert ingress(participant, client) == []
    with pytest.raises(ClientError, match=r"InvalidPermission\.NotFound"):
        revoke(participant, client, to(database, UserId="123456789012"))


@plain_moto_fails("counts all families together, up to sixty")
@pytest.mark.parametrize("direction", ["ingress", "egress"])
def test_the_quota_counts_each_direction_and_family(emulator: Emulator, aws: Clients, direction: str) -> None:
    client, database = two_groups(aws)
    emulator.set(rules_per_group=3)
    call = getattr(aws.ec2, f"authorize_security_group_{direction}")
    if direction == "egress":  # what every group begins with
        aws.ec2.revoke_security_group_egress(
            GroupId=database, IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
        )
    call(GroupId=database, IpPermissions=[to(client), range_of("10.1.0.0/16"), range_of("2001:db8::/32")])
    before = world.snapshot(aws)
    for cidrs in (("10.2.0.0/16", "10.3.0.0/16"), ("2001:db9::/32", "2001:dba::/32")):
        with pytest.raises(ClientError, match="RulesPerSecurityGroupLimitExceeded"):
            call(GroupId=database, IpPermissions=[range_of(cidr) for cidr in cidrs])
        assert world.snapshot(aws) == before
    call(GroupId=database, IpPermissions=[range_of("10.2.0.0/16"), range_of("2001:db9::/32")])
    with pytest.raises(ClientError, match="RulesPerSecurityGroupLimitExceeded"):
        call(GroupId=database, IpPermissions=[to(client, 5433)])


@plain_moto_fails("has a quota of sixty")
def test_a_family_that_is_over_the_quota_does_not_hold_up_the_other(emulator: Emulator, aws: Clients) -> None:
    _client, database = two_groups(aws)
    authorize(aws, database, range_of("10.1.0.0/16"), range_of("10.2.0.0/16"))
    emulator.set(rules_per_group=1)
    authorize(aws, database, range_of("2001:db8::/32"))
    with pytest.raises(ClientError, match="RulesPerSecurityGroupLimitExceeded"):
        authorize(aws, database, range_of("10.3.0.0/16"))


@plain_moto_fails("has a quota of sixty")
def test_a_group_has_as_many_rules_as_the_quota_says(emulator: Emulator, aws: Clients) -> None:
    emulator.set(rules_per_group=200)
    _client, database = two_groups(aws)
    authorize(aws, database, *(range_of(f"10.{number}.0.0/16") for number in range(61)))
    assert len(ingress(aws, database)) == 61


@plain_moto_fails("counts a prefix list as one rule")
def test_a_prefix_list_counts_as_often_as_it_may_have_entries(emulator: Emulator, aws: Clients) -> None:
    _client, database = two_groups(aws)
    emulator.set(rules_per_group=60)
    made = aws.ec2.create_managed_prefix_list(PrefixListName="offices", MaxEntries=60, AddressFamily="IPv4")
    prefix_lists = [{"PrefixListId": made["PrefixList"]["PrefixListId"]}]
    listed = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "PrefixListIds": prefix_lists}
    authorize(aws, database, listed, range_of("2001:db8::/32"))
    with pytest.raises(ClientError, match="RulesPerSecurityGroupLimitExceeded"):
        authorize(aws, database, range_of("10.0.0.0/8"))


@plain_moto_fails("keeps what was sent")
@pytest.mark.parametrize(
    ("said", "key", "kept"),
    [
        ("10.0.0.5/16", "CidrIpv4", "10.0.0.0/16"),
        ("2001:0DB8:0:0::5/64", "CidrIpv6", "2001:db8::/64"),
    ],
)
def test_an_address_range_takes_its_canonical_form(aws: Clients, said: str, key: str, kept: str) -> None:
    _client, database = two_groups(aws)
    authorize(aws, database, range_of(said))
    assert [rule[key] for rule in ingress(aws, database)] == [kept]
    with pytest.raises(ClientError, match=r"InvalidPermission\.Duplicate"):
        authorize(aws, database, range_of(kept))
    revoke(aws, database, range_of(said))
    assert ingress(aws, database) == []


@plain_moto_fails("has another error for it")
@pytest.mark.parametrize("cidr", ["10.0.0.300/16", "10.0.0.0", "10.0.0.0/33", "2001:db8::/129", "2001:db8:::/64"])
def test_a_malformed_address_range_is_refused(aws: Clients, cidr: str) -> None:
    _client, database = two_groups(aws)
    with pytest.raises(ClientError, match=f"InvalidParameterValue.*CIDR block {cidr} is malformed"):
        authorize(aws, database, range_of("10.9.0.0/16"), range_of(cidr))
    assert ingress(aws, database) == []


@plain_moto_fails("takes it for a rule that is there already")
@pytest.mark.parametrize("twice", [("10.0.0.0/16", "10.0.0.9/16"), ("2001:db8::/64", "2001:DB8::/64")])
def test_no_permission_comes_twice_in_a_call(aws: Clients, twice: tuple[str, str]) -> None:
    client, database = two_groups(aws)
    for permissions in ([range_of(cidr) for cidr in twice], [to(client), to(client, Description="again")]):
        with pytest.raises(ClientError, match=r"InvalidParameterValue.*The same permission must not appear multiple"):
            authorize(aws, database, *permissions)
    assert ingress(aws, database) == []


@plain_moto_fails("accepts any port")
@pytest.mark.parametrize(
    ("protocol", "ports", "said"),
    [
        ("tcp", (-1, 80), r"TCP/UDP \(from\) port \(-1\) out of range"),
        ("tcp", (80, 65536), r"TCP/UDP \(to\) port \(65536\) out of range"),
        ("6", (90, 80), r"Invalid TCP/UDP port range \(90:80\)"),
        ("icmp", (256, 0), r"ICMP \(from\) port \(256\) out of range"),
        ("tpc", (80, 80), "Invalid value 'tpc' for IP protocol"),
    ],
)
def test_ports_are_checked(aws: Clients, protocol: str, ports: tuple[int | None, int | None], said: str) -> None:
    _client, database = two_groups(aws)
    with pytest.raises(ClientError, match=f"InvalidParameterValue.*{said}"):
        authorize(aws, database, range_of("10.0.0.0/16", ports, protocol))
    assert ingress(aws, database) == []


@pytest.mark.parametrize("ports", [(None, None), (53, None)])
def test_a_protocol_with_ports_has_both(aws: Clients, ports: tuple[int | None, int | None]) -> None:
    _client, database = two_groups(aws)
    with pytest.raises(ClientError, match=r"InvalidParameterValue.*Must specify both from and to ports with TCP/UDP"):
        authorize(aws, database, range_of("10.0.0.0/16", ports, "udp"))


def test_a_protocol_without_ports_has_all(aws: Clients) -> None:
    _client, database = two_groups(aws)
    authorize(aws, database, range_of("10.0.0.0/16", (None, None), "50"), range_of("::/0", (None, None), "icmpv6"))
    assert [(rule["IpProtocol"], rule["FromPort"]) for rule in ingress(aws, database)] == [("50", -1), ("icmpv6", -1)]


def test_a_dry_run_writes_nothing(aws: Clients) -> None:
    client, database = two_groups(aws)
    before = world.snapshot(aws)
    with pytest.raises(ClientError, match="DryRunOperation"):
        aws.ec2.authorize_security_group_ingress(GroupId=database, IpPermissions=[to(client)], DryRun=True)
    assert world.snapshot(aws) == before


@plain_moto_fails("tags rules that are not there any more")
def test_a_revoked_rule_cannot_be_tagged(aws: Clients) -> None:
    group = world.make_group(aws, world.make_network(aws, "shop").vpc_id, "one")
    rule, other = (world.allow(aws, group, "ingress", "10.0.0.0/8", port) for port in (5432, 3306))
    aws.ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=[rule])
    with pytest.raises(ClientError, match=rf"InvalidSecurityGroupRuleId\.NotFound.*{rule}"):
        aws.ec2.create_tags(Resources=[other, rule], Tags=[{"Key": "a", "Value": "b"}])
    (found,) = aws.ec2.describe_security_group_rules(SecurityGroupRuleIds=[other])["SecurityGroupRules"]
    assert found["Tags"] == []
    aws.ec2.create_tags(Resources=[other], Tags=[{"Key": "a", "Value": "b"}])
