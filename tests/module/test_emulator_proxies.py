# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""RDS Proxies of the emulator: states, what is refused, what is answered; beside plain moto."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients, Network

SECRET_ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:orders-a1B2c3"
SECRET: dict[str, Any] = {"AuthScheme": "SECRETS", "SecretArn": SECRET_ARN}


@pytest.fixture
def network(aws: Clients) -> Network:
    return world.make_network(aws, "shop")


@pytest.fixture
def group(aws: Clients, network: Network) -> str:
    return world.make_group(aws, network.vpc_id, "proxy")


@pytest.fixture
def role(aws: Clients) -> str:
    return world.make_proxy_role(aws, "proxies", [SECRET_ARN])


@pytest.fixture
def wanted(network: Network, group: str, role: str) -> dict[str, Any]:
    """The parameters of a CreateDBProxy that is right."""
    return {
        "DBProxyName": "pool",
        "EngineFamily": "POSTGRESQL",
        "Auth": [SECRET],
        "RoleArn": role,
        "VpcSubnetIds": network.subnet_ids,
        "VpcSecurityGroupIds": [group],
    }


def proxy(aws: Clients, name: str = "pool") -> Any:
    return aws.rds.describe_db_proxies(DBProxyName=name)["DBProxies"][0]


def seconds_until(emulator: Emulator, aws: Clients, status: str) -> float:
    start = emulator.now()
    while proxy(aws)["Status"] != status:
        emulator.advance(5)
        assert emulator.now() - start < 1000
    return emulator.now() - start


@plain_moto_fails("has a proxy available at once, and gone at once")
def test_a_proxy_takes_its_time(emulator: Emulator, aws: Clients, wanted: dict[str, Any]) -> None:
    assert aws.rds.create_db_proxy(**wanted)["DBProxy"]["Status"] == "creating"
    assert seconds_until(emulator, aws, "available") == 240
    assert aws.rds.modify_db_proxy(DBProxyName="pool", RequireTLS=True)["DBProxy"]["Status"] == "modifying"
    assert seconds_until(emulator, aws, "available") == 60
    assert aws.rds.delete_db_proxy(DBProxyName="pool")["DBProxy"]["Status"] == "deleting"
    emulator.advance(119)
    assert proxy(aws)["Status"] == "deleting"
    emulator.advance(1)
    with pytest.raises(aws.rds.exceptions.DBProxyNotFoundFault):
        proxy(aws)


def test_the_times_are_settings(emulator: Emulator, aws: Clients, wanted: dict[str, Any]) -> None:
    emulator.set(proxy_create_seconds=0, proxy_modify_seconds=30, proxy_delete_seconds=0)
    aws.rds.create_db_proxy(**wanted)
    assert proxy(aws)["Status"] == "available"
    aws.rds.modify_db_proxy(DBProxyName="pool", RequireTLS=True)
    assert seconds_until(emulator, aws, "available") == 30
    aws.rds.delete_db_proxy(DBProxyName="pool")
    assert aws.rds.describe_db_proxies()["DBProxies"] == []


@plain_moto_fails("has a proxy available at once")
@pytest.mark.parametrize("status", ["creating", "modifying", "deleting"])
def test_a_busy_proxy_refuses_changes(aws: Clients, wanted: dict[str, Any], status: str) -> None:
    aws.rds.create_db_proxy(**wanted)
    if status != "creating":
        world.wait_for_proxy(aws, "pool")
    if status == "modifying":
        aws.rds.modify_db_proxy(DBProxyName="pool", RequireTLS=True)
    if status == "deleting":
        aws.rds.delete_db_proxy(DBProxyName="pool")
    assert proxy(aws)["Status"] == status
    for change in (
        lambda: aws.rds.modify_db_proxy(DBProxyName="pool", RequireTLS=False),
        lambda: aws.rds.modify_db_proxy_target_group(DBProxyName="pool", TargetGroupName="default"),
        lambda: aws.rds.register_db_proxy_targets(DBProxyName="pool", DBInstanceIdentifiers=["orders"]),
        lambda: aws.rds.delete_db_proxy(DBProxyName="pool"),
    ):
        with pytest.raises(aws.rds.exceptions.InvalidDBProxyStateFault, match=status):
            change()


@plain_moto_fails("has a proxy available, whatever happens")
@pytest.mark.parametrize("status", ["incompatible-network", "insufficient-resource-limits", "suspended"])
def test_a_proxy_can_be_out_of_order(emulator: Emulator, aws: Clients, wanted: dict[str, Any], status: str) -> None:
    emulator.set(proxy_states={"pool": status})
    aws.rds.create_db_proxy(**wanted)
    assert proxy(aws)["Status"] == status
    with pytest.raises(aws.rds.exceptions.InvalidDBProxyStateFault, match=status):
        aws.rds.modify_db_proxy(DBProxyName="pool", RequireTLS=True)
    assert aws.rds.delete_db_proxy(DBProxyName="pool")["DBProxy"]["Status"] == "deleting"


