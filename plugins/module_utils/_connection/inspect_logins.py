# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads the inline policies that let execution roles log in to a database. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from .._aws.client import Aws
from .._errors import AwsError
from .._model.functions import function_from
from .._model.login_policies import execution_roles, policy_from, policy_name, role_name
from .._model.ownership import EXISTING, TAG_SCOPE
from .._model.security_groups import client_of
from .._process.concurrency import call_all
from .observed import Observed
from .parameters import Options


def with_logins(want: Options, aws: Aws, observed: Observed) -> Observed:
    """Those of the functions' roles; where they are to go, those of all roles: a function, or its role, may be another
    one by now. Nothing of IAM is read unless the task speaks of users.
    """
    if want.db_users is None or want.by_ids:
        return observed
    name = policy_name(want.database, want.region)
    roles = execution_roles(observed.state.functions.values())
    if want.present and want.db_users:
        return _with_policies(observed, name, _policies_of(aws, roles, name))
    try:
        found = aws.list_roles_with_policy(name)
    except AwsError as error:
        if not error.denied:
            raise
        found = _policies_of(aws, roles, name)
        observed = replace(observed, login_roles_searched=False)
    observed = _with_policies(observed, name, found)
    # In this order: a run that connects attaches its function first, and then lets its role log in.
    return replace(observed, login_users=_still_connected(want, aws, observed, found.keys())) if found else observed


def _policies_of(aws: Aws, roles: Iterable[str], name: str) -> dict[str, dict[str, Any]]:
    wanted = list(roles)
    answers = zip(wanted, call_all(lambda role: aws.get_role_policy(role, name), wanted))
    return {role: document for role, document in answers if document is not None}


def _with_policies(observed: Observed, name: str, found: Mapping[str, dict[str, Any]]) -> Observed:
    policies = {role: policy_from(role, name, document) for role, document in found.items()}
    return replace(observed, state=replace(observed.state, login_policies=policies))


def _still_connected(want: Options, aws: Aws, observed: Observed, roles: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The functions that stay connected to this database, by those of these roles that they have."""
    ours = [rule for rule in observed.state.rules if rule.owned_by(want.database.key)]
    clients = {client_of(rule) for rule in ours if rule.tags.get(TAG_SCOPE) == EXISTING}
    clients |= {group.id for group in observed.state.groups.values() if group.owned_by(want.database.key)}
    leaving = {function.name for function in want.functions}
    users: dict[str, tuple[str, ...]] = {}
    for page in aws.list_functions():
        for function in map(function_from, page):
            role = role_name(function.role_arn)
            attached = clients & set(function.vpc.security_group_ids)
            if role in roles and attached and function.name not in leaving:
                users[role] = (*users.get(role, ()), function.name)
    return users
