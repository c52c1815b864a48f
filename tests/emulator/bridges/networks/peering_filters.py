# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""DescribeVpcPeeringConnections honours its filters.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcPeeringConnections.html
"""

from __future__ import annotations

import fnmatch
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses.vpc_peering_connections import VPCPeeringConnections

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method


def install() -> None:
    @replaces_method(VPCPeeringConnections, "describe_vpc_peering_connections")
    def described(original: Any, self: Any) -> Any:
        filters: dict[str, list[str]] = self._filters_from_querystring()
        found = original(self).result["VpcPeeringConnections"]
        return ActionResult({"VpcPeeringConnections": [each for each in found if _matches(each, filters)]})


def _matches(peering: Any, filters: dict[str, list[str]]) -> bool:
    return all(
        any(fnmatch.fnmatchcase(_value(peering, name), pattern) for pattern in patterns)
        for name, patterns in filters.items()
    )


def _value(peering: Any, name: str) -> str:
    if name.startswith("tag:"):
        return next((tag["value"] for tag in peering.get_tags() if tag["key"] == name.removeprefix("tag:")), "")
    values = {"vpc-peering-connection-id": peering.id, "status-code": peering._status.code}
    for side, info in (("requester", peering.requester_vpc_info), ("accepter", peering.accepter_vpc_info)):
        for key, attribute in (("vpc-id", "VpcId"), ("owner-id", "OwnerId"), ("cidr-block", "CidrBlock")):
            values[f"{side}-vpc-info.{key}"] = info[attribute]
    if name not in values:
        raise EC2ClientError("InvalidParameterValue", f"The filter '{name}' is invalid")
    return str(values[name])
