# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Updates of the emulator's functions take their time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients

from .functions import DETACHED, await_update, configuration, make_placed, place, update

STATES = ("State", "StateReason", "StateReasonCode")
UPDATES = ("LastUpdateStatus", "LastUpdateStatusReason", "LastUpdateStatusReasonCode")


def states(found: Any) -> dict[str, str]:
    return {key: found[key] for key in (*STATES, *UPDATES) if key in found}


def code(aws: Clients) -> Any:
    """Code to send, of its own digest."""
    return aws.functions.get_function(FunctionName="api")["Code"]["ImageUri"].replace(":1", ":2")


def changes(aws: Clients) -> list[Callable[[], Any]]:
    functions = aws.functions
    return [
        lambda: functions.update_function_configuration(FunctionName="api", Timeout=9),
        lambda: functions.update_function_code(FunctionName="api", ImageUri=code(aws)),
        lambda: functions.publish_version(FunctionName="api"),
    ]


@plain_moto_fails("updates at once")
@pytest.mark.parametrize("number", [0, 1], ids=["configuration", "code"])
def test_an_update_is_in_progress_for_a_while(aws: Clients, emulator: Emulator, number: int) -> None:
    world.make_function(aws, "api", package="Image")
    emulator.set(update_seconds=60)
    updating = {
        "State": "Active",
        "LastUpdateStatus": "InProgress",
        "LastUpdateStatusReason": "The function is being created.",
        "LastUpdateStatusReasonCode": "Creating",
    }
    assert states(changes(aws)[number]()) == updating
    emulator.advance(59)
    assert states(configuration(aws)) == updating
    emulator.advance(1)
    assert states(configuration(aws)) == {"State": "Active", "LastUpdateStatus": "Successful"}


@plain_moto_fails("updates at once")
@pytest.mark.parametrize("number", [0, 1, 2], ids=["configuration", "code", "version"])
def test_meanwhile_nothing_else_can_be_changed_or_published(aws: Clients, number: int) -> None:
    arn = world.make_function(aws, "api", package="Image")
    aws.functions.update_function_configuration(FunctionName="api", Description="first")
    before = configuration(aws)
    with pytest.raises(ClientError, match=f"An update is in progress for resource: {arn}") as refused:
        changes(aws)[number]()
    assert refused.value.response["Error"]["Code"] == "ResourceConflictException"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409
    assert configuration(aws) == before
    await_update(aws)
    changes(aws)[number]()


@plain_moto_fails("has no RevisionId")
def test_updates_of_no_seconds_are_done_at_once(aws: Clients, emulator: Emulator) -> None:
    world.make_function(aws, "api")
    emulator.set(update_seconds=0)
    updated = aws.functions.update_function_configuration(FunctionName="api", Timeout=9)
    assert updated["LastUpdateStatus"] == "Successful"
    assert configuration(aws)["RevisionId"] == updated["RevisionId"]


@plain_moto_fails("counts a dry run as an update")
def test_a_dry_run_updates_nothing(aws: Clients) -> None:
    world.make_function(aws, "api", package="Image")
    before = configuration(aws)
    first = aws.functions.publish_version(FunctionName="api")["Version"]
    aws.functions.update_function_code(FunctionName="api", ImageUri=code(aws), DryRun=True)
    assert configuration(aws)["CodeSha256"] == before["CodeSha256"]
    assert aws.functions.publish_version(FunctionName="api")["Version"] == first


@plain_moto_fails("has every function Active from the start")
def test_a_function_that_is_created_in_a_vpc_is_pending_for_a_while(aws: Clients, emulator: Emulator) -> None:
    emulator.set(create_seconds=30)
    pending = {"State": "Pending", "StateReason": "The function is being created.", "StateReasonCode": "Creating"}
    make_placed(aws, place(aws))
    made = configuration(aws)
    assert states(made) == pending
    with pytest.raises(ClientError, match="The function is currently in the following state: Pending") as refused:
        aws.functions.update_function_configuration(FunctionName="api", VpcConfig=DETACHED)
    assert refused.value.response["Error"]["Code"] == "ResourceConflictException"
    emulator.advance(30)
    assert states(configuration(aws)) == {"State": "Active", "LastUpdateStatus": "Successful"}
    assert configuration(aws)["RevisionId"] != made["RevisionId"]
    update(aws, VpcConfig=DETACHED)
    world.make_function(aws, "outside")
    assert configuration(aws, "outside")["State"] == "Active"


@plain_moto_fails("has every function Active from the start")
def test_a_function_that_is_published_when_it_is_created_is_pending_too(aws: Clients, emulator: Emulator) -> None:
    emulator.set(create_seconds=30)
    made: Any = aws.functions.create_function(
        FunctionName="api",
        Role=world.make_role(aws, "api-role"),
        Code={"ImageUri": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/api:1"},
        PackageType="Image",
        VpcConfig=place(aws),
        Publish=True,
    )
    assert (made["State"], made["Version"]) == ("Pending", "1")
    assert configuration(aws)["State"] == "Pending"


@plain_moto_fails("does half of it")
def test_an_update_that_is_refused_changes_nothing(aws: Clients) -> None:
    arn = world.make_function(aws, "api")
    before = configuration(aws)
    layer = f"{arn.replace('function:api', 'layer:none')}:1"
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        aws.functions.update_function_configuration(FunctionName="api", Timeout=9, Layers=[layer])
    assert configuration(aws) == before


@plain_moto_fails("makes no network interfaces")
def test_a_function_is_in_both_networks_while_it_moves(aws: Clients, emulator: Emulator) -> None:
    here, there = place(aws, "here"), place(aws, "there")
    make_placed(aws, here)
    emulator.set(update_seconds=60, interface_release_seconds=1)
    aws.functions.update_function_configuration(FunctionName="api", VpcConfig=there)
    emulator.advance(59)
    for where in (here, there):
        with pytest.raises(ClientError, match="DependencyViolation"):
            aws.ec2.delete_security_group(GroupId=where["SecurityGroupIds"][0])
    emulator.advance(2)
    aws.ec2.delete_security_group(GroupId=here["SecurityGroupIds"][0])
    with pytest.raises(ClientError, match="DependencyViolation"):
        aws.ec2.delete_security_group(GroupId=there["SecurityGroupIds"][0])


@plain_moto_fails("has every function Active")
def test_an_inactive_function_wakes_up_for_an_update(aws: Clients, emulator: Emulator) -> None:
    world.make_function(aws, "api")
    world.make_function(aws, "other")
    emulator.set(inactive_functions=["api", "other"])
    idle = {
        "State": "Inactive",
        "StateReason": "The function is idle.",
        "StateReasonCode": "Idle",
        "LastUpdateStatus": "Successful",
    }
    assert states(configuration(aws)) == idle
    update(aws, VpcConfig=place(aws))
    assert states(configuration(aws)) == {"State": "Active", "LastUpdateStatus": "Successful"}
    assert states(configuration(aws, "other")) == idle
