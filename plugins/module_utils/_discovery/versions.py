# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads published versions and aliases, where they matter: Lambda allows few such calls. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .._aws.client import Aws
from .._model.functions import LATEST, GroupUser, alias_from


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
