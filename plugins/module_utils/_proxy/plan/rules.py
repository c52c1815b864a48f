# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The rules between a proxy and its database, on the database's port. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..._changes.changes import Change
from ..._changes.rule_limits import missing_elsewhere, overfull
from ..._errors import Refusal
from ..._model.databases import Database
from ..._model.security_groups import EGRESS, Rule, is_ours
from ..._model.state import State
from ..._reachability.evaluate.security_groups import opens_everywhere
from ..observed import Observed
from ..parameters import Options
from ..resolve import Resolution, rules_between


def open_to_all(want: Options, resolution: Resolution, state: State) -> list[Rule]:
    """AWS's allow-all egress of the groups of ours that the proxy has."""
    ours = {group.id for group in state.groups.values() if is_ours(group, want.name)}
    return [
        rule
        for group in resolution.group_ids
        if group in ours
        for rule in state.rules_of(group, EGRESS)
        if rule.allows_everything and not is_ours(rule, want.name)
    ]


def stale_rules(want: Options, state: State, wanted: Iterable[Rule]) -> list[Rule]:
    """Our rules that are no longer asked for: another port, another group."""
    keep = {rule.identity for rule in wanted}
    return [rule for rule in state.rules if is_ours(rule, want.name) and rule.identity not in keep]


def pair_refusals(want: Options, observed: Observed, wanted: Iterable[Rule]) -> Iterator[Refusal]:
    """Where only another account may add the rules."""
    for group, missing in missing_elsewhere(observed.state, wanted, observed.account):
        given = group.id in want.security_group_ids
        yield Refusal(
            "vpc_security_group_ids" if given else "security groups of the database",
            group.id,
            f"belongs to account {group.owner_id}, and only that account may add rules to it (missing: {missing}).",
            "Have them added there, with vpc_security_group_ids naming the proxy's groups here; or use a group of this"
            " account.",
        )


def quota_refusals(observed: Observed, changes: Iterable[Change]) -> Iterator[Refusal]:
    limit = observed.rules_per_group
    source = "" if limit.known else " (AWS's default: the account's own could not be read)"
    for change, count in overfull(observed.state, changes, limit, observed.list_weights):
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
    return tuple(
        f"{rule.direction} on {rule.group_id}: {rule.text}"
        for rules in rules_between(group_ids, database)
        if rules and not _is_open(state, rules)
        for rule in rules
    )


def _is_open(state: State, rules: Sequence[Rule]) -> bool:
    """Whether one of these rules, which are of one direction and port, has an equivalent or a wider one."""
    own, peers = {rule.group_id for rule in rules}, {rule.peer.value for rule in rules}
    there = [rule for group in own for rule in state.rules_of(group, rules[0].direction)]
    return opens_everywhere(there, tuple(peers), rules[0].from_port)
