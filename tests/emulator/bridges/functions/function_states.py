# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A function's State and LastUpdateStatus, each with its reason.

https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
"""

from __future__ import annotations

from typing import Any

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaFunction

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method

_CREATING = "The function is being created."
ACTIVE = {"State": "Active", "LastUpdateStatus": "Successful"}
PENDING = {"State": "Pending", "StateReason": _CREATING, "StateReasonCode": "Creating"}
UPDATING = {
    "State": "Active",
    "LastUpdateStatus": "InProgress",
    "LastUpdateStatusReason": _CREATING,
    "LastUpdateStatusReasonCode": "Creating",
}
# In the words of the exceptions of Lambda's service model, where it has one for the case.
_FAILURES = {
    "DisallowedByVpcEncryptionControl": "The encryption control of the VPC disallows the network interface.",
    "EC2RequestLimitExceeded": "Amazon EC2 throttled Lambda during Lambda function initialization using the execution"
    " role provided for the function.",
    "EniLimitExceeded": "Lambda couldn't create an elastic network interface in the VPC, specified as part of Lambda"
    " function configuration, because the limit for network interfaces has been reached.",
    "InsufficientRolePermissions": "Need additional permissions to configure VPC settings.",
    "InternalError": "Lambda received an unexpected Amazon EC2 client exception while setting up for the Lambda"
    " function.",
    "InvalidConfiguration": "The configuration of the function is not valid.",
    "InvalidSecurityGroup": "The security group ID provided in the Lambda function VPC configuration is not valid.",
    "InvalidSubnet": "The subnet ID provided in the Lambda function configuration is not valid.",
    "SubnetOutOfIPAddresses": "Lambda couldn't set up VPC access for the Lambda function because one or more"
    " configured subnets has no available IP addresses.",
}


def install() -> None:
    # set_version is what moto calls on the copy that becomes a published version.
    for changing in ("__init__", "set_version"):

        @replaces_method(LambdaFunction, changing)
        def made(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
            original(self, *args, **kwargs)
            self.states = ACTIVE

    @replaces_method(LambdaFunction, "get_configuration")
    def get_configuration(original: Any, self: Any, on_create: bool = False) -> dict[str, Any]:
        configuration = {**original(self, on_create), **self.states}
        if on_create or self.states["State"] != "Active":
            configuration.pop("LastUpdateStatus", None)
        return configuration


def creation_failed(reason: str) -> dict[str, str]:
    return {"State": "Failed", "StateReason": _FAILURES[reason], "StateReasonCode": reason}


def update_failed(reason: str) -> dict[str, str]:
    return {
        "State": "Active",
        "LastUpdateStatus": "Failed",
        "LastUpdateStatusReason": _FAILURES[reason],
        "LastUpdateStatusReasonCode": reason,
    }


def refuse_unless_settled(function: Any) -> None:
    """While a function is being created or updated, nothing of it can be changed or published."""
    state = function.states["State"]
    if state != "Active":
        raise _conflict(f"The function is currently in the following state: {state}")
    if function.states["LastUpdateStatus"] == "InProgress":
        raise _conflict(f"An update is in progress for resource: {function.function_arn}")


def _conflict(why: str) -> Exception:
    message = f"The operation cannot be performed at this time. {why}"
    error: Exception = LambdaClientError("ResourceConflictException", message)
    error.code = 409  # type: ignore[attr-defined]  # moto's, of HTTP
    return error
