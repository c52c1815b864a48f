# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Writes changes of security groups and rules, and keeps account of all that is written. PRIVATE to the collection."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import partial
from threading import Lock
from typing import Generic, Optional

from .._aws import Aws
from .._errors import AwsError, ConflictError, HeldError, TimedOutError
from .._progress import SILENT, Doing, Progress, Stage
from .._side_by_side import Clock, Finished, crew_for
from .changes import (
    AuthorizeRules,
    ChangeKind,
    CreateGroup,
    DeleteGroup,
    GroupChange,
    RevokeRules,
    TagResources,
    UntagResources,
    renamed,
)
from .doubt import found_group
from .from_aws import interface_from, permission_to, rule_from
from .pending import Pending
from .state import AnyState, Rule, State

# How long to wait for the next of several writes before asking again.
_LOOK_SECONDS = 1.0


class GroupWriter(ABC, Generic[AnyState, ChangeKind]):
    """What has been written so far can be read at any time, also after a failure.

    ``ids`` maps the stand-ins of what was planned to the real ids; ``written`` are the changes that took effect, with
    the stand-ins; ``doubts`` are those of which that is not known, because the answer was lost; ``pending`` are groups
    that turned out to be held when they were to be deleted.
    """

    def __init__(self, aws: Aws, progress: Progress = SILENT) -> None:
        self._aws = aws
        self._progress = progress
        self._default_rules: dict[tuple[object, ...], str] = {}
        self._known: set[str] = set()
        # Of several threads that need the rules, the first reads them for all.
        self._reading = Lock()
        self.ids: dict[str, str] = {}
        self.written: list[ChangeKind] = []
        self.doubts: list[ChangeKind] = []
        self.pending: list[Pending] = []

    def look_back(self, state: AnyState) -> None:
        """Count the writes of which the answer was lost, as far as the state of now has them."""
        for change in tuple(self.doubts):
            self.ids.update(self._found_ids(change, state))
            if self._is_done(renamed(change, self.ids), state):
                self._written(change)

    @abstractmethod
    def _is_done(self, change: ChangeKind, state: AnyState) -> bool:
        """Whether a state is as the change would have made it."""

    def _found_ids(self, change: ChangeKind, state: AnyState) -> dict[str, str]:
        return found_group(change, state)

    @abstractmethod
    def _write(self, change: ChangeKind, before: AnyState) -> bool:
        """Whether the change took effect."""

    def _try(self, change: ChangeKind, before: AnyState) -> None:
        planned = self._as_planned(change)
        try:
            took_effect = self._write(change, before)
        except AwsError as error:
            self._doubt(planned, error)
            raise
        if took_effect:
            self._written(planned)

    def _try_all(self, changes: Sequence[ChangeKind], before: AnyState, clock: Clock) -> None:
        """Write changes that do not wait for each other. After an error nothing more is begun; the first is raised."""
        planned = [self._as_planned(change) for change in changes]
        finished: dict[int, Finished] = {}
        crew, began = crew_for(len(changes), clock), clock.now()
        try:
            for number, change in enumerate(changes):
                crew.submit(number, partial(self._write, change, before))
            while len(finished) < len(changes) and not any(one.error for one in finished.values()):
                self._tell(len(finished), len(changes), clock.now() - began)
                one = crew.next(_LOOK_SECONDS)
                finished.update({one.subject: one} if one else {})
        finally:
            finished.update({one.subject: one for one in crew.close()})
            self._count(planned, finished)
        error = next((finished[number].error for number in sorted(finished) if finished[number].error), None)
        if error is not None:
            raise error

    def _tell(self, done: int, total: int, seconds: float) -> None:
        """How long it takes the rest is told by the pace of what is done."""
        left = seconds / done * (total - done) if done else None
        self._progress.tell(Stage(Doing.WRITE, done, total, seconds_left=left))

    def _count(self, planned: Sequence[ChangeKind], finished: dict[int, Finished]) -> None:
        for number in sorted(finished):
            if finished[number].error is not None:
                self._doubt(planned[number], finished[number].error)
            elif finished[number].answer:
                self._written(planned[number])

    def _doubt(self, planned: ChangeKind, error: Optional[Exception]) -> None:
        if isinstance(error, AwsError) and error.in_doubt and planned not in self.doubts:
            self.doubts.append(planned)

    def _as_planned(self, change: ChangeKind) -> ChangeKind:
        """With the stand-ins of what this run made."""
        return renamed(change, {real: planned for planned, real in self.ids.items()})

    def _written(self, change: ChangeKind) -> None:
        """Once, though what reads did not show yet may have been written again without an error: tags, versions.

        Rules may come, go and come again: AWS refuses to write these twice.
        """
        repeatable = not isinstance(change, (AuthorizeRules, RevokeRules))
        known = repr(change.data) if repeatable else ""
        if known not in self._known:
            self.written.append(change)
        self._known.update(filter(None, [known]))
        self.doubts = [doubt for doubt in self.doubts if doubt != change]

    def _forget(self, change: ChangeKind) -> None:
        """Of what was counted as written, AWS has said that it could not be carried out."""
        self.written = [one for one in self.written if one != change]
        self._known.discard(repr(change.data))

    def _write_group(self, change: GroupChange, before: State) -> bool:
        """Whether a change of groups or rules took effect."""
        if isinstance(change, CreateGroup):
            group = change.group
            self.ids[group.id] = self._aws.create_group(group.name, group.description, group.vpc_id, group.tags)
        elif isinstance(change, TagResources):
            self._aws.set_tags([self._id(resource) for resource in change.resource_ids], change.tags)
        elif isinstance(change, UntagResources):
            self._aws.remove_tags([self._id(resource) for resource in change.resource_ids], change.keys)
        elif isinstance(change, AuthorizeRules):
            permissions = [permission_to(self._resolved(rule), _owner(before, rule)) for rule in change.rules]
            self._aws.authorize(change.direction, self._id(change.group_id), permissions, change.tags)
        elif isinstance(change, RevokeRules):
            self._aws.revoke(change.direction, self._id(change.group_id), self._rule_ids(change.rules))
        else:
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
        with self._reading:
            if not all(identity in self._default_rules for identity in wanted):
                found = map(rule_from, self._aws.describe_rules("group-id", self.ids.values()))
                self._default_rules = {rule.identity: rule.id for rule in found}
        missing = [identity for identity in wanted if identity not in self._default_rules]
        if missing:
            raise ConflictError(f"find the default rules of {missing[0][0]}", "NotFound", "AWS does not show them yet.")
        return [self._default_rules[identity] for identity in wanted]

    def _delete(self, change: DeleteGroup) -> bool:
        """Delete a group; if something holds it after all, it is pending instead."""
        try:
            self._release(change)
            self._aws.delete_group(change.group.id)
        except (HeldError, TimedOutError):
            held = self._aws.describe_interfaces([change.group.id])
            interfaces = tuple(item for item in map(interface_from, held) if change.group.id in item.group_ids)
            self.pending.append(Pending(change.group, interfaces))
            return False
        return True

    @abstractmethod
    def _release(self, change: DeleteGroup) -> None:
        """Wait, as far as the task lets us, until nothing holds the group any more.

        :raises TimedOutError: it is held still
        """


def _owner(before: State, rule: Rule) -> str:
    """The account of the group that a rule names; "" where it is not known, and then it is this one."""
    group = before.groups.get(rule.peer.value)
    return group.owner_id if group else ""
