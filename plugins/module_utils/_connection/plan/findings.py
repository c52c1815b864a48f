# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Things that the user should know, though nothing is wrong with the task. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Sequence

from ..._errors import Refusal
from ..._model.proxy_targets import Trouble
from ..._reachability.catalogue.findings import NOTE, RISK, Finding

_NAMED = 3


def _list(names: Sequence[str]) -> str:
    """The first few of the names, and how many there are."""
    more = f", ... ({len(names)})" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def internet_lost(functions: Sequence[str]) -> Finding:
    """Once for all functions of a task that are concerned."""
    return Finding("internet_lost", RISK, ", ".join(functions), {"functions": _list(functions)})


def none_chosen(refusal: Refusal) -> Finding:
    """To disconnect nothing is no error, but it may be a mistake."""
    value = str(refusal.value)
    return Finding("none_chosen", RISK, value, {"parameter": refusal.parameter, "value": value})


def alias_not_connected(function: str, alias: str, versions: Sequence[str]) -> Finding:
    values = {"function": function, "alias": alias, "version": ", ".join(versions)}
    return Finding("alias_not_connected", RISK, f"{function}:{alias}", values)


def alias_gets_other_code(function: str, alias: str, version: str) -> Finding:
    values = {"function": function, "alias": alias, "version": version}
    return Finding("alias_gets_other_code", RISK, f"{function}:{alias}", values)


def proxy_trouble(proxy: str, target: str, found: Trouble) -> Finding:
    values = {"target": target, "health": found.target.health, "description": found.target.description or ""}
    return Finding(found.code, RISK, proxy, values)


def not_given_back(function: str, saved: str) -> Finding:
    return Finding("not_given_back", RISK, function, {"saved": saved})


def login_policy_kept(role: str, policy: str, functions: Sequence[str]) -> Finding:
    return Finding("login_policy_kept", NOTE, role, {"policy": policy, "functions": _list(functions)})


def login_policy_not_ours(role: str, policy: str) -> Finding:
    return Finding("login_policy_not_ours", RISK, role, {"policy": policy})


def login_roles_not_searched(functions: Sequence[str]) -> Finding:
    return Finding("login_roles_not_searched", RISK, ", ".join(functions))


def left_on(function: str, group_id: str) -> Finding:
    return Finding("left_on", NOTE, function, {"group": group_id})
