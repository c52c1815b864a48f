# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lambda functions of the emulator, beside those of plain moto."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients

from .functions import DETACHED, await_update, configuration, place, update


@plain_moto_fails("has no RevisionId")
def test_a_function_has_a_new_revision_when_an_update_starts_and_when_it_ends(aws: Clients) -> None:
    world.make_function(aws, "api")
    revisions = [configuration(aws)["RevisionId"]]
    for description in ("one", "two"):
        updated = aws.functions.update_function_configuration(FunctionName="api", Description=description)
        assert updated["RevisionId"] == configuration(aws)["RevisionId"]
        await_update(aws)
        revisions += [updated["RevisionId"], configuration(aws)["RevisionId"]]
    assert len(set(revisions)) == 5


@plain_moto_fails("ignores RevisionId")
def test_an_update_of_an_older_revision_is_refused(aws: Clients) -> None:
    world.make_function(aws, "api")
    seen = configuration(aws).get("RevisionId", "")
    aws.functions.update_function_configuration(FunctionName="api", Timeout=7, RevisionId=seen)
    await_update(aws)
    with pytest.raises(ClientError, match="PreconditionFailedException") as refused:
        aws.functions.update_function_configuration(FunctionName="api", Timeout=8, RevisionId=seen)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 412
    assert configuration(aws)["Timeout"] == 7


@plain_moto_fails("says vpc-123abc, and nothing after a detach")
def test_vpc_config_of_a_function_through_its_life(aws: Clients) -> None:
    where = place(aws)
    world.make_function(aws, "api")
    assert "VpcConfig" not in configuration(aws)
    update(aws, VpcConfig=where)
    vpc_id = aws.ec2.describe_subnets(SubnetIds=where["SubnetIds"])["Subnets"][0]["VpcId"]
    assert configuration(aws)["VpcConfig"] == {**where, "VpcId": vpc_id}
    update(aws, VpcConfig=DETACHED)
    assert configuration(aws)["VpcConfig"] == {**DETACHED, "VpcId": ""}


@plain_moto_fails("answers GetFunctionConfiguration and ListFunctions without a RevisionId")
def test_all_reads_of_a_function_agree(aws: Clients) -> None:
    where = place(aws)
    world.make_function(aws, "api", subnet_ids=where["SubnetIds"], group_ids=where["SecurityGroupIds"])
    one = configuration(aws)
    other = aws.functions.get_function_configuration(FunctionName="api")
    (listed,) = aws.functions.list_functions()["Functions"]
    for key in ("VpcConfig", "RevisionId", "FunctionArn", "LastModified"):
        assert one[key] == other[key] == listed[key]
    assert (one["State"], one["LastUpdateStatus"]) == ("Active", "Successful")


def wrong_places(aws: Clients) -> dict[str, Any]:
    here, elsewhere = place(aws, "here"), place(aws, "elsewhere")
    many = world.make_network(aws, "many", subnets=17)
    worn = [world.make_group(aws, many.vpc_id, f"worn-{number}") for number in range(6)]
    return {
        "subnets alone": {"SubnetIds": here["SubnetIds"]},
        "groups alone": {"SubnetIds": [], "SecurityGroupIds": here["SecurityGroupIds"]},
        "a subnet that is not": {**here, "SubnetIds": ["subnet-0123456789abcdef0"]},
        "a group that is not": {**here, "SecurityGroupIds": ["sg-0123456789abcdef0"]},
        "two VPCs": {**here, "SecurityGroupIds": elsewhere["SecurityGroupIds"]},
        "17 subnets": {"SubnetIds": many.subnet_ids, "SecurityGroupIds": worn[:1]},
        "6 groups": {"SubnetIds": many.subnet_ids[:1], "SecurityGroupIds": worn},
    }


@plain_moto_fails("takes any VpcConfig")
def test_a_wrong_vpc_config_is_refused_and_changes_nothing(aws: Clients) -> None:
    world.make_function(aws, "api")
    before = configuration(aws)
    for where in wrong_places(aws).values():
        with pytest.raises(ClientError, match="InvalidParameterValueException"):
            aws.functions.update_function_configuration(FunctionName="api", VpcConfig=where)
        assert configuration(aws) == before


