# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the policies of a role permit: who may assume it, and what it may do within its permissions boundary.

moto's own reading takes a question mark for a regular expression's, and knows neither principals that are a service,
nor NotAction, NotResource and boundaries.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from moto.iam.models import iam_backends

Statement = dict[str, Any]

_NEGATED = frozenset({"StringNotEquals", "StringNotLike", "ArnNotEquals", "ArnNotLike"})
_OPERATORS = _NEGATED | {"StringEquals", "StringLike", "ArnEquals", "ArnLike"}


def role_of(arn: str) -> Any:
    """None where there is no such role."""
    _arn, partition, _iam, _region, account, _name = arn.split(":", 5)
    return next((role for role in iam_backends[account][partition].roles.values() if role.arn == arn), None)


def may_be_assumed_by(role: Any, service: str) -> bool:
    return any(
        statement["Effect"] == "Allow"
        and _matches(statement, "Action", "sts:AssumeRole")
        and service in _list((statement.get("Principal") or {}).get("Service"))
        for statement in _statements(role.assume_role_policy_document)
    )


@dataclass(frozen=True)
class Decision:
    """In IAM's words. `within_boundary`: None for a role without a permissions boundary.

    `missing` are the condition keys that the role's statements for this hang on, and of which no value was given.
    """

    effect: str
    within_boundary: bool | None = None
    missing: tuple[str, ...] = ()


def may(role: Any, action: str, resource: str, context: Mapping[str, str]) -> bool:
    """`context` has the values of condition keys."""
    return decide(role, action, resource, context).effect == "allowed"


def decide(role: Any, action: str, resource: str, context: Mapping[str, str]) -> Decision:
    asked = (action, resource, context)
    own = _effects(_documents(role), *asked)
    boundary = _boundary(role)
    around = {"Allow"} if boundary is None else _effects(boundary, *asked)
    within = None if boundary is None else around == {"Allow"}
    missing = _missing(_documents(role), *asked)
    if "Deny" in own | around:
        return Decision("explicitDeny", within, missing)
    return Decision("allowed" if "Allow" in own & around else "implicitDeny", within, missing)


def _effects(documents: Iterable[str], action: str, resource: str, context: Mapping[str, str]) -> set[str]:
    return {
        statement["Effect"]
        for statement in _about(documents, action, resource)
        if _holds(statement.get("Condition") or {}, context)
    }


def _missing(documents: Iterable[str], action: str, resource: str, context: Mapping[str, str]) -> tuple[str, ...]:
    conditions = [statement.get("Condition") or {} for statement in _about(documents, action, resource)]
    keys = {key for condition in conditions for wanted in condition.values() for key in wanted}
    return tuple(sorted(keys - context.keys()))


def _about(documents: Iterable[str], action: str, resource: str) -> Iterator[Statement]:
    for document in documents:
        for statement in _statements(document):
            if _covers(statement, "Action", action) and _covers(statement, "Resource", resource):
                yield statement


def _documents(role: Any) -> Iterator[str]:
    yield from role.policies.values()
    for policy in role.managed_policies.values():
        yield from _default_versions(policy)


def _boundary(role: Any) -> list[str] | None:
    """One whose policy is gone permits nothing."""
    if not role.permissions_boundary_arn:
        return None
    _arn, partition, _iam, _region, account, _name = role.arn.split(":", 5)
    policy = iam_backends[account][partition].managed_policies.get(role.permissions_boundary_arn)
    return [] if policy is None else list(_default_versions(policy))


def _default_versions(policy: Any) -> Iterator[str]:
    yield from (version.document for version in policy.versions if version.is_default)


def _statements(document: str) -> list[Statement]:
    found = json.loads(document)["Statement"]
    return [found] if isinstance(found, dict) else list(found)


def _covers(statement: Statement, element: str, value: str) -> bool:
    """By Action or NotAction, by Resource or NotResource."""
    if f"Not{element}" in statement:
        return not _matches(statement, f"Not{element}", value)
    return _matches(statement, element, value)


def _matches(statement: Statement, element: str, value: str) -> bool:
    ignore_case = element.endswith("Action")
    return any(_like(pattern, value, ignore_case=ignore_case) for pattern in _list(statement.get(element)))


def _holds(condition: Mapping[str, Mapping[str, Any]], context: Mapping[str, str]) -> bool:
    return all(
        _condition_holds(operator, context.get(key), _list(wanted))
        for operator, keys in condition.items()
        for key, wanted in keys.items()
    )


def _condition_holds(operator: str, value: str | None, wanted: Iterable[str]) -> bool:
    """Without a value only what negates holds, and IfExists
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)."""
    name, _exists, _nothing = operator.partition("IfExists")
    if name not in _OPERATORS:
        raise NotImplementedError(f"the emulator does not know the condition operator {operator}")
    if value is None:
        return name in _NEGATED or operator.endswith("IfExists")
    return any(_like(each, value) for each in wanted) != (name in _NEGATED)


def _like(pattern: str, value: str, *, ignore_case: bool = False) -> bool:
    wildcards = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(wildcards, value, re.IGNORECASE if ignore_case else 0) is not None


def _list(said: Any) -> list[str]:
    return [] if said is None else [said] if isinstance(said, str) else list(said)
