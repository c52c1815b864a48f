# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The plan that takes the connection back. PRIVATE to the collection.

It needs neither the function nor the database: what is ours is known by its tags. The database's side is closed first.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import Optional

from ..._changes.plan import PlanBuilder
from ..._model.functions import VpcConfig
from ..._model.notes import WORN, detached, note_in, note_keys, noted_functions, restored, saved_attachment, tags_for
from ..._model.ownership import DATABASE, EXISTING, TAG_FUNCTION, TAG_SCOPE
from ..._model.security_groups import EGRESS, INGRESS, Group, Rule, client_of
from ..._model.state import State
from ..function_changes import UpdateVpcConfig
from ..observed import Observed
from ..parameters import Options
from ..resolve.proxy_hop import is_hop, stale_hop, used_by_others
from ..resolve.resolution import Resolution
from .client_tags import notes_elsewhere
from .findings import Finding, left_on, none_chosen, not_given_back
from .group_removal import close_ingress, remove_groups, restore_rules
from .logins import withdraw_logins
from .plan import Plan, refused
from .publish import alias_refusals, publish


def plan_absent(want: Options, seen: Observed, resolution: Resolution) -> Plan:
    """The changes that take back what is ours for these functions and this database, and what has to wait."""
    names = [function.name for function in want.functions]
    if want.selection is not None and not names:
        return Plan(seen.state, seen.state, findings=(none_chosen(want.selection.refusal),))
    refusals = [*resolution.refusals]
    refusals += [refusal for name in names for refusal in alias_refusals(want, seen.state.functions.get(name))]
    if refusals:
        return refused(seen.state, refusals)
    groups = list(resolution.groups)
    leaving = [group for group in groups if not _used_by_others(group, names, seen)]
    shared = _SharedRules(want, seen, names)
    steps = PlanBuilder(seen.state)
    staying = {group.id for group in groups if group not in leaving}
    restore_rules(steps, seen, lambda rule: staying & {rule.group_id, rule.peer.value})
    needs_hop = used_by_others(want, seen, names, [group.id for group in leaving])
    restore_rules(steps, seen, lambda rule: needs_hop and is_hop(want, rule))
    close_ingress(steps, want, (group.id for group in leaving))
    steps.revoke(shared.first())
    findings = _give_back(steps, want, seen, names, groups, shared)
    findings += _publish_without(steps, want, names, groups)
    findings += withdraw_logins(steps, want, seen)
    steps.revoke(shared.last())
    if not needs_hop:
        steps.revoke(stale_hop(want, steps.state, ()))
    for group in groups:
        _forget(steps, group, set(names))
    shared.forget(steps)
    blocked = remove_groups(steps, want, seen, leaving)
    return Plan(
        seen.state,
        steps.state,
        tuple(steps.changes),
        blocked=tuple(blocked),
        resolution=resolution,
        clients=_clients(seen, names, groups, shared),
        findings=tuple(findings),
    )


def _used_by_others(group: Group, names: list[str], seen: Observed) -> bool:
    """A shared client group stays, rules and all, while another function uses it in any version."""
    return group.tags[TAG_SCOPE] == DATABASE and any(
        group.id in user.group_ids and user.function_name not in names for user in seen.group_users
    )


class _SharedRules:
    """Our rules for client groups that are not ours (``security_group_id``), and the notes that they carry."""

    def __init__(self, want: Options, seen: Observed, names: list[str]) -> None:
        self.names = names
        self.rules = [
            rule
            for rule in seen.state.rules
            if rule.owned_by(want.database.key)
            and rule.tags.get(TAG_SCOPE) == EXISTING
            and (want.security_group_id == client_of(rule) or (want.security_group_id is None and not want.by_hand))
        ]
        self.tags: dict[str, dict[str, str]] = {}
        for rule in self.rules:
            self.tags.setdefault(client_of(rule), {}).update(rule.tags)

    def note(self, client: str, name: str) -> Optional[str]:
        return note_in(self.tags[client], name)

    def _unused(self) -> list[Rule]:
        """The rules of client groups through which no other function is connected."""
        used = {client for client, tags in self.tags.items() if noted_functions(tags) - set(self.names)}
        return [rule for rule in self.rules if client_of(rule) not in used]

    def first(self) -> list[Rule]:
        """The database's side goes first, unless it is what carries the notes that the next step needs."""
        with_egress = {rule.group_id for rule in self.rules if rule.direction == EGRESS}
        return [rule for rule in self._unused() if rule.direction == INGRESS and rule.peer.value in with_egress]

    def last(self) -> list[Rule]:
        gone = {rule.identity for rule in self.first()}
        return [rule for rule in self._unused() if rule.identity not in gone]

    def forget(self, steps: PlanBuilder[State]) -> None:
        """Where other functions remain connected, remove the notes on these."""
        for rule in steps.state.rules:
            if any(rule.identity == own.identity for own in self.rules):
                steps.untag(rule.id, (key for name in self.names for key in note_keys(rule.tags, name)))


