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
from moto.ec2.models import ec2_backends

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.account.role_policies import may, role_of
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method

# What each is about; nothing stands for all resources
# (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html).
NEEDED = {
    "CreateNetworkInterface": ("network-interface", "subnet", "security-group"),
    "DescribeNetworkInterfaces": (),
    "DescribeSubnets": (),
    "DeleteNetworkInterface": ("network-interface",),
}


AFTER = ("new_functions_are_pending",)


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
    """A role that is gone may nothing."""
    vpc_config = body.get("VpcConfig") or {}
    if not vpc_config.get("SubnetIds"):
        return
    role = role_of(role_arn)
    account, region = backend.account_id, backend.region_name
    start = f"arn:{backend.partition}:ec2:{region}:{account}"
    resources = {
        "network-interface": ["*"],
        "subnet": vpc_config["SubnetIds"],
        "security-group": vpc_config.get("SecurityGroupIds") or [],
    }
    context = {"aws:RequestedRegion": region, "ec2:Region": region, "aws:ResourceAccount": account}
    for vpc_id in _vpc_ids(account, region, vpc_config["SubnetIds"]):
        context["ec2:Vpc"] = f"{start}:vpc/{vpc_id}"
    for action, kinds in NEEDED.items():
        arns = [f"{start}:{kind}/{resource}" for kind in kinds for resource in resources[kind]] or ["*"]
        if role is None or not all(may(role, f"ec2:{action}", arn, context) for arn in arns):
            raise InvalidParameterValueException(
                f"The provided execution role does not have permissions to call {action} on EC2"
            )


def _vpc_ids(account: str, region: str, subnet_ids: list[str]) -> set[str]:
    """Of those subnets that there are."""
    zones = ec2_backends[account][region].subnets.values()
    return {str(subnets[subnet].vpc_id) for subnets in zones for subnet in subnet_ids if subnet in subnets}
