# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Which security group is, or will be, the client group of a function. PRIVATE to the collection.

A group of ours is found by its tags. Only where the database is given by ids, which have no name of their own, the
group's name tells one connection of a function from another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional

from ..._changes.changes import new_id
from ..._errors import Refusal
from ..._model.names import IDS, PROXY
from ..._model.ownership import DATABASE, EXISTING, FUNCTION, TAG_DATABASE, TAG_FUNCTION, TAG_SCOPE
from ..._model.security_groups import EGRESS, Group
from ..._model.state import State
from ..observed import Observed
from ..parameters import Options

_CONSOLE_NAME = re.compile(r"lambda-rds-(\d+)")


@dataclass(frozen=True)
class Client:
    """A client group and the functions that shall wear it. ``exists`` is false while it is only planned."""

    group: Group
    functions: tuple[str, ...]
    exists: bool = True

    @property
    def ours(self) -> bool:
        return TAG_SCOPE in self.group.tags


def own_groups(want: Options, state: State, function: str) -> list[Group]:
    """The groups of ours that connect a function to this database, whatever their scope or VPC."""
    tagged = [(TAG_SCOPE, DATABASE), (TAG_FUNCTION, function)]
    found = {group.id: group for tag in tagged for group in state.groups_tagged.get(tag, ())}
    return [
        group
        for _id, group in sorted(found.items())
        if group.owned_by(want.database.key) and _is_named(want, group, function) and _leads_there(want, state, group)
    ]


def paired_groups(want: Options, state: State, client_id: str) -> set[str]:
    """The groups that our egress rules of a client group lead to, for this database."""
    return {
        rule.peer.value
        for rule in state.rules_of(client_id, EGRESS)
        if rule.owned_by(want.database.key) and rule.peer.kind == "group"
    } - {rule.peer.value for rule in want.egress_rules}


def _leads_there(want: Options, state: State, group: Group) -> bool:
    """By ids, all databases of a VPC have one key: a group that leads to quite other groups is of another connection.

    The group of that very name is not left out when connecting: rule_pairs.other_database refuses it instead.
    """
    if want.database.kind != IDS or (want.present and group.tags[TAG_SCOPE] == want.scope):
        return True
    if want.scope == EXISTING and not want.present:
        return False
    paired, wanted = paired_groups(want, state, group.id), set(want.rds_security_group_ids)
    return not (paired and wanted) or bool(paired & wanted)


def _is_named(want: Options, group: Group, function: str) -> bool:
    if want.database.kind != IDS:
        return True
    if want.security_group_name is not None:
        return group.name == want.security_group_name
    if want.console_names:
        return _CONSOLE_NAME.fullmatch(group.name) is not None
    return group.name == _default_names(want, function, group.tags[TAG_SCOPE])[0]


def current_group(want: Options, seen: Observed, function: str, vpc_id: Optional[str]) -> Optional[Group]:
    """The group of ours to use in this VPC: one that is attached to a function, else the first."""
    fitting = [
        group for group in seen.own_groups[function] if group.tags[TAG_SCOPE] == want.scope and group.vpc_id == vpc_id
    ]
    return min(fitting, key=lambda group: (group.id not in seen.state.attached_group_ids, group.id), default=None)


def superseded(seen: Observed, function: str, chosen: str) -> list[Group]:
    """The other groups of ours that connect this function to this database: another scope's, another VPC's."""
    return [
        group
        for group in seen.own_groups[function]
        if group.id != chosen and (group.tags[TAG_SCOPE] == FUNCTION or _is_attached(seen.state, function, group.id))
    ]


def _is_attached(state: State, function: str, group_id: str) -> bool:
    return function in state.functions and group_id in state.functions[function].vpc.security_group_ids


