# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Client groups of ours that functions leave for another one, and whether they are needed. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Sequence

from .attachment import Wearing
from .client_group import own_groups
from .parameters import DATABASE, Want
from .state import LATEST, TAG_SCOPE, Group, Observed, State


def replaced_groups(want: Want, state: State, wearings: Sequence[Wearing]) -> list[Group]:
    """Of another scope, or of a VPC that the database has left.

    Also shared ones that none of the functions wears: an earlier run may have ended before it could take them away.
    """
    groups = {group.id: group for wearing in wearings for group in wearing.old}
    if want.scope != DATABASE:
        own = (group for wearing in wearings for group in own_groups(want, state, wearing.name))
        groups.update({group.id: group for group in own if group.tags[TAG_SCOPE] == DATABASE})
    return list(groups.values())


def unused_groups(want: Want, seen: Observed, wearings: Sequence[Wearing]) -> list[Group]:
    """Those of them that nobody needs: one that a published version or another function wears keeps its open path."""
    moved = {(wearing.name, LATEST) for wearing in wearings}
    used = {
        group_id
        for wearer in seen.wearers
        if (wearer.function_name, wearer.version) not in moved
        for group_id in wearer.group_ids
    }
    return [group for group in replaced_groups(want, seen.state, wearings) if group.id not in used]
