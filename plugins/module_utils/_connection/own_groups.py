# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Which client groups are those of this connection, and what they may be called. PRIVATE to the collection.

A group of ours is found by its tags. Only where the database is given by ids, which have no name of their own, the
group's name tells one connection of a function from another.
"""

from __future__ import annotations

import re
from typing import Optional

from .._model.names import BY_IDS, PROXY
from .._model.ownership import DATABASE, EXISTING, TAG_FUNCTION, TAG_SCOPE
from .._model.security_groups import EGRESS, Group
from .._model.state import State
from .observed import Observed
from .parameters import Options

_CONSOLE_NAME = re.compile(r"lambda-rds-(\d+)")


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

    The group of that very name is not left out when connecting: other_database (resolve/rules.py) refuses it.
    """
    if want.database.kind != BY_IDS or (want.present and group.tags[TAG_SCOPE] == want.scope):
        return True
    if want.scope == EXISTING and not want.present:
        return False
    paired, wanted = paired_groups(want, state, group.id), set(want.rds_security_group_ids)
    return not (paired and wanted) or bool(paired & wanted)


def _is_named(want: Options, group: Group, function: str) -> bool:
    if want.database.kind != BY_IDS:
        return True
    if want.security_group_name is not None:
        return group.name == want.security_group_name
    if want.console_names:
        return _CONSOLE_NAME.fullmatch(group.name) is not None
    return group.name == default_names(want, function, group.tags[TAG_SCOPE])[0]


def current_group(want: Options, observed: Observed, function: str, vpc_id: Optional[str]) -> Optional[Group]:
    """The group of ours to use in this VPC: one that is attached to a function, else the first."""
    fitting = [
        group
        for group in observed.own_groups[function]
        if group.tags[TAG_SCOPE] == want.scope and group.vpc_id == vpc_id
    ]
    return min(fitting, key=lambda group: (group.id not in observed.state.attached_group_ids, group.id), default=None)


def default_names(want: Options, function: str, scope: str) -> list[str]:
    """EC2 takes no name that begins with sg-. A proxy often has the name of the database behind it."""
    database = want.database.value
    shared, own = [f"{database}-lambda-clients"], [f"{function}-lambda-sg", f"{function}-{database}-lambda-sg"]
    if want.database.kind == PROXY:
        shared.append(f"{database}-proxy-lambda-clients")
        own.append(f"{function}-{database}-proxy-lambda-sg")
    names = shared if scope == DATABASE else own
    return [f"lambda-{name}" if name.startswith("sg-") else name for name in names]


def candidate_names(want: Options) -> list[str]:
    """The names that a new client group could get, as values of the filter group-name."""
    if want.console_names:
        return ["lambda-rds-*"]
    if want.security_group_name is not None:
        return [want.security_group_name]
    return [name for function in want.functions for name in default_names(want, function.name, want.scope)]
