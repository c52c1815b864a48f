# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The tags of client groups and rules: ownership, the user's own, and notes (restore.py). PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Optional

from ..._changes.plan import PlanBuilder
from ..._changes.tags import missing_tags, unwanted_tags
from ..._errors import Refusal
from ..._model.notes import (
    ADDED,
    ATTACHED,
    all_notes,
    detached,
    note_in,
    note_keys,
    saved_attachment,
    serialize,
    tags_for,
)
from ..._model.ownership import BEHIND, EXISTING, FUNCTION, MAX_TAGS, TAG_SCOPE
from ..._model.security_groups import Rule, client_of
from ..._model.state import State
from ..parameters import Options
from ..resolve.attachments import Attachment
from ..resolve.client_groups import Client, own_tags


def find_notes(want: Options, state: State, client: Client, attachments: Sequence[Attachment]) -> dict[str, str]:
    """The notes of a client group's functions, as tags: those that are there, and those that are new.

    A note that holds a whole attachment is never written again: it says what was there before the first run.
    """
    there = _notes_there(want, state, client)
    attachments = [attachment for attachment in attachments if attachment.client is client]
    for attachment in attachments:
        for group in attachment.superseded:
            # Other functions stay on the superseded group, with their notes.
            there = {**{key: group.tags[key] for key in note_keys(group.tags, attachment.name)}, **there}
    notes = dict(there)
    for attachment in attachments:
        elsewhere = [] if client.ours else notes_elsewhere(want, state, client.group.id, attachment.name)
        note = _note(client, attachment, note_in(there, attachment.name), elsewhere)
        notes.update(tags_for(attachment.name, note) if note else {})
    return notes


def _note(client: Client, attachment: Attachment, there: Optional[str], elsewhere: Sequence[str]) -> Optional[str]:
    """A group that this module attached for another database was not attached before."""
    if saved_attachment(there) is not None:
        return None
    now, client_id = attachment.before, client.group.id
    found_on = not client.ours and client_id in now.security_group_ids and all(note == ATTACHED for note in elsewhere)
    attached = there == ATTACHED or (there is None and found_on)
    off = [group.id for group in attachment.superseded] + ([] if attached else [client_id])
    bare = detached(now, off)
    if attachment.replaces(bare):
        return serialize(bare)
    if client.ours:
        return None
    return ATTACHED if attached else ADDED


def _notes_there(want: Options, state: State, client: Client) -> dict[str, str]:
    if client.ours:
        return all_notes(client.group.tags)
    notes: dict[str, str] = {}
    for rule in rules_between(want, state, client.group.id):
        notes.update(all_notes(rule.tags))
    return notes


def notes_elsewhere(want: Options, state: State, group_id: str, function: str) -> list[str]:
    """The notes on a function at rules of ours that lead from a given client group to other databases."""
    notes = [
        note_in(rule.tags, function)
        for rule in state.rules
        if client_of(rule) == group_id and not rule.owned_by(want.database.key)
    ]
    return [note for note in notes if note is not None]


def rules_between(want: Options, state: State, group_id: str) -> list[Rule]:
    """Our rules for a client group and this database, on either side."""
    return [
        rule
        for rule in state.rules
        if rule.owned_by(want.database.key)
        and rule.tags.get(TAG_SCOPE) != BEHIND
        and group_id in (rule.group_id, rule.peer.value)
    ]


def rule_tags(want: Options, client: Client, notes: Mapping[str, str]) -> dict[str, str]:
    """What a new rule of this connection is tagged with."""
    tags = own_tags(want, client.functions[0] if want.scope == FUNCTION else None)
    return {**tags, **notes} if want.scope == EXISTING else tags


def tag_drift(steps: PlanBuilder[State], want: Options, client: Client, notes: Mapping[str, str]) -> None:
    """Bring the tags of a client group of ours, or of our rules on another's, to what is asked for."""
    if not client.ours:
        for rule in rules_between(want, steps.state, client.group.id):
            steps.tag(rule.id, missing_tags(rule.tags, notes))
        return
    group = steps.state.groups[client.group.id]
    wanted = {**(want.tags or {}), **notes}
    steps.tag(group.id, missing_tags(group.tags, wanted))
    if want.tags is not None and want.purge_tags:
        steps.untag(group.id, unwanted_tags(group.tags, wanted))


def note_refusals(want: Options, after: State, client: Client, notes: Mapping[str, str]) -> list[Refusal]:
    """Where what absent has to give back could not be noted down, once the changes are made."""
    if client.ours:
        carriers = [after.groups[client.group.id].tags]
    else:
        carriers = [rule.tags for rule in rules_between(want, after, client.group.id)]
    unmarked = [name for name in client.functions if note_in(notes, name) != ATTACHED]
    if not carriers and unmarked:
        return [
            Refusal(
                "security_group_id",
                client.group.id,
                "all its rules to the database exist already and are not ours, so nothing of ours could note down"
                f" that {', '.join(unmarked)} did not wear it before, and state=absent could not undo it.",
                "Leave security_group_id out, so that a client group is made, or put the group on by hand.",
            )
        ]
    if any(len(tags) > MAX_TAGS for tags in carriers):
        return [
            Refusal(
                "function_names",
                len(client.functions),
                f"what these functions had before cannot be noted down in the {MAX_TAGS} tags of one security group.",
                "Connect them with security_group_scope=function, or in smaller lists with a client group each.",
            )
        ]
    return []
