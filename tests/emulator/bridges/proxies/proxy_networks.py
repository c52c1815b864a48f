# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A proxy, and each endpoint of it, has subnets in two Availability Zones or more, and groups of their one VPC.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-network-prereqs.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from moto.ec2.models import ec2_backends
from moto.rds.exceptions import InvalidParameterValue, InvalidSubnet, RDSClientError


def vpc_of_subnets(rds: Any, subnet_ids: Sequence[str]) -> str:
    known = {subnet.id: subnet for subnet in _ec2(rds).describe_subnets()}
    for subnet_id in subnet_ids:
        if subnet_id not in known or known[subnet_id].vpc_id != known[subnet_ids[0]].vpc_id:
            raise InvalidSubnet(subnet_id)
    if len({known[subnet_id].availability_zone for subnet_id in subnet_ids}) < 2:
        raise RDSClientError("InvalidSubnet", "The subnets must cover at least two Availability Zones.")
    return str(known[subnet_ids[0]].vpc_id)


def check_groups(rds: Any, vpc_id: str, group_ids: Sequence[str]) -> None:
    for group_id in group_ids:
        group = _ec2(rds).get_security_group_from_id(group_id)
        if group is None:
            raise InvalidParameterValue(f"Invalid security group , groupId= {group_id}, groupName=.")
        if group.vpc_id != vpc_id:
            raise InvalidParameterValue(f"The security group {group_id} is not in the VPC {vpc_id}.")


def default_group(rds: Any, vpc_id: str) -> str:
    return str(_ec2(rds).get_default_security_group(vpc_id).id)


def _ec2(rds: Any) -> Any:
    return ec2_backends[rds.account_id][rds.region_name]
