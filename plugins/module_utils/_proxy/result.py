# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the tasks return, in check mode and after the run alike. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Optional

from .._changes.changes import Change
from .._changes.result import groups_data, shown_rule
from .._model.engine_families import LISTENER_PORTS
from .._model.proxies import Proxy
from .._reachability.catalogue.texts import ENGLISH, finding_data
from .changes import settings_of, shown
from .health import target_message
from .observed import Observed, ProxyState
from .parameters import Options
from .plan.plan import Plan
from .plan.rules import missing_paths


def diff_data(before: ProxyState, after: ProxyState) -> dict[str, Any]:
    return {"before": _state_data(before), "after": _state_data(after)}


def _state_data(state: ProxyState) -> dict[str, Any]:
    proxy = state.proxy
    if proxy is None:
        return {"proxy": None, "security_groups": groups_data(state)}
    targets = [target.text for target in proxy.registered]
    return {"proxy": {**_settings(proxy), "targets": targets}, "security_groups": groups_data(state)}


def _settings(proxy: Proxy) -> dict[str, Any]:
    return {
        "name": proxy.name,
        "engine_family": proxy.engine_family,
        "vpc_id": proxy.vpc_id,
        "subnet_ids": list(proxy.subnet_ids),
        **{name: shown(value) for name, value in settings_of(proxy).items()},
        "connection_pool": shown(proxy.pool),
        "tags": dict(sorted(proxy.tags.items())),
    }


def proxy_data(proxy: Proxy, ids: Mapping[str, str]) -> dict[str, Any]:
    """``ids`` are those that planned groups have got; none in check mode."""
    return {
        **_settings(proxy),
        "security_group_ids": [ids.get(group, group) for group in proxy.security_group_ids],
        "arn": proxy.arn,
        "resource_id": proxy.resource_id,
        "status": proxy.status,
        "endpoint": proxy.endpoint,
        "port": LISTENER_PORTS.get(proxy.engine_family),
        "managed": proxy.ours,
    }


def targets_data(proxy: Proxy, missing: Optional[Sequence[str]]) -> list[dict[str, Any]]:
    """:param missing: the rules that keep the proxy from its database, as ``target_message`` takes them"""
    return [
        {
            "identifier": target.identifier,
            "type": target.type,
            "role": target.role,
            "endpoint": target.endpoint,
            "port": target.port,
            "state": target.state,
            "reason": target.reason,
            "description": target.description,
            "message": target_message(target, proxy, missing),
        }
        for target in proxy.targets
    ]


def result_data(
    want: Options, observed: Observed, plan: Plan, proxy: Optional[Proxy], ids: Mapping[str, str]
) -> dict[str, Any]:
    """All but ``changes`` and ``diff``."""
    missing = (
        missing_paths(plan.after, proxy.security_group_ids, observed.database) if proxy and observed.database else None
    )
    ours = plan.security_group_id
    return {
        "proxy": None if proxy is None else proxy_data(proxy, ids),
        "targets": [] if proxy is None else targets_data(proxy, missing),
        "security_group_id": ids.get(ours, ours) if ours else None,
        "rules": [shown_rule(rule, ids) for rule in _pairs(plan)],
        "pending": [*_pending(plan), *_later(want, observed, plan.later)],
        "findings": [finding_data(finding, ENGLISH) for finding in plan.findings],
    }


def _pairs(plan: Plan) -> list[Any]:
    """The rules between proxy and database, whoever made them."""
    wanted = {rule.identity for rule in plan.resolution.rules}
    return [rule for rule in plan.after.rules if rule.identity in wanted]


def _pending(plan: Plan) -> list[dict[str, object]]:
    return [
        {"text": f"delete security group {item.group.id} ({item.group.name})", **item.data} for item in plan.blocked
    ]


def _later(want: Options, observed: Observed, changes: Iterable[Change]) -> list[dict[str, object]]:
    """What a task that does not wait leaves to the next run."""
    gone = not want.present or (observed.busy and observed.state.proxy is None)
    frees = f"Run the task again when the proxy {want.name} is {'gone' if gone else 'available'}."
    return [{"text": change.text, "frees": frees} for change in changes]
