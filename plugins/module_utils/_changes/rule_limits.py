# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Rules that a security group cannot take: too many, or of another account. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from .._model.quotas import Quota
from .._model.rule_counts import Weights, rule_counts
from .._model.security_groups import Group, Rule
from .._model.state import State
from .changes import AuthorizeRules, Change, of_kind


def missing_elsewhere(state: State, wanted: Iterable[Rule], mine: Set[str]) -> Iterator[tuple[Group, str]]:
    """The groups of other accounts than mine, with the rules that they would have to get.

    In a shared VPC, only the account that owns a security group may add rules to it
    (https://docs.aws.amazon.com/vpc/latest/userguide/security-group-sharing.html).
    """
    missing: dict[str, list[str]] = {}
    for rule in wanted:
        group = state.groups.get(rule.group_id)
        elsewhere = group is not None and mine and group.owner_id not in ("", *mine)
        if elsewhere and state.find_rule(rule) is None:
            missing.setdefault(rule.group_id, []).append(rule.text)
    for group_id, texts in missing.items():
        yield state.groups[group_id], "; ".join(texts)


def overfull(
    state: State, changes: Iterable[Change], quota: Quota, weights: Weights
) -> Iterator[tuple[AuthorizeRules, int]]:
    """The changes after which a group has more rules than the quota allows, and how many these count as."""
    for change in changes:
        state = change.apply_to(state)
        for authorized in of_kind([change], AuthorizeRules):
            # Not rules_of, which would sort all rules again for each change.
            own = (rule for rule in state.rules if rule.group_id == authorized.group_id)
            count = rule_counts(own, weights)[authorized.group_id, authorized.direction]
            if count > quota.value:
                yield authorized, count
