# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Writes of which the answer was lost: did they take effect? PRIVATE to the collection.

botocore repeats such a call, and the repetition meets what the first one did ("Duplicate", "NotFound", another
revision). So the state that is observed next decides.
"""

from __future__ import annotations

from typing import Any, Union

from .changes import (
    AuthorizeRules,
    Change,
    CreateGroup,
    DeleteLoginPolicy,
    GroupChange,
    MoveAlias,
    PublishVersion,
    PutLoginPolicy,
    RevokeRules,
    TagResources,
    UntagResources,
    UpdateVpcConfig,
)
from .state import Function, State


def is_done(change: Change, state: State) -> bool:
    """Whether a state is as the change would have made it."""
    if isinstance(change, PublishVersion):
        return bool(found_ids(change, state))
    if isinstance(change, PutLoginPolicy):
        return state.login_policies.get(change.policy.role) == change.policy
    if isinstance(change, DeleteLoginPolicy):
        return change.policy.role not in state.login_policies
    if isinstance(change, (UpdateVpcConfig, MoveAlias)):
        function = state.functions.get(change.function.name)
        return function is not None and _is_changed(change, function)
    return group_is_done(change, state)


def group_is_done(change: GroupChange, state: State) -> bool:
    """Whether groups and rules are as the change would have made them."""
    if isinstance(change, CreateGroup):
        return bool(found_group(change, state))
    if isinstance(change, (TagResources, UntagResources)):
        return _is_tagged(change, state)
    if isinstance(change, AuthorizeRules):
        return all(state.find_rule(rule) is not None for rule in change.rules)
    if isinstance(change, RevokeRules):
        return all(state.find_rule(rule) is None for rule in change.rules)
    return change.group.id not in state.groups


def found_ids(change: Change, state: State) -> dict[str, str]:
    """The stand-in of what a change made, and what AWS has called it; empty where it made nothing."""
    if isinstance(change, PublishVersion):
        now = state.functions.get(change.function.name)
        newest = now.newest if now else None
        return {change.number: newest.number} if newest and newest not in change.function.versions else {}
    return found_group(change, state)


def found_group(change: Any, state: State) -> dict[str, str]:
    """The stand-in of a group that a change made, and its id."""
    if not isinstance(change, CreateGroup):
        return {}
    wanted = (change.group.name, change.group.vpc_id)
    made = [group.id for group in state.groups.values() if (group.name, group.vpc_id) == wanted]
    return {change.group.id: made[0]} if made else {}


def _is_tagged(change: Union[TagResources, UntagResources], state: State) -> bool:
    tags_of = {group.id: group.tags for group in state.groups.values()}
    tags_of.update({rule.id: rule.tags for rule in state.rules})
    found = [tags_of[resource] for resource in change.resource_ids if resource in tags_of]
    if isinstance(change, TagResources):
        return all(change.tags.items() <= tags.items() for tags in found)
    return not any(key in tags for tags in found for key in change.keys)


def _is_changed(change: Union[UpdateVpcConfig, MoveAlias], now: Function) -> bool:
    if isinstance(change, UpdateVpcConfig):
        return now.vpc == change.vpc
    return any((alias.name, alias.version) == (change.alias.name, change.version) for alias in now.aliases)
