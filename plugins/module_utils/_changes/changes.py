# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a change is, and those of groups and rules. PRIVATE to the collection.

A change is one write call. It says what it is, as data and as a line of text, what it makes of a frozen state, how it
is written, and how to see that it took effect. Diff and check mode come from the frozen state, so they cannot disagree
with the run.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum, auto
from typing import Any, Callable, ClassVar, TypeVar

from .._errors import HeldError, TimedOutError
from .._model.security_groups import Group, Rule, permission_to, rule_data
from .._model.state import AnyState, State
from .session import Session


def new_id(name: str) -> str:
    """The stand-in for the id of a group that does not exist yet."""
    return f"(new: {name})"


def is_new(group_id: str) -> bool:
    """Whether it is such a stand-in."""
    return group_id.startswith("(new: ")


class Outcome(Enum):
    """What came of a write: it took effect, AWS is still working on it, or something stands against it."""

    DONE = auto()
    IN_PROGRESS = auto()
    BLOCKED = auto()


class Change(ABC):
    """One write call. Adding a change is one class: nothing else asks of which class it is to write it or to show it.

    ``recurs``: it may take effect several times in a run, as rules that come, go and come again do; AWS refuses to
    write these twice. ``names_versions``: its names may be those of function versions.
    """

    recurs: ClassVar[bool] = False
    names_versions: ClassVar[bool] = False

    @property
    def alone(self) -> bool:
        """Whether it is not to be written side by side with others of its kind."""
        return False

    @property
    @abstractmethod
    def text(self) -> str:
        """A line for people."""

    @property
    @abstractmethod
    def data(self) -> dict[str, object]:
        """What the task returns, with ``action``, which is the name of the API call."""

    @abstractmethod
    def apply_to(self, state: Any) -> Any:
        """What it makes of a frozen state."""

    @abstractmethod
    def write(self, session: Session) -> Outcome:
        """Write it to AWS."""

    @abstractmethod
    def is_in_effect(self, state: Any) -> bool:
        """Whether a state is as this change would have made it: it decides where AWS's answer was lost."""

    def made_ids(self, _state: Any) -> dict[str, str]:
        """The stand-in of what it made, and its real id; empty where it makes nothing or that is not seen yet."""
        return {}


@dataclass(frozen=True)
class CreateGroup(Change):
    """Create a group of ours, with its tags. AWS puts allow-all egress into it: ``default_egress``."""

    group: Group
    default_egress: tuple[Rule, ...]

    @property
    def text(self) -> str:
        return f"create security group {self.group.name} in {self.group.vpc_id}"

    @property
    def data(self) -> dict[str, object]:
        return {
            "action": "create_security_group",
            "security_group_id": self.group.id,
            "security_group_name": self.group.name,
            "vpc_id": self.group.vpc_id,
            "tags": dict(self.group.tags),
        }

    def apply_to(self, state: AnyState) -> AnyState:
        groups = {**state.groups, self.group.id: self.group}
        return replace(state, groups=groups, rules=(*state.rules, *self.default_egress))

    def write(self, session: Session) -> Outcome:
        group = self.group
        session.ids[group.id] = session.aws.create_group(group.name, group.description, group.vpc_id, group.tags)
        return Outcome.DONE

    def is_in_effect(self, state: State) -> bool:
        return bool(self.made_ids(state))

    def made_ids(self, state: State) -> dict[str, str]:
        wanted = (self.group.name, self.group.vpc_id)
        made = [group.id for group in state.groups.values() if (group.name, group.vpc_id) == wanted]
        return {self.group.id: made[0]} if made else {}


@dataclass(frozen=True)
class TagResources(Change):
    """Set tags on resources of ours: groups and rules."""

    resource_ids: tuple[str, ...]
    tags: Mapping[str, str]

    @property
    def text(self) -> str:
        words = (f"{key}={value}" for key, value in sorted(self.tags.items()))
        return f"tag {', '.join(self.resource_ids)}: {', '.join(words)}"

    @property
    def data(self) -> dict[str, object]:
        return {"action": "create_tags", "resource_ids": list(self.resource_ids), "tags": dict(self.tags)}

    def apply_to(self, state: AnyState) -> AnyState:
        return _retagged(state, self.resource_ids, lambda tags: {**tags, **self.tags})

    def write(self, session: Session) -> Outcome:
        session.aws.set_tags(list(map(session.id, self.resource_ids)), self.tags)
        return Outcome.DONE

    def is_in_effect(self, state: State) -> bool:
        return all(self.tags.items() <= tags.items() for tags in _tags_of(state, self.resource_ids))


@dataclass(frozen=True)
class UntagResources(Change):
    """Remove tags from resources of ours."""

    resource_ids: tuple[str, ...]
    keys: tuple[str, ...]

    @property
    def text(self) -> str:
        return f"remove tags from {', '.join(self.resource_ids)}: {', '.join(self.keys)}"

    @property
    def data(self) -> dict[str, object]:
        return {"action": "delete_tags", "resource_ids": list(self.resource_ids), "tags": list(self.keys)}

    def apply_to(self, state: AnyState) -> AnyState:
        return _retagged(
            state, self.resource_ids, lambda tags: {key: tags[key] for key in tags if key not in self.keys}
        )

    def write(self, session: Session) -> Outcome:
        session.aws.remove_tags(list(map(session.id, self.resource_ids)), self.keys)
        return Outcome.DONE

    def is_in_effect(self, state: State) -> bool:
        return not any(key in tags for tags in _tags_of(state, self.resource_ids) for key in self.keys)


