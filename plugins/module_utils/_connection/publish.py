# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Published versions, which keep the attachment of then, and the aliases of these. PRIVATE to the collection.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Callable, Optional

from .._errors import Refusal
from .changes import MoveAlias, PublishVersion, new_version
from .findings import Finding, alias_gets_other_code, alias_not_connected
from .parameters import Want
from .state import LATEST, Alias, Function, Version
from .steps import Steps

# Whether a version will do; None stands for a function that has none.
Fits = Callable[[Optional[Version]], bool]


def alias_refusals(want: Want, function: Optional[Function]) -> Iterator[Refusal]:
    """Why the alias that is to be moved cannot be."""
    if want.alias is None or function is None or _alias(function, want.alias) is not None:
        return
    yield Refusal(
        "alias",
        want.alias,
        f"the function {function.name} has no alias of that name.",
        "Create it first (amazon.aws.lambda_alias), or leave alias out.",
    )


def publish(steps: Steps, want: Want, name: str, fits: Fits) -> Iterator[Finding]:
    """Publish a version whose attachment fits unless the newest does, and move the alias to it, as far as asked for."""
    if not want.publish:
        return
    function = steps.state.functions[name]
    alias = None if want.alias is None else _alias(function, want.alias)
    before = None if alias is None else _version(function, alias.version)
    if alias is not None and (alias.version == LATEST or fits(before)):
        return
    if not fits(function.newest):
        steps.add(PublishVersion(function, new_version(name)))
    newest = steps.state.functions[name].newest
    if alias is not None and newest is not None:
        steps.add(MoveAlias(function, alias, newest.number))
        if before is not None and before.code_sha256 != newest.code_sha256:
            yield alias_gets_other_code(name, alias.name, before.number)


def alias_findings(function: Function, client_id: str) -> Iterator[Finding]:
    """The aliases whose callers are not connected, because a version that they lead to was published without."""
    connected = {LATEST, *(one.number for one in function.versions if one.wears({client_id}))}
    for alias in function.aliases:
        without = [version for version in (alias.version, *alias.shares) if version not in connected]
        if without:
            yield alias_not_connected(function.name, alias.name, without)


def _alias(function: Function, name: str) -> Optional[Alias]:
    return next((alias for alias in function.aliases if alias.name == name), None)


def _version(function: Function, number: str) -> Optional[Version]:
    return next((version for version in function.versions if version.number == number), None)
