# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Proxies as AWS has them, as frozen values. PRIVATE to the collection.

``ProxyState`` is the part that changes write to; ``Seen`` adds what a plan must know besides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Optional

from .._connection.names import CLUSTER, INSTANCE, DatabaseName
from .._connection.state import DEFAULT_RULES_PER_GROUP, Database, Group, Interface, Quota, Rule, State, Subnet
from .ports import SQLSERVER
from .targets import TRACKED_CLUSTER, Target

TAG_PROXY = "cloudops.lambda_rds:proxy"

# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBProxy.html (Status)
AVAILABLE = "available"
CREATING = "creating"
DELETING = "deleting"
# AWS is at work, and ends it by itself.
BUSY = frozenset({CREATING, DELETING, "modifying", "reactivating", "suspending"})

IAM_AUTH = "iam_auth"
NO_SCHEME = "none"

# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html#rds-proxy.limitations (quota L-D94C7EA3)
DEFAULT_PROXIES = 20
_PROXIES_QUOTA = Quota(DEFAULT_PROXIES)
_RULES_QUOTA = Quota(DEFAULT_RULES_PER_GROUP)


@dataclass(frozen=True)
class Auth:
    """One secret that a proxy takes a database user's password from."""

    secret_arn: str
    iam_auth: str = "disabled"
    client_password_auth_type: Optional[str] = None
    description: Optional[str] = None


@dataclass(frozen=True)
class Pool:
    """The connection pool of a proxy's target group, with AWS's defaults
    (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ConnectionPoolConfiguration.html)."""

    max_connections_percent: int = 100
    max_idle_connections_percent: int = 50
    connection_borrow_timeout: int = 120
    init_query: str = ""
    session_pinning_filters: tuple[str, ...] = ()


def default_pool(family: str) -> Pool:
    return Pool(10, 5) if family == SQLSERVER else Pool()


@dataclass(frozen=True)
class Proxy:
    """An RDS Proxy with its only target group. A new one has AWS's defaults, but for require_tls."""

    name: str
    engine_family: str
    vpc_id: str = ""
    subnet_ids: tuple[str, ...] = ()
    security_group_ids: tuple[str, ...] = ()
    auth: tuple[Auth, ...] = ()
    default_auth_scheme: str = NO_SCHEME
    role_arn: str = ""
    require_tls: bool = True
    idle_client_timeout: int = 1800
    debug_logging: bool = False
    pool: Pool = Pool()
    targets: tuple[Target, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    status: str = CREATING
    arn: Optional[str] = None
    endpoint: Optional[str] = None

    @property
    def ours(self) -> bool:
        return self.tags.get(TAG_PROXY) == self.name.lower()

    @property
    def resource_id(self) -> Optional[str]:
        """What IAM policies name a proxy by
        (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html)."""
        return self.arn.rpartition(":")[2] if self.arn else None

    @property
    def registered(self) -> tuple[DatabaseName, ...]:
        """The databases that the targets stand for: where a cluster is registered, the instances are its members."""
        clusters = {target.identifier for target in self.targets if target.type == TRACKED_CLUSTER}
        clusters |= {target.cluster for target in self.targets if target.cluster}
        if clusters:
            return tuple(DatabaseName(CLUSTER, cluster.lower()) for cluster in sorted(clusters))
        return tuple(DatabaseName(INSTANCE, target.identifier.lower()) for target in self.targets)


@dataclass(frozen=True)
class ProxyState(State):
    """What the changes of a plan write to: at most one proxy, groups and rules."""

    proxy: Optional[Proxy] = None


@dataclass(frozen=True)
class Seen:
    """Everything that a plan is made from.

    ``busy``: the name of the proxy if AWS is at work on it; one that is being deleted is none for who wants a new one.
    ``proxies`` is how many the account has;
    ``member_classes`` are the instance classes of a cluster that is to get a proxy. ``references`` are rules of others
    that name groups of ours which the proxy no longer needs, ``interfaces`` hold these groups. ``functions`` are
    connected through a proxy that is to be deleted.
    """

    state: ProxyState = ProxyState()
    busy: Optional[str] = None
    database: Optional[Database] = None
    subnets: Mapping[str, Subnet] = field(default_factory=dict)
    dedicated_vpc_ids: frozenset[str] = frozenset()
    ipv6_vpc_ids: frozenset[str] = frozenset()
    taken_names: frozenset[str] = frozenset()
    rules_per_group: Quota = _RULES_QUOTA
    proxies: int = 0
    proxies_quota: Quota = _PROXIES_QUOTA
    member_classes: tuple[str, ...] = ()
    interfaces: tuple[Interface, ...] = ()
    references: tuple[Rule, ...] = ()
    functions: tuple[str, ...] = ()

    @property
    def account(self) -> set[str]:
        """The account that all this is in, as far as an ARN tells it."""
        arns = [self.database.arn if self.database else "", (self.state.proxy and self.state.proxy.arn) or ""]
        return {arn.split(":")[4] for arn in arns if arn}


def is_ours(thing: Group | Rule, name: str) -> bool:
    """Whether a group or a rule was made for the proxy of that name."""
    return thing.tags.get(TAG_PROXY) == name
