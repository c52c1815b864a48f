# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The plan that connects. PRIVATE to the collection.

The order keeps an open path open: rules first, then the functions, and what is no longer needed last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Optional

from ..._changes.blocked_deletion import BlockedDeletion
from ..._changes.changes import CreateGroup
from ..._changes.plan import PlanBuilder
from ..._model.functions import Version
from ..._model.security_groups import Rule, default_egress
from ..._model.state import State
from ..._reachability.catalogue.findings import Finding
from ..function_changes import UpdateVpcConfig
from ..observed import Observed
from ..parameters import Options
from ..resolve.attachments import Attachment
from ..resolve.client_groups import Client
from ..resolve.proxy_hop import health_findings, hop_rules_with_tags, stale_hop
from ..resolve.resolution import Resolution
from ..resolve.rules import quota_refusals, stale_ingress, unwanted_egress
from .client_tags import find_notes, note_refusals, rule_tags, tag_drift
from .findings import internet_lost
from .group_removal import close_ingress, remove_groups, users_of
from .interface_quota import interface_refusals
from .logins import grant_logins, login_refusals, withdraw_logins
from .plan import Plan, refused
from .publish import alias_findings, alias_refusals, publish
from .superseded_groups import still_in_use, unused_groups


def plan_present(want: Options, observed: Observed, resolution: Resolution) -> Plan:
    """The changes that connect every function, or every reason why they cannot be connected."""
    refusals = [*resolution.refusals]
    if resolution.target is not None:
        for attachment in resolution.attachments:
            refusals += alias_refusals(want, observed.state.functions[attachment.name])
        refusals += interface_refusals(observed, resolution.target, resolution.attachments)
        refusals += login_refusals(want, observed)
    if refusals:
        return refused(observed.state, refusals)
    return _changes(want, observed, resolution)


def _changes(want: Options, observed: Observed, resolution: Resolution) -> Plan:
    steps = PlanBuilder(observed.state)
    clients, attachments = resolution.clients, resolution.attachments
    # Apart from the others: rules of one call get the same tags.
    proxy_rules = hop_rules_with_tags(want, resolution.proxy_rules)
    steps.authorize(proxy_rules)
    findings = health_findings(want, observed, repaired=bool(steps.changes))
    notes = {client.group.id: find_notes(want, observed.state, client, attachments) for client in clients}
    rules = [rule for client in clients for rule in _open_client(steps, want, observed, resolution, client, notes)]
    steps.authorize(rules)
    wanted = [*rules, *proxy_rules]
    authorized, keep = steps.state, {rule.identity for rule in wanted}
    steps.revoke(rule for client in clients for rule in unwanted_egress(want, authorized, client, keep))
    for attachment in attachments:
        if attachment.changes:
            steps.add(UpdateVpcConfig(observed.state.functions[attachment.name], attachment.after))
    outside = [attachment.name for attachment in attachments if not attachment.before.attached]
    findings += [internet_lost(outside)] if outside else []
    if want.db_users:
        grant_logins(steps, want, observed)
    else:
        findings += withdraw_logins(steps, want, observed)
    findings += _published(steps, want, attachments)
    steps.revoke(stale_ingress(want, steps.state, (client.group.id for client in clients), wanted))
    steps.revoke(stale_hop(want, steps.state, proxy_rules))
    blocked = _remove_superseded(steps, want, observed, resolution)
    refusals = [refusal for each in clients for refusal in note_refusals(want, steps.state, each, notes[each.group.id])]
    refusals += quota_refusals(observed, steps.changes)
    if refusals:
        return refused(observed.state, refusals)
    return Plan(
        observed.state,
        steps.state,
        changes=tuple(steps.changes),
        blocked=tuple(blocked),
        resolution=resolution,
        clients={attachment.name: attachment.client.group.id for attachment in attachments},
        findings=tuple(findings),
    )


def _open_client(
    steps: PlanBuilder[State],
    want: Options,
    observed: Observed,
    resolution: Resolution,
    client: Client,
    notes: Mapping[str, Mapping[str, str]],
) -> list[Rule]:
    """Make the client group, or bring its tags to what is asked for; the rules that it needs, with their tags."""
    noted = notes[client.group.id]
    if not client.exists:
        group = replace(client.group, tags={**client.group.tags, **noted})
        steps.add(CreateGroup(group, default_egress(group, ipv6=group.vpc_id in observed.ipv6_vpc_ids)))
    tag_drift(steps, want, client, noted)
    tags = rule_tags(want, client, noted)
    return [replace(rule, tags=tags) for rule in resolution.rules[client.group.id]]


def _published(steps: PlanBuilder[State], want: Options, attachments: Iterable[Attachment]) -> list[Finding]:
    clients = {attachment.name: attachment.client.group.id for attachment in attachments}

    def fits(name: str, version: Optional[Version]) -> bool:
        return version is not None and version.has_group_of({clients[name]})

    found = list(publish(steps, want, clients, fits))
    return found + [
        finding
        for name, client_id in clients.items()
        for finding in alias_findings(steps.state.functions[name], client_id)
    ]


def _remove_superseded(
    steps: PlanBuilder[State], want: Options, observed: Observed, resolution: Resolution
) -> list[BlockedDeletion]:
    """Groups of ours that nobody needs any more. The others keep their open path."""
    attachments = resolution.attachments
    unused = [
        (group, still_in_use(want, observed, group, attachments)) for group in unused_groups(observed, resolution)
    ]
    gone = [group for group, users in unused if not users]
    close_ingress(steps, want, (group.id for group in gone))
    in_use = [replace(users_of(steps, want, observed, group), updating=users) for group, users in unused if users]
    return [*in_use, *remove_groups(steps, want, observed, gone)]
