# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The plan that makes a proxy, or makes it right. PRIVATE to the collection.

The order keeps an open path open: rules first, then the proxy and its target, and what is no longer needed last.
"""

from __future__ import annotations

from dataclasses import replace

from ..._changes.changes import CreateGroup, new_id
from ..._changes.tags import missing_tags, unwanted_tags
from ..._model.databases import Database
from ..._model.engine_families import engine_family
from ..._model.names import DatabaseName
from ..._model.proxies import Proxy, default_pool
from ..._model.security_groups import default_egress, is_ours
from ..changes import CreateProxy, DeregisterTarget, ModifyPool, ModifyProxy, RegisterTarget, TagProxy, UntagProxy
from ..observed import Observed
from ..parameters import Options
from ..resolve import Resolution
from .database import database_refusals, existing_refusals
from .findings import present_findings
from .group_removal import remove_groups
from .groups import group_refusals, new_group, own_tags, tag_group
from .placement import creation_refusals
from .plan import Plan, ProxyPlanBuilder
from .rules import open_to_all, pair_refusals, quota_refusals, stale_rules
from .settings import setting_refusals, wanted_proxy


def plan_present(want: Options, name: DatabaseName, observed: Observed, resolution: Resolution) -> Plan:
    """The changes, or every reason why there cannot be such a proxy."""
    refusals = list(database_refusals(name, observed))
    if observed.database is None or refusals:
        return Plan(observed.state, observed.state, refusals=tuple(refusals))
    database, base = observed.database, _base(want, observed, resolution, observed.database)
    refusals += group_refusals(want, observed, resolution, base.vpc_id)
    wanted = wanted_proxy(want, base, resolution.group_ids)
    if observed.state.proxy is None:
        refusals += creation_refusals(want, observed, resolution, database)
    else:
        refusals += existing_refusals(want, observed, observed.state.proxy, database)
    refusals += setting_refusals(want, base, wanted)
    refusals += pair_refusals(want, observed, resolution.rules)
    if refusals:
        return Plan(observed.state, observed.state, refusals=tuple(refusals))
    return _changes(want, name, observed, resolution, database, wanted)


def _base(want: Options, observed: Observed, resolution: Resolution, database: Database) -> Proxy:
    """The proxy that is there, or a new one with AWS's defaults."""
    if observed.state.proxy is not None:
        return observed.state.proxy
    family = engine_family(database.engine) or ""
    return Proxy(
        want.name,
        family,
        database.vpc_id or "",
        resolution.subnet_ids,
        pool=default_pool(family),
        tags=own_tags(want),
    )


def _changes(
    want: Options, name: DatabaseName, observed: Observed, resolution: Resolution, database: Database, wanted: Proxy
) -> Plan:
    steps = ProxyPlanBuilder(observed.state, wait=want.wait)
    rules = resolution.rules
    _own_group(steps, want, observed, wanted)
    steps.authorize(rules)
    steps.revoke(open_to_all(want, resolution, steps.state))
    if observed.busy:
        steps.await_proxy()
    _proxy(steps, want, wanted)
    _target(steps, wanted, name)
    steps.revoke(stale_rules(want, steps.state, rules))
    pending = remove_groups(steps, want, observed, resolution.leaving)
    refusals = tuple(quota_refusals(observed, (*steps.changes, *steps.later)))
    if refusals:
        return Plan(observed.state, observed.state, refusals=refusals)
    ours = [group for group in wanted.security_group_ids if _is_own(want, steps, group)]
    return Plan(
        observed.state,
        steps.after,
        changes=tuple(steps.changes),
        resolution=resolution,
        later=tuple(steps.later),
        blocked=tuple(pending),
        security_group_id=ours[0] if ours else None,
        findings=tuple(present_findings(want, observed, database)),
    )


def _is_own(want: Options, steps: ProxyPlanBuilder, group_id: str) -> bool:
    group = steps.state.groups.get(group_id)
    return group is not None and is_ours(group, want.name)


def _own_group(steps: ProxyPlanBuilder, want: Options, observed: Observed, wanted: Proxy) -> None:
    """Create the groups of ours that the proxy needs, or correct their tags."""
    for group_id in wanted.security_group_ids:
        if group_id == new_id(want.group_name) and group_id not in steps.state.groups:
            group = new_group(want, wanted.vpc_id)
            steps.add(CreateGroup(group, default_egress(group, ipv6=wanted.vpc_id in observed.ipv6_vpc_ids)))
        elif _is_own(want, steps, group_id):
            tag_group(steps, want, steps.state.groups[group_id])


def _proxy(steps: ProxyPlanBuilder, want: Options, wanted: Proxy) -> None:
    """The proxy itself and its connection pool."""
    there = steps.state.proxy
    if there is None:
        there = replace(wanted, pool=default_pool(wanted.engine_family))
        steps.add(CreateProxy(there))
        steps.await_proxy()
    else:
        _tags(steps, want, there)
        if ModifyProxy(there, wanted).settings:
            steps.add(ModifyProxy(there, wanted))
            steps.await_proxy()
    if there.pool != wanted.pool:
        steps.add(ModifyPool(there.name, there.pool, wanted.pool))


def _tags(steps: ProxyPlanBuilder, want: Options, there: Proxy) -> None:
    """On a proxy that is not ours, tags are added only."""
    missing = missing_tags(there.tags, own_tags(want) if there.ours else want.tags or {})
    if missing:
        steps.add(TagProxy(there, missing))
    if there.ours and want.tags is not None and want.purge_tags:
        unwanted = tuple(sorted(unwanted_tags(there.tags, want.tags)))
        if unwanted:
            steps.add(UntagProxy(there, unwanted))


def _target(steps: ProxyPlanBuilder, proxy: Proxy, name: DatabaseName) -> None:
    """A proxy has one database at a time."""
    for other in proxy.registered:
        if other != name:
            steps.add(DeregisterTarget(proxy.name, other))
    if name not in proxy.registered:
        steps.add(RegisterTarget(proxy.name, name))
