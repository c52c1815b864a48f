# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Quotas that are close by. PRIVATE to the collection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from ..._model.quotas import INTERFACES_PER_VPC
from ..._model.rule_counts import rule_counts
from ..catalogue.findings import NOTE, Finding
from ..snapshot import Snapshot

# From this part of a quota on, it is close by.
_CLOSE = 0.9
# With so many more, a group that is close to AWS's default is over it, and the account's own quota is asked for.
CLOSE_RULES = 7


def quota_findings(snapshot: Snapshot, group_ids: Iterable[str], vpc_ids: Iterable[str]) -> Iterator[Finding]:
    """For the groups of a path, and the VPCs of its functions."""
    quota = snapshot.rules_per_group
    wanted = dict.fromkeys(group_ids)
    for (group, direction), count in sorted(rule_counts(snapshot.state.rules, snapshot.weights).items()):
        if quota is not None and group in wanted and count >= quota * _CLOSE:
            values = {"count": str(count), "direction": direction, "quota": str(quota)}
            yield Finding("rules_near_quota", NOTE, group, values)
    interfaces = Counter(each.vpc_id for each in snapshot.interfaces or ())
    for vpc_id in dict.fromkeys(vpc_ids):
        count = interfaces[vpc_id]
        if count >= INTERFACES_PER_VPC.value * _CLOSE:
            values = {"count": str(count), "quota": str(INTERFACES_PER_VPC.value)}
            yield Finding("interfaces_near_quota", NOTE, vpc_id, values)
