# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator among many resources and many callers: the same answers, and nothing lost."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
from botocore.config import Config

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients

from .functions import DETACHED

CALLERS = 24


def test_filters_match_what_they_say_and_what_their_wildcards_leave_open(aws: Clients) -> None:
    network = world.make_network(aws, "shop")
    groups = {
        name: world.make_group(aws, network.vpc_id, name, tags={"stage": stage, "empty": ""})
        for name, stage in {"a.b": "prod.1", "a-b": "prod-1", "axb": "test"}.items()
    }
    rules = {name: world.allow(aws, group, "ingress", "10.0.0.0/8", 5432) for name, group in groups.items()}

    def found(name: str, *values: str) -> list[str]:
        asked: Any = [{"Name": name, "Values": values}, {"Name": "vpc-id", "Values": [network.vpc_id]}]
        return sorted(group["GroupName"] for group in aws.ec2.describe_security_groups(Filters=asked)["SecurityGroups"])

    assert found("group-name", "a.b", "none") == ["a.b"]
    assert found("group-name", "a?b") == ["a-b", "a.b", "axb"]
    assert found("tag:stage", "prod.1", "none") == ["a.b"]
    assert found("tag:stage", "prod*") == ["a-b", "a.b"]
    assert found("tag:empty", "") == ["a-b", "a.b", "axb"]
    assert found("tag:none", "") == []
    assert found("group-id", groups["a.b"], groups["axb"]) == ["a.b", "axb"]
    assert found("group-id", groups["a.b"][:-1] + "?") == ["a.b"]

    def found_rules(**asked: Any) -> set[str]:
        answer = aws.ec2.describe_security_group_rules(**asked)["SecurityGroupRules"]
        return {rule["SecurityGroupRuleId"] for rule in answer if not rule["IsEgress"]}

    assert found_rules(Filters=[{"Name": "group-id", "Values": [groups["a-b"]]}]) == {rules["a-b"]}
    assert found_rules(SecurityGroupRuleIds=[rules["axb"], rules["a.b"]]) == {rules["axb"], rules["a.b"]}


def many_at_once(work: Any, items: Any) -> list[Any]:
    with ThreadPoolExecutor(CALLERS) as callers:
        return list(callers.map(work, items))


def test_many_callers_at_once_lose_nothing(emulator: Emulator) -> None:
    aws = Clients.of(emulator)
    emulator.set(throttling=False, clock_flows=True, update_seconds=0.05, rules_per_group=1000)
    network = world.make_network(aws, "shop", bits=22)
    database = world.make_group(aws, network.vpc_id, "database")
    names = [f"api-{number:03}" for number in range(120)]
    role = world.make_role(aws, "shared")

    def connect(name: str) -> None:
        world.make_function(aws, name, Role=role)
        group = world.make_group(aws, network.vpc_id, f"{name}-group", tags={"of": name})
        world.allow(aws, group, "egress", database, 5432)
        world.allow(aws, database, "ingress", group, 5432, tags={"of": name})
        where = {"SubnetIds": network.subnet_ids, "SecurityGroupIds": [group]}
        aws.functions.update_function_configuration(FunctionName=name, VpcConfig=where)  # type: ignore[arg-type]

    many_at_once(connect, names)
    emulator.advance(1)
    seen = world.snapshot(aws)
    groups = {group["name"]: group_id for group_id, group in seen["groups"].items()}
    assert sorted(seen["functions"]) == names
    for name in names:
        assert seen["functions"][name]["vpc_config"]["SecurityGroupIds"] == [groups[f"{name}-group"]]
    peers = [rule["peer"] for rule in seen["groups"][database]["rules"].values() if rule["direction"] == "ingress"]
    assert sorted(peers) == sorted(groups[f"{name}-group"] for name in names)
    interfaces = aws.ec2.describe_network_interfaces()["NetworkInterfaces"]
    assert len(interfaces) == len({each["PrivateIpAddress"] for each in interfaces}) == 2 * len(names)
    calls = Counter(map(str, emulator.calls()))
    assert calls["lambda:UpdateFunctionConfiguration"] == calls["ec2:CreateSecurityGroup"] - 1 == len(names)
    assert {call.status for call in emulator.calls()} <= {200, 201, 202}


def test_callers_wait_for_the_way_to_aws_side_by_side(emulator: Emulator) -> None:
    Clients.of(emulator).ec2.describe_vpcs()
    emulator.set(latency_seconds=0.3, throttling=False)
    session = boto3.session.Session(emulator.account, "secret", region_name=emulator.region)
    ec2 = session.client("ec2", endpoint_url=emulator.url, config=Config(max_pool_connections=16))
    started = time.perf_counter()
    ec2.describe_vpcs()
    assert time.perf_counter() - started >= 0.3
    started = time.perf_counter()
    with ThreadPoolExecutor(16) as callers:
        list(callers.map(lambda _number: ec2.describe_vpcs(), range(48)))
    assert 0.9 <= time.perf_counter() - started < 3


@plain_moto_fails("makes no network interfaces")
def test_the_interfaces_of_a_combination_stay_while_any_function_uses_it(aws: Clients, emulator: Emulator) -> None:
    network = world.make_network(aws, "shop")
    shared, own = (world.make_group(aws, network.vpc_id, name) for name in ("shared", "own"))
    for name, group in {"one": shared, "two": shared, "three": own}.items():
        world.make_function(aws, name, subnet_ids=network.subnet_ids, group_ids=[group])

    def held() -> Counter[str]:
        found = aws.ec2.describe_network_interfaces()["NetworkInterfaces"]
        return Counter(group["GroupId"] for interface in found for group in interface["Groups"])

    assert held() == {shared: 2, own: 2}
    aws.functions.update_function_configuration(FunctionName="one", VpcConfig=DETACHED)
    emulator.advance(3600)
    assert held() == {shared: 2, own: 2}
    aws.functions.delete_function(FunctionName="two")
    emulator.advance(3600)
    assert held() == {own: 2}
    aws.functions.delete_function(FunctionName="three")
    emulator.advance(3600)
    assert held() == {}
