# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What stands between functions and a database, as frozen values. PRIVATE to the collection.

``Scene`` is all that a verdict is made from. Its ``state`` is what a plan's changes write to, so that the same question
can be asked of what a plan leads to. Nothing here knows boto3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Optional

from .._connection.state import Database, State, Subnet

LOCAL = "local"
ACTIVE = "active"

# What AWS's word that a proxy cannot reach its target tells of: the present; maybe a time before the last changes,
# because AWS tries again only after a while; or surely a time before.
CURRENT = "current"
LATE = "late"
OUTDATED = "outdated"


@dataclass(frozen=True)
class AclEntry:
    """One entry of a network ACL. ``protocol``: "-1" for all, else a number as text; ports are those of TCP and UDP."""

    number: int
    egress: bool
    allow: bool
    protocol: str
    cidr: str
    from_port: int = 0
    to_port: int = 65535


@dataclass(frozen=True)
class Acl:
    """A network ACL and the subnets that it guards."""

    id: str
    subnet_ids: tuple[str, ...]
    entries: tuple[AclEntry, ...]


@dataclass(frozen=True)
class Route:
    """``destinations`` are CIDRs, where ``listed`` those of a prefix list; ``target`` is "local", an id or an ARN.

    ``unread`` is the prefix list whose networks are not known: the route may be the way to any address.
    """

    destinations: tuple[str, ...]
    target: str
    state: str = ACTIVE
    listed: bool = False
    unread: str = ""

    @property
    def leads_on(self) -> bool:
        """To a network of networks, a transit gateway or Cloud WAN's, of which nothing is known here."""
        return self.state == ACTIVE and (self.target.startswith("tgw-") or ":core-network/" in self.target)


@dataclass(frozen=True)
class RouteTable:
    """``main``: it serves the subnets of its VPC that have no other one."""

    id: str
    vpc_id: str
    subnet_ids: tuple[str, ...]
    routes: tuple[Route, ...]
    main: bool = False


@dataclass(frozen=True)
class ListSize:
    """As how many rules of a family, IPv4 or IPv6, a rule counts that names a prefix list."""

    family: int
    rules: int


@dataclass(frozen=True)
class Peering:
    """An active peering connection. ``resolves``: the VPCs whose names the other side resolves to private addresses."""

    id: str
    vpc_ids: frozenset[str]
    resolves: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Endpoint:
    """A VPC endpoint of an AWS service, such as "secretsmanager". ``kind`` is "Interface" or "Gateway"."""

    id: str
    service: str
    kind: str
    vpc_id: str
    subnet_ids: tuple[str, ...] = ()
    group_ids: tuple[str, ...] = ()
    route_table_ids: tuple[str, ...] = ()
    private_dns: bool = True


@dataclass(frozen=True)
class FunctionSettings:
    """What else of a function matters. ``timeout`` is in seconds; AWS's words otherwise.

    ``attaching``: the verdict is about an attachment that Lambda has yet to make network interfaces for.
    ``ahead``: it is about the time when Lambda has made the function ready.
    """

    state: str = "Active"
    state_reason: str = ""
    update_status: str = "Successful"
    update_reason_code: str = ""
    update_reason: str = ""
    timeout: Optional[int] = None
    runtime: str = ""
    snap_start: bool = False
    attaching: bool = False
    ahead: bool = False


@dataclass(frozen=True)
class LambdaInterface:
    """A network interface of Lambda, which all functions with that subnet and those groups share
    (https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html)."""

    vpc_id: str
    subnet_id: str
    group_ids: frozenset[str]


@dataclass(frozen=True)
class Denial:
    """An action that IAM does not allow an execution role, and why.

    ``why``: "implicitDeny", "explicitDeny", "boundary", "organization" or, where there is no such role, "noSuchRole".
    ``resource`` is the id of the subnet or group that it is about; without one it is about any.
    ``unknown`` are the condition keys of the role's policies whose values IAM was not told: it may be otherwise.
    """

    action: str
    why: str
    resource: str = ""
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unread:
    """Something that could not be read: the IAM ``action`` that it takes, and the code that AWS answered.

    ``hops`` are the kinds of stations that are not known for it; without any the path is judged all the same.
    ``about`` are the ids, of functions or prefix lists, that it tells of; without any it is about everything.
    """

    action: str
    answer: str
    hops: tuple[str, ...] = ()
    about: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Scene:
    """Everything that a verdict is made from, for any number of functions and one database.

    ``database`` is None where there is none of that name, ``name`` in words; ``given_group_ids`` and ``given_port`` are
    what was said of it besides. ``behind`` is what a proxy, as the database, leads to. ``member_states`` are AWS's
    words for the instances of a cluster. ``prefix_lists`` maps ids to CIDRs, ``list_sizes`` those in rules to what they
    count as. ``denials`` are those of execution roles, by ARN. ``dns_support`` tells whether VPCs resolve names, None
    where that could not be read. ``interfaces`` are Lambda's in the VPCs of the functions, None where they could not be
    read. ``health`` is how far the health of a proxy's target is to be believed: CURRENT, LATE or OUTDATED.
    """

    state: State
    name: str = ""
    given_group_ids: tuple[str, ...] = ()
    given_port: Optional[int] = None
    database: Optional[Database] = None
    behind: Optional[Database] = None
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
    list_sizes: Mapping[str, ListSize] = field(default_factory=dict)
    denials: Mapping[str, tuple[Denial, ...]] = field(default_factory=dict)
    interfaces: Optional[tuple[LambdaInterface, ...]] = ()
    rules_per_group: Optional[int] = None
    unread: tuple[Unread, ...] = ()