def _forget(steps: PlanBuilder[State], group: Group, names: Set[str]) -> None:
    """Remove the notes on these functions: the group may be used again before it is deleted."""
    noted = noted_functions(group.tags) & names
    steps.untag(group.id, (key for name in noted for key in note_keys(group.tags, name)))


def _give_back(
    steps: PlanBuilder[State],
    want: Options,
    seen: Observed,
    names: list[str],
    groups: list[Group],
    shared: _SharedRules,
) -> list[Finding]:
    """Take the client groups off the functions, and return what a note says that they had before."""
    findings: list[Finding] = []
    for name in names:
        function = seen.state.functions.get(name)
        if function is None:
            continue
        leaving = _Leaving(want, seen, name, function.vpc, groups, shared)
        for rule in leaving.note_recipients:
            steps.tag(rule.id, tags_for(name, leaving.note or ""))
        after = leaving.after()
        if after != function.vpc:
            steps.add(UpdateVpcConfig(function, after))
        findings += leaving.findings()
    return findings


@dataclass(frozen=True)
class _Leaving:
    """One function on its way out."""

    want: Options
    seen: Observed
    name: str
    now: VpcConfig
    groups: list[Group]
    shared: _SharedRules

    @property
    def detached_groups(self) -> list[str]:
        """The client groups to detach: ours, and others that this module attached for this database alone."""
        notes = {client: self.shared.note(client, self.name) for client in self.shared.tags}
        put_on = [client for client, note in notes.items() if note not in (None, WORN) and not self._needed(client)]
        return [*(group.id for group in self.groups), *put_on]

    def _needed(self, client: str) -> bool:
        return bool(notes_elsewhere(self.want, self.seen.state, client, self.name))

    @property
    def attached_clients(self) -> list[str]:
        """The client groups that are not ours and that it has attached for this database."""
        return [client for client in self.shared.tags if client in self.now.security_group_ids]

    @property
    def note(self) -> Optional[str]:
        """The note with an attachment, as long as the function wears the client group: else somebody has moved it."""
        notes = [note_in(group.tags, self.name) for group in self.groups if group.id in self.now.security_group_ids]
        notes += [self.shared.note(client, self.name) for client in self.attached_clients]
        return next((note for note in notes if saved_attachment(note) is not None), None)

    @property
    def note_recipients(self) -> list[Rule]:
        """Our rules for another database that needs the given group, and so keeps the function in this VPC.

        They take the note over. In the same VPC, its subnets are given back at once.
        """
        saved = saved_attachment(self.note)
        if saved is None or self._is_here(saved):
            return []
        return [
            rule
            for rule in self.seen.state.rules
            if client_of(rule) in self.attached_clients
            and not rule.owned_by(self.want.database.key)
            and note_in(rule.tags, self.name) is not None
        ]

    @property
    def saved(self) -> Optional[VpcConfig]:
        return None if self.note_recipients else saved_attachment(self.note)

    def _is_here(self, saved: VpcConfig) -> bool:
        return self.seen.vpc_of(saved) == self.seen.vpc_of(self.now)

    @property
    def restorable(self) -> bool:
        saved = self.saved
        return saved is not None and (
            all(subnet in self.seen.subnets for subnet in saved.subnet_ids)
            and all(group in self.seen.state.groups for group in saved.security_group_ids)
        )

    def after(self) -> VpcConfig:
        saved = self.saved
        if saved is None or not self.restorable:
            return detached(self.now, self.detached_groups)
        return restored(self.now, self.detached_groups, saved, same_vpc=self._is_here(saved))

    def findings(self) -> list[Finding]:
        found = []
        if self.saved is not None and not self.restorable:
            found.append(not_given_back(self.name, ", ".join(self.saved.subnet_ids + self.saved.security_group_ids)))
        given = self.want.security_group_id
        stays = given in self.now.security_group_ids and given not in self.detached_groups
        if given is not None and stays and not self._needed(given):
            found.append(left_on(self.name, given))
        return found


def _publish_without(steps: PlanBuilder[State], want: Options, names: list[str], groups: list[Group]) -> list[Finding]:
    """Where a version was asked for: one that no longer wears our client groups."""
    ours = {group.id for group in groups}
    there = [name for name in names if name in steps.state.functions]
    return list(publish(steps, want, there, lambda _name, version: version is None or not version.has_group_of(ours)))


def _clients(seen: Observed, names: list[str], groups: list[Group], shared: _SharedRules) -> dict[str, str]:
    """Which client group each function has, or had, for the result."""
    candidates = [group.id for group in groups] + list(shared.tags)
    clients = {}
    for name in names:
        function = seen.state.functions.get(name)
        attached = function.vpc.security_group_ids if function else ()
        mine = [group_id for group_id in candidates if group_id in attached] or [
            group.id for group in groups if group.tags.get(TAG_FUNCTION, name) == name
        ]
        if mine:
            clients[name] = mine[0]
    return clients
