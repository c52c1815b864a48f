# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The plan that takes the connection back. PRIVATE to the collection.

It needs neither the function nor the database: what is ours is known by its tags. The database's side is closed first.
"""

from __future__ import annotations

from collections.abc import Set

from ..._changes.plan import PlanBuilder
from ..._model.notes import note_keys, noted_functions, tags_for
from ..._model.ownership import DATABASE, TAG_FUNCTION, TAG_SCOPE
from ..._model.security_groups import Group
from ..._model.state import State
from ..._reachability.catalogue.findings import Finding
from ..function_changes import UpdateVpcConfig
from ..observed import Observed
from ..parameters import Options
from ..resolve.proxy_hop import is_hop, stale_hop, used_by_others
from ..resolve.resolution import Resolution
from .detachment import Detachment
from .findings import none_chosen
from .given_groups import GivenGroupRules
from .group_removal import close_ingress, remove_groups, restore_rules
from .logins import withdraw_logins
from .plan import Plan, refused
from .publish import alias_refusals, publish


def plan_absent(want: Options, observed: Observed, resolution: Resolution) -> Plan:
    """The changes that remove what is ours for these functions and this database, and what has to wait."""
    names = [function.name for function in want.functions]
    if want.selection is not None and not names:
        return Plan(observed.state, observed.state, findings=(none_chosen(want.selection.refusal),))
    refusals = [*resolution.refusals]
    refusals += [refusal for name in names for refusal in alias_refusals(want, observed.state.functions.get(name))]
    if refusals:
        return refused(observed.state, refusals)
    groups = list(resolution.groups)
    leaving = [group for group in groups if not _used_by_others(group, names, observed)]
    given = GivenGroupRules(want, observed, names)
    steps = PlanBuilder(observed.state)
    staying = {group.id for group in groups if group not in leaving}
    restore_rules(steps, observed, lambda rule: staying & {rule.group_id, rule.peer.value})
    needs_hop = used_by_others(want, observed, names, [group.id for group in leaving])
    restore_rules(steps, observed, lambda rule: needs_hop and is_hop(want, rule))
    close_ingress(steps, want, (group.id for group in leaving))
    steps.revoke(given.first())
    findings = _give_back(steps, want, observed, names, groups, given)
    findings += _publish_without(steps, want, names, groups)
    findings += withdraw_logins(steps, want, observed)
    steps.revoke(given.last())
    if not needs_hop:
        steps.revoke(stale_hop(want, steps.state, ()))
    for group in groups:
        _forget(steps, group, set(names))
    given.forget(steps)
    blocked = remove_groups(steps, want, observed, leaving)
    return Plan(
        observed.state,
        steps.state,
        changes=tuple(steps.changes),
        blocked=tuple(blocked),
        resolution=resolution,
        clients=_clients(observed, names, groups, given),
        findings=tuple(findings),
    )


def _used_by_others(group: Group, names: list[str], observed: Observed) -> bool:
    """A shared client group stays, rules and all, while another function uses it in any version."""
    return group.tags[TAG_SCOPE] == DATABASE and any(
        group.id in user.group_ids and user.function_name not in names for user in observed.group_users
    )


def _forget(steps: PlanBuilder[State], group: Group, names: Set[str]) -> None:
    """Remove the notes on these functions: the group may be used again before it is deleted."""
    noted = noted_functions(group.tags) & names
    steps.untag(group.id, (key for name in noted for key in note_keys(group.tags, name)))


def _give_back(
    steps: PlanBuilder[State],
    want: Options,
    observed: Observed,
    names: list[str],
    groups: list[Group],
    given: GivenGroupRules,
) -> list[Finding]:
    """Take the client groups off the functions, and return what a note says that they had before."""
    findings: list[Finding] = []
    for name in names:
        function = observed.state.functions.get(name)
        if function is None:
            continue
        detachment = Detachment(want, observed, name, function.vpc, groups, given)
        for rule in detachment.note_recipients:
            steps.tag(rule.id, tags_for(name, detachment.note or ""))
        after = detachment.after()
        if after != function.vpc:
            steps.add(UpdateVpcConfig(function, after))
        findings += detachment.findings()
    return findings


def _publish_without(steps: PlanBuilder[State], want: Options, names: list[str], groups: list[Group]) -> list[Finding]:
    """Where a version was asked for: one without our client groups."""
    ours = {group.id for group in groups}
    there = [name for name in names if name in steps.state.functions]
    return list(publish(steps, want, there, lambda _name, version: version is None or not version.has_group_of(ours)))


def _clients(observed: Observed, names: list[str], groups: list[Group], given: GivenGroupRules) -> dict[str, str]:
    """Which client group each function has, or had, for the result."""
    candidates = [group.id for group in groups] + list(given.tags)
    clients = {}
    for name in names:
        function = observed.state.functions.get(name)
        attached = function.vpc.security_group_ids if function else ()
        mine = [group_id for group_id in candidates if group_id in attached] or [
            group.id for group in groups if group.tags.get(TAG_FUNCTION, name) == name
        ]
        if mine:
            clients[name] = mine[0]
    return clients
