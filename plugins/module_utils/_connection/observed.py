# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Everything that a plan is made from. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Optional

from .._model.databases import Database
from .._model.functions import GroupUser, VpcConfig
from .._model.networks import Interface, Subnet
from .._model.quotas import RULES_PER_GROUP, Quota, Room
from .._model.rule_counts import Weights
from .._model.security_groups import Group, Rule
from .._model.state import State


@dataclass(frozen=True)
class Observed:
    """Everything that a plan is made from.

    ``proxy_target`` is the database behind a proxy. ``own_groups`` are, by function, the client groups of ours for this
    database, ``current_groups`` the one of them to use, as far as there is one. ``authorized`` are rules that this very
    run added, ``revoked`` those that it removed.
    ``interfaces_in_vpc`` are those of Lambda in the target's VPC; None where so few are needed that it was not asked.
    ``login_users`` are the other functions that stay connected, by those roles that have a login policy;
    ``login_roles_searched``: whether IAM let us search all roles.
    """

    state: State
    database: Optional[Database] = None
    proxy_target: Optional[Database] = None
    subnets: Mapping[str, Subnet] = field(default_factory=dict)
    own_groups: Mapping[str, list[Group]] = field(default_factory=dict)
    current_groups: Mapping[str, Group] = field(default_factory=dict)
    unknown_vpc_ids: frozenset[str] = frozenset()
    dedicated_vpc_ids: frozenset[str] = frozenset()
    ipv6_vpc_ids: frozenset[str] = frozenset()
    peered_vpc_ids: frozenset[str] = frozenset()
    taken_names: frozenset[str] = frozenset()
    rules_per_group: Quota = RULES_PER_GROUP
    list_weights: Weights = field(default_factory=dict)
    interfaces_in_vpc: Optional[Room] = None
    interfaces: tuple[Interface, ...] = ()
    group_users: tuple[GroupUser, ...] = ()
    references: tuple[Rule, ...] = ()
    authorized: tuple[Rule, ...] = ()
    revoked: tuple[Rule, ...] = ()
    login_users: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    login_roles_searched: bool = True

    def vpc_of(self, vpc: VpcConfig) -> Optional[str]:
        """The VPC of an attachment, read from its subnets; None outside a VPC."""
        return next((self.subnets[subnet].vpc_id for subnet in vpc.subnet_ids if subnet in self.subnets), None)
