# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads from AWS what a plan is made from, in as few calls as will do. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Optional

from .._aws.client import Aws
from .._discovery.databases import Found, find_database
from .._discovery.functions import FEW, chosen_functions, read_functions
from .._discovery.security_groups import groups_by, read_rule_limits, read_vpc, references_to
from .._discovery.versions import with_aliases
from .._model.functions import Function, function_from, group_user_from
from .._model.names import HOSTNAME, PROXY, DatabaseName, FunctionName
from .._model.networks import interface_from, subnet_from
from .._model.notes import note_in, noted_functions, saved_attachment
from .._model.ownership import DATABASE, EXISTING, TAG_DATABASE, TAG_FUNCTION, TAG_SCOPE
from .._model.quotas import INTERFACES_PER_VPC, Room
from .._model.security_groups import EGRESS, Group, Rule, client_of, rule_from
from .._model.state import State
from .._options.function_selection import Selection
from .._process.concurrency import call_all
from .attachment import Wearing, find_wearings
from .client_group import candidate_names, current_group, find_clients, own_groups
from .interfaces import MANY, new_interfaces
from .observe_logins import with_logins
from .observe_versions import with_published
from .observed import Observed
from .parameters import Want
from .replaced import leaving, replaced_groups, unused_groups
from .rule_pairs import wanted_rules
from .second_hop import hop_rules, is_hop
from .target import egress_groups, find_target, target_vpc


def observe(
    want: Want, aws: Aws, closely: Collection[str] = (), known: Optional[Mapping[str, Function]] = None
) -> tuple[Want, Observed]:
    """What is there. The wanted database comes back by its own name where it was given by a host name, and the
    functions by theirs where they were chosen otherwise.

    :param closely: functions whose state has to be read too
    :param known: functions that need not be read again
    """
    names, functions = _functions(want, aws, closely) if known is None else (want.functions, known)
    want = replace(want, functions=names)
    found = find_database(want.database, aws) if want.present or want.database.kind == HOSTNAME else Found()
    if found.database is not None:
        name = DatabaseName(found.database.kind, found.database.identifier, want.database.endpoint)
        want = replace(want, database=name)
    groups = groups_by(aws, f"tag:{TAG_DATABASE}", [want.database.key])
    groups = {group.id: group for group in groups.values() if group.owned_by(want.database.key)}
    if want.selection is not None and not want.present:
        want = replace(want, functions=_with_gone(want, want.selection, groups.values()))
    seen = Observed(State(functions, groups), found.database, found.behind, found.subnets)
    if not want.functions:
        return want, seen
    if not want.present:
        return want, with_logins(want, aws, _observe_absent(want, aws, seen))
    return want, with_logins(want, aws, _observe_present(want, aws, seen, states_known=known is not None))


def _functions(
    want: Want, aws: Aws, closely: Collection[str]
) -> tuple[tuple[FunctionName, ...], Mapping[str, Function]]:
    """The functions that are meant, and those of them that there are."""
    if want.selection is None or want.functions:
        return want.functions, read_functions(want.functions, aws, closely)
    names, functions = chosen_functions(want.selection, aws)
    functions = functions or read_functions(names, aws)
    # The tagging API lists functions for a while that have just been deleted.
    return tuple(name for name in names if name.name in functions or not want.present), functions


def _with_gone(want: Want, selection: Selection, groups: Iterable[Group]) -> tuple[FunctionName, ...]:
    """Also the functions that are gone, whose client groups we have: their names are known, their tags are not."""
    known = {function.name for function in want.functions}
    named = {group.tags.get(TAG_FUNCTION, "") for group in groups} - known - {""}
    gone = sorted(name for name in named if selection.takes(name) and not selection.tags)
    return (*want.functions, *(FunctionName(name, name) for name in gone))


def _observe_present(want: Want, aws: Aws, seen: Observed, *, states_known: bool) -> Observed:
    of_proxy = seen.database.subnet_ids if seen.behind and seen.database else ()
    seen = _with_subnets(aws, seen, [*want.subnet_ids, *of_proxy, *_attached_subnets(seen.state.functions)])
    vpc_id = target_vpc(want, seen)
    named = {*want.rds_security_group_ids, *filter(None, [want.security_group_id]), *egress_groups(want)}
    known = seen.state.groups
    if named - known.keys():
        asked = {key: group for key, group in groups_by(aws, "group-id", named).items() if key in named}
        known = {**known, **asked}
    seen = replace(seen, state=replace(seen.state, groups=known))
    database_groups = want.rds_security_group_ids or (seen.database.security_group_ids if seen.database else ())
    mine = {group.id for function in want.functions for group in own_groups(want, seen.state, function.name)}
    given = {group for group in known if group == want.security_group_id}
    behind = seen.behind.security_group_ids if seen.behind else ()
    origin = seen.database.origin_security_group_ids if seen.database else ()
    rules = _rules(want, aws, {*database_groups, *origin, *behind, *mine, *given})
    rules = _with_second_hop(want, aws, rules)
    rules = _with_other_databases(aws, rules, given)
    seen = replace(seen, state=replace(seen.state, rules=rules))
    if vpc_id is not None:
        seen = _with_vpc(want, aws, seen, vpc_id)
        seen = _with_peerings(want, aws, seen, vpc_id)
        seen = _with_interfaces(want, aws, seen, vpc_id)
        seen = _with_versions(want, aws, seen)
        seen = _with_holders(want, aws, seen, replaced_groups(want, seen.state, _wearings(want, seen)))
        seen = seen if states_known else _with_states(want, aws, seen)
    return _with_quota(want, aws, seen)


