# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads from AWS what a plan is made from, in as few calls as will do. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Optional

from .._aws.client import Aws
from .._changes.changes import new_id
from .._discovery.databases import Found, find_database
from .._discovery.security_groups import groups_by, read_rule_limits, read_vpc, references_to
from .._model.databases import instance_from
from .._model.networks import interface_from, subnet_from
from .._model.ownership import TAG_PROXY
from .._model.proxies import BUSY, DELETING, Proxy, proxy_from
from .._model.quotas import PROXIES
from .._model.security_groups import Rule, is_ours, rule_from
from .connected_functions import connected_functions
from .observed import Observed, ProxyState
from .parameters import Options
from .plan.groups import groups_after, leaving_groups
from .plan.placement import chosen_subnets


def observe(want: Options, aws: Aws) -> Observed:
    """What is there."""
    found = find_database(want.database, aws) if want.present and want.database else Found()
    listed = aws.describe_proxies()
    proxy = next((read_proxy(aws, one) for one in listed if one["DBProxyName"].lower() == want.name), None)
    busy = proxy.name if proxy is not None and proxy.status in BUSY else None
    if want.present and proxy is not None and proxy.status == DELETING:
        proxy = None
    tagged = groups_by(aws, f"tag:{TAG_PROXY}", [want.name])
    groups = {key: group for key, group in tagged.items() if is_ours(group, want.name)}
    seen = Observed(ProxyState(groups=groups, proxy=proxy), busy, found.database, found.subnets, proxies=len(listed))
    seen = _observe_present(want, aws, seen) if want.present else _observe_absent(want, aws, seen)
    return _with_holders(want, aws, seen)


def read_proxy(aws: Aws, described: Mapping[str, Any]) -> Optional[Proxy]:
    """A proxy with its pool, targets and tags; None if it has gone meanwhile."""
    name, leaving = described["DBProxyName"], described.get("Status") == DELETING
    tags = aws.list_proxy_tags(described["DBProxyArn"])
    if tags is None:
        return None
    groups = [] if leaving else aws.describe_proxy_target_groups(name)
    pool = next((group.get("ConnectionPoolConfig") or {} for group in groups), {})
    return proxy_from(described, pool, [] if leaving else aws.describe_proxy_targets(name), tags)


def _observe_present(want: Options, aws: Aws, seen: Observed) -> Observed:
    database_groups = set(seen.database.security_group_ids) if seen.database else set()
    worn = seen.state.proxy.security_group_ids if seen.state.proxy else ()
    named = {*database_groups, *want.security_group_ids, *worn}
    asked = groups_by(aws, "group-id", named - seen.state.groups.keys())
    known = {**seen.state.groups, **{key: group for key, group in asked.items() if key in named}}
    seen = replace(seen, state=replace(seen.state, groups=known))
    seen = _with_rules(want, aws, seen, {*named, *(key for key in known if is_ours(known[key], want.name))})
    seen = _with_new_group(want, aws, seen)
    seen = _with_subnets(want, aws, seen)
    if seen.state.proxy is None:
        seen = _with_room(aws, seen)
    return _with_rules_quota(want, aws, seen)


def _observe_absent(want: Options, aws: Aws, seen: Observed) -> Observed:
    proxy = seen.state.proxy
    functions = connected_functions(aws, want.name) if proxy is not None and proxy.status != DELETING else ()
    return _with_rules(want, aws, replace(seen, functions=functions), set())


def _with_rules(want: Options, aws: Aws, seen: Observed, group_ids: set[str]) -> Observed:
    """The rules of these groups, and ours wherever they are."""
    tagged = map(rule_from, aws.describe_rules(f"tag:{TAG_PROXY}", [want.name]))
    rules = {rule.id: rule for rule in tagged if is_ours(rule, want.name)}
    if group_ids:
        rules.update({rule.id: rule for rule in rules_of(aws, group_ids)})
    return replace(seen, state=replace(seen.state, rules=tuple(rules.values())))


def _with_new_group(want: Options, aws: Aws, seen: Observed) -> Observed:
    """The VPC matters only where something new comes into it, and its groups' names where that is a group."""
    vpc_id = seen.database.vpc_id if seen.database else None
    if vpc_id is None or seen.state.proxy is not None:
        return seen
    vpc = read_vpc(aws, vpc_id)
    seen = replace(
        seen,
        dedicated_vpc_ids=frozenset({vpc_id} if vpc.dedicated else ()),
        ipv6_vpc_ids=frozenset({vpc_id} if vpc.ipv6 else ()),
    )
    if new_id(want.group_name) not in groups_after(want, seen):
        return seen
    found = groups_by(aws, "group-name", [want.group_name], vpc_id).values()
    # One of ours that was not there a moment ago is another run's: to create it is a conflict, so we look again.
    taken = frozenset(group.name for group in found if group.id in seen.state.groups or not is_ours(group, want.name))
    return replace(seen, taken_names=taken)


def _with_subnets(want: Options, aws: Aws, seen: Observed) -> Observed:
    """Those that a new proxy gets, or where they are compared with those of the proxy that is there."""
    proxy = seen.state.proxy
    if proxy is None:
        wanted = set(chosen_subnets(want, seen))
    elif want.subnet_ids and want.subnet_ids != proxy.subnet_ids:
        wanted = {*want.subnet_ids, *proxy.subnet_ids}
    else:
        return seen
    read = [subnet_from(subnet) for subnet in aws.describe_subnets(wanted)]
    return replace(seen, subnets={subnet.id: subnet for subnet in read if subnet.id in wanted})


def _with_room(aws: Aws, seen: Observed) -> Observed:
    """What limits one proxy more. The account's quota is asked for only where AWS's default is used up."""
    if seen.proxies >= PROXIES.value:
        seen = replace(seen, proxies_quota=PROXIES.as_read(aws.proxies_quota()))
    database = seen.database
    if database is None or database.instance_class or not database.members:
        return seen
    members = [one for member in database.members for one in aws.describe_db_instances(member)]
    return replace(seen, member_classes=tuple(instance_from(one).instance_class for one in members))


def _with_rules_quota(want: Options, aws: Aws, seen: Observed) -> Observed:
    database_groups = seen.database.security_group_ids if seen.database else ()
    more = max(len(groups_after(want, seen)), len(database_groups))
    quota, weights = read_rule_limits(aws, seen.state.rules, more)
    return replace(seen, rules_per_group=quota, list_weights=weights)


def _with_holders(want: Options, aws: Aws, seen: Observed) -> Observed:
    """Who uses the groups that are to be taken out of use: interfaces, and rules that are not ours."""
    ids = {group.id for group in leaving_groups(want, seen)}
    if not ids:
        return seen
    interfaces = [interface_from(interface) for interface in aws.describe_interfaces(ids)]
    ours = {rule.identity for rule in seen.state.rules if is_ours(rule, want.name)}
    return replace(
        seen,
        interfaces=tuple(interface for interface in interfaces if ids & set(interface.group_ids)),
        references=tuple(rule for rule in references_to(aws, ids) if rule.identity not in ours),
    )


def rules_of(aws: Aws, group_ids: Iterable[str]) -> tuple[Rule, ...]:
    wanted = set(group_ids)
    return tuple(rule for rule in map(rule_from, aws.describe_rules("group-id", wanted)) if rule.group_id in wanted)
