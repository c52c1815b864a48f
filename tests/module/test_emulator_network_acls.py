# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Network ACLs of the emulator, beside plain moto."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients, Entry

LAST = [(32767, True, "deny"), (32767, False, "deny")]


def acl_of(aws: Clients, *subnet_ids: str) -> Any:
    """The one that guards all of these."""
    filters: Any = [{"Name": "association.subnet-id", "Values": list(subnet_ids)}]
    (acl,) = aws.ec2.describe_network_acls(Filters=filters)["NetworkAcls"]
    return acl


def association_of(aws: Clients, subnet_id: str) -> str:
    (found,) = [each for each in acl_of(aws, subnet_id)["Associations"] if each["SubnetId"] == subnet_id]
    return str(found["NetworkAclAssociationId"])


def entries(acl: Any) -> list[tuple[int, bool, str]]:
    return [(entry["RuleNumber"], entry["Egress"], entry["RuleAction"]) for entry in acl["Entries"]]


def put(aws: Clients, acl_id: str, **other: Any) -> None:
    entry: dict[str, Any] = {"RuleNumber": 100, "Protocol": "-1", "RuleAction": "allow", "Egress": True, **other}
    if "Ipv6CidrBlock" not in other:
        entry.setdefault("CidrBlock", "0.0.0.0/0")
    aws.ec2.create_network_acl_entry(NetworkAclId=acl_id, **entry)


def test_a_subnet_has_the_default_acl_of_its_vpc_which_allows_all(aws: Clients) -> None:
    network = world.make_network(aws, "shop")
    acl = acl_of(aws, *network.subnet_ids)
    assert (acl["IsDefault"], acl["VpcId"]) == (True, network.vpc_id)
    assert set(entries(acl)) == {(100, True, "allow"), (100, False, "allow"), *LAST}


@plain_moto_fails("gives an ACL no last entry")
def test_a_new_acl_denies_all(aws: Clients) -> None:
    acl = aws.ec2.create_network_acl(VpcId=world.make_network(aws, "shop").vpc_id)["NetworkAcl"]
    assert entries(acl) == LAST


@plain_moto_fails("has no entries for IPv6")
@pytest.mark.parametrize("late", [False, True], ids=["at first", "later"])
def test_a_vpc_with_ipv6_has_entries_for_it(aws: Clients, late: bool) -> None:
    vpc_id = aws.ec2.create_vpc(CidrBlock="10.7.0.0/16", AmazonProvidedIpv6CidrBlock=not late)["Vpc"]["VpcId"]
    own = aws.ec2.create_network_acl(VpcId=vpc_id)["NetworkAcl"]["NetworkAclId"]
    if late:
        aws.ec2.associate_vpc_cidr_block(VpcId=vpc_id, AmazonProvidedIpv6CidrBlock=True)
    filters: Any = [{"Name": "vpc-id", "Values": [vpc_id]}]
    acls = {each["NetworkAclId"]: each for each in aws.ec2.describe_network_acls(Filters=filters)["NetworkAcls"]}
    last = [(32768, True, "deny"), (32768, False, "deny")]
    assert sorted(entries(acls.pop(own))) == sorted(LAST + last)
    (default,) = acls.values()
    assert {(101, True, "allow"), (101, False, "allow"), *last} < set(entries(default))
    assert {each["Ipv6CidrBlock"] for each in default["Entries"] if each["RuleNumber"] in (101, 32768)} == {"::/0"}


@plain_moto_fails("takes entries as they are said")
def test_entries_take_a_canonical_form(aws: Clients) -> None:
    acl_id = aws.ec2.create_network_acl(VpcId=world.make_network(aws, "shop").vpc_id)["NetworkAcl"]["NetworkAclId"]
    put(aws, acl_id, Protocol="tcp", PortRange={"From": 5432, "To": 5432}, CidrBlock="100.68.0.18/18")
    put(aws, acl_id, RuleNumber=101, Protocol="all", PortRange={"From": 1, "To": 2}, Ipv6CidrBlock="2600::1/32")
    (acl,) = aws.ec2.describe_network_acls(NetworkAclIds=[acl_id])["NetworkAcls"]
    made = {entry["RuleNumber"]: entry for entry in acl["Entries"]}
    assert (made[100]["Protocol"], made[100]["CidrBlock"]) == ("6", "100.68.0.0/18")
    assert (made[101]["Protocol"], made[101]["Ipv6CidrBlock"]) == ("-1", "2600::/32")
    assert "PortRange" not in made[101]


@plain_moto_fails("takes any entry")
@pytest.mark.parametrize(
    "wrong",
    [
        {"RuleNumber": 0},
        {"RuleNumber": 32767},
        {"Protocol": "tcpp"},
        {"Protocol": "6"},
        {"Protocol": "17", "PortRange": {"From": 2, "To": 1}},
        {"CidrBlock": "10.0.0.0/99"},
        {"CidrBlock": ""},
        {"Ipv6CidrBlock": "10.0.0.0/8"},
    ],
    ids=str,
)
def test_malformed_entries_are_refused(aws: Clients, wrong: Any) -> None:
    acl_id = aws.ec2.create_network_acl(VpcId=world.make_network(aws, "shop").vpc_id)["NetworkAcl"]["NetworkAclId"]
    with pytest.raises(ClientError, match=r"InvalidParameterValue|MissingParameter"):
        put(aws, acl_id, **wrong)


