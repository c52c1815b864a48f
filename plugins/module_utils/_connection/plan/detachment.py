# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A function that is disconnected: the groups that it loses, and what it gets back. PRIVATE to the collection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from ..._model.functions import VpcConfig
from ..._model.notes import ATTACHED, detached, note_in, restored, saved_attachment
from ..._model.security_groups import Group, Rule, client_of
from ..._reachability.catalogue.findings import Finding
from ..observed import Observed
from ..parameters import Options
from .client_tags import notes_elsewhere
from .findings import left_on, not_given_back
from .given_groups import GivenGroupRules


@dataclass(frozen=True)
class Detachment:
    """``given`` are the rules for groups that are not ours."""

    want: Options
    observed: Observed
    name: str
    now: VpcConfig
    groups: list[Group]
    given: GivenGroupRules

    @property
    def detached_groups(self) -> list[str]:
        """The client groups to detach: ours, and others that this module attached for this database alone."""
        notes = {client: self.given.note(client, self.name) for client in self.given.tags}
        put_on = [client for client, note in notes.items() if note not in (None, ATTACHED) and not self._needed(client)]
        return [*(group.id for group in self.groups), *put_on]

    def _needed(self, client: str) -> bool:
        return bool(notes_elsewhere(self.want, self.observed.state, client, self.name))

    @property
    def attached_clients(self) -> list[str]:
        """The client groups that are not ours and that it has attached for this database."""
        return [client for client in self.given.tags if client in self.now.security_group_ids]

    @property
    def note(self) -> Optional[str]:
        """The note with an attachment, as long as the client group is attached: else somebody moved the function."""
        notes = [note_in(group.tags, self.name) for group in self.groups if group.id in self.now.security_group_ids]
        notes += [self.given.note(client, self.name) for client in self.attached_clients]
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
            for rule in self.observed.state.rules
            if client_of(rule) in self.attached_clients
            and not rule.owned_by(self.want.database.key)
            and note_in(rule.tags, self.name) is not None
        ]

    @property
    def saved(self) -> Optional[VpcConfig]:
        return None if self.note_recipients else saved_attachment(self.note)

    def _is_here(self, saved: VpcConfig) -> bool:
        return self.observed.vpc_of(saved) == self.observed.vpc_of(self.now)

    @property
    def restorable(self) -> bool:
        saved = self.saved
        return saved is not None and (
            all(subnet in self.observed.subnets for subnet in saved.subnet_ids)
            and all(group in self.observed.state.groups for group in saved.security_group_ids)
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