@plain_moto_fails("takes any VpcConfig")
def test_no_function_is_created_with_a_wrong_vpc_config(aws: Clients) -> None:
    for where in wrong_places(aws).values():
        with pytest.raises(ClientError, match="InvalidParameterValueException"):
            world.make_function(aws, "api", VpcConfig=where)
    assert aws.functions.list_functions()["Functions"] == []


@plain_moto_fails("lets a dual-stack function go without a word")
def test_a_dual_stack_function_is_detached_with_the_flag_only(aws: Clients) -> None:
    world.make_function(aws, "api")
    update(aws, VpcConfig={**place(aws), "Ipv6AllowedForDualStack": True})
    with pytest.raises(ClientError, match="Ipv6AllowedForDualStack"):
        aws.functions.update_function_configuration(
            FunctionName="api", VpcConfig={"SubnetIds": [], "SecurityGroupIds": []}
        )
    update(aws, VpcConfig=DETACHED)
    assert configuration(aws)["VpcConfig"]["VpcId"] == ""


@plain_moto_fails("lists State, and all functions at once")
def test_lists_come_in_pages_of_fifty_and_without_state(aws: Clients) -> None:
    role = world.make_role(aws, "shared")
    code: Any = {"ImageUri": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/api:1"}
    for number in range(51):
        aws.functions.create_function(FunctionName=f"api-{number}", Role=role, Code=code, PackageType="Image")
    first = aws.functions.list_functions()
    assert len(first["Functions"]) == 50
    second: Any = aws.functions.list_functions(Marker=first["NextMarker"])
    assert len(second["Functions"]) == 1
    assert "NextMarker" not in second
    assert not [f for f in first["Functions"] if "State" in f or "LastUpdateStatus" in f]


@plain_moto_fails("takes a partial ARN for a name with a qualifier")
def test_a_function_is_found_by_every_form_of_its_name(aws: Clients) -> None:
    arn = world.make_function(aws, "api")
    names = "api", "function:api", "123456789012:function:api", arn
    assert {configuration(aws, name)["FunctionArn"] for name in names} == {arn}


@pytest.mark.parametrize("package", ["Image", "Zip"])
def test_functions_of_both_packages_need_neither_docker_nor_ecr(aws: Clients, package: Any) -> None:
    world.make_function(aws, "api", package=package, Timeout=30, Environment={"Variables": {"STAGE": "test"}})
    made = configuration(aws)
    assert (made["PackageType"], made["Timeout"]) == (package, 30)
    assert made["Environment"] == {"Variables": {"STAGE": "test"}}


def test_only_the_vpc_config_of_an_update_is_changed(aws: Clients) -> None:
    world.make_function(aws, "api", Timeout=30, MemorySize=512, Description="orders")
    before = world.snapshot(aws)["functions"]["api"]["settings"]
    aws.functions.update_function_configuration(FunctionName="api", VpcConfig=place(aws))
    assert world.snapshot(aws)["functions"]["api"]["settings"] == before


@plain_moto_fails("has no account settings")
def test_the_account_tells_how_many_functions_it_has(aws: Clients) -> None:
    assert aws.functions.get_account_settings()["AccountUsage"] == {"TotalCodeSize": 0, "FunctionCount": 0}
    world.make_function(aws, "api")
    world.make_function(aws, "cart", package="Image")
    aws.functions.publish_version(FunctionName="api")
    aws.functions.put_function_concurrency(FunctionName="api", ReservedConcurrentExecutions=100)
    size = aws.functions.list_functions()["Functions"][0]["CodeSize"]
    settings = aws.functions.get_account_settings()
    assert settings["AccountUsage"] == {"TotalCodeSize": 2 * size, "FunctionCount": 2}
    assert settings["AccountLimit"]["ConcurrentExecutions"] == 1000
    assert settings["AccountLimit"]["UnreservedConcurrentExecutions"] == 900
