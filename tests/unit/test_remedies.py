# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._remedies import remedy_for, update_failed


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
            "UnauthorizedOperation",
            "You are not authorized.",
            "Allow the actions of the README's policy to the identity",
        ),
        ("RulesPerSecurityGroupLimitExceeded", "", "Use security_group_scope=database"),
        ("RequestLimitExceeded", "", "run the task again in a minute"),
        ("ExpiredToken", "", "Renew the credentials"),
        ("NoCredentialsError", "", "Give credentials"),
    ],
)
def test_an_error_comes_with_what_to_do(code: str, message: str, remedy: str) -> None:
    assert remedy in remedy_for(code, message)


def test_where_nothing_can_be_said_nothing_is_said() -> None:
    assert remedy_for("SomethingElse", "x") == ""


@pytest.mark.parametrize(
    ("configuration", "message"),
    [
        (
            {"LastUpdateStatusReasonCode": "SubnetOutOfIPAddresses", "LastUpdateStatusReason": "none left"},
            "f, which keeps the configuration of before: SubnetOutOfIPAddresses: none left Free",
        ),
        ({"StateReasonCode": "InternalError", "StateReason": "sorry"}, "InternalError: sorry Run the task again."),
        ({}, "before: Failed: the waiter said so"),
    ],
)
def test_a_failed_update_says_why(configuration: dict[str, str], message: str) -> None:
    assert message in str(update_failed("f", configuration, "the waiter said so"))
