# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads aliases, and the versions that they lead to. PRIVATE to the collection.

Lambda allows 15 such calls a second for the whole account and Region, so they are made only where there is something
to find (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..._aws.client import Aws
from ..._model.functions import LATEST, Function, alias_from, version_from
from .reader import Reader

# So many functions are asked for their aliases one by one; of more, only those that have versions.
_FEW = 3


def with_published(
    aws: Aws, reader: Reader, functions: Mapping[str, Function], *, all_versions: bool
) -> dict[str, Function]:
    """The functions with their aliases, and with the versions that these lead to.

    :param all_versions: whether the versions of the whole account may be listed; many functions take that
    """
    if len(functions) > _FEW and not all_versions:
        return dict(functions)
    asking = functions if len(functions) <= _FEW else _having_versions(aws, reader, functions)
    asked = {
        name: reader.read("lambda:ListAliases", _asks_published(aws, function), function)
        for name, function in asking.items()
    }
    return {**functions, **{name: answer.result() for name, answer in asked.items()}}


def _having_versions(aws: Aws, reader: Reader, functions: Mapping[str, Function]) -> dict[str, Function]:
    listed = reader.read("lambda:ListFunctions", aws.list_all_versions, []).result()
    names = {version["FunctionName"] for version in listed if version["Version"] != LATEST}
    return {name: function for name, function in functions.items() if name in names}


def _asks_published(aws: Aws, function: Function) -> Any:
    return lambda: _published(aws, function)


def _published(aws: Aws, function: Function) -> Function:
    aliases = tuple(map(alias_from, aws.list_aliases(function.arn)))
    leading = {number for alias in aliases for number in (alias.version, *alias.shares)} - {LATEST}
    listed = aws.list_versions(function.arn) if leading else []
    versions = tuple(version_from(each) for each in listed if each["Version"] in leading)
    return replace(function, versions=versions, aliases=aliases)
