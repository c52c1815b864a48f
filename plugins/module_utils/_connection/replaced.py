# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Client groups of ours that functions leave for another one, and how long they are needed. PRIVATE to the collection.

While Lambda updates a function, the configuration of before still serves
(https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html).
"""

from __future__ import annotations

from collections.abc import Sequence

from .._model.functions import LATEST
from .._model.ownership import DATABASE, TAG_FUNCTION, TAG_SCOPE
from .._model.security_groups import Group
from .._model.state import State
from .attachment import Wearing
from .client_group import own_groups
from .observed import Observed
from .parameters import Want


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


def leaving(group: Group, wearings: Sequence[Wearing]) -> list[Wearing]:
    """The functions that may be on their way from a replaced group, or have been."""
    return [wearing for wearing in wearings if group.tags.get(TAG_FUNCTION, wearing.name) == wearing.name]


def still_served(want: Want, group: Group, wearings: Sequence[Wearing]) -> tuple[str, ...]:
    """The functions that a replaced group may serve when all is written: nobody waits for the end of their updates."""
    if want.wait:
        return ()
    return tuple(
        wearing.name
        for wearing in leaving(group, wearings)
        if wearing.after != wearing.function.vpc or wearing.function.updating
    )
