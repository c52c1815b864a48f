# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The changes of functions and of their execution roles. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from .._changes.changes import Change, Outcome, of_kind
from .._changes.session import Session
from .._model.functions import Alias, Function, Version, VpcConfig, vpc_data
from .._model.login_policies import LoginPolicy, document_of
from .._model.state import AnyState, State


def new_version(function: str) -> str:
    """The stand-in for the number of a version that is not yet published."""
    return f"(new version of {function})"


@dataclass(frozen=True)
class UpdateVpcConfig(Change):
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

    def write(self, session: Session) -> Outcome:
        answer = session.aws.update_vpc_config(
            self.function.arn,
            self.vpc.subnet_ids,
            list(map(session.id, self.vpc.security_group_ids)),
            self.vpc.ipv6_allowed_for_dual_stack,
            self.function.revision_id,
        )
        return Outcome.DONE if answer.get("LastUpdateStatus") == "Successful" else Outcome.IN_PROGRESS

    def is_in_effect(self, state: State) -> bool:
        function = state.functions.get(self.function.name)
        return function is not None and function.vpc == self.vpc


@dataclass(frozen=True)
class PublishVersion(Change):
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

    def write(self, session: Session) -> Outcome:
        version = session.aws.publish_version(self.function.arn, self.function.code_sha256)
        session.ids[self.number] = version
        session.waits.publishing(self.function, version)
        return Outcome.DONE

    def is_in_effect(self, state: State) -> bool:
        return bool(self.made_ids(state))

    def made_ids(self, state: State) -> dict[str, str]:
        function = state.functions.get(self.function.name)
        newest = function.newest if function else None
        return {self.number: newest.number} if newest and newest not in self.function.versions else {}


@dataclass(frozen=True)
class MoveAlias(Change):
    """Let an alias point to another version."""

    function: Function
    alias: Alias
    version: str
    names_versions = True

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

    def write(self, session: Session) -> Outcome:
        version = session.id(self.version)
        session.aws.move_alias(self.function.arn, self.alias.name, version, self.alias.revision_id)
        return Outcome.DONE

    def is_in_effect(self, state: State) -> bool:
        function = state.functions.get(self.function.name)
        aliases = function.aliases if function else ()
        return any((alias.name, alias.version) == (self.alias.name, self.version) for alias in aliases)


def _with_function(state: AnyState, function: Function) -> AnyState:
    return replace(state, functions={**state.functions, function.name: function})


@dataclass(frozen=True)
class PutLoginPolicy(Change):
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

    def write(self, session: Session) -> Outcome:
        session.aws.put_role_policy(self.policy.role, self.policy.name, document_of(self.policy))
        return Outcome.DONE

    def is_in_effect(self, state: State) -> bool:
        return state.login_policies.get(self.policy.role) == self.policy


@dataclass(frozen=True)
class DeleteLoginPolicy(Change):
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

    def write(self, session: Session) -> Outcome:
        session.aws.delete_role_policy(self.policy.role, self.policy.name)
        return Outcome.DONE

    def is_in_effect(self, state: State) -> bool:
        return self.policy.role not in state.login_policies


def updated_functions(changes: Iterable[Change]) -> set[str]:
    """The names of the functions whose VPC configuration these changes write."""
    return {change.function.name for change in of_kind(changes, UpdateVpcConfig)}
