# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Finds what the options name: the proxy, its database, our groups and rules. PRIVATE to the collection.

The first reads, in as few calls as possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Optional

from .._aws.client import Aws
from .._discovery.databases import Found, find_database
from .._discovery.security_groups import groups_by
from .._model.ownership import TAG_PROXY
from .._model.proxies import BUSY, DELETING, Proxy, proxy_from
from .._model.security_groups import Rule, is_ours, rule_from
from .connected_functions import connected_functions
from .observed import Observed, ProxyState
from .parameters import Options


def lookup(want: Options, aws: Aws) -> Observed:
    found = find_database(want.database, aws) if want.present and want.database else Found()
    listed = aws.describe_proxies()
    proxy = next((read_proxy(aws, one) for one in listed if one["DBProxyName"].lower() == want.name), None)
    busy = proxy.name if proxy is not None and proxy.status in BUSY else None
    if want.present and proxy is not None and proxy.status == DELETING:
        proxy = None
    tagged = groups_by(aws, f"tag:{TAG_PROXY}", [want.name])
    groups = {key: group for key, group in tagged.items() if is_ours(group, want.name)}
    observed = Observed(
        ProxyState(groups=groups, proxy=proxy), busy, found.database, found.subnets, proxies=len(listed)
    )
    return _to_create(want, aws, observed) if want.present else _to_delete(want, aws, observed)


def read_proxy(aws: Aws, described: Mapping[str, Any]) -> Optional[Proxy]:
    """A proxy with its pool, targets and tags; None if it has gone meanwhile."""
    name, leaving = described["DBProxyName"], described.get("Status") == DELETING
    tags = aws.list_proxy_tags(described["DBProxyArn"])
    if tags is None:
        return None
    groups = [] if leaving else aws.describe_proxy_target_groups(name)
    pool = next((group.get("ConnectionPoolConfig") or {} for group in groups), {})
    return proxy_from(described, pool, [] if leaving else aws.describe_proxy_targets(name), tags)


def _to_create(want: Options, aws: Aws, observed: Observed) -> Observed:
    database_groups = set(observed.database.security_group_ids) if observed.database else set()
    attached = observed.state.proxy.security_group_ids if observed.state.proxy else ()
    named = {*database_groups, *want.security_group_ids, *attached}
    asked = groups_by(aws, "group-id", named - observed.state.groups.keys())
    known = {**observed.state.groups, **{key: group for key, group in asked.items() if key in named}}
    observed = replace(observed, state=replace(observed.state, groups=known))
    return _with_rules(want, aws, observed, {*named, *(key for key in known if is_ours(known[key], want.name))})


def _to_delete(want: Options, aws: Aws, observed: Observed) -> Observed:
    proxy = observed.state.proxy
    functions = connected_functions(aws, want.name) if proxy is not None and proxy.status != DELETING else ()
    return _with_rules(want, aws, replace(observed, functions=functions), set())


def _with_rules(want: Options, aws: Aws, observed: Observed, group_ids: set[str]) -> Observed:
    """The rules of these groups, and ours wherever they are."""
    tagged = map(rule_from, aws.describe_rules(f"tag:{TAG_PROXY}", [want.name]))
    rules = {rule.id: rule for rule in tagged if is_ours(rule, want.name)}
    if group_ids:
        rules.update({rule.id: rule for rule in rules_of(aws, group_ids)})
    return replace(observed, state=replace(observed.state, rules=tuple(rules.values())))


def rules_of(aws: Aws, group_ids: Iterable[str]) -> tuple[Rule, ...]:
    wanted = set(group_ids)
    return tuple(rule for rule in map(rule_from, aws.describe_rules("group-id", wanted)) if rule.group_id in wanted)
