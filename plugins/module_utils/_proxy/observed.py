# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Everything that a plan for a proxy is made from. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Optional

from .._model.databases import Database
from .._model.networks import Interface, Subnet
from .._model.proxies import Proxy
from .._model.quotas import PROXIES, RULES_PER_GROUP, Quota
from .._model.rule_counts import Weights
from .._model.security_groups import Rule
from .._model.state import State


@dataclass(frozen=True)
class ProxyState(State):
    """What the changes of a plan write to: at most one proxy, groups and rules."""

    proxy: Optional[Proxy] = None


@dataclass(frozen=True)
class Observed:
    """Everything that a plan is made from.

    ``busy``: the name of the proxy if AWS is at work on it; one that is being deleted is none for who wants a new one.
    ``proxies`` is how many the account has. ``references`` are rules of others that name groups of ours which the proxy
    no longer needs, ``interfaces`` hold these groups. ``functions`` are connected through a proxy to be deleted.
    """

    state: ProxyState = ProxyState()
    busy: Optional[str] = None
    database: Optional[Database] = None
    subnets: Mapping[str, Subnet] = field(default_factory=dict)
    dedicated_vpc_ids: frozenset[str] = frozenset()
    ipv6_vpc_ids: frozenset[str] = frozenset()
    taken_names: frozenset[str] = frozenset()
    rules_per_group: Quota = RULES_PER_GROUP
    list_weights: Weights = field(default_factory=dict)
    proxies: int = 0
    proxies_quota: Quota = PROXIES
    interfaces: tuple[Interface, ...] = ()
    references: tuple[Rule, ...] = ()
    functions: tuple[str, ...] = ()

    @property
    def account(self) -> set[str]:
        """The account that all this is in, as far as an ARN tells it."""
        arns = [self.database.arn if self.database else "", (self.state.proxy and self.state.proxy.arn) or ""]
        return {arn.split(":")[4] for arn in arns if arn}
