# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads published versions and aliases, where they matter: Lambda allows few such calls. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from .._aws.client import Aws
from .._discovery.functions import FEW
from .._model.functions import LATEST, Function, alias_from, version_from
from .observed import Observed


def with_published(aws: Aws, seen: Observed, names: Iterable[str]) -> Observed:
    """These functions with their published versions and their aliases."""
    functions = dict(seen.state.functions)
    wanted = [functions[name] for name in names]
    for function, listed in zip(wanted, _versions(aws, wanted)):
        versions = [version_from(one) for one in listed if one["Version"] != LATEST]
        versions.sort(key=lambda version: int(version.number))
        aliases = [alias_from(alias) for alias in aws.list_aliases(function.arn)] if versions else []
        functions[function.name] = replace(function, versions=tuple(versions), aliases=tuple(aliases))
    return replace(seen, state=replace(seen.state, functions=functions))


def _versions(aws: Aws, functions: Sequence[Function]) -> list[list[dict[str, Any]]]:
    """The versions of each function: by a call for each, or for more than a few by the account's list."""
    if len(functions) <= FEW:
        return [aws.list_versions(function.arn) for function in functions]
    found: dict[str, list[dict[str, Any]]] = {}
    for version in aws.list_all_versions():
        found.setdefault(version["FunctionName"], []).append(version)
    return [found.get(function.name, []) for function in functions]
