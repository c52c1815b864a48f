# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Writes a plan to AWS: the only place where anything is written. PRIVATE to the collection."""

from __future__ import annotations

from typing import Callable

from .._aws import Aws
from .._errors import AwsError, ConflictError, HeldError, TimedOutError, UpdateFailedError
from .changes import (
    AuthorizeRules,
    Change,
    CreateGroup,
    DeleteGroup,
    MoveAlias,
    PublishVersion,
    RevokeRules,
    TagResources,
    UntagResources,
    UpdateVpcConfig,
    renamed,
)
from .doubt import found_ids, is_done
from .from_aws import interface_from, permission_to, rule_from
from .pending import Pending
from .state import Rule, State
from .steps import Plan
from .waits import WaitOptions, Waits


class Writer:
    """Applies plans in order. What has been written so far can be read at any time, also after a failure.

    ``ids`` maps the stand-ins of planned groups and versions to their real ids; ``written`` are the changes that took
    effect, with the stand-ins; ``doubts`` are those of which that is not known, because the answer was lost;
    ``pending`` are groups that turned out to be held when they were to be deleted.
    """

    def __init__(self, options: WaitOptions, aws: Aws, sleep: Callable[[float], None]) -> None:
        self._aws = aws
        self._waits = Waits(options, aws, sleep)
        self._default_rules: dict[tuple[object, ...], str] = {}
        self.ids: dict[str, str] = {}
        self.written: list[Change] = []
        self.doubts: list[Change] = []
        self.pending: list[Pending] = []

    def apply(self, plan: Plan) -> None:
        """Write every change of a plan.

        :raises ConflictError: AWS has moved on; observe and plan again
        :raises AwsError: AWS refused
        :raises TimedOutError: a function was still being updated after wait_timeout seconds
        """
        self.pending = []
        self._waits.settle(plan)
        for change in plan.changes:
            if not isinstance(change, UpdateVpcConfig):
                self._wait()
            self._try(change, plan)
        self._wait()

    def _wait(self) -> None:
        try:
            self._waits.for_functions()
        except UpdateFailedError as error:
            # The function keeps the configuration of before.
            self.written = [
                change
                for change in self.written
                if not (isinstance(change, UpdateVpcConfig) and change.function.arn == error.resource)
            ]
            raise

    def look_back(self, state: State) -> None:
        """Count the writes of which the answer was lost, as far as the state of now has them."""
        for change in tuple(self.doubts):
            self.ids.update(found_ids(change, state))
            if is_done(renamed(change, self.ids), state):
                self._written(change)

    def _try(self, change: Change, plan: Plan) -> None:
        planned = self._as_planned(change)
        try:
            took_effect = self._write(change, plan)
        except AwsError as error:
            if error.in_doubt and planned not in self.doubts:
                self.doubts.append(planned)
            raise
        if took_effect:
            self._written(planned)

    def _as_planned(self, change: Change) -> Change:
        """With the stand-ins of what this run made. A version's number is a name of something in an alias only."""
        moves = isinstance(change, MoveAlias)
        return renamed(change, {real: planned for planned, real in self.ids.items() if moves or real.startswith("sg-")})

    def _written(self, change: Change) -> None:
        """Once, though what reads did not show yet may have been written again without an error: tags, versions.

        Rules may come, go and come again: AWS refuses to write these twice.
        """
        repeatable = not isinstance(change, (AuthorizeRules, RevokeRules))
        if not (repeatable and any(one.data == change.data for one in self.written)):
            self.written.append(change)
        self.doubts = [doubt for doubt in self.doubts if doubt != change]

    def _write(self, change: Change, plan: Plan) -> bool:
        """Whether the change took effect."""
        if isinstance(change, CreateGroup):
            group = change.group
            self.ids[group.id] = self._aws.create_group(group.name, group.description, group.vpc_id, group.tags)
        elif isinstance(change, TagResources):
            self._aws.set_tags([self._id(resource) for resource in change.resource_ids], change.tags)
        elif isinstance(change, UntagResources):
            self._aws.remove_tags([self._id(resource) for resource in change.resource_ids], change.keys)
        elif isinstance(change, AuthorizeRules):
            permissions = [permission_to(self._resolved(rule), _owner(plan, rule)) for rule in change.rules]
            self._aws.authorize(change.direction, self._id(change.group_id), permissions, change.tags)
        elif isinstance(change, RevokeRules):
            self._aws.revoke(change.direction, self._id(change.group_id), self._rule_ids(change.rules))
        elif isinstance(change, UpdateVpcConfig):
            self._update(change)
        elif isinstance(change, PublishVersion):
            self._publish(change)
        elif isinstance(change, MoveAlias):
            version = self._id(change.version)
            self._aws.move_alias(change.function.arn, change.alias.name, version, change.alias.revision_id)
        elif isinstance(change, DeleteGroup):
            return self._delete(change)
        return True

    def _id(self, group_id: str) -> str:
        return self.ids.get(group_id, group_id)

    def _resolved(self, rule: Rule) -> Rule:
        return rule.with_ids(self._id)

    def _rule_ids(self, rules: tuple[Rule, ...]) -> list[str]:
        """The ids of rules; those that AWS put into groups that were made just now have to be read, all at once."""
        if all(rule.id for rule in rules):
            return [rule.id for rule in rules]
        wanted = [self._resolved(rule).identity for rule in rules]
        if not all(identity in self._default_rules for identity in wanted):
            found = map(rule_from, self._aws.describe_rules("group-id", self.ids.values()))
            self._default_rules = {rule.identity: rule.id for rule in found}
        missing = [identity for identity in wanted if identity not in self._default_rules]
        if missing:
            raise ConflictError(f"find the default rules of {missing[0][0]}", "NotFound", "AWS does not show them yet.")
        return [self._default_rules[identity] for identity in wanted]

    def _update(self, change: UpdateVpcConfig) -> None:
        groups = [self._id(group) for group in change.vpc.security_group_ids]
        answer = self._aws.update_vpc_config(
            change.function.arn,
            change.vpc.subnet_ids,
            groups,
            change.vpc.ipv6_allowed_for_dual_stack,
            change.function.revision_id,
        )
        if answer.get("LastUpdateStatus") != "Successful":
            self._waits.updating(change.function)

    def _publish(self, change: PublishVersion) -> None:
        version = self._aws.publish_version(change.function.arn, change.function.code_sha256)
        self.ids[change.number] = version
        self._waits.publishing(change.function, version)

    def _delete(self, change: DeleteGroup) -> bool:
        """Delete a group; if something holds it after all, it is pending instead."""
        try:
            if change.release:
                self._waits.for_release(change.group.id)
            self._aws.delete_group(change.group.id)
        except (HeldError, TimedOutError):
            held = self._aws.describe_interfaces([change.group.id])
            interfaces = tuple(item for item in map(interface_from, held) if change.group.id in item.group_ids)
            self.pending.append(Pending(change.group, interfaces))
            return False
        return True


def _owner(plan: Plan, rule: Rule) -> str:
    """The account of the group that a rule names; "" where it is not known, and then it is this one."""
    group = plan.before.groups.get(rule.peer.value)
    return group.owner_id if group else ""