def _tags_of(state: State, resource_ids: tuple[str, ...]) -> list[Mapping[str, str]]:
    tags: dict[str, Mapping[str, str]] = {group.id: group.tags for group in state.groups.values()}
    tags.update({rule.id: rule.tags for rule in state.rules})
    return [tags[resource] for resource in resource_ids if resource in tags]


def _retagged(state: AnyState, ids: tuple[str, ...], retag: Callable[[Mapping[str, str]], dict[str, str]]) -> AnyState:
    groups = {
        group.id: replace(group, tags=retag(group.tags)) if group.id in ids else group
        for group in state.groups.values()
    }
    rules = tuple(replace(rule, tags=retag(rule.tags)) if rule.id in ids else rule for rule in state.rules)
    return replace(state, groups=groups, rules=rules)


@dataclass(frozen=True)
class _RulesOfOneGroup(Change):
    """Rules of one security group in one direction, and what is done with them."""

    rules: tuple[Rule, ...]
    verb: ClassVar[str]
    recurs = True

    @property
    def group_id(self) -> str:
        return self.rules[0].group_id

    @property
    def direction(self) -> str:
        return self.rules[0].direction

    @property
    def text(self) -> str:
        return f"{self.verb} {self.direction} on {self.group_id}: {'; '.join(rule.text for rule in self.rules)}"

    @property
    def data(self) -> dict[str, object]:
        return {
            "action": f"{self.verb}_security_group_{self.direction}",
            "security_group_id": self.group_id,
            "rules": [rule_data(rule) for rule in self.rules],
        }


@dataclass(frozen=True)
class AuthorizeRules(_RulesOfOneGroup):
    """Add rules of ours, all with the same tags."""

    verb = "authorize"

    @property
    def tags(self) -> Mapping[str, str]:
        return self.rules[0].tags

    @property
    def data(self) -> dict[str, object]:
        return {**super().data, "tags": dict(self.tags)}

    def apply_to(self, state: AnyState) -> AnyState:
        return replace(state, rules=(*state.rules, *self.rules))

    def write(self, session: Session) -> Outcome:
        permissions = [permission_to(session.real_rule(rule), session.owner_of(rule.peer.value)) for rule in self.rules]
        session.aws.authorize(self.direction, session.id(self.group_id), permissions, self.tags)
        return Outcome.DONE

    def is_in_effect(self, state: State) -> bool:
        return all(state.find_rule(rule) is not None for rule in self.rules)


@dataclass(frozen=True)
class RevokeRules(_RulesOfOneGroup):
    """Remove rules."""

    verb = "revoke"

    def apply_to(self, state: AnyState) -> AnyState:
        gone, of = {rule.identity for rule in self.rules}, self.group_id
        return replace(
            state, rules=tuple(rule for rule in state.rules if rule.group_id != of or rule.identity not in gone)
        )

    def write(self, session: Session) -> Outcome:
        session.aws.revoke(self.direction, session.id(self.group_id), session.rule_ids(self.rules))
        return Outcome.DONE

    def is_in_effect(self, state: State) -> bool:
        return all(state.find_rule(rule) is None for rule in self.rules)


@dataclass(frozen=True)
class DeleteGroup(Change):
    """Delete a group of ours; its rules go with it. ``release``: network interfaces hold it, wait for them."""

    group: Group
    release: bool = False

    @property
    def alone(self) -> bool:
        """Groups that are waited for share the time that the task allows for that."""
        return self.release

    @property
    def text(self) -> str:
        return f"delete security group {self.group.id} ({self.group.name})"

    @property
    def data(self) -> dict[str, object]:
        return {
            "action": "delete_security_group",
            "security_group_id": self.group.id,
            "security_group_name": self.group.name,
        }

    def apply_to(self, state: AnyState) -> AnyState:
        groups = {group.id: group for group in state.groups.values() if group.id != self.group.id}
        rules = tuple(rule for rule in state.rules if rule.group_id != self.group.id)
        return replace(state, groups=groups, rules=rules)

    def write(self, session: Session) -> Outcome:
        """If something holds the group after all, the deletion is blocked."""
        try:
            if self.release:
                session.waits.for_release(self.group.id)
            session.aws.delete_group(self.group.id)
        except (HeldError, TimedOutError):
            session.block(self.group)
            return Outcome.BLOCKED
        return Outcome.DONE

    def is_in_effect(self, state: State) -> bool:
        return self.group.id not in state.groups


AnyChange = TypeVar("AnyChange", bound=Change)


def of_kind(changes: Iterable[Change], kind: type[AnyChange]) -> list[AnyChange]:
    """Those of a class."""
    return [change for change in changes if isinstance(change, kind)]


def state_after(state: AnyState, changes: Iterable[Change]) -> AnyState:
    """What changes make of a state."""
    for change in changes:
        state = change.apply_to(state)
    return state


def authorized_rules(changes: Iterable[Change]) -> tuple[Rule, ...]:
    """The rules that are added by one of these changes."""
    return tuple(rule for change in of_kind(changes, AuthorizeRules) for rule in change.rules)


def revoked_rules(changes: Iterable[Change]) -> tuple[Rule, ...]:
    """The rules that were removed by one of these changes."""
    return tuple(rule for change in of_kind(changes, RevokeRules) for rule in change.rules)


def renamed(change: AnyChange, names: Mapping[str, str]) -> AnyChange:
    """The change with other names for resources: stand-ins for ids, or ids for stand-ins."""
    other: AnyChange = _renamed(change, names)
    return other


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, tuple):
        return tuple(_renamed(item, names) for item in value)
    if is_dataclass(value):
        return replace(value, **{item.name: _renamed(getattr(value, item.name), names) for item in fields(value)})  # type: ignore[type-var]
    return value
