# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads what there is to know of groups and their rules. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Optional

from .._aws import Aws
from .from_aws import group_from, references_from
from .state import DEFAULT_RULES_PER_GROUP, Group, Quota, Rule


@dataclass(frozen=True)
class Vpc:
    """What matters of a VPC that something new comes into."""

    exists: bool = False
    dedicated: bool = False
    ipv6: bool = False


def read_vpc(aws: Aws, vpc_id: str) -> Vpc:
    found = [vpc for vpc in aws.describe_vpcs([vpc_id]) if vpc["VpcId"] == vpc_id]
    dedicated = any(vpc.get("InstanceTenancy") == "dedicated" for vpc in found)
    return Vpc(bool(found), dedicated, any(vpc.get("Ipv6CidrBlockAssociationSet") for vpc in found))


def groups_by(aws: Aws, name: str, values: Iterable[str], vpc_id: Optional[str] = None) -> dict[str, Group]:
    return {group["GroupId"]: group_from(group) for group in aws.describe_groups(name, values, vpc_id)}


def rules_quota(aws: Aws, rules: Iterable[Rule], more: int = 0) -> Quota:
    """The rules that a group may have: the account's quota is asked for only where AWS's default could be too small.

    :param rules: those that there are to be
    :param more: how many may come to those of a group besides
    """
    counts: dict[tuple[str, str], int] = {}
    for rule in rules:
        key = (rule.group_id, rule.direction)
        counts[key] = counts.get(key, 0) + 1
    if max(counts.values(), default=0) + more <= DEFAULT_RULES_PER_GROUP:
        return Quota(DEFAULT_RULES_PER_GROUP)
    return read_quota(aws.rules_quota(), DEFAULT_RULES_PER_GROUP)


def read_quota(found: Optional[int], default: int) -> Quota:
    """What the account may have, or AWS's default where that could not be read."""
    return Quota(default if found is None else found, found is not None)


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
