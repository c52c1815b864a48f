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

from .._connection.state import Database, State

LOCAL = "local"
ACTIVE = "active"

# What AWS's word that a proxy cannot reach its target tells of: the present; maybe a time before the last changes,
# because AWS tries again only after a while; or surely a time before.
CURRENT = "current"
LATE = "late"
OUTDATED = "outdated"


@dataclass(frozen=True)
class Subnet:
    """``ipv6_cidrs`` is empty where there are none. ``free_addresses`` are IPv4's."""

    id: str
    vpc_id: str
    cidr: str
    ipv6_cidrs: tuple[str, ...] = ()
    availability_zone: str = ""
    free_addresses: Optional[int] = None


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
    """``destinations`` are CIDRs, where ``listed`` those of a prefix list; ``target`` is "local" or an id."""

    destinations: tuple[str, ...]
    target: str
    state: str = ACTIVE
    listed: bool = False


@dataclass(frozen=True)
class RouteTable:
    """``main``: it serves the subnets of its VPC that have no other one."""

    id: str
    vpc_id: str
    subnet_ids: tuple[str, ...]
    routes: tuple[Route, ...]
    main: bool = False


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
class Vpc:
    """Whether it resolves names; None where that could not be read."""

    id: str
    dns_support: Optional[bool] = None


@dataclass(frozen=True)
class FunctionSettings:
    """What else of a function matters. ``timeout`` is in seconds; AWS's words otherwise.

    ``attaching``: the verdict is about an attachment that Lambda has yet to make network interfaces for.
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


@dataclass(frozen=True)
class Permissions:
    """What IAM answered for the execution role: actions that are not allowed, and why each is not.

    Why: "implicitDeny", "explicitDeny", "boundary", "organization" or, where there is no such role, "noSuchRole".
    """

    denied: Mapping[str, str] = field(default_factory=dict)


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

    ``database`` is None where there is none of that name, ``name`` in words. ``behind`` is what a proxy, as the
    database, leads to. ``prefix_lists`` maps ids to CIDRs. ``permissions`` are those of execution roles, by ARN.
    ``interfaces`` counts Lambda's network interfaces of each VPC. ``health`` is how far the health of a proxy's target
    is to be believed: CURRENT, LATE or OUTDATED.
    """

    state: State
    name: str = ""
    database: Optional[Database] = None
    behind: Optional[Database] = None
    health: str = CURRENT
    settings: Mapping[str, FunctionSettings] = field(default_factory=dict)
    subnets: Mapping[str, Subnet] = field(default_factory=dict)
    acls: tuple[Acl, ...] = ()
    route_tables: tuple[RouteTable, ...] = ()
    peerings: tuple[Peering, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    vpcs: Mapping[str, Vpc] = field(default_factory=dict)
    prefix_lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    permissions: Mapping[str, Permissions] = field(default_factory=dict)
    interfaces: Mapping[str, int] = field(default_factory=dict)
    rules_per_group: Optional[int] = None
    unread: tuple[Unread, ...] = ()
