# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Decides what the options mean for a proxy: its groups, subnets and rules. PRIVATE to the collection.

Pure, and each decision is made here alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from .._changes.changes import is_new, new_id
from .._model.databases import Database
from .._model.ownership import TAG_PROXY
from .._model.security_groups import EGRESS, INGRESS, Group, Peer, Rule, is_ours
from .observed import Observed
from .parameters import Options


@dataclass(frozen=True)
class Resolution:
    """Decided once, from what was looked up, and carried by the plan.

    ``group_ids`` are those that the proxy is to have, perhaps the stand-in for one that is to be created;
    ``own_groups`` are those of ours, ``leaving`` those of them that it no longer needs. ``subnet_ids`` are for a new
    proxy. ``rules`` are those between proxy and database: egress first, then the matching ingress.
    """

    group_ids: tuple[str, ...] = ()
    own_groups: tuple[Group, ...] = ()
    leaving: tuple[Group, ...] = ()
    subnet_ids: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()

    @property
    def needs_group(self) -> bool:
        return any(map(is_new, self.group_ids))


def resolve(want: Options, observed: Observed) -> Resolution:
    own = own_groups(want, observed)
    if not want.present:
        return Resolution(own_groups=own, leaving=own)
    group_ids = _group_ids(want, observed, own)
    database = observed.database
    return Resolution(
        group_ids,
        own,
        tuple(group for group in own if group.id not in group_ids),
        want.subnet_ids or tuple(sorted(database.subnet_ids if database else ())),
        _wanted_rules(want, _paired_groups(want, observed, group_ids, own), database) if database else (),
    )


def own_groups(want: Options, observed: Observed) -> tuple[Group, ...]:
    """The groups of ours: they are found by their tag."""
    groups = sorted(observed.state.groups.values(), key=lambda group: group.id)
    return tuple(group for group in groups if is_ours(group, want.name))


def _group_ids(want: Options, observed: Observed, own: Iterable[Group]) -> tuple[str, ...]:
    proxy = observed.state.proxy
    if want.security_group_ids:
        return want.security_group_ids
    if proxy is not None:
        return proxy.security_group_ids
    usable = [group.id for group in own if observed.database and group.vpc_id == observed.database.vpc_id]
    return (usable[0],) if usable else (new_id(want.group_name),)


def _paired_groups(want: Options, observed: Observed, after: tuple[str, ...], own: Iterable[Group]) -> tuple[str, ...]:
    """Those given, else those of ours, made or with rules; never groups that somebody else put on the proxy."""
    if want.security_group_ids or observed.state.proxy is None:
        return after
    ours = {group.id for group in own}
    for rule in observed.state.rules:
        if is_ours(rule, want.name):
            ours |= {rule.group_id, rule.peer.value}
    return tuple(group for group in after if group in ours)


def _wanted_rules(want: Options, groups: Iterable[str], database: Database) -> tuple[Rule, ...]:
    description = f"RDS Proxy {want.name} to {database.kind} {database.identifier}"[:255]
    egress, ingress = rules_between(groups, database)
    return tuple(replace(rule, description=description, tags={TAG_PROXY: want.name}) for rule in (*egress, *ingress))


def rules_between(groups: Iterable[str], database: Database) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """Egress of these groups on the database's port, and the matching ingress of each group of the database."""
    pairs, port = [(group, other) for group in groups for other in database.security_group_ids], database.port or 0

    def rule(group_id: str, direction: str, peer: str) -> Rule:
        return Rule(group_id, direction, "tcp", port, port, Peer("group", peer))

    return (
        tuple(rule(group, EGRESS, other) for group, other in pairs),
        tuple(rule(other, INGRESS, group) for group, other in pairs),
    )
