# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Published versions, which keep the attachment of then, and the aliases of these. PRIVATE to the collection.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Callable, Optional

from ..._changes.plan import PlanBuilder
from ..._errors import Refusal
from ..._model.functions import LATEST, Alias, Function, Version
from ..._model.state import State
from ..._reachability.catalogue.findings import Finding
from ..function_changes import MoveAlias, PublishVersion, new_version
from ..parameters import Options
from .findings import alias_gets_other_code, alias_not_connected

# Whether a version of a function will do; None stands for one that has none.
Fits = Callable[[str, Optional[Version]], bool]


def alias_refusals(want: Options, function: Optional[Function]) -> Iterator[Refusal]:
    """Why the alias that is to be moved cannot be."""
    if want.alias is None or function is None or _alias(function, want.alias) is not None:
        return
    yield Refusal(
        "alias",
        want.alias,
        f"the function {function.name} has no alias of that name.",
        "Create it first (amazon.aws.lambda_alias), or leave alias out.",
    )


def publish(steps: PlanBuilder[State], want: Options, names: Iterable[str], fits: Fits) -> Iterator[Finding]:
    """For each function: a version whose attachment fits unless the newest does, and the alias moved to it.

    As far as that is asked for. All are published before an alias is moved, since AWS takes a while for each.
    """
    if not want.publish:
        return
    due = [name for name in names if not _leads_there(steps.state.functions[name], want.alias, fits)]
    before = {name: steps.state.functions[name] for name in due}
    for name, function in before.items():
        if not fits(name, function.newest):
            steps.add(PublishVersion(function, new_version(name)))
    for name, function in before.items():
        alias, newest = _alias(function, want.alias), steps.state.functions[name].newest
        if alias is None or newest is None:
            continue
        steps.add(MoveAlias(function, alias, newest.number))
        led_to = _version(function, alias.version)
        if led_to is not None and led_to.code_sha256 != newest.code_sha256:
            yield alias_gets_other_code(name, alias.name, led_to.number)


def _leads_there(function: Function, name: Optional[str], fits: Fits) -> bool:
    """Whether the alias, where one is asked for, leads to what fits already."""
    alias = _alias(function, name)
    if alias is None:
        return False
    return alias.version == LATEST or fits(function.name, _version(function, alias.version))


def alias_findings(function: Function, client_id: str) -> Iterator[Finding]:
    """The aliases whose callers are not connected, because a version that they lead to was published without."""
    connected = {LATEST, *(one.number for one in function.versions if one.has_group_of({client_id}))}
    for alias in function.aliases:
        without = [version for version in (alias.version, *alias.shares) if version not in connected]
        if without:
            yield alias_not_connected(function.name, alias.name, without)


def _alias(function: Function, name: Optional[str]) -> Optional[Alias]:
    return next((alias for alias in function.aliases if alias.name == name), None)


def _version(function: Function, number: str) -> Optional[Version]:
    return next((version for version in function.versions if version.number == number), None)
