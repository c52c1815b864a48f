# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""From a proxy to the database behind it: rule pairs on the database's own port. PRIVATE to the collection.

The functions of a proxy share them, so they are tagged with the proxy alone, and stay while one function uses it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from ..._model.functions import LATEST
from ..._model.names import PROXY
from ..._model.notes import noted_functions
from ..._model.ownership import BEHIND, TAG_DATABASE, TAG_SCOPE
from ..._model.proxy_targets import UNREACHABLE, trouble
from ..._model.security_groups import EGRESS, INGRESS, Peer, Rule
from ..._model.state import State
from ..._reachability.catalogue.findings import Finding
from ..observed import Observed
from ..parameters import Options
from ..plan.findings import proxy_trouble


def hop_rules(want: Options, observed: Observed) -> tuple[Rule, ...]:
    """The pairs between each group of the proxy and each group of the database behind it; none without a proxy.

    The proxy's own groups, whichever of its endpoints the functions connect to; where rds_security_group_ids names some
    of them, only these.
    """
    proxy, proxy_target = observed.database, observed.proxy_target
    if want.database.kind != PROXY or proxy is None or proxy_target is None or proxy_target.port is None:
        return ()
    given = [group for group in proxy.origin_security_group_ids if group in want.rds_security_group_ids]
    groups = given or proxy.origin_security_group_ids
    description = f"{want.database.text} to {proxy_target.kind} {proxy_target.identifier}"[:255]

    def rule(group_id: str, direction: str, peer: str) -> Rule:
        port = proxy_target.port or 0
        return Rule(group_id, direction, "tcp", port, port, Peer("group", peer), description)

    pairs = [(origin, group) for origin in groups for group in proxy_target.security_group_ids]
    return (
        *(rule(origin, EGRESS, group) for origin, group in pairs),
        *(rule(group, INGRESS, origin) for origin, group in pairs),
    )


def health_findings(want: Options, observed: Observed, *, repaired: bool) -> list[Finding]:
    """That the proxy does not reach its target; not where rules that this plan, or this run, adds were missing."""
    proxy, proxy_target = observed.database, observed.proxy_target
    repaired = repaired or any(is_hop(want, rule) for rule in observed.authorized)
    found = trouble(proxy.targets, proxy.target_role) if proxy else None
    if proxy is None or proxy_target is None or found is None or (repaired and found.code == UNREACHABLE):
        return []
    return [proxy_trouble(proxy.identifier, proxy_target.identifier, found)]


def hop_rules_with_tags(want: Options, rules: Iterable[Rule]) -> list[Rule]:
    """Tagged with the proxy alone: its functions share them."""
    tags = {TAG_DATABASE: want.database.key, TAG_SCOPE: BEHIND}
    return [replace(rule, tags=tags) for rule in rules]


def is_hop(want: Options, rule: Rule) -> bool:
    return rule.owned_by(want.database.key) and rule.tags.get(TAG_SCOPE) == BEHIND


def stale_hop(want: Options, state: State, wanted: Iterable[Rule]) -> list[Rule]:
    """Our rules behind the proxy that are no longer asked for: another port, another database, another group."""
    keep = {rule.identity for rule in wanted}
    return [rule for rule in state.rules if is_hop(want, rule) and rule.identity not in keep]


def used_by_others(want: Options, observed: Observed, names: Collection[str], leaving: Collection[str]) -> bool:
    """Whether a function but these, or a group of ours but those that are leaving, needs our rules behind the proxy."""
    ours = {group.id for group in observed.state.groups.values() if group.owned_by(want.database.key)} - set(leaving)
    attached = any(
        ours & set(user.group_ids) and not (user.function_name in names and user.version == LATEST)
        for user in observed.group_users
    )
    return attached or any(
        noted_functions(rule.tags) - set(names) for rule in observed.state.rules if rule.owned_by(want.database.key)
    )
