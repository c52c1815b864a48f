# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Which security group is, or will be, the client group of a function. PRIVATE to the collection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from ..._changes.changes import new_id
from ..._errors import Refusal
from ..._model.ownership import DATABASE, FUNCTION, TAG_DATABASE, TAG_FUNCTION, TAG_SCOPE
from ..._model.security_groups import Group
from ..._model.state import State
from ..observed import Observed
from ..own_groups import default_names
from ..parameters import Options


@dataclass(frozen=True)
class Client:
    """A client group and the functions that it is to be attached to. ``exists`` is false while it is only planned."""

    group: Group
    functions: tuple[str, ...]
    exists: bool = True

    @property
    def ours(self) -> bool:
        return TAG_SCOPE in self.group.tags


def superseded(observed: Observed, function: str, chosen: str) -> list[Group]:
    """The other groups of ours that connect this function to this database: another scope's, another VPC's."""
    return [
        group
        for group in observed.own_groups[function]
        if group.id != chosen
        and (group.tags[TAG_SCOPE] == FUNCTION or _is_attached(observed.state, function, group.id))
    ]


def _is_attached(state: State, function: str, group_id: str) -> bool:
    return function in state.functions and group_id in state.functions[function].vpc.security_group_ids


def find_clients(want: Options, observed: Observed, vpc_id: str) -> tuple[list[Client], list[Refusal]]:
    """The client groups of all functions, in the functions' order."""
    names = tuple(function.name for function in want.functions)
    if want.security_group_id is not None:
        return _given_client(observed, vpc_id, want.security_group_id, names)
    owners = [names] if want.scope == DATABASE else [(name,) for name in names]
    clients: list[Client] = []
    refusals: list[Refusal] = []
    taken = set(observed.taken_names)
    for functions in owners:
        group = observed.current_groups.get(functions[0])
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
    observed: Observed, vpc_id: str, group_id: str, names: tuple[str, ...]
) -> tuple[list[Client], list[Refusal]]:
    group = observed.state.groups.get(group_id)
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


def _free_name(want: Options, function: str, taken: set[str]) -> Optional[str]:
    """The further default names serve a function that is connected to another database already."""
    if want.console_names:
        return next(
            name for name in (f"lambda-rds-{number}" for number in range(1, len(taken) + 2)) if name not in taken
        )
    if want.security_group_name is not None:
        names = [want.security_group_name]
    else:
        names = default_names(want, function, want.scope)[: 1 if want.by_ids else None]
    return next((name for name in names if name not in taken), None)


def _name_refusal(want: Options, function: str, vpc_id: str) -> Refusal:
    name = want.security_group_name or default_names(want, function, want.scope)[0]
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
