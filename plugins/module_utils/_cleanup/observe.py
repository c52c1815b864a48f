# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads the idle groups and what holds them, in the same few calls however many there are. PRIVATE to the collection.

Only the aliases of published versions that hold a group take a call more for each function.
"""

from __future__ import annotations

from collections.abc import Mapping

from .._aws.client import Aws
from .._discovery.security_groups import read_vpc
from .._discovery.versions import with_aliases
from .._model.functions import LATEST, GroupUser, group_user_from
from .._model.names import PROXY
from .._model.networks import Interface, interface_from
from .._model.ownership import TAG_DATABASE, TAG_SCOPE
from .._model.security_groups import Group, Rule, group_from, references_from, rule_from
from .._model.state import State
from .observed import Observed
from .parameters import Options


def observe(want: Options, aws: Aws) -> Observed:
    """Groups come before functions: one that is created and attached in between is not taken for idle."""
    ours = _own_groups(want, aws)
    if not ours:
        return Observed(vpc_is_known=want.vpc_id is None or read_vpc(aws, want.vpc_id).exists)
    users = [group_user_from(version) for version in aws.list_all_versions()]
    attached = {group_id for user in users if user.version == LATEST for group_id in user.group_ids}
    idle = {group.id: group for group in ours if group.id not in attached}
    if not idle:
        return Observed()
    proxies = {group.tags[TAG_DATABASE] for group in idle.values() if group.tags[TAG_DATABASE].startswith(f"{PROXY}/")}
    return Observed(
        State(groups=idle, rules=_rules(aws, idle)),
        frozenset(user.function_name for user in users),
        _interfaces(aws, idle),
        _versions(aws, users, idle),
        tuple(map(group_from, aws.describe_groups(f"tag:{TAG_DATABASE}", proxies))),
        tuple(map(rule_from, aws.describe_rules(f"tag:{TAG_DATABASE}", proxies))),
    )


def _own_groups(want: Options, aws: Aws) -> list[Group]:
    tagged = map(group_from, aws.describe_groups("tag-key", [TAG_DATABASE], want.vpc_id))
    return [
        group
        for group in tagged
        if {TAG_DATABASE, TAG_SCOPE} <= group.tags.keys() and want.vpc_id in (None, group.vpc_id)
    ]


def _interfaces(aws: Aws, idle: Mapping[str, Group]) -> tuple[Interface, ...]:
    interfaces = map(interface_from, aws.describe_interfaces(idle))
    return tuple(interface for interface in interfaces if not idle.keys().isdisjoint(interface.group_ids))


def _versions(aws: Aws, users: list[GroupUser], idle: Mapping[str, Group]) -> tuple[GroupUser, ...]:
    return with_aliases(aws, [user for user in users if not idle.keys().isdisjoint(user.group_ids)])


def _rules(aws: Aws, idle: Mapping[str, Group]) -> tuple[Rule, ...]:
    """DescribeSecurityGroupRules cannot be asked for a peer, so the groups with rules that name one come first."""
    naming = [
        group["GroupId"]
        for name in ("ip-permission.group-id", "egress.ip-permission.group-id")
        for group in aws.describe_groups(name, idle)
        if any(rule.peer.value in idle for rule in references_from(group))
    ]
    wanted = {*idle, *naming}
    return tuple(rule for rule in map(rule_from, aws.describe_rules("group-id", wanted)) if rule.group_id in wanted)
