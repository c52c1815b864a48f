# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What changes are written with. PRIVATE to the collection."""

from __future__ import annotations

from threading import Lock
from typing import Any

from .._aws.client import Aws
from .._errors import ConflictError
from .._model.networks import interface_from
from .._model.security_groups import Group, Rule, rule_from
from .._model.state import State
from .blocked_deletion import BlockedDeletion


class Session:
    """``ids`` maps the stand-ins of what was planned to the real ids; ``blocked`` are groups that turned out to be held
    when they were to be deleted; ``before`` is the state that the plan was made from; ``waits`` are the feature's own.
    """

    def __init__(self, aws: Aws, waits: Any) -> None:
        self.aws = aws
        self.waits = waits
        self.before = State()
        self.ids: dict[str, str] = {}
        self.blocked: list[BlockedDeletion] = []
        self._default_rules: dict[tuple[object, ...], str] = {}
        # Of several threads that need the rules, the first reads them for all.
        self._reading = Lock()

    def id(self, planned: str) -> str:
        """The real id of what was planned under a stand-in; any other id as it is."""
        return self.ids.get(planned, planned)

    def real_rule(self, rule: Rule) -> Rule:
        return rule.with_ids(self.id)

    def owner_of(self, group_id: str) -> str:
        """The account of a group; "" where it is not known, and then it is this one."""
        group = self.before.groups.get(group_id)
        return group.owner_id if group else ""

    def rule_ids(self, rules: tuple[Rule, ...]) -> list[str]:
        """The ids of rules; those that AWS put into groups that were made just now have to be read, all at once."""
        if all(rule.id for rule in rules):
            return [rule.id for rule in rules]
        wanted = [self.real_rule(rule).identity for rule in rules]
        with self._reading:
            if not all(identity in self._default_rules for identity in wanted):
                found = map(rule_from, self.aws.describe_rules("group-id", self.ids.values()))
                self._default_rules = {rule.identity: rule.id for rule in found}
        missing = [identity for identity in wanted if identity not in self._default_rules]
        if missing:
            raise ConflictError(f"find the default rules of {missing[0][0]}", "NotFound", "AWS does not show them yet.")
        return [self._default_rules[identity] for identity in wanted]

    def block(self, group: Group) -> None:
        """Note that a group cannot be deleted, with the network interfaces that hold it."""
        held = map(interface_from, self.aws.describe_interfaces([group.id]))
        self.blocked.append(BlockedDeletion(group, tuple(item for item in held if group.id in item.group_ids)))
