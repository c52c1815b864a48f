# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A plan, and what collects its changes. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Generic

from .._errors import Refusal
from .._model.security_groups import Rule
from .._model.state import AnyState, State
from .blocked_deletion import BlockedDeletion
from .changes import AuthorizeRules, Change, RevokeRules, TagResources, UntagResources


@dataclass(frozen=True)
class Plan:
    """Ordered changes and the states before and after them. Empty means unchanged; with refusals nothing is applied.

    ``blocked`` are the groups that should go and cannot yet.
    """

    before: State
    after: State
    changes: tuple[Change, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    blocked: tuple[BlockedDeletion, ...] = ()


class PlanBuilder(Generic[AnyState]):
    """``state`` is always what the changes so far make of the observed one."""

    def __init__(self, state: AnyState) -> None:
        self.before = state
        self.state = state
        self.changes: list[Change] = []

    def add(self, change: Change) -> None:
        self.changes.append(change)
        self.state = change.apply_to(self.state)

    def authorize(self, wanted: Iterable[Rule]) -> None:
        """Add what has no equivalent yet, to each group in one call, which tags its rules with what they share."""
        missing = {rule.identity: rule for rule in wanted if self.state.find_rule(rule) is None}
        for batch in _by_group(missing.values()):
            shared = set.intersection(*(set(rule.tags.items()) for rule in batch))
            tags = {key: value for key, value in batch[0].tags.items() if (key, value) in shared}
            self.add(AuthorizeRules(tuple(replace(rule, tags=tags) for rule in batch)))

    def revoke(self, unwanted: Iterable[Rule]) -> None:
        """Remove rules, those of one group and direction in one call."""
        for batch in _by_group(unwanted):
            self.add(RevokeRules(tuple(batch)))

    def tag(self, resource_id: str, tags: Mapping[str, str]) -> None:
        if tags:
            self.add(TagResources((resource_id,), dict(tags)))

    def untag(self, resource_id: str, keys: Iterable[str]) -> None:
        ordered = tuple(sorted(keys))
        if ordered:
            self.add(UntagResources((resource_id,), ordered))


def _by_group(rules: Iterable[Rule]) -> list[list[Rule]]:
    """The rules of each group and direction, which one call can write."""
    batches: dict[tuple[str, str], list[Rule]] = {}
    for rule in rules:
        batches.setdefault((rule.group_id, rule.direction), []).append(rule)
    return list(batches.values())
