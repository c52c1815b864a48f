# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Execution roles of the emulator's functions."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients

from .functions import DETACHED, configuration, make_placed, place, update

MANAGED = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
NEEDED = ["CreateNetworkInterface", "DescribeNetworkInterfaces", "DescribeSubnets", "DeleteNetworkInterface"]


def policy(effect: str, *actions: str) -> str:
    statement = {"Effect": effect, "Action": [f"ec2:{action}" for action in actions], "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def attach(aws: Clients, where: Any) -> None:
    aws.functions.update_function_configuration(FunctionName="api", VpcConfig=where)


@plain_moto_fails("checks no permission of an execution role")
@pytest.mark.parametrize("lacking", NEEDED)
def test_a_role_without_one_of_the_permissions_gets_no_function_into_a_vpc(aws: Clients, lacking: str) -> None:
    where = place(aws)
    world.make_function(aws, "api")
    before = configuration(aws)
    aws.iam.detach_role_policy(RoleName="api-role", PolicyArn=MANAGED)
    rest = policy("Allow", *(action for action in NEEDED if action != lacking))
    aws.iam.put_role_policy(RoleName="api-role", PolicyName="network", PolicyDocument=rest)
    message = f"The provided execution role does not have permissions to call {lacking} on EC2"
    with pytest.raises(ClientError, match=message) as refused:
        attach(aws, where)
    assert refused.value.response["Error"]["Code"] == "InvalidParameterValueException"
    assert configuration(aws) == before
    update(aws, Timeout=9)
    aws.iam.put_role_policy(RoleName="api-role", PolicyName="network", PolicyDocument=policy("Allow", *NEEDED))
    attach(aws, where)


@plain_moto_fails("checks no permission of an execution role")
def test_a_function_without_the_permissions_is_not_created_in_a_vpc(aws: Clients) -> None:
    where = place(aws)
    role = world.make_role(aws, "plain")
    aws.iam.detach_role_policy(RoleName="plain", PolicyArn=MANAGED)
    code: Any = {"ImageUri": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/api:1"}
    named: Any = {"FunctionName": "api", "Role": role, "Code": code, "PackageType": "Image"}
    with pytest.raises(ClientError, match="does not have permissions to call CreateNetworkInterface on EC2"):
        aws.functions.create_function(**named, VpcConfig=where)
    aws.functions.create_function(**named)


@plain_moto_fails("checks no permission of an execution role")
def test_a_denial_counts_more_than_a_permission(aws: Clients) -> None:
    world.make_function(aws, "api")
    denial = policy("Deny", "Create*")
    aws.iam.put_role_policy(RoleName="api-role", PolicyName="never", PolicyDocument=denial)
    with pytest.raises(ClientError, match="CreateNetworkInterface"):
        attach(aws, place(aws))


@plain_moto_fails("checks no permission of an execution role")
def test_a_role_that_is_gone_may_nothing_but_is_not_needed_to_detach(aws: Clients) -> None:
    where = place(aws)
    make_placed(aws, where)
    aws.iam.detach_role_policy(RoleName="api-role", PolicyArn=MANAGED)
    aws.iam.delete_role(RoleName="api-role")
    with pytest.raises(ClientError, match="CreateNetworkInterface"):
        attach(aws, where)
    update(aws, VpcConfig=DETACHED)
    with pytest.raises(ClientError, match="CreateNetworkInterface"):
        attach(aws, where)


def test_the_role_that_comes_with_an_update_counts(aws: Clients) -> None:
    world.make_function(aws, "api")
    aws.iam.detach_role_policy(RoleName="api-role", PolicyArn=MANAGED)
    role = world.make_role(aws, "other")
    aws.functions.update_function_configuration(FunctionName="api", Role=role, VpcConfig=place(aws))


@plain_moto_fails("checks no permission of an execution role")
@pytest.mark.parametrize("limit", ["subnet", "security-group", "condition"])
def test_a_role_may_be_limited_to_the_places_of_its_functions(aws: Clients, limit: str) -> None:
    where = place(aws)
    world.make_function(aws, "api")
    aws.iam.detach_role_policy(RoleName="api-role", PolicyArn=MANAGED)
    (vpc_id,) = {each["VpcId"] for each in aws.ec2.describe_subnets(SubnetIds=where["SubnetIds"])["Subnets"]}

    def statements(subnet: str, group: str, vpc: str) -> str:
        kinds = ["network-interface/*", f"subnet/{subnet}", f"security-group/{group}"]
        limited = {
            "Effect": "Allow",
            "Action": ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"],
            "Resource": [f"arn:aws:ec2:*:*:{kind}" for kind in kinds],
            "Condition": {"ArnLike": {"ec2:Vpc": f"arn:aws:ec2:*:*:vpc/{vpc}"}},
        }
        seen = {"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"}
        return json.dumps({"Version": "2012-10-17", "Statement": [limited, seen]})

    wrong = {"subnet": ("subnet-0", "*", vpc_id), "security-group": ("*", "sg-0", vpc_id), "condition": ("*", "*", "x")}
    aws.iam.put_role_policy(RoleName="api-role", PolicyName="network", PolicyDocument=statements(*wrong[limit]))
    with pytest.raises(ClientError, match="CreateNetworkInterface"):
        attach(aws, where)
    aws.iam.put_role_policy(RoleName="api-role", PolicyName="network", PolicyDocument=statements("*", "*", vpc_id))
    attach(aws, where)
