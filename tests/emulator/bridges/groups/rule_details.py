# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""DescribeSecurityGroupRules returns each rule's description, owner and ARN, and the peer in another VPC."""

from __future__ import annotations

from typing import Any

from moto.ec2.models.security_groups import SecurityGroupRule

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.groups.rule_peers import peer_group, peering_between
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import (
    adds_property,
    replaces_method,
    replaces_property,
)


def install() -> None:
    @replaces_method(SecurityGroupRule, "__init__")
    def made(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        prefix_list = args[7] if len(args) > 7 else kwargs.get("prefix_list_id")
        # moto keeps only the id of a prefix list.
        self.prefix_list_description = (prefix_list or {}).get("Description")

    @replaces_property(SecurityGroupRule, "description")
    def description(self: Any) -> Any:
        peer = self.ip_range or self.source_group
        return peer.get("Description") or self.prefix_list_description

    @adds_property(SecurityGroupRule, "group_owner_id")
    def group_owner_id(self: Any) -> Any:
        return self.owner_id

    @adds_property(SecurityGroupRule, "security_group_rule_arn")
    def security_group_rule_arn(self: Any) -> str:
        return f"arn:aws:ec2:{self.ec2_backend.region_name}:{self.owner_id}:security-group-rule/{self.id}"

    @replaces_property(SecurityGroupRule, "referenced_group_info")
    def referenced_group_info(self: Any) -> dict[str, Any] | None:
        if not self.source_group:
            return None
        ec2 = self.ec2_backend
        info = {"GroupId": self.source_group["GroupId"], "UserId": self.source_group.get("UserId", self.owner_id)}
        mine, other = ec2.get_security_group_from_id(self.group_id), peer_group(ec2, self.source_group)
        if mine is None or other is None or mine.vpc_id == other.vpc_id:
            return info
        if peering := peering_between(ec2, mine.vpc_id, other.vpc_id):
            info |= {"VpcPeeringConnectionId": peering.id, "PeeringStatus": peering._status.code}
        return info | {"VpcId": other.vpc_id}
