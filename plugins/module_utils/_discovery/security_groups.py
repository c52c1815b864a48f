# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads what there is to know of groups and their rules. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Optional

from .._aws.client import Aws
from .._errors import AwsError
from .._model.networks import Vpc
from .._model.quotas import RULES_PER_GROUP, Quota
from .._model.rule_counts import Weights, prefix_lists_in, rule_counts, weight_from
from .._model.security_groups import Group, Rule, group_from, references_from


def read_vpc(aws: Aws, vpc_id: str) -> Vpc:
    found = [vpc for vpc in aws.describe_vpcs([vpc_id]) if vpc["VpcId"] == vpc_id]
    dedicated = any(vpc.get("InstanceTenancy") == "dedicated" for vpc in found)
    return Vpc(bool(found), dedicated, any(vpc.get("Ipv6CidrBlockAssociationSet") for vpc in found))


def groups_by(aws: Aws, name: str, values: Iterable[str], vpc_id: Optional[str] = None) -> dict[str, Group]:
    return {group["GroupId"]: group_from(group) for group in aws.describe_groups(name, values, vpc_id)}


def read_rule_limits(aws: Aws, rules: Sequence[Rule], more: int = 0) -> tuple[Quota, Weights]:
    """The rules that a group may have, and as how many a prefix list counts. The account's own quota is asked for only
    where AWS's default could be too small, and prefix lists only where rules name any.

    :param rules: those that there are to be
    :param more: how many may be added to those of a group
    """
    weights = read_list_weights(aws, prefix_lists_in(rules))
    if max(rule_counts(rules, weights).values(), default=0) + more <= RULES_PER_GROUP.value:
        return RULES_PER_GROUP, weights
    return RULES_PER_GROUP.as_read(aws.rules_quota()), weights


def read_list_weights(aws: Aws, ids: Collection[str]) -> Weights:
    """The same where there may be none, and where the identity may not be allowed to ask."""
    if not ids:
        return {}
    try:
        return list_weights(aws, ids)
    except AwsError as error:
        if not error.denied:
            raise
        return {}


def list_weights(aws: Aws, ids: Collection[str]) -> Weights:
    """As how many rules each of these prefix lists counts; one of which AWS does not tell is left out."""
    listed = aws.managed_prefix_lists(ids)
    weights = {each["PrefixListId"]: weight_from(each) for each in listed if each["PrefixListId"] in ids}
    return {key: weight for key, weight in weights.items() if weight is not None}


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
