# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM's policy simulator in the emulator; plain moto has none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients

from .functions import place

CREATE, DELETE = "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"


def simulated(aws: Clients, role: str, *actions: str, **more: Any) -> dict[str, Any]:
    """The results by action."""
    answer = aws.iam.simulate_principal_policy(PolicySourceArn=role, ActionNames=list(actions or [CREATE]), **more)
    assert answer["IsTruncated"] is False
    return {result["EvalActionName"]: result for result in answer["EvaluationResults"]}


def decisions(aws: Clients, role: str, *actions: str, **more: Any) -> list[str]:
    return [str(result["EvalDecision"]) for result in simulated(aws, role, *actions, **more).values()]


def put(aws: Clients, **statement: Any) -> None:
    """An inline policy of the role `plain`."""
    document = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", **statement}}
    aws.iam.put_role_policy(RoleName="plain", PolicyName="own", PolicyDocument=json.dumps(document))


@pytest.fixture
def plain(aws: Clients) -> str:
    arn = world.make_role(aws, "plain")
    world.take_permissions(aws, "plain")
    return arn


@plain_moto_fails("has no policy simulator")
def test_managed_and_inline_policies_count(aws: Clients, plain: str) -> None:
    assert decisions(aws, plain) == ["implicitDeny"]
    world.put_policy(aws, "plain", "Allow", "ec2:createnetwork*")
    assert decisions(aws, plain, CREATE, DELETE) == ["allowed", "implicitDeny"]
    assert decisions(aws, world.make_role(aws, "able"), CREATE, DELETE) == ["allowed", "allowed"]


@plain_moto_fails("has no policy simulator")
def test_an_explicit_denial_counts_more(aws: Clients, plain: str) -> None:
    world.put_policy(aws, "plain", "Allow", "*")
    world.put_policy(aws, "plain", "Deny", "ec2:Create*", policy_name="never")
    assert decisions(aws, plain, CREATE, DELETE) == ["explicitDeny", "allowed"]


@plain_moto_fails("has no policy simulator")
def test_not_action_and_not_resource(aws: Clients, plain: str) -> None:
    put(aws, NotAction=["ec2:Create*"], Resource="*")
    assert decisions(aws, plain, CREATE, DELETE) == ["implicitDeny", "allowed"]
    put(aws, Action="ec2:*", NotResource="arn:aws:ec2:*:*:subnet/*")
    assert decisions(aws, plain, ResourceArns=["arn:aws:ec2:eu-central-1:1:subnet/a"]) == ["implicitDeny"]
    assert decisions(aws, plain) == ["allowed"]


@plain_moto_fails("has no policy simulator")
def test_a_resource_and_a_condition_have_to_fit(aws: Clients, plain: str) -> None:
    put(aws, Action="*", Resource="arn:aws:ec2:*:*:subnet/*")
    assert decisions(aws, plain) == ["implicitDeny"]
    put(aws, Action="*", Resource="*", Condition={"StringEquals": {"ec2:Vpc": "one"}})
    assert decisions(aws, plain) == ["implicitDeny"]
    assert simulated(aws, plain)[CREATE]["MissingContextValues"] == ["ec2:Vpc"]
    assert decisions(aws, plain, ContextEntries=[VPC_ONE]) == ["allowed"]
    assert simulated(aws, plain, ContextEntries=[VPC_ONE])[CREATE]["MissingContextValues"] == []


VPC_ONE = {"ContextKeyName": "ec2:Vpc", "ContextKeyType": "string", "ContextKeyValues": ["one"]}


@plain_moto_fails("has no policy simulator")
@pytest.mark.parametrize(
    ("operator", "without", "with_one"),
    [
        ("StringEquals", "implicitDeny", "allowed"),
        ("StringNotEquals", "allowed", "implicitDeny"),
        ("ArnNotLike", "allowed", "implicitDeny"),
        ("StringEqualsIfExists", "allowed", "allowed"),
        ("StringNotEqualsIfExists", "allowed", "implicitDeny"),
    ],
)
def test_a_condition_on_what_is_not_known(aws: Clients, plain: str, operator: str, without: str, with_one: str) -> None:
    put(aws, Action="*", Resource="*", Condition={operator: {"ec2:Vpc": "one"}})
    assert decisions(aws, plain) == [without]
    assert decisions(aws, plain, ContextEntries=[VPC_ONE]) == [with_one]