def _with_versions(want: Want, aws: Aws, seen: Observed) -> Observed:
    """Versions and aliases of the functions that are to be attached, or of which a version is asked for.

    Aliases need a call a function, of the few that Lambda allows; without a version they have nothing to point to.
    """
    wearings = _wearings(want, seen)
    names = [one.name for one in wearings if want.publish or one.after != one.function.vpc]
    return with_published(aws, seen, names)


def _wearings(want: Want, seen: Observed) -> list[Wearing]:
    target, _refusals = find_target(want, seen)
    clients = [] if target is None else find_clients(want, seen, target.vpc_id)[0]
    return [] if target is None else find_wearings(want, seen, target, clients)


def _with_interfaces(want: Want, aws: Aws, seen: Observed, vpc_id: str) -> Observed:
    """Those that Lambda has in the VPC, where a plan takes so many more that there may be no room for them."""
    if new_interfaces(seen, _wearings(want, seen)) <= MANY:
        return seen
    quota = INTERFACES_PER_VPC.as_read(aws.interfaces_quota())
    used = [each for each in aws.describe_lambda_interfaces([vpc_id]) if each.get("InterfaceType") == "lambda"]
    return replace(seen, interfaces_in_vpc=Room(len(used), quota))


def _attached_subnets(functions: Mapping[str, Function]) -> list[str]:
    return [subnet for function in functions.values() for subnet in function.vpc.subnet_ids]


def _with_subnets(aws: Aws, seen: Observed, subnet_ids: Iterable[str]) -> Observed:
    missing = set(subnet_ids) - seen.subnets.keys()
    read = [subnet_from(subnet) for subnet in aws.describe_subnets(missing)]
    return replace(seen, subnets={**seen.subnets, **{subnet.id: subnet for subnet in read if subnet.id in missing}})


def _rules(want: Want, aws: Aws, group_ids: set[str]) -> tuple[Rule, ...]:
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


