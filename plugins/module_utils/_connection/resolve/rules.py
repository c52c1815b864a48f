# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The rules that a connection asks for, and those of ours that it no longer asks for. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import Optional

from ..._changes.changes import AuthorizeRules, Change
from ..._changes.rule_limits import missing_elsewhere, overfull
from ..._errors import Refusal
from ..._model.security_groups import ALL_IPV4, EGRESS, INGRESS, Peer, Rule
from ..._model.state import State
from ..observed import Observed
from ..own_groups import paired_groups
from ..parameters import Options
from .client_groups import Client
from .target import Target


def wanted_rules(want: Options, target: Target, client: Client) -> tuple[Rule, ...]:
    """Egress of the client group first, then the matching ingress of each database group."""
    who = ", ".join(client.functions) if len(client.functions) == 1 else "Lambda clients"
    description = f"{who} to {want.database.text}"[:255]

    def rule(group_id: str, direction: str, peer: str) -> Rule:
        return Rule(group_id, direction, "tcp", target.port, target.port, Peer("group", peer), description)

    egress = [rule(client.group.id, EGRESS, group) for group in target.database_group_ids]
    extra = [rule.on(client.group.id) for rule in want.egress_rules]
    if want.allow_all_outbound:
        everything = Peer("cidr_ip", ALL_IPV4)
        extra.append(Rule(client.group.id, EGRESS, "-1", -1, -1, everything, "All outbound traffic"))
    return (*egress, *extra, *(rule(group, INGRESS, client.group.id) for group in target.database_group_ids))


def unwanted_egress(want: Options, state: State, client: Client, keep: Set[tuple[object, ...]]) -> tuple[Rule, ...]:
    """What has to go from the client group: our own rules of before, AWS's allow-all, and with purge all others.

    :param keep: the identities of the rules that are wanted
    """
    return tuple(
        rule
        for rule in state.rules_of(client.group.id, EGRESS)
        if rule.identity not in keep
        and (
            rule.owned_by(want.database.key)
            or (client.ours and (want.purge_egress_rules or (rule.allows_everything and not want.allow_all_outbound)))
        )
    )


def stale_ingress(want: Options, state: State, clients: Iterable[str], wanted: Iterable[Rule]) -> tuple[Rule, ...]:
    """Our own ingress rules for these client groups that are no longer asked for: another port, another group."""
    keep = {rule.identity for rule in wanted}
    ids = set(clients)
    return tuple(
        rule
        for rule in state.rules
        if rule.direction == INGRESS
        and rule.peer.value in ids
        and rule.identity not in keep
        and rule.owned_by(want.database.key)
    )


def other_database(want: Options, state: State, target: Target, client: Client) -> Optional[Refusal]:
    """With ids, a client group that leads to quite other groups belongs to another database: do not cut that off."""
    if not want.by_ids:
        return None
    paired = paired_groups(want, state, client.group.id)
    if not paired or paired & set(target.database_group_ids):
        return None
    return Refusal(
        "rds_security_group_ids",
        target.database_group_ids,
        f"none of them is among the groups that {client.group.name} connects to by now ({', '.join(sorted(paired))}).",
        "If it replaces the other database, run state=absent for that first; if it is a further one, "
        + ("give security_group_name." if client.ours else "name the databases by identifier, or use another group."),
    )


def owner_refusals(observed: Observed, target: Target, rules: Iterable[Iterable[Rule]]) -> Iterator[Refusal]:
    """Where only another account may add the rules."""
    mine = {function.account for function in observed.state.functions.values()}
    all_rules = [rule for of_client in rules for rule in of_client]
    wanted = [rule for group in target.database_group_ids for rule in all_rules if rule.group_id == group]
    for group, missing in missing_elsewhere(observed.state, wanted, mine):
        yield Refusal(
            "rds_security_group_ids",
            group.id,
            f"belongs to account {group.owner_id}, and only that account may add rules to it (missing: {missing}).",
            "Have them added there, with security_group_id naming the client group here; or give a group of this"
            " account that is on the database.",
        )


def quota_refusals(observed: Observed, changes: Iterable[Change]) -> list[Refusal]:
    limit = observed.rules_per_group
    return [
        _quota_refusal(change, count, limit.value, known=limit.known)
        for change, count in overfull(observed.state, changes, limit, observed.list_weights)
    ]


def _quota_refusal(change: AuthorizeRules, count: int, limit: int, *, known: bool) -> Refusal:
    source = "" if known else " (AWS's default: the account's own could not be read)"
    return Refusal(
        "security_group_scope",
        change.group_id,
        f"would have {count} {change.direction} rules, and a security group may have {limit}{source}.",
        "Set security_group_scope to database (one rule for all functions of a database), remove rules that are no"
        " longer needed, or have the quota L-0EA8095F raised"
        + ("." if known else "; and allow servicequotas:GetServiceQuota, so that it can be read."),
    )
