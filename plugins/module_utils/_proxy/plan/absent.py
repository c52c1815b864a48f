# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The plan that takes a proxy of ours back. PRIVATE to the collection."""

from __future__ import annotations

from ..._errors import Refusal
from ..._model.proxies import AVAILABLE, DELETING, Proxy
from ..._model.security_groups import EGRESS, INGRESS, is_ours
from ..changes import DeleteProxy, DeregisterTarget
from ..observed import Observed
from ..parameters import Options
from ..resolve import Resolution
from .group_removal import remove_groups
from .plan import Plan, ProxyPlanBuilder


def plan_absent(want: Options, observed: Observed, resolution: Resolution) -> Plan:
    """The proxy first, then our rules, then our groups."""
    proxy = observed.state.proxy
    if proxy is not None and not proxy.ours:
        return Plan(observed.state, observed.state, refusals=(_not_ours(want),))
    if observed.functions:
        return Plan(observed.state, observed.state, refusals=(_in_use(want, observed.functions),))
    steps = ProxyPlanBuilder(observed.state, wait=want.wait)
    if proxy is not None:
        _delete(steps, proxy, busy=bool(observed.busy))
    for direction in (INGRESS, EGRESS):
        steps.revoke(rule for rule in steps.state.rules if rule.direction == direction and is_ours(rule, want.name))
    groups = resolution.own_groups
    pending = remove_groups(steps, want, observed, groups)
    return Plan(
        observed.state,
        steps.after,
        changes=tuple(steps.changes),
        resolution=resolution,
        later=tuple(steps.later),
        blocked=tuple(pending),
        security_group_id=groups[0].id if groups else None,
    )


def _not_ours(want: Options) -> Refusal:
    return Refusal(
        "name",
        want.name,
        "the proxy was not made by this module: it does not have the tag cloudops.lambda_rds:proxy with its name.",
        "Delete it by whatever made it; or give it that tag, to have this module delete it.",
    )


def _in_use(want: Options, functions: tuple[str, ...]) -> Refusal:
    return Refusal(
        "name",
        want.name,
        f"functions are connected through the proxy: {', '.join(functions)}.",
        f"Take these connections back first (lambda_rds_connection with db_proxy_name={want.name}, state=absent).",
    )


def _delete(steps: ProxyPlanBuilder, proxy: Proxy, *, busy: bool) -> None:
    if busy:
        steps.await_proxy()
    if proxy.status != DELETING:
        if busy or proxy.status == AVAILABLE:
            for database in proxy.registered:
                steps.add(DeregisterTarget(proxy.name, database))
        steps.add(DeleteProxy(proxy))
    steps.await_proxy()
