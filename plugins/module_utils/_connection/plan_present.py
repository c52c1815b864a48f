# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The plan that connects. PRIVATE to the collection.

The order keeps an open path open: rules first, then the functions, and what is no longer needed last.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Optional

from .._changes.blocked_deletion import BlockedDeletion
from .._changes.changes import CreateGroup
from .._changes.plan import PlanBuilder
from .._errors import Refusal
from .._model.functions import Version
from .._model.security_groups import Rule, default_egress
from .._model.state import State
from .attachment import Wearing, attachment_refusals, find_wearings
from .client_group import Client, find_clients
from .client_tags import find_notes, note_refusals, rule_tags, tag_drift
from .findings import Finding, internet_lost
from .function_changes import UpdateVpcConfig
from .interfaces import interface_refusals
from .login_policies import grant_logins, login_refusals, withdraw_logins
from .observed import Observed
from .parameters import Want
from .publish import alias_findings, alias_refusals, publish
from .replaced import still_served, unused_groups
from .retire import close_ingress, dismantle, holders
from .rule_pairs import (
    other_database,
    owner_refusals,
    quota_refusals,
    stale_ingress,
    unwanted_egress,
    wanted_rules,
)
from .second_hop import health_findings, hop_rules, stale_hop
from .steps import Plan
from .target import Target, find_target


def plan_present(want: Want, seen: Observed) -> Plan:
    """The changes that connect every function, or every reason why they cannot be connected."""
    if want.selection is not None and not want.functions:
        return Plan(seen.state, seen.state, refusals=(want.selection.refusal,))
    refusals = _missing_functions(want, seen)
    target, wrong_target = find_target(want, seen)
    refusals += wrong_target
    if target is None:
        return Plan(seen.state, seen.state, refusals=tuple(refusals))
    clients, wrong_clients = find_clients(want, seen, target.vpc_id)
    refusals += wrong_clients
    wearings = find_wearings(want, seen, target, clients)
    for wearing in wearings:
        refusals += attachment_refusals(want, seen, target, wearing)
        refusals += alias_refusals(want, wearing.function)
    refusals += interface_refusals(seen, target, wearings)
    refusals += owner_refusals(want, seen, target, clients)
    refusals += login_refusals(want, seen)
    refusals += filter(None, (other_database(want, seen.state, target, client) for client in clients))
    if refusals:
        return Plan(seen.state, seen.state, refusals=tuple(refusals))
    return _steps(want, seen, target, clients, wearings)


def _missing_functions(want: Want, seen: Observed) -> list[Refusal]:
    return [
        Refusal(
            "function_name",
            function.given,
            "no such function in this account and Region.",
            "Check the name and the option region.",
        )
        for function in want.functions
        if function.name not in seen.state.functions
    ]


def _steps(want: Want, seen: Observed, target: Target, clients: list[Client], wearings: list[Wearing]) -> Plan:
    steps = PlanBuilder(seen.state)
    refusals: list[Refusal] = []
    wanted: list[Rule] = []
    notes: dict[str, dict[str, str]] = {}
    behind = hop_rules(want, seen)
    # Apart from the others: rules of one call get the same tags.
    steps.authorize(behind)
    findings = health_findings(want, seen, mended=bool(steps.changes))
    for client in clients:
        noted = find_notes(want, seen.state, client, [w for w in wearings if w.client is client])
        notes[client.group.id] = noted
        if not client.exists:
            group = replace(client.group, tags={**client.group.tags, **noted})
            steps.add(CreateGroup(group, default_egress(group, ipv6=group.vpc_id in seen.ipv6_vpc_ids)))
        tag_drift(steps, want, client, noted)
        wanted += wanted_rules(want, target, client, rule_tags(want, client, noted))
    steps.authorize(wanted)
    wanted += behind
    authorized, keep = steps.state, {rule.identity for rule in wanted}
    steps.revoke(rule for client in clients for rule in unwanted_egress(want, authorized, client, keep))
    for wearing in wearings:
        if wearing.after != wearing.function.vpc:
            steps.add(UpdateVpcConfig(wearing.function, wearing.after))
    outside = [wearing.name for wearing in wearings if not wearing.function.vpc.attached]
    findings += [internet_lost(outside)] if outside else []
    if want.db_users:
        grant_logins(steps, want, seen)
    else:
        findings += withdraw_logins(steps, want, seen)
    findings += _published(steps, want, wearings)
    steps.revoke(stale_ingress(want, steps.state, (client.group.id for client in clients), wanted))
    steps.revoke(stale_hop(want, steps.state, behind))
    pending = _retire_old(steps, want, seen, wearings)
    for client in clients:
        refusals += note_refusals(want, steps.state, client, notes[client.group.id])
    refusals += quota_refusals(seen, steps.changes)
    if refusals:
        return Plan(seen.state, seen.state, refusals=tuple(refusals))
    return Plan(
        seen.state,
        steps.state,
        tuple(steps.changes),
        blocked=tuple(pending),
        clients={wearing.name: wearing.client.group.id for wearing in wearings},
        findings=tuple(findings),
    )


def _published(steps: PlanBuilder[State], want: Want, wearings: list[Wearing]) -> list[Finding]:
    clients = {wearing.name: wearing.client.group.id for wearing in wearings}

    def fits(name: str, version: Optional[Version]) -> bool:
        return version is not None and version.wears({clients[name]})

    found = list(publish(steps, want, clients, fits))
    return found + [
        finding
        for name, client_id in clients.items()
        for finding in alias_findings(steps.state.functions[name], client_id)
    ]


def _retire_old(
    steps: PlanBuilder[State], want: Want, seen: Observed, wearings: list[Wearing]
) -> list[BlockedDeletion]:
    """Groups of ours that nobody needs any more. The others keep their open path."""
    unused = [(group, still_served(want, group, wearings)) for group in unused_groups(want, seen, wearings)]
    gone = [group for group, serves in unused if not serves]
    close_ingress(steps, want, (group.id for group in gone))
    served = [replace(holders(steps, want, seen, group), updating=serves) for group, serves in unused if serves]
    return [*served, *dismantle(steps, want, seen, gone)]
