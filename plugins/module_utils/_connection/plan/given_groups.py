# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Our rules for client groups that are not ours (``security_group_id``), and their notes. PRIVATE to the collection."""

from __future__ import annotations

from typing import Optional

from ..._changes.plan import PlanBuilder
from ..._model.notes import note_in, note_keys, noted_functions
from ..._model.ownership import EXISTING, TAG_SCOPE
from ..._model.security_groups import EGRESS, INGRESS, Rule, client_of
from ..._model.state import State
from ..observed import Observed
from ..parameters import Options


class GivenGroupRules:
    """Our rules for client groups that are not ours (``security_group_id``), and the notes that they carry."""

    def __init__(self, want: Options, observed: Observed, names: list[str]) -> None:
        self.names = names
        self.rules = [
            rule
            for rule in observed.state.rules
            if rule.owned_by(want.database.key)
            and rule.tags.get(TAG_SCOPE) == EXISTING
            and (want.security_group_id == client_of(rule) or (want.security_group_id is None and not want.by_ids))
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
