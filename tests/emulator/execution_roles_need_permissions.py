# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A function gets into a VPC only if its execution role may make network interfaces there.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
"""

from __future__ import annotations

from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaBackend

from ansible_collections.cloudops.lambda_rds.tests.emulator.moto_methods import replaces_method
from ansible_collections.cloudops.lambda_rds.tests.emulator.role_policies import may, role_of

NEEDED = ("CreateNetworkInterface", "DescribeNetworkInterfaces", "DescribeSubnets", "DeleteNetworkInterface")


def install() -> None:
    @replaces_method(LambdaBackend, "create_function")
    def created(original: Any, self: Any, spec: dict[str, Any]) -> Any:
        _check(spec, spec["Role"])
        return original(self, spec)

    @replaces_method(LambdaBackend, "update_function_configuration")
    def updated(original: Any, self: Any, name: str, qualifier: Any, body: dict[str, Any]) -> Any:
        _check(body, body.get("Role") or self.get_function(name, qualifier).role)
        return original(self, name, qualifier, body)


def _check(body: dict[str, Any], role_arn: str) -> None:
    """A role that is gone may nothing."""
    if not (body.get("VpcConfig") or {}).get("SubnetIds"):
        return
    role = role_of(role_arn)
    for action in NEEDED:
        if role is None or not may(role, f"ec2:{action}", "*", {}):
            raise InvalidParameterValueException(
                f"The provided execution role does not have permissions to call {action} on EC2"
            )
