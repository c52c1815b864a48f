# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._aws.errors import (
    answered,
    not_answered,
    update_failed,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._aws.remedies import remedy_for


@pytest.mark.parametrize(
    ("code", "message", "remedy"),
    [
        (
            "InvalidParameterValueException",
            "The provided execution role does not have permissions to call CreateNetworkInterface on EC2",
            "Attach the managed policy AWSLambdaVPCAccessExecutionRole",
        ),
        (
            "AccessDeniedException",
            "User: arn:aws:iam::1:user/u is not authorized to perform: lambda:InvokeFunction on resource: x",
            "Allow the action lambda:InvokeFunction to the identity that runs the task.",
        ),
        (
            "AccessDenied",
            "u is not authorized to perform: rds:CreateDBProxy because no identity-based policy allows the action",
            "Allow the action rds:CreateDBProxy to the identity that runs the task, in its identity-based policy.",
        ),
        (
            "AccessDenied",
            "User: u is not authorized to perform: rds:CreateDBProxy with an explicit deny in a service control policy",
            "have the explicit deny in the service control policy taken away.",
        ),
        (
            "UnauthorizedOperation",
            "Not authorized, by an explicit deny. Encoded authorization failure message: x",
            "have the explicit deny in a policy taken away. aws sts decode-authorization-message makes",
        ),
        (
            "UnauthorizedOperation",
            "You are not authorized.",
            "Allow the actions of the README's policy to the identity",
        ),
        ("RulesPerSecurityGroupLimitExceeded", "", "Use security_group_scope=database"),
        ("RequestLimitExceeded", "", "run the task again in a minute"),
        ("ExpiredToken", "", "Renew the credentials"),
        ("SomethingElse", "", "Look the code up in the API reference of the service"),
    ],
)
def test_an_error_comes_with_what_to_do(code: str, message: str, remedy: str) -> None:
    assert remedy in remedy_for(code, message)


def test_the_action_to_allow_is_the_call_where_aws_does_not_name_it() -> None:
    denied = answered("describe VPCs", {"Error": {"Code": "UnauthorizedOperation"}}, "DescribeVpcs")
    assert "Allow the action DescribeVpcs to the identity that runs the task." in str(denied)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({}, "Could not get function f: Unknown: no message The answer is not one of AWS"),
        ({"Error": {}, "ResponseMetadata": {"HTTPStatusCode": 403}}, ": 403: no message The answer is not one of AWS"),
        ({"Error": {"Code": "X", "Message": "a\n  b"}}, ": X: a b Look"),
        ({"Error": {"Code": "403", "Message": f"<html>{'x' * 99}"}}, f": 403: <html>{'x' * 94}... The answer"),
        ({"Error": {"Code": "403", "Message": "<html>"}}, ": 403: <html> The answer"),
    ],
)
def test_an_answer_without_code_or_message_is_readable(answer: dict[str, Any], message: str) -> None:
    assert message in str(answered("get function f", answer, "GetFunction"))


@pytest.mark.parametrize(
    ("what", "told", "answer_lost"),
    [
        ("create security group x", {"HTTPStatusCode": 503}, True),
        ("create security group x", {"HTTPStatusCode": 400, "RetryAttempts": 1}, True),
        ("create security group x", {"HTTPStatusCode": 400}, False),
        ("describe VPCs", {"HTTPStatusCode": 503, "RetryAttempts": 1}, False),
    ],
)
def test_a_write_is_in_doubt_when_an_answer_may_have_been_lost(
    what: str, told: dict[str, int], answer_lost: bool
) -> None:
    answer = {"Error": {"Code": "InternalError"}, "ResponseMetadata": told}
    assert answered(what, answer, "Operation").answer_lost is answer_lost


def test_an_exception_that_nobody_has_foreseen_has_a_remedy() -> None:
    assert "Run the task again; if it lasts, check that boto3" in str(not_answered("get function f", Exception("x")))


@pytest.mark.parametrize(
    ("configuration", "message"),
    [
        (
            {"LastUpdateStatusReasonCode": "SubnetOutOfIPAddresses", "LastUpdateStatusReason": "none left"},
            "f, which keeps the configuration of before: SubnetOutOfIPAddresses: none left Free",
        ),
        ({"StateReasonCode": "InternalError", "StateReason": "sorry"}, "InternalError: sorry Run the task again."),
        ({"State": "Failed", "StateReasonCode": "InvalidSubnet"}, "Could not activate function f: InvalidSubnet: the"),
        ({"LastUpdateStatusReasonCode": "FunctionError.New"}, "own code does not start"),
        ({"LastUpdateStatusReasonCode": "Newest"}, "Newest: the waiter said so Put right what AWS names"),
        ({}, "before: Failed: the waiter said so"),
    ],
)
def test_a_failed_update_says_why(configuration: dict[str, str], message: str) -> None:
    assert message in str(update_failed("f", configuration, "the waiter said so"))
