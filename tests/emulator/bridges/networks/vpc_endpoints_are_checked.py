# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A VPC endpoint is for a service that has one, of one VPC all through, and private names need the VPC's DNS.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import (
    EC2ClientError,
    InvalidParameterValue,
    InvalidSecurityGroupNotFoundError,
    InvalidServiceName,
)
from moto.ec2.models import EC2Backend
from moto.ec2.models.vpcs import AWS_ENDPOINT_SERVICES, COVERED_ENDPOINT_SERVICES

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method

# https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
WITH_GATEWAY = ("s3", "dynamodb")


# What an endpoint may not have is refused first.
AFTER = ("vpc_endpoint_routes",)


def install() -> None:
    @replaces_method(EC2Backend, "create_vpc_endpoint")
    def created(original: Any, self: Any, **wanted: Any) -> Any:
        kind = wanted["endpoint_type"] = wanted.get("endpoint_type") or "Gateway"
        service = str(wanted["service_name"]).removeprefix(f"com.amazonaws.{self.region_name}.")
        known = WITH_GATEWAY if kind == "Gateway" else (*AWS_ENDPOINT_SERVICES, *COVERED_ENDPOINT_SERVICES)
        if service not in known:
            raise InvalidServiceName(wanted["service_name"])
        vpc = self.get_vpc(wanted["vpc_id"])
        _refuse_other_networks(self, vpc.id, wanted)
        if kind == "Gateway":
            wanted["private_dns_enabled"] = False
        else:
            _check_interface(self, vpc, wanted)
        return original(self, **wanted)


def _check_interface(ec2: Any, vpc: Any, wanted: dict[str, Any]) -> None:
    """It gets the VPC's default group where none is named."""
    zones = [ec2.get_subnet(subnet_id).availability_zone for subnet_id in wanted["subnet_ids"]]
    if len(zones) > len(set(zones)):
        raise EC2ClientError("DuplicateSubnetsInSameZone", "Found another VPC endpoint subnet in the availability zone")
    if wanted["private_dns_enabled"] and not (vpc.enable_dns_support and vpc.enable_dns_hostnames):
        raise EC2ClientError(
            "InvalidParameter",
            "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true"
            f" for {vpc.id}",
        )
    wanted["security_group_ids"] = wanted["security_group_ids"] or [ec2.get_default_security_group(vpc.id).id]


def _refuse_other_networks(ec2: Any, vpc_id: str, wanted: dict[str, Any]) -> None:
    groups = {group_id: ec2.get_security_group_from_id(group_id) for group_id in wanted["security_group_ids"]}
    for group_id, group in groups.items():
        if group is None:
            raise InvalidSecurityGroupNotFoundError(group_id)
    used = [
        *groups.values(),
        *(ec2.get_subnet(subnet_id) for subnet_id in wanted["subnet_ids"]),
        *(ec2.get_route_table(table_id) for table_id in wanted["route_table_ids"]),
    ]
    for each in used:
        if each.vpc_id != vpc_id:
            raise InvalidParameterValue(f"{each.id} and the VPC {vpc_id} belong to different networks")