@plain_moto_fails("answers with another host name, and without the defaults")
def test_a_proxy_is_answered_in_full(aws: Clients, network: Network, wanted: dict[str, Any]) -> None:
    made: Any = aws.rds.create_db_proxy(**wanted)["DBProxy"]
    host, hash_, region = made["Endpoint"].removesuffix(".rds.amazonaws.com").split(".")
    assert (host, hash_[:6], region) == ("pool", "proxy-", "eu-central-1")
    assert made["DBProxyArn"].startswith("arn:aws:rds:eu-central-1:123456789012:db-proxy:prx-")
    assert made["CreatedDate"] <= made["UpdatedDate"]
    changing = ("CreatedDate", "DBProxyArn", "Endpoint", "UpdatedDate")
    assert {key: value for key, value in made.items() if key not in changing} == {
        **wanted,
        "Auth": [{**SECRET, "IAMAuth": "DISABLED", "ClientPasswordAuthType": "POSTGRES_SCRAM_SHA_256"}],
        "DebugLogging": False,
        "DefaultAuthScheme": "NONE",
        "EndpointNetworkType": "IPV4",
        "IdleClientTimeout": 1800,
        "RequireTLS": False,
        "Status": "creating",
        "TargetConnectionNetworkType": "IPV4",
        "VpcId": network.vpc_id,
    }


def test_a_proxy_without_groups_has_the_default_one_of_its_vpc(
    aws: Clients, network: Network, wanted: dict[str, Any]
) -> None:
    del wanted["VpcSecurityGroupIds"]
    (default,) = aws.ec2.describe_security_groups(
        Filters=[{"Name": "vpc-id", "Values": [network.vpc_id]}, {"Name": "group-name", "Values": ["default"]}]
    )["SecurityGroups"]
    assert aws.rds.create_db_proxy(**wanted)["DBProxy"]["VpcSecurityGroupIds"] == [default["GroupId"]]


@plain_moto_fails("requires Auth of every proxy")
def test_a_proxy_needs_no_secret_where_iam_reaches_through(aws: Clients, wanted: dict[str, Any]) -> None:
    del wanted["Auth"]
    made = aws.rds.create_db_proxy(**wanted, DefaultAuthScheme="IAM_AUTH")["DBProxy"]
    assert (made["DefaultAuthScheme"], made["Auth"]) == ("IAM_AUTH", [])


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a name with two hyphens": ({"DBProxyName": "a--b"}, "InvalidParameterValue"),
    "a name that ends with a hyphen": ({"DBProxyName": "a-"}, "InvalidParameterValue"),
    "a name that begins with a digit": ({"DBProxyName": "1a"}, "InvalidParameterValue"),
    "a long name": ({"DBProxyName": "a" * 64}, "InvalidParameterValue"),
    "an engine family": ({"EngineFamily": "ORACLE"}, "InvalidParameterValue"),
    "no subnet": ({"VpcSubnetIds": ["subnet-0", "subnet-1"]}, "InvalidSubnet"),
    "no group": ({"VpcSecurityGroupIds": ["sg-0"]}, "InvalidParameterValue.*sg-0"),
    "no role": ({"RoleArn": "arn:aws:iam::123456789012:role/nobody"}, "InvalidParameterValue.*nobody"),
    "no ARN of a role": ({"RoleArn": "a-role-that-has-no-arn"}, "InvalidParameterValue"),
    "too short a time-out": ({"IdleClientTimeout": 0}, "InvalidParameterValue.*IdleClientTimeout"),
    "too long a time-out": ({"IdleClientTimeout": 28801}, "InvalidParameterValue.*IdleClientTimeout"),
    "no secret": ({"Auth": []}, "InvalidParameterCombination.*Auth"),
    "a scheme that is none": ({"DefaultAuthScheme": "PASSWORD"}, "InvalidParameterValue"),
    "no ARN of a secret": ({"Auth": [{"SecretArn": "arn:aws:ssm:eu-central-1:1:x"}]}, "InvalidParameterValue"),
    "a user name": ({"Auth": [{**SECRET, "UserName": "admin"}]}, "InvalidParameterValue.*Username must not"),
    "a mode of IAM": ({"Auth": [{**SECRET, "IAMAuth": "ENABLED"}]}, "InvalidParameterValue.*IAMAuth"),
    "too many secrets": ({"Auth": [SECRET] * 201}, "InvalidParameterValue.*200"),
}


@plain_moto_fails("takes nearly everything, and answers 500 to the rest")
def test_what_rds_refuses_is_refused(aws: Clients, wanted: dict[str, Any]) -> None:
    for parameters, refusal in REFUSED.values():
        with pytest.raises(ClientError, match=refusal):
            aws.rds.create_db_proxy(**wanted | parameters)
    assert aws.rds.describe_db_proxies()["DBProxies"] == []


