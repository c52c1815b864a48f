# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A function gets into a VPC only if its execution role may make network interfaces there.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaBackend
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends

from ansible_collections.cloudops.lambda_rds.tests.emulator.moto_methods import replaces_method

NEEDED = ("CreateNetworkInterface", "DescribeNetworkInterfaces", "DescribeSubnets", "DeleteNetworkInterface")


def install() -> None:
    @replaces_method(LambdaBackend, "create_function")
    def created(original: Any, self: Any, spec: dict[str, Any]) -> Any:
        _check(self, spec, spec["Role"])
        return original(self, spec)

    @replaces_method(LambdaBackend, "update_function_configuration")
    def updated(original: Any, self: Any, name: str, qualifier: Any, body: dict[str, Any]) -> Any:
        _check(self, body, body.get("Role") or self.get_function(name, qualifier).role)
        return original(self, name, qualifier, body)


def _check(backend: Any, body: dict[str, Any], role_arn: str) -> None:
    if not (body.get("VpcConfig") or {}).get("SubnetIds"):
        return
    policies = list(_policies(iam_backends[backend.account_id][backend.partition], role_arn))
    for action in NEEDED:
        results = {policy.is_action_permitted(f"ec2:{action}") for policy in policies}
        if PermissionResult.PERMITTED not in results or PermissionResult.DENIED in results:
            raise InvalidParameterValueException(
                f"The provided execution role does not have permissions to call {action} on EC2"
            )


def _policies(iam: Any, role_arn: str) -> Iterator[IAMPolicy]:
    """None where there is no such role."""
    try:
        role = iam.get_role_by_arn(role_arn)
    except NotFoundException:
        return
    for policy in (*role.policies.values(), *role.managed_policies.values()):
        yield IAMPolicy(policy)