def test_a_number_is_taken_once_in_each_direction(aws: Clients) -> None:
    acl_id = aws.ec2.create_network_acl(VpcId=world.make_network(aws, "shop").vpc_id)["NetworkAcl"]["NetworkAclId"]
    put(aws, acl_id)
    put(aws, acl_id, Egress=False)
    with pytest.raises(ClientError, match="NetworkAclEntryAlreadyExists"):
        put(aws, acl_id, RuleAction="deny")


@plain_moto_fails("deletes the last entry, and answers 500 for one that is not there")
def test_entries_that_are_not_there_and_the_last_one_cannot_be_deleted(aws: Clients) -> None:
    acl_id = acl_of(aws, *world.make_network(aws, "shop").subnet_ids)["NetworkAclId"]
    for number in (32767, 7):
        with pytest.raises(ClientError, match=r"InvalidNetworkAclEntry\.NotFound"):
            aws.ec2.delete_network_acl_entry(NetworkAclId=acl_id, RuleNumber=number, Egress=True)
    with pytest.raises(ClientError, match=r"InvalidNetworkAclEntry\.NotFound"):
        aws.ec2.replace_network_acl_entry(
            NetworkAclId=acl_id, RuleNumber=7, Egress=True, Protocol="-1", RuleAction="deny", CidrBlock="0.0.0.0/0"
        )
    aws.ec2.delete_network_acl_entry(NetworkAclId=acl_id, RuleNumber=100, Egress=True)


def test_a_subnet_moves_from_one_acl_to_another(aws: Clients) -> None:
    network = world.make_network(aws, "shop")
    first, second = network.subnet_ids
    made = world.make_network_acl(aws, network.vpc_id, [first], [Entry("ingress", "deny", "10.0.0.0/8", (1, 2))])
    assert acl_of(aws, first)["NetworkAclId"] == made
    assert acl_of(aws, second)["IsDefault"]
    with pytest.raises(ClientError, match="DependencyViolation"):
        aws.ec2.delete_network_acl(NetworkAclId=made)
    world.replace_network_acl(aws, first, acl_of(aws, second)["NetworkAclId"])
    aws.ec2.delete_network_acl(NetworkAclId=made)
    assert acl_of(aws, first, second)["IsDefault"]


@plain_moto_fails("lets an ACL guard the subnets of any VPC")
def test_an_acl_guards_subnets_of_its_own_vpc(aws: Clients) -> None:
    here, there = world.make_network(aws, "shop"), world.make_network(aws, "other", cidr="10.1.0.0/16")
    with pytest.raises(ClientError, match=r"InvalidParameterValue.*different networks"):
        world.make_network_acl(aws, there.vpc_id, here.subnet_ids, [])
    assert acl_of(aws, *here.subnet_ids)["VpcId"] == here.vpc_id


@plain_moto_fails("answers 500, or with the error of a route table")
def test_what_is_not_there_is_named(aws: Clients) -> None:
    acl_id = acl_of(aws, *world.make_network(aws, "shop").subnet_ids)["NetworkAclId"]
    with pytest.raises(ClientError, match=r"InvalidAssociationID\.NotFound"):
        aws.ec2.replace_network_acl_association(AssociationId="aclassoc-00000000", NetworkAclId=acl_id)
    with pytest.raises(ClientError, match=r"InvalidNetworkAclID\.NotFound"):
        aws.ec2.describe_network_acls(NetworkAclIds=["acl-00000000"])


@plain_moto_fails("deletes default ACLs, and then no subnet can be made")
def test_a_default_acl_cannot_be_deleted(aws: Clients) -> None:
    acl_id = acl_of(aws, *world.make_network(aws, "shop", subnets=1).subnet_ids)["NetworkAclId"]
    filters: Any = [{"Name": "vpc-id", "Values": [aws.ec2.create_vpc(CidrBlock="10.2.0.0/16")["Vpc"]["VpcId"]]}]
    (unused,) = aws.ec2.describe_network_acls(Filters=filters)["NetworkAcls"]
    for each in (acl_id, unused["NetworkAclId"]):
        with pytest.raises(ClientError, match=r"InvalidParameterValue|DependencyViolation"):
            aws.ec2.delete_network_acl(NetworkAclId=each)


@plain_moto_fails("keeps the associations of deleted subnets")
def test_a_deleted_subnet_has_no_acl(aws: Clients) -> None:
    network = world.make_network(aws, "shop")
    gone, stays = network.subnet_ids
    aws.ec2.delete_subnet(SubnetId=gone)
    assert [each["SubnetId"] for each in acl_of(aws, stays)["Associations"]] == [stays]


@plain_moto_fails("finds none unless all of an ACL's subnets are named, or one alone")
def test_the_acl_of_any_of_these_subnets_is_found(aws: Clients) -> None:
    here = world.make_network(aws, "here", subnets=3)
    there = world.make_network(aws, "there", cidr="10.1.0.0/16")
    named = [*here.subnet_ids[:2], there.subnet_ids[0]]
    filters: Any = [{"Name": "association.subnet-id", "Values": named}]
    found = aws.ec2.describe_network_acls(Filters=filters)["NetworkAcls"]
    assert {acl["VpcId"] for acl in found} == {here.vpc_id, there.vpc_id}
