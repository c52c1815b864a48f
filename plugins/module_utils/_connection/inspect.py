# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads what a resolution still needs: versions, users of groups, quotas, login policies. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from .._aws.client import Aws
from .._discovery.functions import FEW
from .._discovery.security_groups import read_rule_limits, references_to
from .._discovery.versions import published_functions, with_aliases
from .._model.functions import Function, function_from, group_user_from
from .._model.names import PROXY
from .._model.networks import interface_from
from .._model.ownership import DATABASE, TAG_SCOPE
from .._model.quotas import INTERFACES_PER_VPC, Room
from .._model.security_groups import Group, Rule
from .._process.concurrency import call_all
from .inspect_logins import with_logins
from .observed import Observed
from .parameters import Options
from .plan.interface_quota import MANY, new_interfaces
from .plan.superseded_groups import leaving, unused_groups
from .resolve.resolution import Resolution


def inspect(want: Options, aws: Aws, observed: Observed, resolution: Resolution, *, states_known: bool) -> Observed:
    """What was looked up, with what the resolution makes it worth to ask for.

    :param states_known: whether it is known which functions are being updated
    """
    if not want.functions:
        return observed
    if want.present and resolution.target is not None:
        observed = _to_connect(want, aws, observed, resolution, states_known=states_known)
    elif not want.present:
        observed = _to_disconnect(want, aws, observed, resolution)
    return with_logins(want, aws, observed)


def _to_connect(want: Options, aws: Aws, observed: Observed, resolution: Resolution, *, states_known: bool) -> Observed:
    observed = _with_interfaces(aws, observed, resolution)
    observed = _with_published(
        aws, observed, [each.name for each in resolution.attachments if want.publish or each.changes]
    )
    observed = _with_users(want, aws, observed, resolution.groups)
    observed = observed if states_known else _with_states(want, aws, observed, resolution)
    missing = [rule for rule in resolution.all_rules if observed.state.find_rule(rule) is None]
    quota, weights = read_rule_limits(aws, [*observed.state.rules, *missing])
    return replace(observed, rules_per_group=quota, list_weights=weights)


def _to_disconnect(want: Options, aws: Aws, observed: Observed, resolution: Resolution) -> Observed:
    if want.publish:
        observed = _with_published(aws, observed, observed.state.functions)
    # What leads on from a proxy stays while any function uses it.
    ours = [group for group in observed.state.groups.values() if group.owned_by(want.database.key)]
    return _with_users(want, aws, observed, ours if want.database.kind == PROXY else resolution.groups)


def _with_published(aws: Aws, observed: Observed, names: Iterable[str]) -> Observed:
    """With their versions, and with their aliases: a call a function, of the few that Lambda allows."""
    functions = published_functions(aws, [observed.state.functions[name] for name in names])
    return _with_functions(observed, functions)


def _with_functions(observed: Observed, functions: Iterable[Function]) -> Observed:
    known: Mapping[str, Function] = {function.name: function for function in functions}
    return replace(observed, state=replace(observed.state, functions={**observed.state.functions, **known}))


def _with_interfaces(aws: Aws, observed: Observed, resolution: Resolution) -> Observed:
    """Those that Lambda has in the VPC, where a plan takes so many more that there may be no room for them."""
    if resolution.target is None or new_interfaces(observed, resolution.attachments) <= MANY:
        return observed
    quota, vpc_ids = INTERFACES_PER_VPC.as_read(aws.interfaces_quota()), [resolution.target.vpc_id]
    used = [each for each in aws.describe_lambda_interfaces(vpc_ids) if each.get("InterfaceType") == "lambda"]
    return replace(observed, interfaces_in_vpc=Room(len(used), quota))


def _with_states(want: Options, aws: Aws, observed: Observed, resolution: Resolution) -> Observed:
    """Whether the functions that have left a group which is to go are still being updated: lists do not tell."""
    if len(want.functions) <= FEW:
        return observed
    left = {
        each.name: each
        for group in unused_groups(observed, resolution)
        for each in leaving(group, resolution.attachments)
        if not each.changes
    }
    moved = [observed.state.functions[name] for name in left]
    answers = zip(moved, call_all(lambda function: aws.get_function(function.arn), moved))
    return _with_functions(
        observed,
        (
            replace(function, updating=function_from(answer).updating)
            for function, answer in answers
            if answer is not None
        ),
    )


def _with_users(want: Options, aws: Aws, observed: Observed, groups: Iterable[Group]) -> Observed:
    """Who uses the groups that are to be removed: network interfaces, function versions, rules of others."""
    ids = {group.id for group in groups}
    if not ids:
        return observed
    interfaces = [interface_from(interface) for interface in aws.describe_interfaces(ids)]
    shared = want.database.kind == PROXY or any(group.tags[TAG_SCOPE] == DATABASE for group in groups)
    if shared or len(want.functions) > FEW:
        versions = aws.list_all_versions()
    else:
        versions = [version for function in want.functions for version in aws.list_versions(function.given)]
    users = [group_user_from(version) for version in versions]
    return replace(
        observed,
        interfaces=tuple(interface for interface in interfaces if ids & set(interface.group_ids)),
        group_users=with_aliases(aws, [user for user in users if ids & set(user.group_ids)]),
        references=_foreign_references(want, aws, observed, ids),
    )


def _foreign_references(want: Options, aws: Aws, observed: Observed, ids: set[str]) -> tuple[Rule, ...]:
    """The rules of other groups that name one of these, and that are not ours to revoke."""
    ours = {rule.identity for rule in observed.state.rules if rule.owned_by(want.database.key)}
    return tuple(rule for rule in references_to(aws, ids) if rule.identity not in ours)
