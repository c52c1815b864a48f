# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Quotas that are close by. PRIVATE to the collection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from .._connection.state import Peer
from .addresses import network
from .findings import NOTE, Finding
from .state import Scene

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
INTERFACES_PER_VPC = 500
# From this part of a quota on, it is close by.
_CLOSE = 0.9
# With so many more, a group that is close to AWS's default is over it, and the account's own quota is asked for.
CLOSE_RULES = 7


def quota_findings(scene: Scene, group_ids: Iterable[str], vpc_ids: Iterable[str]) -> Iterator[Finding]:
    """For the groups of a path, and the VPCs of its functions."""
    quota = scene.rules_per_group
    wanted = dict.fromkeys(group_ids)
    for (group, direction), count in sorted(rule_counts(scene).items()):
        if quota is not None and group in wanted and count >= quota * _CLOSE:
            values = {"count": str(count), "direction": direction, "quota": str(quota)}
            yield Finding("rules_near_quota", NOTE, group, values)
    interfaces = Counter(each.vpc_id for each in scene.interfaces or ())
    for vpc_id in dict.fromkeys(vpc_ids):
        count = interfaces[vpc_id]
        if count >= INTERFACES_PER_VPC * _CLOSE:
            values = {"count": str(count), "quota": str(INTERFACES_PER_VPC)}
            yield Finding("interfaces_near_quota", NOTE, vpc_id, values)


def rule_counts(scene: Scene) -> dict[tuple[str, str], int]:
    """What the rules of each group count as, in each direction: in the family that has more of them
    (https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html)."""
    counts: Counter[tuple[str, str, int]] = Counter()
    for rule in scene.state.rules:
        for family, rules in _counted(scene, rule.peer).items():
            counts[rule.group_id, rule.direction, family] += rules
    most: dict[tuple[str, str], int] = {}
    for (group, direction, _family), count in counts.items():
        most[group, direction] = max(count, most.get((group, direction), 0))
    return most


def _counted(scene: Scene, peer: Peer) -> Mapping[int, int]:
    """A rule that names a group counts in both families, a prefix list as its maximum of entries.

    Where that is not known, as those that it has.
    """
    if peer.kind == "ip_prefix":
        size = scene.list_sizes.get(peer.value)
        entries = Counter(network(cidr)[0] for cidr in scene.prefix_lists.get(peer.value, ()))
        return {size.family: size.rules} if size else entries or {4: 1}
    return {"cidr_ip": {4: 1}, "cidr_ipv6": {6: 1}}.get(peer.kind, {4: 1, 6: 1})
