# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What nobody may do in the emulator, in each service's own words; plain moto lets everybody do everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients

USER = "User: arn:aws:iam::123456789012:user/runs-the-task is not authorized to perform: "
ROLE = "arn:aws:iam::123456789012:role/api-role"
FUNCTION = "arn:aws:lambda:eu-central-1:123456789012:function:api"
QUOTA = {"ServiceCode": "vpc", "QuotaCode": "L-0EA8095F"}

# Action: the call, the status, the code, and what comes after the user and the action.
DENIED: dict[str, tuple[Callable[[Emulator], Any], int, str, str]] = {
    "ec2:DescribeNetworkAcls": (
        lambda emulator: emulator.client("ec2").describe_network_acls(),
        403,
        "UnauthorizedOperation",
        "",
    ),
    "lambda:GetFunction": (
        lambda emulator: emulator.client("lambda").get_function(FunctionName="api"),
        403,
        "AccessDeniedException",
        f" on resource: {FUNCTION}",
    ),
    "lambda:ListAliases": (
        lambda emulator: emulator.client("lambda").list_aliases(FunctionName=FUNCTION),
        403,
        "AccessDeniedException",
        f" on resource: {FUNCTION}",
    ),
    "rds:DescribeDBInstances": (
        lambda emulator: emulator.client("rds").describe_db_instances(),
        403,
        "AccessDenied",
        " on resource: *",
    ),
    "iam:SimulatePrincipalPolicy": (
        lambda emulator: emulator.client("iam").simulate_principal_policy(PolicySourceArn=ROLE, ActionNames=["a:b"]),
        403,
        "AccessDenied",
        f" on resource: {ROLE}",
    ),
    "servicequotas:GetServiceQuota": (
        lambda emulator: emulator.client("service-quotas").get_service_quota(**QUOTA),
        400,
        "AccessDeniedException",
        " on resource: *",
    ),
}


@plain_moto_fails("denies nothing")
@pytest.mark.parametrize("action", DENIED)
def test_a_denial_is_in_the_service_s_words(aws: Clients, emulator: Emulator, action: str) -> None:
    world.make_function(aws, "api")
    call, status, code, resource = DENIED[action]
    emulator.set(denied_actions=[action])
    with pytest.raises(ClientError) as refused:
        call(emulator)
    error, metadata = refused.value.response["Error"], refused.value.response["ResponseMetadata"]
    assert (error["Code"], metadata["HTTPStatusCode"]) == (code, status)
    assert error["Message"].endswith(
        f"{USER}{action}{resource} because no identity-based policy allows the {action} action"
    )
    assert [call.status for call in emulator.calls()][-1] == status


@plain_moto_fails("denies nothing")
def test_only_what_is_named_is_denied_and_a_denied_write_does_nothing(aws: Clients, emulator: Emulator) -> None:
    network = world.make_network(aws, "shop")
    emulator.set(denied_actions=["ec2:CreateSecurityGroup"])
    with pytest.raises(ClientError, match="UnauthorizedOperation"):
        world.make_group(aws, network.vpc_id, "web")
    assert aws.ec2.describe_vpcs(VpcIds=[network.vpc_id])["Vpcs"]
    emulator.set(denied_actions=[])
    world.make_group(aws, network.vpc_id, "web")
