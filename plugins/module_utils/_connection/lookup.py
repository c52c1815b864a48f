# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Finds what the options name: functions, database, our groups and rules, the VPC. PRIVATE to the collection.

The first reads, in as few calls as possible. Nothing is decided here but which groups are those of this connection.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Optional

from .._aws.client import Aws
from .._discovery.databases import Found, find_database
from .._discovery.functions import chosen_functions, read_functions
from .._discovery.security_groups import groups_by, read_vpc
from .._model.functions import Function
from .._model.names import HOSTNAME, PROXY, DatabaseName, FunctionName
from .._model.networks import peering_from, subnet_from
from .._model.notes import note_in, noted_functions, saved_attachment
from .._model.ownership import DATABASE, EXISTING, TAG_DATABASE, TAG_FUNCTION, TAG_SCOPE
from .._model.security_groups import EGRESS, Group, Rule, client_of, rule_from
from .._model.state import State
from .._options.function_selection import Selection
from .observed import Observed
from .own_groups import candidate_names, current_group, own_groups
from .parameters import Options
from .resolve.proxy_hop import is_hop
from .resolve.target import database_groups, egress_groups, target_vpc


def lookup(
    want: Options, aws: Aws, refresh: Collection[str] = (), cached: Optional[Mapping[str, Function]] = None
) -> tuple[Options, Observed]:
    """What there is. The options come back with the database under its own name where it was given by a host name, and
    with the functions by name where they were selected by prefix or tags.

    :param refresh: functions whose state has to be read too, which lists do not show
    :param cached: functions that need not be read again
    """
    names, functions = _functions(want, aws, refresh) if cached is None else (want.functions, cached)
    want = replace(want, functions=names)
    found = find_database(want.database, aws) if want.present or want.database.kind == HOSTNAME else Found()
    if found.database is not None:
        name = DatabaseName(found.database.kind, found.database.identifier, want.database.endpoint)
        want = replace(want, database=name)
    groups = groups_by(aws, f"tag:{TAG_DATABASE}", [want.database.key])
    groups = {group.id: group for group in groups.values() if group.owned_by(want.database.key)}
    if want.selection is not None and not want.present:
        want = replace(want, functions=_with_gone(want, want.selection, groups.values()))
    observed = Observed(State(functions, groups), found.database, found.proxy_target, found.subnets)
    if not want.functions:
        return want, observed
    return want, _to_connect(want, aws, observed) if want.present else _to_disconnect(want, aws, observed)


def _functions(
    want: Options, aws: Aws, refresh: Collection[str]
) -> tuple[tuple[FunctionName, ...], Mapping[str, Function]]:
    """The functions that are meant, and those of them that exist."""
    if want.selection is None or want.functions:
        return want.functions, read_functions(want.functions, aws, refresh)
    names, functions = chosen_functions(want.selection, aws)
    functions = functions or read_functions(names, aws)
    # For a while, the tagging API still lists functions that have been deleted.
    return tuple(name for name in names if name.name in functions or not want.present), functions


def _with_gone(want: Options, selection: Selection, groups: Iterable[Group]) -> tuple[FunctionName, ...]:
    """Also deleted functions that still have a client group: their names are known, their tags are not."""
    known = {function.name for function in want.functions}
    named = {group.tags.get(TAG_FUNCTION, "") for group in groups} - known - {""}
    gone = sorted(name for name in named if selection.takes(name) and not selection.tags)
    return (*want.functions, *(FunctionName(name, name) for name in gone))


