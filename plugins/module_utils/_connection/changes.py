# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The changes that a plan is made of. PRIVATE to the collection.

One change is one write call. Each says what it is, as data and as a line of text, and what it makes of a frozen state;
diff and check mode come from that, so they cannot disagree with the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Callable, ClassVar, Optional, Protocol, TypeVar, Union

from .state import (
    ALL_IPV4,
    ALL_IPV6,
    EGRESS,
    Alias,
    AnyState,
    Function,
    Group,
    LoginPolicy,
    Peer,
    Rule,
    Version,
    VpcConfig,
)


def new_id(name: str) -> str:
    """The stand-in for the id of a group that does not exist yet."""
    return f"(new: {name})"


def is_new(group_id: str) -> bool:
    """Whether it is such a stand-in."""
    return group_id.startswith("(new: ")


def new_version(function: str) -> str:
    """The stand-in for the number of a version that is not yet published."""
    return f"(new version of {function})"


def default_egress(group: Group, *, ipv6: bool) -> tuple[Rule, ...]:
    """The allow-all rules that AWS puts into a new group (https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html)."""
    peers = [Peer("cidr_ip", ALL_IPV4)]
    if ipv6:
        peers.append(Peer("cidr_ipv6", ALL_IPV6))
    return tuple(Rule(group.id, EGRESS, "-1", -1, -1, peer) for peer in peers)


@dataclass(frozen=True)
class CreateGroup:
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


@dataclass(frozen=True)
class TagResources:
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


@dataclass(frozen=True)
class UntagResources:
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


def _retagged(state: AnyState, ids: tuple[str, ...], retag: Callable[[Mapping[str, str]], dict[str, str]]) -> AnyState:
    groups = {
        group.id: replace(group, tags=retag(group.tags)) if group.id in ids else group
        for group in state.groups.values()
    }
    rules = tuple(replace(rule, tags=retag(rule.tags)) if rule.id in ids else rule for rule in state.rules)
    return replace(state, groups=groups, rules=rules)


@dataclass(frozen=True)
class _RulesOfOneGroup:
    """Rules of one security group in one direction, and what is done with them."""

    rules: tuple[Rule, ...]
    verb: ClassVar[str]

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


@dataclass(frozen=True)
class RevokeRules(_RulesOfOneGroup):
    """Remove rules."""

    verb = "revoke"

    def apply_to(self, state: AnyState) -> AnyState:
        gone, of = {rule.identity for rule in self.rules}, self.group_id
        return replace(
            state, rules=tuple(rule for rule in state.rules if rule.group_id != of or rule.identity not in gone)
        )


@dataclass(frozen=True)
class UpdateVpcConfig:
    """Write a function's VpcConfig, and nothing else of it."""

    function: Function
    vpc: VpcConfig

    @property
    def text(self) -> str:
        if not self.vpc.attached:
            return f"take function {self.function.name} out of its VPC"
        subnets = ", ".join(self.vpc.subnet_ids)
        return f"attach function {self.function.name}: {subnets} with {', '.join(self.vpc.security_group_ids)}"

    @property
    def data(self) -> dict[str, object]:
        return {
            "action": "update_function_configuration",
            "function_name": self.function.name,
            "vpc_config": vpc_data(self.vpc),
        }

    def apply_to(self, state: AnyState) -> AnyState:
        return _with_function(state, replace(state.functions[self.function.name], vpc=self.vpc))


@dataclass(frozen=True)
class PublishVersion:
    """Publish $LATEST, with its attachment and its code of now, as the version ``number``, which has to be seen."""

    function: Function
    number: str

    @property
    def text(self) -> str:
        return f"publish a version of function {self.function.name}"

    @property
    def data(self) -> dict[str, object]:
        return {"action": "publish_version", "function_name": self.function.name, "version": self.number}

    def apply_to(self, state: AnyState) -> AnyState:
        function = state.functions[self.function.name]
        version = Version(self.number, function.vpc, function.code_sha256)
        return _with_function(state, replace(function, versions=(*function.versions, version)))


@dataclass(frozen=True)
class MoveAlias:
    """Let an alias point to another version."""

    function: Function
    alias: Alias
    version: str

    @property
    def text(self) -> str:
        return f"move alias {self.alias.name} of function {self.function.name} to {self.version}"

    @property
    def data(self) -> dict[str, object]:
        return {
            "action": "update_alias",
            "function_name": self.function.name,
            "alias": self.alias.name,
            "version": self.version,
        }

    def apply_to(self, state: AnyState) -> AnyState:
        function = state.functions[self.function.name]
        aliases = tuple(
            replace(alias, version=self.version) if alias.name == self.alias.name else alias
            for alias in function.aliases
        )
        return _with_function(state, replace(function, aliases=aliases))


