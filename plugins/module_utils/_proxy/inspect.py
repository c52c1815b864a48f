# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads what a resolution still needs: VPC, subnets, quotas, users of groups. PRIVATE to the collection."""

from __future__ import annotations

from dataclasses import replace

from .._aws.client import Aws
from .._discovery.security_groups import groups_by, read_rule_limits, read_vpc, references_to
from .._model.networks import interface_from, subnet_from
from .._model.quotas import PROXIES
from .._model.security_groups import is_ours
from .observed import Observed
from .parameters import Options
from .resolve import Resolution


def inspect(want: Options, aws: Aws, seen: Observed, resolution: Resolution) -> Observed:
    """What was looked up, with what the resolution makes it worth to ask for."""
    if want.present:
        seen = _with_vpc(want, aws, seen, resolution)
        seen = _with_subnets(want, aws, seen, resolution)
        if seen.state.proxy is None:
            seen = _with_room(aws, seen)
        seen = _with_rule_limits(aws, seen, resolution)
    return _with_users(want, aws, seen, {group.id for group in resolution.leaving})


def _with_vpc(want: Options, aws: Aws, seen: Observed, resolution: Resolution) -> Observed:
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
    if not resolution.needs_group:
        return seen
    found = groups_by(aws, "group-name", [want.group_name], vpc_id).values()
    # One of ours that has just appeared is a concurrent run's: to create it is a conflict, so we observe again.
    taken = frozenset(group.name for group in found if group.id in seen.state.groups or not is_ours(group, want.name))
    return replace(seen, taken_names=taken)


def _with_subnets(want: Options, aws: Aws, seen: Observed, resolution: Resolution) -> Observed:
    """Those that a new proxy gets, or where they are compared with those of the proxy that is there."""
    proxy = seen.state.proxy
    if proxy is None:
        wanted = set(resolution.subnet_ids)
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
    return seen


def _with_rule_limits(aws: Aws, seen: Observed, resolution: Resolution) -> Observed:
    database_groups = seen.database.security_group_ids if seen.database else ()
    more = max(len(resolution.group_ids), len(database_groups))
    quota, weights = read_rule_limits(aws, seen.state.rules, more)
    return replace(seen, rules_per_group=quota, list_weights=weights)


def _with_users(want: Options, aws: Aws, seen: Observed, ids: set[str]) -> Observed:
    """Who uses the groups that are to be removed: interfaces, and rules that are not ours."""
    if not ids:
        return seen
    interfaces = [interface_from(interface) for interface in aws.describe_interfaces(ids)]
    ours = {rule.identity for rule in seen.state.rules if is_ours(rule, want.name)}
    return replace(
        seen,
        interfaces=tuple(interface for interface in interfaces if ids & set(interface.group_ids)),
        references=tuple(rule for rule in references_to(aws, ids) if rule.identity not in ours),
    )
