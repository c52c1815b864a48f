# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""As how many rules the rules of a security group count towards its quota. PRIVATE to the collection.

The one counter, for plans and verdicts alike
(https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Optional

from .security_groups import Peer, Rule

# By prefix list, as how many rules of each address family (4, 6) a rule counts that names it.
Weights = Mapping[str, Mapping[int, int]]

# https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
_AWS_WEIGHTS = {
    "cloudfront": 55, "dynamodb": 1, "ec2-instance-connect": 2, "groundstation": 5, "route53-healthchecks": 25,
    "s3": 1, "s3express": 6, "vpc-lattice": 10,
}  # fmt: skip
_BY_KIND = {"cidr_ip": {4: 1}, "cidr_ipv6": {6: 1}}
# A rule that names a group counts in both families; so does one that names a prefix list of which nothing is known.
_BOTH = {4: 1, 6: 1}


def weight_from(prefix_list: Mapping[str, Any]) -> Optional[Mapping[int, int]]:
    """As how many rules it counts: its maximum of entries, or AWS's own weight; None where AWS tells neither."""
    services = {part for part in (prefix_list.get("PrefixListName") or "").split(".") if part in _AWS_WEIGHTS}
    weight = _AWS_WEIGHTS[services.pop()] if prefix_list.get("OwnerId") == "AWS" and services else None
    rules = prefix_list.get("MaxEntries") or weight
    return {6 if prefix_list.get("AddressFamily") == "IPv6" else 4: rules} if rules else None


def prefix_lists_in(rules: Iterable[Rule]) -> set[str]:
    """The prefix lists that rules name."""
    return {rule.peer.value for rule in rules if rule.peer.kind == "ip_prefix"}


def rule_counts(rules: Iterable[Rule], weights: Weights) -> dict[tuple[str, str], int]:
    """By group and direction, in the address family that has more of them."""
    counts: Counter[tuple[str, str, int]] = Counter()
    for rule in rules:
        for family, count in _counts_as(rule.peer, weights).items():
            counts[rule.group_id, rule.direction, family] += count
    most: dict[tuple[str, str], int] = {}
    for (group, direction, _family), count in counts.items():
        most[group, direction] = max(count, most.get((group, direction), 0))
    return most


def _counts_as(peer: Peer, weights: Weights) -> Mapping[int, int]:
    return weights.get(peer.value, _BOTH) if peer.kind == "ip_prefix" else _BY_KIND.get(peer.kind, _BOTH)
