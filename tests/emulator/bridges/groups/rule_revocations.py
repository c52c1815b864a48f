# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a revoke does about a rule that is not there, and what it answers.

Anything unknown refuses the call, except for a permission in a default VPC
(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RevokeSecurityGroupIngress.html).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import (
    InvalidPermissionNotFoundError,
    InvalidSecurityGroupNotFoundError,
    InvalidSecurityGroupRuleIdNotFoundError,
)
from moto.ec2.responses.security_groups import SecurityGroups

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method


def install() -> None:
    for direction in ("ingress", "egress"):

        @replaces_method(SecurityGroups, f"revoke_security_group_{direction}")
        def revoke(_original: Any, self: Any, direction: str = direction) -> Any:
            self.error_on_dryrun()
            group = _group(self)
            rules = getattr(group, f"{direction}_rules")
            revoked, unknown = _named(self, group, rules)
            vpc = self.ec2_backend.vpcs.get(group.vpc_id)  # None where another account shares it
            if unknown and not (vpc and vpc.is_default):
                raise InvalidPermissionNotFoundError
            setattr(group, f"{direction}_rules", [rule for rule in rules if rule not in revoked])
            for rule in revoked:
                self.ec2_backend.tags.pop(rule.id, None)
            return ActionResult(
                {
                    "Return": True,
                    "UnknownIpPermissions": group._flattened_rules(unknown),
                    "RevokedSecurityGroupRules": [_described(rule) for rule in revoked],
                }
            )


def _group(request: Any) -> Any:
    name_or_id = request._get_param("GroupId") or request._get_param("GroupName")
    group = request.ec2_backend.get_security_group_by_name_or_id(name_or_id)
    if group is None:
        raise InvalidSecurityGroupNotFoundError(name_or_id)
    return group


def _named(request: Any, group: Any, rules: list[Any]) -> tuple[list[Any], list[Any]]:
    """The rules that the call names, and those of its permissions that are no rules."""
    if rule_ids := request._get_param("SecurityGroupRuleIds"):
        return [_by_id(rules, rule_id) for rule_id in rule_ids], []
    asked = list(_asked(request, group))
    return [rule for rule in rules if rule in asked], [rule for rule in asked if rule not in rules]


def _by_id(rules: list[Any], rule_id: str) -> Any:
    for rule in rules:
        if rule.id == rule_id:
            return rule
    raise InvalidSecurityGroupRuleIdNotFoundError(rule_id)


def _asked(request: Any, group: Any) -> Iterator[Any]:
    ec2 = request.ec2_backend
    for permission in request._process_rules_from_querystring():
        yield from ec2._iterate_security_rules(
            permission["ip_protocol"],
            group.id,
            permission["from_port"],
            permission["to_port"],
            permission["ip_ranges"],
            ec2._add_source_group(permission["source_groups"], None),
            permission["prefix_list_ids"],
        )


def _described(rule: Any) -> dict[str, Any]:
    return {
        "SecurityGroupRuleId": rule.id,
        "GroupId": rule.group_id,
        "IsEgress": rule.is_egress,
        "IpProtocol": rule.ip_protocol,
        "FromPort": -1 if rule.from_port is None else rule.from_port,
        "ToPort": -1 if rule.to_port is None else rule.to_port,
        "CidrIpv4": rule.cidr_ipv4,
        "CidrIpv6": rule.cidr_ipv6,
        "PrefixListId": rule.prefix_list_id,
        "ReferencedGroupId": rule.source_group.get("GroupId"),
        "Description": rule.description,
    }