def _to_connect(want: Options, aws: Aws, observed: Observed) -> Observed:
    of_proxy = observed.database.subnet_ids if observed.proxy_target and observed.database else ()
    observed = _with_subnets(aws, observed, [*want.subnet_ids, *of_proxy, *_attached_subnets(observed.state.functions)])
    observed = _with_named_groups(want, aws, observed)
    given = {group for group in observed.state.groups if group == want.security_group_id}
    proxy_target = observed.proxy_target.security_group_ids if observed.proxy_target else ()
    origin = observed.database.origin_security_group_ids if observed.database else ()
    known = {
        *database_groups(want, observed),
        *origin,
        *proxy_target,
        *_candidates(want, observed.state.groups),
        *given,
    }
    rules = _rules(want, aws, known)
    rules = _with_hop_rules(want, aws, rules)
    rules = _with_other_databases(aws, rules, given)
    observed = _with_own_groups(want, replace(observed, state=replace(observed.state, rules=rules)))
    vpc_id = target_vpc(want, observed)
    if vpc_id is None:
        return observed
    current = {function.name: current_group(want, observed, function.name, vpc_id) for function in want.functions}
    observed = replace(observed, current_groups={name: group for name, group in current.items() if group is not None})
    return _with_peerings(want, aws, _with_vpc(want, aws, observed, vpc_id), vpc_id)


def _with_named_groups(want: Options, aws: Aws, observed: Observed) -> Observed:
    """The groups that options name, as far as they exist."""
    named = {*want.rds_security_group_ids, *filter(None, [want.security_group_id]), *egress_groups(want)}
    known = observed.state.groups
    if not named - known.keys():
        return observed
    asked = {key: group for key, group in groups_by(aws, "group-id", named).items() if key in named}
    return replace(observed, state=replace(observed.state, groups={**known, **asked}))


def _candidates(want: Options, groups: Mapping[str, Group]) -> set[str]:
    """The groups of ours that may be those of these functions: their rules tell."""
    names = {function.name for function in want.functions}
    ours = [group for group in groups.values() if group.owned_by(want.database.key)]
    return {group.id for group in ours if group.tags[TAG_SCOPE] == DATABASE or group.tags.get(TAG_FUNCTION) in names}


def _with_own_groups(want: Options, observed: Observed) -> Observed:
    own = {function.name: own_groups(want, observed.state, function.name) for function in want.functions}
    return replace(observed, own_groups=own)


def _to_disconnect(want: Options, aws: Aws, observed: Observed) -> Observed:
    tagged = map(rule_from, aws.describe_rules(f"tag:{TAG_DATABASE}", [want.database.key]))
    ours = tuple(rule for rule in tagged if rule.owned_by(want.database.key))
    given = {client_of(rule) for rule in ours if rule.tags.get(TAG_SCOPE) == EXISTING}
    ours = _with_other_databases(aws, ours, given)
    observed = _with_own_groups(want, replace(observed, state=replace(observed.state, rules=ours)))
    return _with_noted(want, aws, observed)


def _with_noted(want: Options, aws: Aws, observed: Observed) -> Observed:
    """The subnets and groups in the notes on these functions, as far as they still exist."""
    tags = [group.tags for group in observed.state.groups.values()] + [rule.tags for rule in observed.state.rules]
    names = {function.name for function in want.functions}
    saved = [
        attachment
        for each in tags
        for name in noted_functions(each) & names
        for attachment in [saved_attachment(note_in(each, name))]
        if attachment is not None
    ]
    if not saved:
        return observed
    observed = _with_subnets(
        aws, observed, [*_attached_subnets(observed.state.functions), *(s for vpc in saved for s in vpc.subnet_ids)]
    )
    wanted = {group for vpc in saved for group in vpc.security_group_ids}
    groups = {key: group for key, group in groups_by(aws, "group-id", wanted).items() if key in wanted}
    return replace(observed, state=replace(observed.state, groups={**groups, **observed.state.groups}))


def _attached_subnets(functions: Mapping[str, Function]) -> list[str]:
    return [subnet for function in functions.values() for subnet in function.vpc.subnet_ids]


def _with_subnets(aws: Aws, observed: Observed, subnet_ids: Iterable[str]) -> Observed:
    missing = set(subnet_ids) - observed.subnets.keys()
    read = [subnet_from(subnet) for subnet in aws.describe_subnets(missing)]
    return replace(
        observed, subnets={**observed.subnets, **{subnet.id: subnet for subnet in read if subnet.id in missing}}
    )


