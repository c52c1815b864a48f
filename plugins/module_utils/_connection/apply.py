# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Writes a plan to AWS: the only place where anything is written. PRIVATE to the collection."""

from __future__ import annotations

import time
from typing import Callable

from .._aws import Aws
from .._errors import ConflictError, HeldError, TimedOutError
from .changes import (
    AuthorizeRules,
    Change,
    CreateGroup,
    DeleteGroup,
    RevokeRules,
    TagResources,
    UntagResources,
    UpdateVpcConfig,
)
from .from_aws import interface_from, permission_to, rule_from
from .parameters import Want
from .pending import Pending
from .state import Rule
from .steps import Plan

_POLL_SECONDS = 10


class Writer:
    """Applies plans in order. What has been written so far can be read at any time, also after a failure.

    ``ids`` maps the stand-ins of planned groups to their real ids; ``written`` are the changes that took effect;
    ``pending`` are groups that turned out to be held when they were to be deleted.
    """

    def __init__(self, want: Want, aws: Aws, sleep: Callable[[float], None] = time.sleep) -> None:
        self._want = want
        self._aws = aws
        self._sleep = sleep
        self._updated: list[str] = []
        self._release_left = want.release_timeout
        self._default_rules: dict[tuple[object, ...], str] = {}
        self.ids: dict[str, str] = {}
        self.written: list[Change] = []
        self.pending: list[Pending] = []

    def apply(self, plan: Plan) -> None:
        """Write every change of a plan.

        :raises ConflictError: AWS has moved on; observe and plan again
        :raises AwsError: AWS refused
        :raises TimedOutError: a function was still being updated after wait_timeout seconds
        """
        self._settle(plan)
        for change in plan.changes:
            if not isinstance(change, UpdateVpcConfig):
                self._wait_for_updates()
            if self._write(change):
                self.written.append(change)
        self._wait_for_updates()

    def _write(self, change: Change) -> bool:
        """Whether the change took effect."""
        if isinstance(change, CreateGroup):
            group = change.group
            self.ids[group.id] = self._aws.create_group(group.name, group.description, group.vpc_id, group.tags)
        elif isinstance(change, TagResources):
            self._aws.set_tags([self._id(resource) for resource in change.resource_ids], change.tags)
        elif isinstance(change, UntagResources):
            self._aws.remove_tags([self._id(resource) for resource in change.resource_ids], change.keys)
        elif isinstance(change, AuthorizeRules):
            permissions = [permission_to(self._resolved(rule)) for rule in change.rules]
            self._aws.authorize(change.direction, self._id(change.group_id), permissions, change.tags)
        elif isinstance(change, RevokeRules):
            self._aws.revoke(change.direction, self._id(change.group_id), self._rule_ids(change.rules))
        elif isinstance(change, UpdateVpcConfig):
            self._update(change)
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
            self._updated.append(change.function.arn)

    def _settle(self, plan: Plan) -> None:
        """Wait for updates under way: a deployment, or the update of a run that was cut off or did not wait.

        Where the function is to be updated, that ends in a new revision, so look again before any write.
        """
        updates = {change.function.name for change in plan.changes if isinstance(change, UpdateVpcConfig)}
        busy = [function for function in plan.before.functions.values() if function.pending or function.updating]
        for function in busy:
            if self._want.wait or function.name in updates:
                wait = self._aws.wait_until_active if function.pending else self._aws.wait_until_updated
                wait(function.arn, self._want.wait_timeout)
        names = ", ".join(function.name for function in busy if function.name in updates)
        if names:
            raise ConflictError(f"update {names}", "ResourceConflictException", "It was being updated by others.")

    def _wait_for_updates(self) -> None:
        updated, self._updated = self._updated, []
        if self._want.wait:
            for name in updated:
                self._aws.wait_until_updated(name, self._want.wait_timeout)

    def _delete(self, change: DeleteGroup) -> bool:
        """Delete a group; if something holds it after all, it is pending instead."""
        try:
            if change.release:
                self._wait_for_release(change.group.id)
            self._aws.delete_group(change.group.id)
        except (HeldError, TimedOutError):
            held = self._aws.describe_interfaces([change.group.id])
            interfaces = tuple(item for item in map(interface_from, held) if change.group.id in item.group_ids)
            self.pending.append(Pending(change.group, interfaces))
            return False
        return True

    def _wait_for_release(self, group_id: str) -> None:
        """Wait until Lambda has deleted its network interfaces, release_timeout seconds at most for all groups."""
        while any(group_id in interface_from(item).group_ids for item in self._aws.describe_interfaces([group_id])):
            if self._release_left <= 0:
                raise TimedOutError(f"Security group {group_id} was still held after release_timeout seconds.")
            self._sleep(min(_POLL_SECONDS, self._release_left))
            self._release_left -= _POLL_SECONDS
