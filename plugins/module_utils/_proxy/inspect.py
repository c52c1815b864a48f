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


def inspect(want: Options, aws: Aws, observed: Observed, resolution: Resolution) -> Observed:
    """What was looked up, with what the resolution makes it worth to ask for."""
    if want.present:
        observed = _with_vpc(want, aws, observed, resolution)
        observed = _with_subnets(want, aws, observed, resolution)
        if observed.state.proxy is None:
            observed = _with_room(aws, observed)
        observed = _with_rule_limits(aws, observed, resolution)
    return _with_users(want, aws, observed, {group.id for group in resolution.leaving})


def _with_vpc(want: Options, aws: Aws, observed: Observed, resolution: Resolution) -> Observed:
    """The VPC matters only where something new comes into it, and its groups' names where that is a group."""
    vpc_id = observed.database.vpc_id if observed.database else None
    if vpc_id is None or observed.state.proxy is not None:
        return observed
    vpc = read_vpc(aws, vpc_id)
    observed = replace(
        observed,
        dedicated_vpc_ids=frozenset({vpc_id} if vpc.dedicated else ()),
        ipv6_vpc_ids=frozenset({vpc_id} if vpc.ipv6 else ()),
    )
    if not resolution.needs_group:
        return observed
    found = groups_by(aws, "group-name", [want.group_name], vpc_id).values()
    # One of ours that has just appeared is a concurrent run's: to create it is a conflict, so we observe again.
    taken = frozenset(
        group.name for group in found if group.id in observed.state.groups or not is_ours(group, want.name)
    )
    return replace(observed, taken_names=taken)


def _with_subnets(want: Options, aws: Aws, observed: Observed, resolution: Resolution) -> Observed:
    """Those that a new proxy gets, or where they are compared with those of the proxy that is there."""
    proxy = observed.state.proxy
    if proxy is None:
        wanted = set(resolution.subnet_ids)
    elif want.subnet_ids and want.subnet_ids != proxy.subnet_ids:
        wanted = {*want.subnet_ids, *proxy.subnet_ids}
    else:
        return observed
    read = [subnet_from(subnet) for subnet in aws.describe_subnets(wanted)]
    return replace(observed, subnets={subnet.id: subnet for subnet in read if subnet.id in wanted})


def _with_room(aws: Aws, observed: Observed) -> Observed:
    """What limits one proxy more. The account's quota is asked for only where AWS's default is used up."""
    if observed.proxies >= PROXIES.value:
        observed = replace(observed, proxies_quota=PROXIES.as_read(aws.proxies_quota()))
    return observed


def _with_rule_limits(aws: Aws, observed: Observed, resolution: Resolution) -> Observed:
    database_groups = observed.database.security_group_ids if observed.database else ()
    more = max(len(resolution.group_ids), len(database_groups))
    quota, weights = read_rule_limits(aws, observed.state.rules, more)
    return replace(observed, rules_per_group=quota, list_weights=weights)


def _with_users(want: Options, aws: Aws, observed: Observed, ids: set[str]) -> Observed:
    """Who uses the groups that are to be removed: interfaces, and rules that are not ours."""
    if not ids:
        return observed
    interfaces = [interface_from(interface) for interface in aws.describe_interfaces(ids)]
    ours = {rule.identity for rule in observed.state.rules if is_ours(rule, want.name)}
    return replace(
        observed,
        interfaces=tuple(interface for interface in interfaces if ids & set(interface.group_ids)),
        references=tuple(rule for rule in references_to(aws, ids) if rule.identity not in ours),
    )
