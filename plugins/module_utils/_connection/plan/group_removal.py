# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Takes a client group of ours out of use, and says what still holds it. PRIVATE to the collection.

Lambda's network interfaces outlive a detachment by 20 minutes and more, so the group often has to wait
(https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html); a later run deletes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Callable

from ..._changes.blocked_deletion import BlockedDeletion
from ..._changes.changes import DeleteGroup, of_kind
from ..._changes.plan import PlanBuilder
from ..._model.functions import LATEST, GroupUser
from ..._model.security_groups import EGRESS, INGRESS, Group, Rule
from ..._model.state import State
from ..function_changes import MoveAlias, updated_functions
from ..observed import Observed
from ..parameters import Options


def close_ingress(steps: PlanBuilder[State], want: Options, group_ids: Iterable[str]) -> None:
    """Revoke our ingress rules that admit these client groups, wherever they are."""
    ids = set(group_ids)
    steps.revoke(
        rule
        for rule in steps.state.rules
        if rule.direction == INGRESS and rule.peer.value in ids and rule.owned_by(want.database.key)
    )


def remove_groups(
    steps: PlanBuilder[State], want: Options, observed: Observed, groups: Iterable[Group]
) -> list[BlockedDeletion]:
    """Revoke our egress rules, so that the database groups are free, and delete the groups or say what holds them."""
    leaving, state = list(groups), steps.state
    egress = [rule for group in leaving for rule in state.rules_of(group.id, EGRESS)]
    steps.revoke(rule for rule in egress if rule.owned_by(want.database.key))
    held = []
    for pending in [users_of(steps, want, observed, group) for group in leaving]:
        only_interfaces = not (pending.versions or pending.references or pending.updating)
        if only_interfaces and (not pending.interfaces or want.release_timeout > 0):
            steps.add(DeleteGroup(pending.group, release=bool(pending.interfaces)))
        else:
            held.append(pending)
    return held


def restore_rules(steps: PlanBuilder[State], observed: Observed, is_needed: Callable[[Rule], object]) -> None:
    """Add again what this run took away, and what another function needs that has come since."""
    steps.authorize(replace(rule, id="") for rule in observed.revoked if is_needed(rule))


def users_of(steps: PlanBuilder[State], want: Options, observed: Observed, group: Group) -> BlockedDeletion:
    """What holds a group once the changes so far are made."""
    updated = updated_functions(steps.changes)
    return BlockedDeletion(
        group,
        interfaces=tuple(item for item in observed.interfaces if group.id in item.group_ids),
        versions=tuple(
            _without_moved(user, steps)
            for user in observed.group_users
            if group.id in user.group_ids and not (user.version == LATEST and user.function_name in updated)
        ),
        references=tuple(rule for rule in observed.references if rule.peer.value == group.id),
        updating=() if want.wait else tuple(sorted(updated)),
    )


def _without_moved(user: GroupUser, steps: PlanBuilder[State]) -> GroupUser:
    """The version without the aliases that this plan moves away from it."""
    moved = {
        change.alias.name
        for change in of_kind(steps.changes, MoveAlias)
        if (change.function.name, change.alias.version) == (user.function_name, user.version)
    }
    return replace(user, aliases=tuple(alias for alias in user.aliases if alias not in moved))