@plain_moto_fails("checks nothing of the network but that there is one VPC")
def test_the_network_of_a_proxy_is_checked(aws: Clients, network: Network, wanted: dict[str, Any]) -> None:
    other = world.make_network(aws, "other", cidr="10.1.0.0/16")
    mixed = [network.subnet_ids[0], other.subnet_ids[1]]
    for subnet_ids in (mixed, network.subnet_ids[:1]):
        with pytest.raises(aws.rds.exceptions.InvalidSubnet):
            aws.rds.create_db_proxy(**wanted | {"VpcSubnetIds": subnet_ids})
    foreign = world.make_group(aws, other.vpc_id, "foreign")
    with pytest.raises(ClientError, match=f"InvalidParameterValue.*{foreign}"):
        aws.rds.create_db_proxy(**wanted | {"VpcSecurityGroupIds": [foreign]})


@plain_moto_fails("does not look at roles")
def test_rds_must_be_trusted_by_the_role(aws: Clients, wanted: dict[str, Any]) -> None:
    for_functions = world.make_role(aws, "for-functions")
    with pytest.raises(ClientError, match=r"InvalidParameterValue.*for-functions.*rds\.amazonaws\.com"):
        aws.rds.create_db_proxy(**wanted | {"RoleArn": for_functions})


def test_a_name_is_taken_once(aws: Clients, wanted: dict[str, Any]) -> None:
    aws.rds.create_db_proxy(**wanted)
    with pytest.raises(aws.rds.exceptions.DBProxyAlreadyExistsFault):
        aws.rds.create_db_proxy(**wanted)


@plain_moto_fails("allows a hundred proxies")
def test_the_quota_of_proxies(emulator: Emulator, aws: Clients, wanted: dict[str, Any]) -> None:
    emulator.set(proxies_per_region=2)
    for name in ("one", "two"):
        aws.rds.create_db_proxy(**wanted | {"DBProxyName": name})
    with pytest.raises(aws.rds.exceptions.DBProxyQuotaExceededFault):
        aws.rds.create_db_proxy(**wanted)
    assert len(aws.rds.describe_db_proxies()["DBProxies"]) == 2


@plain_moto_fails("answers 500 to all but DescribeDBProxies")
def test_there_is_no_such_proxy(aws: Clients) -> None:
    for call in (
        lambda: aws.rds.describe_db_proxies(DBProxyName="pool"),
        lambda: aws.rds.modify_db_proxy(DBProxyName="pool"),
        lambda: aws.rds.delete_db_proxy(DBProxyName="pool"),
        lambda: aws.rds.describe_db_proxy_target_groups(DBProxyName="pool"),
        lambda: aws.rds.modify_db_proxy_target_group(DBProxyName="pool", TargetGroupName="default"),
        lambda: aws.rds.describe_db_proxy_targets(DBProxyName="pool"),
        lambda: aws.rds.register_db_proxy_targets(DBProxyName="pool", DBInstanceIdentifiers=["orders"]),
        lambda: aws.rds.deregister_db_proxy_targets(DBProxyName="pool", DBInstanceIdentifiers=["orders"]),
        lambda: aws.rds.describe_db_proxy_endpoints(DBProxyName="pool"),
    ):
        with pytest.raises(aws.rds.exceptions.DBProxyNotFoundFault):
            call()


@plain_moto_fails("finds no tags on a proxy that is not there")
def test_tags_of_a_proxy(aws: Clients, wanted: dict[str, Any]) -> None:
    arn = aws.rds.create_db_proxy(**wanted, Tags=[{"Key": "team", "Value": "orders"}])["DBProxy"]["DBProxyArn"]
    aws.rds.add_tags_to_resource(ResourceName=arn, Tags=[{"Key": "a", "Value": "b"}])
    aws.rds.remove_tags_from_resource(ResourceName=arn, TagKeys=["team"])
    assert aws.rds.list_tags_for_resource(ResourceName=arn)["TagList"] == [{"Key": "a", "Value": "b"}]
    with pytest.raises(aws.rds.exceptions.DBProxyNotFoundFault):
        aws.rds.list_tags_for_resource(ResourceName=f"{arn}0")


@plain_moto_fails("has no paging of proxies")
def test_proxies_come_in_pages(emulator: Emulator, aws: Clients, wanted: dict[str, Any]) -> None:
    emulator.set(proxies_per_region=30)
    for number in range(21):
        aws.rds.create_db_proxy(**wanted | {"DBProxyName": f"pool-{number}"})
    pages = [
        page["DBProxies"]
        for page in aws.rds.get_paginator("describe_db_proxies").paginate(PaginationConfig={"PageSize": 20})
    ]
    assert [len(page) for page in pages] == [20, 1]
    assert len({each["DBProxyName"] for page in pages for each in page}) == 21


@plain_moto_fails("is never stale")
def test_reads_of_proxies_may_be_stale(emulator: Emulator, aws: Clients, wanted: dict[str, Any]) -> None:
    emulator.set(stale_seconds=5)
    emulator.advance(5)
    aws.rds.create_db_proxy(**wanted)
    assert aws.rds.describe_db_proxies()["DBProxies"] == []
    emulator.advance(5)
    assert proxy(aws)["Status"] == "creating"