def _rules(want: Options, aws: Aws, group_ids: set[str]) -> tuple[Rule, ...]:
    """The rules of these groups, and of those that a client group of ours was paired with before."""
    rules = [rule for rule in map(rule_from, aws.describe_rules("group-id", group_ids)) if rule.group_id in group_ids]
    paired = {
        rule.peer.value
        for rule in rules
        if rule.direction == EGRESS and rule.peer.kind == "group" and rule.owned_by(want.database.key)
    } - group_ids
    more = map(rule_from, aws.describe_rules("group-id", paired))
    return tuple(rules + [rule for rule in more if rule.group_id in paired])


def _with_other_databases(aws: Aws, rules: tuple[Rule, ...], given: set[str]) -> tuple[Rule, ...]:
    """Also our rules between given client groups and other databases: their functions may need the group for these."""
    if not given:
        return rules
    tagged = map(rule_from, aws.describe_rules(f"tag:{TAG_SCOPE}", [EXISTING]))
    known = {rule.id for rule in rules}
    return rules + tuple(
        rule
        for rule in tagged
        if rule.tags.get(TAG_SCOPE) == EXISTING and client_of(rule) in given and rule.id not in known
    )


def _with_hop_rules(want: Options, aws: Aws, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Also our rules between a proxy and the groups that it, or the database behind it, had before."""
    if want.database.kind != PROXY:
        return rules
    known = {rule.id for rule in rules}
    tagged = map(rule_from, aws.describe_rules(f"tag:{TAG_DATABASE}", [want.database.key]))
    return rules + tuple(rule for rule in tagged if is_hop(want, rule) and rule.id not in known)


def _with_vpc(want: Options, aws: Aws, observed: Observed, vpc_id: str) -> Observed:
    """The VPC itself and its groups' names matter only where something new comes into it."""
    new_group = want.security_group_id is None and any(
        function.name not in observed.current_groups for function in want.functions
    )
    if new_group:
        observed = replace(observed, taken_names=_taken_names(want, aws, vpc_id, observed.state.groups))
    if not new_group and all(observed.vpc_of(function.vpc) == vpc_id for function in observed.state.functions.values()):
        return observed
    vpc = read_vpc(aws, vpc_id)
    return replace(
        observed,
        unknown_vpc_ids=frozenset(() if vpc.exists else {vpc_id}),
        dedicated_vpc_ids=frozenset({vpc_id} if vpc.dedicated else ()),
        ipv6_vpc_ids=frozenset({vpc_id} if vpc.ipv6 else ()),
    )


def _taken_names(want: Options, aws: Aws, vpc_id: str, known: Mapping[str, Group]) -> frozenset[str]:
    """A group of ours that has just appeared is a concurrent run's: to create it is a conflict, so we observe again."""
    found = groups_by(aws, "group-name", candidate_names(want), vpc_id).values()
    return frozenset(group.name for group in found if group.id in known or not group.owned_by(want.database.key))


def _with_peerings(want: Options, aws: Aws, observed: Observed, vpc_id: str) -> Observed:
    """The VPCs that are peered with the target's, where groups of other VPCs are named."""
    groups = [observed.state.groups[group] for group in want.rds_security_group_ids if group in observed.state.groups]
    found = observed.database.vpc_id if observed.database else None
    vpcs = {group.vpc_id for group in groups} or {found or vpc_id}
    vpcs |= {observed.state.groups[group].vpc_id for group in egress_groups(want) if group in observed.state.groups}
    if vpcs == {vpc_id}:
        return observed
    listed = [each for side in ("requester", "accepter") for each in aws.describe_peerings(side, vpc_id)]
    peerings = [peering_from(each) for each in listed if each["Status"]["Code"] == "active"]
    peered = {vpc for peering in peerings if vpc_id in peering.vpc_ids for vpc in peering.vpc_ids}
    return replace(observed, peered_vpc_ids=frozenset(peered - {vpc_id}))
