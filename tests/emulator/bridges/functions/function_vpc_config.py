# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A function's VpcConfig: the real VPC of its subnets, checked before it is taken, empty after a detach."""

from __future__ import annotations

from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.ec2.exceptions import InvalidSubnetIdError
from moto.ec2.models import ec2_backends

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import (
    replaces_method,
    replaces_property,
)

MOST_SUBNETS = 16
MOST_GROUPS = 5


AFTER = ("execution_roles_need_permissions",)


def install() -> None:
    @replaces_property(LambdaFunction, "vpc_config")
    def vpc_config(self: Any) -> dict[str, Any] | None:
        # None when never attached, and then AWS leaves the key out
        config: dict[str, Any] | None = self.failing_vpc_config or self._vpc_config
        return config

    @replaces_method(LambdaBackend, "create_function")
    def created(original: Any, self: Any, spec: dict[str, Any]) -> Any:
        return original(self, _with_checked_config(self, spec, {}))

    @replaces_method(LambdaBackend, "update_function_configuration")
    def updated(original: Any, self: Any, name: str, qualifier: Any, body: dict[str, Any]) -> Any:
        current = self.get_function(name, qualifier)._vpc_config
        return original(self, name, qualifier, _with_checked_config(self, body, current or {}))


def _with_checked_config(backend: Any, body: dict[str, Any], current: dict[str, Any]) -> dict[str, Any]:
    if body.get("VpcConfig") is None:
        return body
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    return {**body, "VpcConfig": _checked(body["VpcConfig"], current, ec2)}


def _checked(wanted: dict[str, Any], current: dict[str, Any], ec2: Any) -> dict[str, Any]:
    """What the function gets: both lists as sent, the dual-stack flag as sent or as it was."""
    subnets, groups = wanted.get("SubnetIds", []), wanted.get("SecurityGroupIds", [])
    if bool(subnets) != bool(groups):
        raise InvalidParameterValueException("SubnetIds and SecurityIds must coexist or be both empty list.")
    if len(subnets) > MOST_SUBNETS or len(groups) > MOST_GROUPS:
        raise InvalidParameterValueException(
            f"{len(subnets)} subnets and {len(groups)} security groups: at most {MOST_SUBNETS} and {MOST_GROUPS}."
        )
    vpcs = {_vpc_of_subnet(ec2, subnet) for subnet in subnets} | {_vpc_of_group(ec2, group) for group in groups}
    if len(vpcs) > 1:
        raise InvalidParameterValueException("Security Groups and Subnets must all be of one VPC.")
    dual_stack = wanted.get("Ipv6AllowedForDualStack", current.get("Ipv6AllowedForDualStack", False))
    if dual_stack and not subnets:
        raise InvalidParameterValueException("Ipv6AllowedForDualStack must be false for a function without a VPC.")
    return {
        "SubnetIds": subnets,
        "SecurityGroupIds": groups,
        "VpcId": vpcs.pop() if vpcs else "",
        "Ipv6AllowedForDualStack": dual_stack,
    }


def _vpc_of_subnet(ec2: Any, subnet_id: str) -> str:
    try:
        return str(ec2.get_subnet(subnet_id).vpc_id)
    except InvalidSubnetIdError as error:
        raise _describe_failed("DescribeSubnets", "InvalidSubnetID.NotFound", error.message) from None


def _vpc_of_group(ec2: Any, group_id: str) -> str:
    group = ec2.get_security_group_from_id(group_id)
    if group is None:
        message = f"The security group '{group_id}' does not exist"
        raise _describe_failed("DescribeSecurityGroups", "InvalidGroup.NotFound", message)
    return str(group.vpc_id)


def _describe_failed(action: str, code: str, message: str) -> Exception:
    error: Exception = InvalidParameterValueException(
        f"Error occurred while {action}. EC2 Error Code: {code}. EC2 Error Message: {message}"
    )
    return error
