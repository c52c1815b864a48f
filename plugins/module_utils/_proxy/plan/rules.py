# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The rules between a proxy and its database, on the database's port. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Optional

from ..._changes.changes import Change
from ..._changes.rule_limits import missing_elsewhere, overfull
from ..._errors import Refusal
from ..._model.databases import Database
from ..._model.ownership import TAG_PROXY
from ..._model.security_groups import ALL_IPV4, EGRESS, INGRESS, Peer, Rule, is_ours
from ..._model.state import State
from ..observed import Observed
from ..parameters import Options
from .groups import groups_after, own_groups


def wanted_rules(want: Options, seen: Observed, database: Database) -> tuple[Rule, ...]:
    """Egress of each group of the proxy first, then the matching ingress of each group of the database."""
    groups = _paired_groups(want, seen)
    description = f"RDS Proxy {want.name} to {database.kind} {database.identifier}"[:255]
    pairs = list(_pairs(groups, database, description, {TAG_PROXY: want.name}))
    return (*(egress for egress, _ingress in pairs), *(ingress for _egress, ingress in pairs))


def _paired_groups(want: Options, seen: Observed) -> list[str]:
    """Those given, else those of ours, made or with rules; never groups that somebody else put on the proxy."""
    after = groups_after(want, seen)
    if want.security_group_ids or seen.state.proxy is None:
        return list(after)
    ours = {group.id for group in own_groups(want, seen)}
    for rule in seen.state.rules:
        if is_ours(rule, want.name):
            ours |= {rule.group_id, rule.peer.value}
    return [group for group in after if group in ours]


def _pairs(
    groups: Iterable[str], database: Database, description: str = "", tags: Optional[dict[str, str]] = None
) -> Iterator[tuple[Rule, Rule]]:
    port = database.port or 0
    for group in groups:
        for other in database.security_group_ids:
            yield (
                Rule(group, EGRESS, "tcp", port, port, Peer("group", other), description, tags=tags or {}),
                Rule(other, INGRESS, "tcp", port, port, Peer("group", group), description, tags=tags or {}),
            )


def open_to_all(want: Options, seen: Observed, state: State) -> list[Rule]:
    """AWS's allow-all egress of the groups of ours that the proxy wears."""
    ours = {group.id for group in state.groups.values() if is_ours(group, want.name)}
    return [
        rule
        for group in groups_after(want, seen)
        if group in ours
        for rule in state.rules_of(group, EGRESS)
        if rule.allows_everything and not is_ours(rule, want.name)
    ]


def stale_rules(want: Options, state: State, wanted: Iterable[Rule]) -> list[Rule]:
    """Our rules that are no longer asked for: another port, another group."""
    keep = {rule.identity for rule in wanted}
    return [rule for rule in state.rules if is_ours(rule, want.name) and rule.identity not in keep]


def pair_refusals(want: Options, seen: Observed, wanted: Iterable[Rule]) -> Iterator[Refusal]:
    """Where only another account may add the rules."""
    for group, missing in missing_elsewhere(seen.state, wanted, seen.account):
        given = group.id in want.security_group_ids
        yield Refusal(
            "vpc_security_group_ids" if given else "security groups of the database",
            group.id,
            f"belongs to account {group.owner_id}, and only that account may add rules to it (missing: {missing}).",
            "Have them added there, with vpc_security_group_ids naming the proxy's groups here; or use a group of this"
            " account.",
        )


def quota_refusals(seen: Observed, changes: Iterable[Change]) -> Iterator[Refusal]:
    limit = seen.rules_per_group
    source = "" if limit.known else " (AWS's default: the account's own could not be read)"
    for change, count in overfull(seen.state, changes, limit, seen.list_weights):
        yield Refusal(
            "security groups",
            change.group_id,
            f"would have {count} {change.direction} rules, and a security group may have {limit.value}{source}.",
            "Remove rules that are no longer needed, or have the quota L-0EA8095F raised"
            + ("." if limit.known else "; and allow servicequotas:GetServiceQuota, so that it can be read."),
        )


def missing_paths(state: State, group_ids: Iterable[str], database: Database) -> tuple[str, ...]:
    """What keeps a proxy in these groups from its database, as far as rules tell: one open rule a side is enough.

    A rule for another group, or for a network that may hold the other side, is not counted.
    """
    pairs = list(_pairs(group_ids, database))
    sides = ([egress for egress, _ingress in pairs], [ingress for _egress, ingress in pairs])
    return tuple(
        f"{rule.direction} on {rule.group_id}: {rule.text}"
        for rules in sides
        if not any(_covers(there, rule) for rule in rules for there in state.rules)
        for rule in rules
    )


def _covers(there: Rule, needed: Rule) -> bool:
    return (
        (there.group_id, there.direction) == (needed.group_id, needed.direction)
        and (there.peer == needed.peer or there.peer.value == ALL_IPV4)
        and (
            there.protocol == "-1" or (there.protocol == "tcp" and there.from_port <= needed.from_port <= there.to_port)
        )
    )
