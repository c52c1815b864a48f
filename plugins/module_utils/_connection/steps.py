# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A plan, and what collects its changes and the state that they lead to. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Protocol, TypeVar, Union

from .._errors import Refusal
from .changes import AuthorizeRules, Change, FunctionChange, GroupChange, RevokeRules, TagResources, UntagResources
from .findings import Finding
from .pending import Pending
from .state import AnyState, Rule, State


@dataclass(frozen=True)
class Plan:
    """Ordered changes and the states before and after them. Empty means unchanged; with refusals nothing is applied.

    ``clients`` is each function's client group. ``findings`` are things that the user should know.
    """

    before: State
    after: State
    changes: tuple[Change, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    pending: tuple[Pending, ...] = ()
    clients: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


class _Applicable(Protocol):
    def apply_to(self, state: Any) -> Any: ...


OwnChange = TypeVar("OwnChange", bound=_Applicable)


class GroupSteps(Generic[AnyState, OwnChange]):
    """``state`` is always what the changes so far make of the observed one.

    They are those of groups and rules, and the module's own.
    """

    def __init__(self, state: AnyState) -> None:
        self.before = state
        self.state = state
        self.changes: list[Union[GroupChange, OwnChange]] = []

    def add(self, change: Union[GroupChange, OwnChange]) -> None:
        self.changes.append(change)
        self.state = change.apply_to(self.state)

    def authorize(self, wanted: Iterable[Rule]) -> None:
        """Add what has no equivalent yet, to each group in one call, which tags its rules with what they share."""
        missing = {rule.identity: rule for rule in wanted if self.state.find_rule(rule) is None}
        batches: dict[tuple[str, str], list[Rule]] = {}
        for rule in missing.values():
            batches.setdefault((rule.group_id, rule.direction), []).append(rule)
        for batch in batches.values():
            shared = set.intersection(*(set(rule.tags.items()) for rule in batch))
            tags = {key: value for key, value in batch[0].tags.items() if (key, value) in shared}
            self.add(AuthorizeRules(tuple(replace(rule, tags=tags) for rule in batch)))

    def revoke(self, unwanted: Iterable[Rule]) -> None:
        """Remove rules, those of one group and direction in one call."""
        batches: dict[tuple[str, str], list[Rule]] = {}
        for rule in unwanted:
            batches.setdefault((rule.group_id, rule.direction), []).append(rule)
        for batch in batches.values():
            self.add(RevokeRules(tuple(batch)))

    def tag(self, resource_id: str, tags: Mapping[str, str]) -> None:
        if tags:
            self.add(TagResources((resource_id,), dict(tags)))

    def untag(self, resource_id: str, keys: Iterable[str]) -> None:
        ordered = tuple(sorted(keys))
        if ordered:
            self.add(UntagResources((resource_id,), ordered))


class Steps(GroupSteps[State, FunctionChange]):
    """The steps of a connection."""
