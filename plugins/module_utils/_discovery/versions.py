# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads published versions and aliases, where they matter: Lambda allows few such calls. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from .._aws.client import Aws
from .._model.functions import LATEST, Function, GroupUser, alias_from, version_from
from .functions import FEW


def with_aliases(aws: Aws, wearers: Iterable[GroupUser]) -> tuple[GroupUser, ...]:
    """The wearers, each published version with the aliases that lead to it and so keep it in use."""
    found = list(wearers)
    names = {wearer.function_name for wearer in found if wearer.version != LATEST}
    aliases = {name: [alias_from(alias) for alias in aws.list_aliases(name)] for name in sorted(names)}
    return tuple(
        replace(
            wearer,
            aliases=tuple(
                alias.name
                for alias in aliases.get(wearer.function_name, ())
                if wearer.version in (alias.version, *alias.shares)
            ),
        )
        for wearer in found
    )


def published_functions(aws: Aws, functions: Sequence[Function]) -> list[Function]:
    """The functions with their published versions and their aliases."""
    found = []
    for function, listed in zip(functions, _versions(aws, functions)):
        versions = [version_from(one) for one in listed if one["Version"] != LATEST]
        versions.sort(key=lambda version: int(version.number))
        aliases = [alias_from(alias) for alias in aws.list_aliases(function.arn)] if versions else []
        found.append(replace(function, versions=tuple(versions), aliases=tuple(aliases)))
    return found


def _versions(aws: Aws, functions: Sequence[Function]) -> list[list[dict[str, Any]]]:
    """The versions of each function: by a call for each, or for more than a few by the account's list."""
    if len(functions) <= FEW:
        return [aws.list_versions(function.arn) for function in functions]
    found: dict[str, list[dict[str, Any]]] = {}
    for version in aws.list_all_versions():
        found.setdefault(version["FunctionName"], []).append(version)
    return [found.get(function.name, []) for function in functions]