@plain_moto_fails("has no policy simulator")
def test_each_resource_is_told_apart(aws: Clients, plain: str) -> None:
    put(aws, Action="*", Resource="arn:aws:ec2:*:*:subnet/a", Condition={"StringLike": {"ec2:Vpc": "*"}})
    arns = [f"arn:aws:ec2:eu-central-1:1:subnet/{name}" for name in "ab"]
    result = simulated(aws, plain, ResourceArns=arns, ContextEntries=[VPC_ONE])[CREATE]
    assert (result["EvalDecision"], result["EvalResourceName"][:3]) == ("implicitDeny", "arn")
    told = [(each["EvalResourceName"], each["EvalResourceDecision"]) for each in result["ResourceSpecificResults"]]
    assert told == [(arns[0], "allowed"), (arns[1], "implicitDeny")]
    apart = simulated(aws, plain, ResourceArns=arns)[CREATE]["ResourceSpecificResults"]
    assert [each["MissingContextValues"] for each in apart] == [["ec2:Vpc"], []]
    assert "ResourceSpecificResults" not in simulated(aws, plain)[CREATE]


@plain_moto_fails("has no policy simulator, and knows no boundary")
def test_a_permissions_boundary_limits_the_role(aws: Clients) -> None:
    arn = world.make_role(aws, "able")
    assert "PermissionsBoundaryDecisionDetail" not in simulated(aws, arn)[CREATE]
    world.set_boundary(aws, "able", DELETE, "logs:*")
    results = simulated(aws, arn, CREATE, DELETE, "logs:CreateLogGroup", "s3:GetObject")
    assert [result["EvalDecision"] for result in results.values()] == [
        "implicitDeny",
        "allowed",
        "allowed",
        "implicitDeny",
    ]
    within = [each["PermissionsBoundaryDecisionDetail"]["AllowedByPermissionsBoundary"] for each in results.values()]
    assert within == [False, True, True, False]
    world.make_function(aws, "api", Role=arn)
    with pytest.raises(ClientError, match="does not have permissions to call CreateNetworkInterface on EC2"):
        aws.functions.update_function_configuration(FunctionName="api", VpcConfig=place(aws))


@plain_moto_fails("has no policy simulator")
def test_an_organization_has_a_say(aws: Clients, emulator: Emulator) -> None:
    arn = world.make_role(aws, "able")
    assert "OrganizationsDecisionDetail" not in simulated(aws, arn)[CREATE]
    emulator.set(organization_denies=[CREATE])
    results = simulated(aws, arn, CREATE, DELETE)
    assert [result["EvalDecision"] for result in results.values()] == ["implicitDeny", "allowed"]
    details = [result["OrganizationsDecisionDetail"]["AllowedByOrganizations"] for result in results.values()]
    assert details == [False, True]


@plain_moto_fails("has no policy simulator")
def test_what_is_not_there_or_malformed_is_refused(aws: Clients, plain: str) -> None:
    with pytest.raises(ClientError, match="NoSuchEntity"):
        simulated(aws, f"{plain}-not")
    for role, action in ((plain, "CreateNetworkInterface"), ("arn:aws:s3:::bucket/plain", CREATE)):
        with pytest.raises(ClientError, match="InvalidInput"):
            simulated(aws, role, action)


@plain_moto_fails("has no policy simulator")
def test_results_come_in_pages(aws: Clients, plain: str) -> None:
    pages = aws.iam.get_paginator("simulate_principal_policy").paginate(
        PolicySourceArn=plain, ActionNames=[CREATE, DELETE, "ec2:DescribeSubnets"], MaxItems=2
    )
    assert [len(page["EvaluationResults"]) for page in pages] == [2, 1]
