# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""From the idle groups to those that go, and why the others stay. PRIVATE to the collection.

Pure: no boto3, no module, no clock. A group that no rule of ours admits may always go: a run that is just making it
has not yet put it on a function, finds it gone and makes it again; and once it is admitted, EC2 refuses to delete it.
Only where our rules have to be revoked first could a connection be cut that another run is about to complete.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .._changes.blocked_deletion import BlockedDeletion
from .._changes.changes import DeleteGroup
from .._changes.plan import Plan, PlanBuilder
from .._model.ownership import BEHIND, EXISTING, TAG_DATABASE, TAG_FUNCTION, TAG_SCOPE
from .._model.security_groups import INGRESS, Group, Rule
from .observed import Observed


def make_plan(observed: Observed, settled: frozenset[str]) -> Plan:
    """The changes that delete what nobody holds.

    :param settled: the groups that were ``unsettled`` at an earlier look already
    """
    leaving, staying = _part(observed, settled)
    steps = PlanBuilder(observed.state)
    steps.revoke(rule for group in leaving for rule in _admitting(observed, group))
    steps.revoke(_behind_proxies(observed, leaving))
    for group in leaving:
        steps.add(DeleteGroup(group))
    return Plan(observed.state, steps.state, tuple(steps.changes), blocked=staying)


def _behind_proxies(observed: Observed, leaving: Iterable[Group]) -> list[Rule]:
    """Our rules between a proxy and its database, where the last client group of the proxy goes."""
    gone = {group.id: group.tags[TAG_DATABASE] for group in leaving}
    used = {group.tags[TAG_DATABASE] for group in observed.relatives if group.id not in gone}
    used |= {rule.tags[TAG_DATABASE] for rule in observed.of_proxies if rule.tags.get(TAG_SCOPE) == EXISTING}
    unused = set(gone.values()) - used
    return [
        rule for rule in observed.of_proxies if rule.tags[TAG_DATABASE] in unused and rule.tags[TAG_SCOPE] == BEHIND
    ]


def unsettled(observed: Observed) -> frozenset[str]:
    """The groups to look at once more: nobody holds them, but rules of ours still admit them."""
    leaving, _staying = _part(observed, frozenset(observed.state.groups))
    return frozenset(group.id for group in leaving if _admitting(observed, group))


def _part(observed: Observed, settled: frozenset[str]) -> tuple[tuple[Group, ...], tuple[BlockedDeletion, ...]]:
    """The groups to delete, each before those that its own rules name; and those that stay."""
    leaving: dict[str, Group] = {}
    staying = sorted(observed.state.groups.values(), key=lambda group: group.id)
    while True:
        found = [_pending(observed, group, leaving.keys() | {group.id}, settled) for group in staying]
        free = [pending.group for pending in found if not pending.held]
        if not free:
            return tuple(leaving.values()), tuple(found)
        leaving.update((group.id, group) for group in free)
        staying = [group for group in staying if group.id not in leaving]


def _pending(observed: Observed, group: Group, leaving: set[str], settled: frozenset[str]) -> BlockedDeletion:
    """What keeps the group; nothing, if it can go."""
    admitting = _admitting(observed, group)
    pending = BlockedDeletion(
        group,
        interfaces=tuple(interface for interface in observed.interfaces if group.id in interface.group_ids),
        versions=tuple(version for version in observed.versions if group.id in version.group_ids),
        references=tuple(
            rule
            for rule in observed.state.rules
            if rule.peer.value == group.id and rule not in admitting and rule.group_id not in leaving
        ),
        reasons=_unfinished(observed, group) if admitting else (),
        can_wait=False,
    )
    if admitting and not pending.held and group.id not in settled:
        return replace(pending, reasons=("It has not been free for grace_period yet; run the task again.",))
    return pending


def _admitting(observed: Observed, group: Group) -> list[Rule]:
    """The rules of ours that let the group into a database."""
    return [
        rule
        for rule in observed.state.rules
        if rule.direction == INGRESS and rule.peer.value == group.id and rule.owned_by(group.tags[TAG_DATABASE])
    ]


def _unfinished(observed: Observed, group: Group) -> tuple[str, ...]:
    """Whether a group that is admitted to a database is of a function that exists, but does not have it attached."""
    function = group.tags.get(TAG_FUNCTION)
    if function not in observed.functions:
        return ()
    reason = (
        f"The function {function} does not wear it, but another run may be about to put it on. If none is, run"
        " lambda_rds_connection for it: state=present puts it on, state=absent deletes it."
    )
    return (reason,)
