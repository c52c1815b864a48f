# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""RDS Proxies and their settings, from RDS's answers and back. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Optional

from .engine_families import SQLSERVER
from .names import CLUSTER, INSTANCE, DatabaseName
from .ownership import TAG_PROXY
from .proxy_targets import TRACKED_CLUSTER, Target, target_from

# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBProxy.html (Status)
AVAILABLE = "available"
CREATING = "creating"
DELETING = "deleting"
# AWS is at work, and ends it by itself.
BUSY = frozenset({CREATING, DELETING, "modifying", "reactivating", "suspending"})
IAM_AUTH = "iam_auth"
NO_SCHEME = "none"


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


# How a setting of state.py is called when a proxy is created or modified.
_SETTINGS = {
    "default_auth_scheme": "DefaultAuthScheme",
    "role_arn": "RoleArn",
    "require_tls": "RequireTLS",
    "idle_client_timeout": "IdleClientTimeout",
    "debug_logging": "DebugLogging",
}
_POOL = {
    "max_connections_percent": "MaxConnectionsPercent",
    "max_idle_connections_percent": "MaxIdleConnectionsPercent",
    "connection_borrow_timeout": "ConnectionBorrowTimeout",
    "init_query": "InitQuery",
    "session_pinning_filters": "SessionPinningFilters",
}


def proxy_from(
    proxy: Mapping[str, Any], pool: Mapping[str, Any], targets: Iterable[Mapping[str, Any]], tags: Mapping[str, str]
) -> Proxy:
    """A proxy as DescribeDBProxies gives it, with what takes calls of their own."""
    return Proxy(
        name=proxy["DBProxyName"],
        engine_family=proxy["EngineFamily"],
        vpc_id=proxy.get("VpcId") or "",
        subnet_ids=tuple(sorted(proxy.get("VpcSubnetIds") or ())),
        security_group_ids=tuple(sorted(proxy.get("VpcSecurityGroupIds") or ())),
        auth=tuple(_auth_from(auth) for auth in proxy.get("Auth") or ()),
        default_auth_scheme=(proxy.get("DefaultAuthScheme") or "NONE").lower(),
        role_arn=proxy.get("RoleArn") or "",
        require_tls=bool(proxy.get("RequireTLS")),
        idle_client_timeout=proxy.get("IdleClientTimeout") or 1800,
        debug_logging=bool(proxy.get("DebugLogging")),
        pool=pool_from(pool),
        targets=tuple(map(target_from, targets)),
        tags=tags,
        status=proxy.get("Status") or "",
        arn=proxy.get("DBProxyArn"),
        endpoint=proxy.get("Endpoint"),
    )


def _auth_from(auth: Mapping[str, Any]) -> Auth:
    return Auth(
        auth.get("SecretArn") or "",
        (auth.get("IAMAuth") or "DISABLED").lower(),
        (auth.get("ClientPasswordAuthType") or "").lower() or None,
        auth.get("Description") or None,
    )


def pool_from(pool: Mapping[str, Any]) -> Pool:
    return Pool(
        pool.get("MaxConnectionsPercent", 100),
        pool.get("MaxIdleConnectionsPercent", 50),
        pool.get("ConnectionBorrowTimeout", 120),
        pool.get("InitQuery") or "",
        tuple(sorted(word.lower() for word in pool.get("SessionPinningFilters") or ())),
    )


def settings_to(settings: Mapping[str, Any], groups: str) -> dict[str, Any]:
    """Settings as CreateDBProxy and ModifyDBProxy take them; they differ in the name of the groups."""
    sent = {word: settings[name] for name, word in _SETTINGS.items() if name in settings}
    if "default_auth_scheme" in settings:
        sent["DefaultAuthScheme"] = settings["default_auth_scheme"].upper()
    if "auth" in settings:
        sent["Auth"] = [_auth_to(auth) for auth in settings["auth"]]
    if "security_group_ids" in settings:
        sent[groups] = list(settings["security_group_ids"])
    return sent


def _auth_to(auth: Auth) -> dict[str, str]:
    sent = {"AuthScheme": "SECRETS", "SecretArn": auth.secret_arn, "IAMAuth": auth.iam_auth.upper()}
    if auth.client_password_auth_type is not None:
        sent["ClientPasswordAuthType"] = auth.client_password_auth_type.upper()
    return sent if auth.description is None else {**sent, "Description": auth.description}


def pool_to(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of a pool as ModifyDBProxyTargetGroup takes them."""
    sent = {word: settings[name] for name, word in _POOL.items() if name in settings}
    if "session_pinning_filters" in settings:
        sent["SessionPinningFilters"] = [word.upper() for word in settings["session_pinning_filters"]]
    return sent
