# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A group has at most SETTINGS.rules_per_group rules, each direction and address family by itself.

A rule that names a group counts in both families, one that names a prefix list as often as that may have entries
(https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html).
"""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import RulesPerSecurityGroupLimitExceededError
from moto.ec2.models import EC2Backend
from moto.ec2.models.security_groups import SecurityGroup

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.settings import SETTINGS

AFTER = ("rule_peers",)


def install() -> None:
    @replaces_method(EC2Backend, "_verify_group_will_respect_rule_count_limit")
    def verify(_original: Any, _self: Any, *_arguments: Any, **_more: Any) -> None:
        """moto allows sixty for all families together; `add` counts instead."""

    for direction in ("ingress", "egress"):

        @replaces_method(SecurityGroup, f"add_{direction}_rule")
        def add(original: Any, self: Any, rule: Any, direction: str = direction) -> None:
            original(self, rule)
            for family in ("IPv4", "IPv6"):
                used = sum(_weight(each, family) for each in getattr(self, f"{direction}_rules"))
                if _weight(rule, family) and used > SETTINGS.rules_per_group:
                    raise RulesPerSecurityGroupLimitExceededError


def _weight(rule: Any, family: str) -> int:
    """As how many rules of that family it counts."""
    if rule.source_group:
        return 1
    if rule.prefix_list_id:
        listed = rule.ec2_backend.managed_prefix_lists.get(rule.prefix_list_id)
        if listed is None or listed.address_family != family:
            return 0
        return int(listed.max_entries or 1)
    return int((rule.cidr_ipv4 if family == "IPv4" else rule.cidr_ipv6) is not None)