def _with_function(state: AnyState, function: Function) -> AnyState:
    return replace(state, functions={**state.functions, function.name: function})


@dataclass(frozen=True)
class PutLoginPolicy:
    """Let an execution role log in to the database by IAM, as these users and no others."""

    policy: LoginPolicy

    @property
    def text(self) -> str:
        users = ", ".join(self.policy.users)
        return f"put inline policy {self.policy.name} on role {self.policy.role}: log in as {users}"

    @property
    def data(self) -> dict[str, object]:
        return {
            "action": "put_role_policy",
            "role_name": self.policy.role,
            "policy_name": self.policy.name,
            "db_users": list(self.policy.users),
        }

    def apply_to(self, state: AnyState) -> AnyState:
        return replace(state, login_policies={**state.login_policies, self.policy.role: self.policy})


@dataclass(frozen=True)
class DeleteLoginPolicy:
    """Take an execution role's login policy away."""

    policy: LoginPolicy

    @property
    def text(self) -> str:
        return f"delete inline policy {self.policy.name} from role {self.policy.role}"

    @property
    def data(self) -> dict[str, object]:
        return {"action": "delete_role_policy", "role_name": self.policy.role, "policy_name": self.policy.name}

    def apply_to(self, state: AnyState) -> AnyState:
        left = {role: policy for role, policy in state.login_policies.items() if role != self.policy.role}
        return replace(state, login_policies=left)


@dataclass(frozen=True)
class DeleteGroup:
    """Delete a group of ours; its rules go with it. ``release``: network interfaces hold it, wait for them."""

    group: Group
    release: bool = False

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


GroupChange = Union[CreateGroup, TagResources, UntagResources, AuthorizeRules, RevokeRules, DeleteGroup]
LoginChange = Union[PutLoginPolicy, DeleteLoginPolicy]
FunctionChange = Union[UpdateVpcConfig, PublishVersion, MoveAlias, LoginChange]
Change = Union[GroupChange, FunctionChange]


class AnyChange(Protocol):
    """A change of any module, for what only shows it or compares it."""

    @property
    def text(self) -> str: ...

    @property
    def data(self) -> dict[str, object]: ...


ChangeKind = TypeVar("ChangeKind", bound=AnyChange)


def state_after(state: AnyState, changes: Iterable[Any]) -> AnyState:
    """What changes make of a state."""
    for change in changes:
        state = change.apply_to(state)
    return state


def authorized_rules(changes: Iterable[Change]) -> tuple[Rule, ...]:
    """The rules that are added by one of these changes."""
    return tuple(rule for change in changes if isinstance(change, AuthorizeRules) for rule in change.rules)


def revoked_rules(changes: Iterable[Change]) -> tuple[Rule, ...]:
    """The rules that were removed by one of these changes."""
    return tuple(rule for change in changes if isinstance(change, RevokeRules) for rule in change.rules)


def renamed(change: ChangeKind, names: Mapping[str, str]) -> ChangeKind:
    """The change with other names for resources: stand-ins for ids, or ids for stand-ins."""
    other: ChangeKind = _renamed(change, names)
    return other


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, tuple):
        return tuple(_renamed(item, names) for item in value)
    if is_dataclass(value):
        return replace(value, **{item.name: _renamed(getattr(value, item.name), names) for item in fields(value)})  # type: ignore[type-var]
    return value


def rule_data(rule: Rule) -> dict[str, object]:
    """A rule in the words of the option egress_rules."""
    every: Optional[int] = None if rule.protocol == "-1" else rule.from_port
    return {
        "proto": rule.protocol,
        "from_port": every,
        "to_port": None if every is None else rule.to_port,
        ("group_id" if rule.peer.kind == "group" else rule.peer.kind): rule.peer.value,
        "rule_desc": rule.description,
    }


def vpc_data(vpc: VpcConfig) -> dict[str, object]:
    return {
        "subnet_ids": list(vpc.subnet_ids),
        "security_group_ids": list(vpc.security_group_ids),
        "ipv6_allowed_for_dual_stack": vpc.ipv6_allowed_for_dual_stack,
    }
