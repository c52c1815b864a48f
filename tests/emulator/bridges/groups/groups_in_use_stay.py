# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""DeleteSecurityGroup: DependencyViolation while something uses the group, CannotDelete for a VPC's default group.

A rule in a peered VPC does not hold it, and is stale when it is gone
(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html,
https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.ec2.exceptions import DependencyViolationError, EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.responses.security_groups import SecurityGroups

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method


def install() -> None:
    # In the response and not in the backend: moto's DeleteVpc deletes the default group through the latter.
    @replaces_method(SecurityGroups, "delete_security_group")
    def delete_security_group(original: Any, self: Any) -> Any:
        ec2 = self.ec2_backend
        group = ec2.get_security_group_by_name_or_id(self._get_param("GroupId") or self._get_param("GroupName"))
        if group is not None:
            if group.is_default:
                raise EC2ClientError(
                    "CannotDelete", f'the specified group: "{group.id}" name: "default" cannot be deleted by a user'
                )
            if group.id in set(_groups_in_use(ec2, apart_from=group)):
                raise DependencyViolationError(f"resource {group.id} has a dependent object")
        return original(self)


def _groups_in_use(ec2: EC2Backend, apart_from: Any) -> Iterator[str]:
    """The groups that a rule of another group of the VPC names, and those on network interfaces."""
    for group in ec2.describe_security_groups():
        # A rule that names its own group holds nothing.
        if group.id != apart_from.id and group.vpc_id == apart_from.vpc_id:
            yield from (rule.source_group.get("GroupId") for rule in group.ingress_rules + group.egress_rules)
    for interface in ec2.enis.values():
        yield from (group.id for group in interface.group_set)
