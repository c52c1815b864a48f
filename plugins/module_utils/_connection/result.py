# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the task returns, in check mode and after the run alike. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Callable, Optional

from .._changes.blocked_deletion import BlockedDeletion
from .._changes.result import groups_data, shown_rule
from .._model.databases import database_data
from .._model.functions import Function, VpcConfig, vpc_data
from .._model.names import FunctionName
from .._model.security_groups import Rule
from .._model.state import State
from .._reachability.catalogue.texts import finding_data
from .observed import Observed
from .parameters import Options
from .plan.plan import Plan


def diff_data(before: State, after: State) -> dict[str, Any]:
    return {"before": _state_data(before), "after": _state_data(after)}


def _state_data(state: State) -> dict[str, Any]:
    functions = {name: _function_data(function) for name, function in sorted(state.functions.items())}
    shown: dict[str, Any] = {"functions": functions, "security_groups": groups_data(state)}
    if state.login_policies:
        policies = sorted(state.login_policies.items())
        shown["login_policies"] = {role: {policy.name: list(policy.users)} for role, policy in policies}
    return shown


def _function_data(function: Function) -> dict[str, Any]:
    """Its attachment; and where they were read, the newest version and where the aliases lead."""
    shown: dict[str, Any] = vpc_data(function.vpc)
    if function.newest is not None:
        shown["newest_version"] = function.newest.number
        shown["aliases"] = {alias.name: alias.version for alias in function.aliases}
    return shown


def result_data(want: Options, observed: Observed, plan: Plan, ids: Mapping[str, str]) -> dict[str, Any]:
    """All but ``changes`` and ``diff``. ``ids`` are those that planned groups have got; none in check mode."""
    pending = {item.group.id: item for item in plan.blocked}
    target = plan.resolution.target
    rules = _rules_of_clients(plan)
    return {
        "connections": [
            {
                **_connection(want, observed, plan, function.name, pending, ids),
                "port": target.port if target else want.port,
                "rules": [shown_rule(rule, ids) for rule in rules(plan.clients.get(function.name))],
            }
            for function in want.functions
        ],
        "database": database_data(want.database, observed.database, observed.proxy_target),
        "pending": [item.data for item in pending.values()],
        "findings": [finding_data(finding, want.language) for finding in plan.findings],
    }


def _connection(
    want: Options,
    observed: Observed,
    plan: Plan,
    name: str,
    pending: Mapping[str, BlockedDeletion],
    ids: Mapping[str, str],
) -> dict[str, Any]:
    function: Optional[Function] = plan.after.functions.get(name)
    client = plan.clients.get(name)
    group = plan.after.groups.get(client or "") or plan.before.groups.get(client or "")
    vpc = function.vpc if function else None
    if want.present:
        status = "connected"
    elif client in pending:
        status = "pending"
    else:
        status = "disconnected"
    attached = vpc is not None and vpc.attached
    return {
        "function_name": name,
        "function_arn": function.arn if function else None,
        "function_role": function.role_arn or None if function else None,
        "status": status,
        "vpc_id": (observed.vpc_of(vpc) if attached and vpc else None)
        or (group.vpc_id if attached and group else None),
        "subnet_ids": list(vpc.subnet_ids) if vpc else [],
        "security_group_ids": [ids.get(item, item) for item in vpc.security_group_ids] if vpc else [],
        "security_group_id": ids.get(client, client) if client else None,
        "security_group_name": group.name if group else None,
        "published_version": _published(plan, name, ids),
    }


def with_failed(
    result: Mapping[str, Any], functions: Iterable[FunctionName], before: State, failed: Mapping[str, Exception]
) -> dict[str, Any]:
    """The result of a task of whose functions some were given up: these are as they were."""
    done = {connection["function_name"]: connection for connection in result["connections"]}
    given_up = {name: _given_up(name, before.functions.get(name), error) for name, error in failed.items()}
    return {
        **result,
        "connections": [{**done, **given_up}[function.name] for function in functions],
        "failures": [{"function_name": name, "error": str(error)} for name, error in sorted(failed.items())],
    }


def _given_up(name: str, function: Optional[Function], error: Exception) -> dict[str, Any]:
    vpc = function.vpc if function else VpcConfig()
    return {
        "function_name": name,
        "function_arn": function.arn if function else None,
        "function_role": function.role_arn or None if function else None,
        "status": "failed",
        "error": str(error),
        "subnet_ids": list(vpc.subnet_ids),
        "security_group_ids": list(vpc.security_group_ids),
    }


def _published(plan: Plan, name: str, ids: Mapping[str, str]) -> Optional[str]:
    """The newest version, where versions were read."""
    function = plan.after.functions.get(name)
    newest = function.newest if function else None
    return ids.get(newest.number, newest.number) if newest else None


def _rules_of_clients(plan: Plan) -> Callable[[Optional[str]], list[Rule]]:
    """Gives those of a client group, and those between the proxy and the database behind it."""
    proxy_target, state = {rule.identity for rule in plan.resolution.proxy_rules}, plan.after
    shared = [number for number, rule in enumerate(state.rules) if rule.identity in proxy_target]
    named: dict[str, list[int]] = {}
    for number, rule in enumerate(state.rules):
        for group in dict.fromkeys((rule.group_id, rule.peer.value)):
            named.setdefault(group, []).append(number)

    def rules(client: Optional[str]) -> list[Rule]:
        return [state.rules[number] for number in sorted({*named.get(client or "", ()), *shared})]

    return rules
