# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads which rules name a group, and so keep it from being deleted. PRIVATE to the collection."""

from __future__ import annotations

from typing import Any

from .._aws import Aws
from .from_aws import references_from
from .state import Rule


def references_to(aws: Aws, group_ids: set[str]) -> tuple[Rule, ...]:
    """The rules of other groups that name one of these; DescribeSecurityGroupRules cannot be asked for a peer."""
    naming: dict[str, dict[str, Any]] = {}
    for name in ("ip-permission.group-id", "egress.ip-permission.group-id"):
        naming.update({group["GroupId"]: group for group in aws.describe_groups(name, group_ids)})
    return tuple(
        rule
        for group in naming.values()
        for rule in references_from(group)
        if rule.peer.value in group_ids and rule.group_id not in group_ids
    )
