# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Everything that a verdict is made from, as frozen values. PRIVATE to the collection.

The ``state`` of a snapshot is what changes write to, so the same question can be asked of what a plan leads to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Optional

from .._model.databases import Database
from .._model.functions import FunctionSettings
from .._model.network_acls import Acl
from .._model.networks import Endpoint, Interface, Peering, Subnet
from .._model.routes import RouteTable
from .._model.rule_counts import Weights
from .._model.state import State

# What AWS's word that a proxy cannot reach its target tells of: the present; maybe a time before the last changes,
# because AWS tries again only after a while; or surely a time before.
CURRENT = "current"
LATE = "late"
OUTDATED = "outdated"


@dataclass(frozen=True)
class Denial:
    """An action that IAM does not allow an execution role, and why.

    ``reason``: "implicitDeny", "explicitDeny", "boundary", "organization", or "noSuchRole" where there is no such role.
    ``resource`` is the id of the subnet or group that it is about; without one it is about any.
    ``unknown`` are the condition keys of the role's policies whose values IAM was not told: it may be otherwise.
    """

    action: str
    reason: str
    resource: str = ""
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unread:
    """Something that could not be read: the IAM ``action`` that it takes, and the code that AWS answered.

    ``hops`` are the kinds of stations that are not known for it; without any the path is evaluated all the same.
    ``resource_ids`` are the ids, of functions or prefix lists, that it tells of; without any it is about everything.
    """

    action: str
    answer: str
    hops: tuple[str, ...] = ()
    resource_ids: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Snapshot:
    """Everything that a verdict is made from, for any number of functions and one database.

    ``database`` is None where there is none of that name, ``name`` in words; ``given_group_ids`` and ``given_port`` are
    the options that go with it. ``proxy_target`` is the database behind a proxy. ``member_states`` are AWS's words for
    the instances of a cluster. ``prefix_lists`` maps ids to CIDRs, ``list_weights`` those in rules to the number of
    rules that they count as. ``denials`` are those of execution roles, by ARN. ``dns_support`` is whether VPCs resolve
    names, None where that could not be read. ``interfaces`` are Lambda's in the VPCs of the functions, None where they
    could not be read. ``health`` is how far the health of a proxy's target can be relied on: CURRENT, LATE or OUTDATED.
    """

    state: State
    name: str = ""
    given_group_ids: tuple[str, ...] = ()
    given_port: Optional[int] = None
    database: Optional[Database] = None
    proxy_target: Optional[Database] = None
    member_states: Mapping[str, str] = field(default_factory=dict)
    health: str = CURRENT
    settings: Mapping[str, FunctionSettings] = field(default_factory=dict)
    subnets: Mapping[str, Subnet] = field(default_factory=dict)
    acls: tuple[Acl, ...] = ()
    route_tables: tuple[RouteTable, ...] = ()
    peerings: tuple[Peering, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    dns_support: Mapping[str, Optional[bool]] = field(default_factory=dict)
    prefix_lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    list_weights: Weights = field(default_factory=dict)
    denials: Mapping[str, tuple[Denial, ...]] = field(default_factory=dict)
    interfaces: Optional[tuple[Interface, ...]] = ()
    rules_per_group: Optional[int] = None
    unread: tuple[Unread, ...] = ()

    @property
    def weights(self) -> Weights:
        """As how many rules prefix lists count; at least their entries, where their maximum is not known."""
        entries = {key: Counter(6 if ":" in cidr else 4 for cidr in each) for key, each in self.prefix_lists.items()}
        return {**{key: counts for key, counts in entries.items() if counts}, **self.list_weights}