def find_clients(want: Options, seen: Observed, vpc_id: str) -> tuple[list[Client], list[Refusal]]:
    """The client groups of all functions, in the functions' order."""
    names = tuple(function.name for function in want.functions)
    if want.security_group_id is not None:
        return _given_client(seen, vpc_id, want.security_group_id, names)
    owners = [names] if want.scope == DATABASE else [(name,) for name in names]
    clients: list[Client] = []
    refusals: list[Refusal] = []
    taken = set(seen.taken_names)
    for functions in owners:
        group = current_group(want, seen, functions[0], vpc_id)
        if group is not None:
            clients.append(Client(group, functions))
            continue
        name = _free_name(want, functions[0], taken)
        if name is None:
            refusals.append(_name_refusal(want, functions[0], vpc_id))
            continue
        taken.add(name)
        clients.append(Client(_new_group(want, functions[0], name, vpc_id), functions, exists=False))
    return clients, refusals


def _given_client(
    seen: Observed, vpc_id: str, group_id: str, names: tuple[str, ...]
) -> tuple[list[Client], list[Refusal]]:
    group = seen.state.groups.get(group_id)
    if group is None:
        refusal = Refusal(
            "security_group_id", group_id, "no such security group in this account and Region.", "Check the id."
        )
        return [], [refusal]
    if group.vpc_id != vpc_id:
        refusal = Refusal(
            "security_group_id",
            group_id,
            f"is in {group.vpc_id}, but the function will be in {vpc_id}.",
            f"Give a group of {vpc_id}, or leave it out so that one is made.",
        )
        return [], [refusal]
    if TAG_SCOPE in group.tags:
        refusal = Refusal(
            "security_group_id",
            group_id,
            f"is a client group that this module made (for {group.tags.get(TAG_DATABASE)}).",
            "Leave it out: the module finds its own groups.",
        )
        return [], [refusal]
    return [Client(group, names)], []


def _default_names(want: Options, function: str, scope: str) -> list[str]:
    """EC2 takes no name that begins with sg-. A proxy often has the name of the database behind it."""
    database = want.database.value
    shared, own = [f"{database}-lambda-clients"], [f"{function}-lambda-sg", f"{function}-{database}-lambda-sg"]
    if want.database.kind == PROXY:
        shared.append(f"{database}-proxy-lambda-clients")
        own.append(f"{function}-{database}-proxy-lambda-sg")
    names = shared if scope == DATABASE else own
    return [f"lambda-{name}" if name.startswith("sg-") else name for name in names]


def _free_name(want: Options, function: str, taken: set[str]) -> Optional[str]:
    """The further default names serve a function that is connected to another database already."""
    if want.console_names:
        return next(
            name for name in (f"lambda-rds-{number}" for number in range(1, len(taken) + 2)) if name not in taken
        )
    if want.security_group_name is not None:
        names = [want.security_group_name]
    else:
        names = _default_names(want, function, want.scope)[: 1 if want.by_hand else None]
    return next((name for name in names if name not in taken), None)


def _name_refusal(want: Options, function: str, vpc_id: str) -> Refusal:
    name = want.security_group_name or _default_names(want, function, want.scope)[0]
    return Refusal(
        "security_group_name",
        name,
        f"{vpc_id} has a security group of that name which does not belong to this connection.",
        "Choose another security_group_name, or use that group as it is by security_group_id.",
    )


def _new_group(want: Options, function: str, name: str, vpc_id: str) -> Group:
    who = "Lambda functions" if want.scope == DATABASE else f"Lambda function {function}"
    tags = {**(want.tags or {}), **own_tags(want, None if want.scope == DATABASE else function)}
    description = f"{who} to {want.database.text} (cloudops.lambda_rds)"
    return Group(new_id(name), name, vpc_id, description=description[:255], tags=tags)


def own_tags(want: Options, function: Optional[str]) -> dict[str, str]:
    """The tags that say that a group or a rule is ours, and what for."""
    tags = {TAG_DATABASE: want.database.key, TAG_SCOPE: want.scope}
    return tags if function is None else {**tags, TAG_FUNCTION: function}


def candidate_names(want: Options) -> list[str]:
    """The names that a new client group could get, as values of the filter group-name."""
    if want.console_names:
        return ["lambda-rds-*"]
    if want.security_group_name is not None:
        return [want.security_group_name]
    return [name for function in want.functions for name in _default_names(want, function.name, want.scope)]