def _with_second_hop(want: Want, aws: Aws, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Also our rules between a proxy and the groups that it, or the database behind it, had before."""
    if want.database.kind != PROXY:
        return rules
    known = {rule.id for rule in rules}
    tagged = map(rule_from, aws.describe_rules(f"tag:{TAG_DATABASE}", [want.database.key]))
    return rules + tuple(rule for rule in tagged if is_hop(want, rule) and rule.id not in known)


def _with_vpc(want: Want, aws: Aws, seen: Observed, vpc_id: str) -> Observed:
    """The VPC itself and its groups' names matter only where something new comes into it."""
    functions = seen.state.functions.values()
    new_group = want.security_group_id is None and any(
        current_group(want, seen.state, function.name, vpc_id) is None for function in want.functions
    )
    if new_group:
        seen = replace(seen, taken_names=_taken_names(want, aws, vpc_id, seen.state.groups))
    if not new_group and all(seen.vpc_of(function.vpc) == vpc_id for function in functions):
        return seen
    vpc = read_vpc(aws, vpc_id)
    return replace(
        seen,
        unknown_vpc_ids=frozenset(() if vpc.exists else {vpc_id}),
        dedicated_vpc_ids=frozenset({vpc_id} if vpc.dedicated else ()),
        ipv6_vpc_ids=frozenset({vpc_id} if vpc.ipv6 else ()),
    )


def _taken_names(want: Want, aws: Aws, vpc_id: str, known: Mapping[str, Group]) -> frozenset[str]:
    """One of ours that was not there a moment ago is another run's: to create it is a conflict, so we look again."""
    found = groups_by(aws, "group-name", candidate_names(want), vpc_id).values()
    return frozenset(group.name for group in found if group.id in known or not group.owned_by(want.database.key))


def _with_peerings(want: Want, aws: Aws, seen: Observed, vpc_id: str) -> Observed:
    groups = [seen.state.groups[group] for group in want.rds_security_group_ids if group in seen.state.groups]
    found = seen.database.vpc_id if seen.database else None
    vpcs = {group.vpc_id for group in groups} or {found or vpc_id}
    vpcs |= {seen.state.groups[group].vpc_id for group in egress_groups(want) if group in seen.state.groups}
    if vpcs == {vpc_id}:
        return seen
    peered: set[str] = set()
    for side in ("requester", "accepter"):
        for peering in aws.describe_peerings(side, vpc_id):
            both = {peering["RequesterVpcInfo"]["VpcId"], peering["AccepterVpcInfo"]["VpcId"]}
            if peering["Status"]["Code"] == "active" and vpc_id in both:
                peered |= both
    return replace(seen, peered_vpc_ids=frozenset(peered - {vpc_id}))


def _with_states(want: Want, aws: Aws, seen: Observed) -> Observed:
    """Whether the functions that have left a group which is to go are still being updated: lists do not tell."""
    if len(want.functions) <= FEW:
        return seen
    wearings = _wearings(want, seen)
    left = {
        wearing.name: wearing for group in unused_groups(want, seen, wearings) for wearing in leaving(group, wearings)
    }
    moved = [wearing.function for wearing in left.values() if wearing.after == wearing.function.vpc]
    answers = zip(moved, call_all(lambda function: aws.get_function(function.arn), moved))
    now = {
        function.name: replace(function, updating=function_from(answer).updating)
        for function, answer in answers
        if answer is not None
    }
    return replace(seen, state=replace(seen.state, functions={**seen.state.functions, **now}))


def _with_quota(want: Want, aws: Aws, seen: Observed) -> Observed:
    """Of the rules, those that are there and those that are missing count."""
    target, _refusals = find_target(want, seen)
    if target is None:
        return seen
    clients, _refusals = find_clients(want, seen, target.vpc_id)
    wanted = [rule for client in clients for rule in wanted_rules(want, target, client, {})]
    missing = [rule for rule in [*wanted, *hop_rules(want, seen)] if seen.state.find_rule(rule) is None]
    quota, weights = read_rule_limits(aws, [*seen.state.rules, *missing])
    return replace(seen, rules_per_group=quota, list_weights=weights)


def _observe_absent(want: Want, aws: Aws, seen: Observed) -> Observed:
    mine = {group.id: group for function in want.functions for group in own_groups(want, seen.state, function.name)}
    tagged = map(rule_from, aws.describe_rules(f"tag:{TAG_DATABASE}", [want.database.key]))
    ours = tuple(rule for rule in tagged if rule.owned_by(want.database.key))
    given = {client_of(rule) for rule in ours if rule.tags.get(TAG_SCOPE) == EXISTING}
    ours = _with_other_databases(aws, ours, given)
    seen = replace(seen, state=replace(seen.state, rules=ours))
    seen = _with_saved(want, aws, seen, ours)
    if want.publish:
        seen = with_published(aws, seen, seen.state.functions)
    # What leads on from a proxy stays while any function uses it.
    all_groups = list(seen.state.groups.values()) if want.database.kind == PROXY else []
    return _with_holders(want, aws, seen, all_groups or list(mine.values()))


def _with_saved(want: Want, aws: Aws, seen: Observed, ours: Iterable[Rule]) -> Observed:
    """What the notes on these functions name: does it still exist?"""
    tags = [group.tags for group in seen.state.groups.values()] + [rule.tags for rule in ours]
    names = {function.name for function in want.functions}
    saved = [
        attachment
        for each in tags
        for name in noted_functions(each) & names
        for attachment in [saved_attachment(note_in(each, name))]
        if attachment is not None
    ]
    if not saved:
        return seen
    seen = _with_subnets(
        aws, seen, [*_attached_subnets(seen.state.functions), *(s for vpc in saved for s in vpc.subnet_ids)]
    )
    wanted = {group for vpc in saved for group in vpc.security_group_ids}
    groups = {key: group for key, group in groups_by(aws, "group-id", wanted).items() if key in wanted}
    return replace(seen, state=replace(seen.state, groups={**groups, **seen.state.groups}))


def _with_holders(want: Want, aws: Aws, seen: Observed, groups: list[Group]) -> Observed:
    """Who uses the groups that are to be taken out of use: interfaces, function versions, rules of others."""
    if not groups:
        return seen
    ids = {group.id for group in groups}
    interfaces = [interface_from(interface) for interface in aws.describe_interfaces(ids)]
    shared = want.database.kind == PROXY or any(group.tags[TAG_SCOPE] == DATABASE for group in groups)
    if shared or len(want.functions) > FEW:
        versions = aws.list_all_versions()
    else:
        versions = [version for function in want.functions for version in aws.list_versions(function.given)]
    wearers = [group_user_from(version) for version in versions]
    return replace(
        seen,
        interfaces=tuple(interface for interface in interfaces if ids & set(interface.group_ids)),
        wearers=with_aliases(aws, [wearer for wearer in wearers if ids & set(wearer.group_ids)]),
        references=_foreign_references(want, aws, seen, ids),
    )


def _foreign_references(want: Want, aws: Aws, seen: Observed, ids: set[str]) -> tuple[Rule, ...]:
    """The rules of other groups that name one of these, and that are not ours to revoke."""
    ours = {rule.identity for rule in seen.state.rules if rule.owned_by(want.database.key)}
    return tuple(rule for rule in references_to(aws, ids) if rule.identity not in ours)
