# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What changes write to: functions, groups, rules and login policies. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Optional, TypeVar

from .functions import Function
from .login_policies import LoginPolicy
from .ownership import TAG_FUNCTION, TAG_SCOPE
from .security_groups import Group, Rule


@dataclass(frozen=True)
class State:
    """What the changes of a plan write to. ``login_policies`` are by role, read only where the task speaks of users."""

    functions: Mapping[str, Function] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    login_policies: Mapping[str, LoginPolicy] = field(default_factory=dict)

    def rules_of(self, group_id: str, direction: str) -> tuple[Rule, ...]:
        return tuple(self._by_group.get((group_id, direction), ()))

    def find_rule(self, wanted: Rule) -> Optional[Rule]:
        """The equivalent rule that is there already, whoever made it and whatever its description."""
        return self._by_identity.get(wanted.identity)

    # What a plan for many functions asks for again and again, put in order once.

    @cached_property
    def _by_group(self) -> Mapping[tuple[str, str], list[Rule]]:
        found: dict[tuple[str, str], list[Rule]] = {}
        for rule in self.rules:
            found.setdefault((rule.group_id, rule.direction), []).append(rule)
        return found

    @cached_property
    def _by_identity(self) -> Mapping[tuple[object, ...], Rule]:
        return {rule.identity: rule for rule in reversed(self.rules)}

    @cached_property
    def groups_tagged(self) -> Mapping[tuple[str, str], list[Group]]:
        """The groups that have a tag of ours, by its key and value."""
        found: dict[tuple[str, str], list[Group]] = {}
        for group in self.groups.values():
            for key in (TAG_FUNCTION, TAG_SCOPE):
                found.setdefault((key, group.tags.get(key, "")), []).append(group)
        return found

    @cached_property
    def attached_group_ids(self) -> frozenset[str]:
        """The groups that are attached to functions."""
        return frozenset(group for each in self.functions.values() for group in each.vpc.security_group_ids)


# A state with what a module adds to groups and rules: a change of these leaves that as it is.
AnyState = TypeVar("AnyState", bound=State)
