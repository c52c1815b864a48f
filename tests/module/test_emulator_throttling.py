# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator throttles as AWS does, beside plain moto, which takes any number of calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator, RunningEmulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients


def impatient(emulator: RunningEmulator, service: str, **credentials: str) -> Any:
    """A client that tries once."""
    keys = credentials or {"aws_access_key_id": emulator.account, "aws_secret_access_key": "secret"}
    make: Any = boto3.session.Session(region_name=emulator.region, **keys).client  # type: ignore[arg-type]
    return make(service, endpoint_url=emulator.url, config=Config(retries={"max_attempts": 0}))


def taken(call: Callable[[], Any], most: int = 300) -> int:
    """How many calls in a row are not throttled."""
    for number in range(most):
        try:
            call()
        except ClientError as error:
            if error.response["Error"]["Code"] in ("TooManyRequestsException", "RequestLimitExceeded"):
                return number
    return most


@plain_moto_fails("throttles nothing")
def test_lambda_takes_fifteen_calls_a_second_in_all(emulator: Emulator) -> None:
    functions = impatient(emulator, "lambda")
    calls = [
        functions.list_functions,
        lambda: functions.get_function_configuration(FunctionName="none"),
        lambda: functions.update_function_configuration(FunctionName="none", Timeout=3),
    ]
    for number in range(15):
        assert taken(calls[number % 3], most=1) == 1
    with pytest.raises(ClientError, match="Rate exceeded") as refused:
        functions.list_functions()
    assert refused.value.response["Error"]["Code"] == "TooManyRequestsException"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429
    emulator.advance(0.2)
    assert taken(functions.list_functions) == 3
    emulator.advance(3600)
    assert taken(functions.list_functions) == 15


@plain_moto_fails("throttles nothing")
def test_lambda_s_get_function_and_get_policy_have_limits_of_their_own(emulator: Emulator) -> None:
    functions = impatient(emulator, "lambda")
    assert taken(functions.list_functions) == 15
    assert taken(lambda: functions.get_policy(FunctionName="none")) == 15
    assert taken(lambda: functions.get_function(FunctionName="none")) == 100
    emulator.advance(0.1)
    assert taken(lambda: functions.get_function(FunctionName="none")) == 10


def test_invocations_are_not_throttled(emulator: Emulator) -> None:
    functions = impatient(emulator, "lambda")
    assert taken(functions.list_functions) == 15
    assert taken(lambda: functions.invoke(FunctionName="none"), most=120) == 120


@plain_moto_fails("throttles nothing")
def test_ec2_throttles_each_action_by_itself(emulator: Emulator) -> None:
    ec2 = impatient(emulator, "ec2")
    assert taken(ec2.describe_subnets) == 100
    with pytest.raises(ClientError) as refused:
        ec2.describe_subnets()
    assert refused.value.response["Error"]["Code"] == "RequestLimitExceeded"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
    assert taken(ec2.describe_vpcs, most=1) == 1
    assert taken(lambda: ec2.delete_subnet(SubnetId="subnet-00000000")) == 50
    assert taken(lambda: ec2.delete_security_group(GroupId="sg-00000000"), most=1) == 1
    emulator.advance(1)
    assert taken(ec2.describe_subnets) == 20
    assert taken(lambda: ec2.delete_subnet(SubnetId="subnet-00000000")) == 5


@plain_moto_fails("throttles nothing")
def test_ec2_s_limits_depend_on_the_action(emulator: Emulator) -> None:
    ec2 = impatient(emulator, "ec2")
    tags = {"Resources": ["sg-00000000"], "Tags": [{"Key": "a", "Value": "b"}]}
    assert taken(lambda: ec2.create_tags(**tags)) == 100
    emulator.advance(1)
    assert taken(lambda: ec2.create_tags(**tags)) == 10
    filters = [{"Name": "vpc-id", "Values": ["vpc-00000000"]}]
    for call in (ec2.describe_security_groups, ec2.describe_network_interfaces):
        assert taken(call) == 50
        assert taken(lambda call=call: call(Filters=filters)) == 100  # type: ignore[misc]


@plain_moto_fails("throttles nothing")
def test_accounts_and_regions_are_throttled_apart(emulator: Emulator) -> None:
    others = (emulator.elsewhere(account="210987654321"), emulator.elsewhere(region="us-east-1"))
    assert taken(impatient(emulator, "lambda").list_functions) == 15
    for other in others:
        assert taken(impatient(other, "lambda").list_functions) == 15


@plain_moto_fails("throttles nothing")
def test_whoever_assumes_a_role_spends_its_account_s_calls(emulator: Emulator) -> None:
    other = emulator.elsewhere(account="210987654321")
    assumed = emulator.client("sts").assume_role(
        RoleArn="arn:aws:iam::210987654321:role/deploy", RoleSessionName="test"
    )["Credentials"]
    keys = {
        "aws_access_key_id": assumed["AccessKeyId"],
        "aws_secret_access_key": assumed["SecretAccessKey"],
        "aws_session_token": assumed["SessionToken"],
    }
    assert taken(impatient(emulator, "lambda", **keys).list_functions) == 15
    assert taken(impatient(other, "lambda").list_functions) == 0
    assert taken(impatient(emulator, "lambda").list_functions) == 15


@plain_moto_fails("throttles nothing, so no time passes")
def test_boto3_waits_and_tries_again(emulator: Emulator, aws: Clients) -> None:
    for _time in range(40):
        aws.functions.list_functions()
    statuses = [call.status for call in emulator.calls()]
    assert (statuses.count(200), set(statuses)) == (40, {200, 429})
    assert emulator.now() >= 25 / 15
    emulator.clear_calls()
    for _time in range(105):
        aws.ec2.describe_subnets()
    statuses = [call.status for call in emulator.calls()]
    assert (statuses.count(200), set(statuses)) == (105, {200, 503})


def test_throttling_can_be_switched_off(emulator: Emulator) -> None:
    emulator.set(throttling=False)
    assert taken(impatient(emulator, "lambda").list_functions, most=20) == 20


def test_a_reset_fills_the_buckets(emulator: Emulator) -> None:
    functions = impatient(emulator, "lambda")
    assert taken(functions.list_functions) == 15
    emulator.reset()
    emulator.set(clock_flows=False)
    assert taken(functions.list_functions) == 15


def test_a_throttled_write_does_nothing(emulator: Emulator, aws: Clients) -> None:
    world.make_function(aws, "api")
    emulator.advance(10)
    functions = impatient(emulator, "lambda")
    assert taken(functions.list_functions) == 15
    with pytest.raises(ClientError, match="TooManyRequestsException"):
        functions.delete_function(FunctionName="api")
    assert functions.get_function(FunctionName="api")["Configuration"]["FunctionName"] == "api"
