# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Updates of the emulator's functions that fail, and functions that cannot be created."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients

from .functions import DETACHED, await_update, configuration, make_placed, place, update


@plain_moto_fails("makes any function, whatever its network has room for")
def test_a_function_fails_that_is_created_where_no_network_interface_can_be(aws: Clients, emulator: Emulator) -> None:
    where = place(aws)
    emulator.set(create_seconds=30, interfaces_per_vpc=1)
    make_placed(aws, where)
    emulator.advance(30)
    assert configuration(aws)["State"] == "Failed"
    assert configuration(aws)["StateReasonCode"] == "EniLimitExceeded"


REASONS = [
    "DisallowedByVpcEncryptionControl",
    "EC2RequestLimitExceeded",
    "EniLimitExceeded",
    "InsufficientRolePermissions",
    "InternalError",
    "InvalidConfiguration",
    "InvalidSecurityGroup",
    "InvalidSubnet",
    "SubnetOutOfIPAddresses",
]


@plain_moto_fails("lets no update fail")
def test_a_failed_update_says_why_and_leaves_all_as_it_was(aws: Clients, emulator: Emulator) -> None:
    here, there = place(aws, "here"), place(aws, "there")
    make_placed(aws, here)
    before = configuration(aws)
    for reason in REASONS:
        emulator.set(failing_updates={"api": reason})
        started = aws.functions.update_function_configuration(FunctionName="api", VpcConfig=there, Timeout=9)
        assert (started["LastUpdateStatus"], started["Timeout"]) == ("InProgress", 9)
        assert started["VpcConfig"]["SecurityGroupIds"] == there["SecurityGroupIds"]
        with pytest.raises(WaiterError):
            await_update(aws)
        failed = configuration(aws)
        assert (failed["State"], failed["LastUpdateStatus"]) == ("Active", "Failed")
        assert failed["LastUpdateStatusReasonCode"] == reason
        assert failed["LastUpdateStatusReason"]
        assert (failed["VpcConfig"], failed["Timeout"]) == (before["VpcConfig"], before["Timeout"])
        assert failed["RevisionId"] not in (before["RevisionId"], started["RevisionId"])
    # Nothing holds the group that was not put on.
    aws.ec2.delete_security_group(GroupId=there["SecurityGroupIds"][0])
    emulator.set(failing_updates={})
    update(aws, VpcConfig=DETACHED)
    assert configuration(aws)["LastUpdateStatus"] == "Successful"


@plain_moto_fails("lets no update fail")
def test_failed_code_is_not_published(aws: Clients, emulator: Emulator) -> None:
    world.make_function(aws, "api", package="Image")
    before = aws.functions.get_function(FunctionName="api")["Code"]
    emulator.set(failing_updates={"api": "InternalError"})
    aws.functions.update_function_code(FunctionName="api", ImageUri="elsewhere/api:2")
    with pytest.raises(WaiterError):
        await_update(aws)
    assert aws.functions.get_function(FunctionName="api")["Code"] == before
    published: Any = aws.functions.publish_version(FunctionName="api")
    assert (published["State"], published["LastUpdateStatus"]) == ("Active", "Successful")
    assert aws.functions.get_function(FunctionName="api", Qualifier="1")["Code"] == before


@plain_moto_fails("lets no update fail")
def test_an_update_fails_where_no_network_interface_can_be(aws: Clients, emulator: Emulator) -> None:
    world.make_function(aws, "api")
    where = place(aws)
    emulator.set(interfaces_per_vpc=1)
    aws.functions.update_function_configuration(FunctionName="api", VpcConfig=where)
    with pytest.raises(WaiterError):
        await_update(aws)
    failed = configuration(aws)
    assert failed["LastUpdateStatusReasonCode"] == "EniLimitExceeded"
    assert "VpcConfig" not in failed
    # Nothing holds the group that was not put on.
    aws.ec2.delete_security_group(GroupId=where["SecurityGroupIds"][0])


@plain_moto_fails("lets no update fail")
@pytest.mark.parametrize("gone", ["SecurityGroup", "Subnet"])
def test_an_update_fails_whose_network_is_gone_when_it_ends(aws: Clients, emulator: Emulator, gone: str) -> None:
    where = place(aws)
    make_placed(aws, where)
    # The network interfaces of an inactive function hold nothing any more.
    emulator.set(inactive_functions=["api"])
    delete: Any = getattr(aws.ec2, {"SecurityGroup": "delete_security_group", "Subnet": "delete_subnet"}[gone])
    delete(**{f"{gone.removeprefix('Security')}Id": where[f"{gone}Ids"][0]})
    aws.functions.update_function_configuration(FunctionName="api", Timeout=9)
    with pytest.raises(WaiterError):
        await_update(aws)
    assert configuration(aws)["LastUpdateStatusReasonCode"] == f"Invalid{gone}"
    assert configuration(aws)["Timeout"] == 3


@plain_moto_fails("refuses no update")
def test_updates_of_named_functions_are_refused(aws: Clients, emulator: Emulator) -> None:
    for name in ("api", "cart"):
        world.make_function(aws, name)
    statuses = {"ServiceException": 500, "AccessDeniedException": 403, "ResourceConflictException": 409}
    for code, status in statuses.items():
        emulator.set(refused_updates={"api": code})
        before = configuration(aws)
        with pytest.raises(ClientError) as refused:
            aws.functions.update_function_configuration(FunctionName="api", Timeout=9)
        assert refused.value.response["Error"]["Code"] == code
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
        assert configuration(aws) == before
        aws.functions.update_function_configuration(FunctionName="cart", Timeout=9)
        emulator.advance(1)
    emulator.set(refused_updates={})
    update(aws, Timeout=9)
