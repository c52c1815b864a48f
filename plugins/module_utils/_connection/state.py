# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What AWS has, as frozen values. PRIVATE to the collection.

``State`` is the part that changes write to; ``Observed`` adds what a plan must know besides (the database, the VPC of
each subnet, quotas). Nothing here knows boto3.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Callable, Optional, TypeVar

from .._proxy.targets import READ_WRITE, Target

TAG_DATABASE = "cloudops.lambda_rds:database"
TAG_FUNCTION = "cloudops.lambda_rds:function"
TAG_SCOPE = "cloudops.lambda_rds:scope"
OWN_TAGS = "cloudops.lambda_rds:"

INGRESS = "ingress"
EGRESS = "egress"
# The scope of rules between a proxy and the database behind it, which all functions of the proxy share.
BEHIND = "behind-proxy"
LATEST = "$LATEST"
ALL_IPV4 = "0.0.0.0/0"
ALL_IPV6 = "::/0"

# https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html (quota L-0EA8095F), AWS's default
DEFAULT_RULES_PER_GROUP = 60
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (quota L-9FEE3D26), AWS's default
DEFAULT_INTERFACES_PER_VPC = 500
# https://docs.aws.amazon.com/lambda/latest/api/API_VpcConfig.html
MAX_SUBNETS = 16
MAX_GROUPS = 5
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html
MAX_TAGS = 50


@dataclass(frozen=True)
class VpcConfig:
    """A function's attachment; both lists empty: not in a VPC."""

    subnet_ids: tuple[str, ...] = ()
    security_group_ids: tuple[str, ...] = ()
    ipv6_allowed_for_dual_stack: bool = False

    @property
    def attached(self) -> bool:
        return bool(self.subnet_ids)

    def wearing(self, group_id: str) -> VpcConfig:
        return replace(self, security_group_ids=(*self.security_group_ids, group_id))


@dataclass(frozen=True)
class Version:
    """A published version: it keeps the attachment and the code with which it was published."""

    number: str
    vpc: VpcConfig = VpcConfig()
    code_sha256: str = ""

    def wears(self, group_ids: Collection[str]) -> bool:
        return any(group_id in group_ids for group_id in self.vpc.security_group_ids)


@dataclass(frozen=True)
class Alias:
    """A name for a version. ``shares`` are the other versions that get a part of its calls."""

    name: str
    version: str
    revision_id: Optional[str] = None
    shares: tuple[str, ...] = ()


@dataclass(frozen=True)
class Function:
    """A Lambda function's $LATEST. ``pending`` and ``updating``: AWS still works on it.

    ``versions`` and ``aliases`` are read only where they matter.
    """

    name: str
    arn: str
    vpc: VpcConfig = VpcConfig()
    revision_id: Optional[str] = None
    pending: bool = False
    updating: bool = False
    capacity_provider: Optional[str] = None
    code_sha256: str = ""
    role_arn: str = ""
    versions: tuple[Version, ...] = ()
    aliases: tuple[Alias, ...] = ()

    @property
    def account(self) -> str:
        return self.arn.split(":")[4]

    @property
    def newest(self) -> Optional[Version]:
        """The version that was published last: ``versions`` are in that order."""
        return self.versions[-1] if self.versions else None


@dataclass(frozen=True)
class Group:
    """A security group, without its rules."""

    id: str
    name: str
    vpc_id: str
    owner_id: str = ""
    description: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)

    def owned_by(self, database: str) -> bool:
        return self.tags.get(TAG_DATABASE) == database and TAG_SCOPE in self.tags


@dataclass(frozen=True)
class Peer:
    """The other side of a rule. kind: group, cidr_ip, cidr_ipv6, ip_prefix (the words of amazon.aws)."""

    kind: str
    value: str


@dataclass(frozen=True)
class Rule:
    """One security group rule.

    Its identity leaves out id, description and tags, as AWS does when it looks for duplicates
    (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html).
    """

    group_id: str
    direction: str
    protocol: str
    from_port: int
    to_port: int
    peer: Peer
    description: str = ""
    id: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def identity(self) -> tuple[str, str, str, int, int, Peer]:
        return (self.group_id, self.direction, self.protocol, self.from_port, self.to_port, self.peer)

    @property
    def allows_everything(self) -> bool:
        return self.protocol == "-1" and self.peer.value in (ALL_IPV4, ALL_IPV6)

    def owned_by(self, database: str) -> bool:
        return self.tags.get(TAG_DATABASE) == database

    def with_ids(self, resolve: Callable[[str], str]) -> Rule:
        """The rule with the ids of planned groups replaced by real ones."""
        return replace(self, group_id=resolve(self.group_id), peer=replace(self.peer, value=resolve(self.peer.value)))

    @property
    def text(self) -> str:
        """tcp/5432 to sg-1: the rule without its own group."""
        if self.protocol == "-1":
            what = "all traffic"
        elif self.from_port == self.to_port:
            what = f"{self.protocol}/{self.from_port}"
        else:
            what = f"{self.protocol}/{self.from_port}-{self.to_port}"
        return f"{what} {'to' if self.direction == EGRESS else 'from'} {self.peer.value}"


@dataclass(frozen=True)
class LoginPolicy:
    """An inline policy of an execution role that lets it log in to a database by IAM, as any of ``users``.

    ``database_arn`` is what users' ARNs begin with. ``ours``: its text is one that this collection writes.
    """

    role: str
    name: str
    users: tuple[str, ...]
    database_arn: str
    ours: bool = True


@dataclass(frozen=True)
class State:
    """What the changes of a plan write to. ``login_policies`` are by role, read only where the task speaks of users."""

    functions: Mapping[str, Function] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    login_policies: Mapping[str, LoginPolicy] = field(default_factory=dict)

    def rules_of(self, group_id: str, direction: str) -> tuple[Rule, ...]:
        return tuple(self._by_group.get((group_id, direction), ()))

    def find_rule(self, wanted: Rule) -> Optional[Rule]:
        """The equivalent rule that is there already, whoever made it and whatever its description."""
        return self._by_identity.get(wanted.identity)

    # What a plan for many functions asks for again and again, put in order once.

    @cached_property
    def _by_group(self) -> Mapping[tuple[str, str], list[Rule]]:
        found: dict[tuple[str, str], list[Rule]] = {}
        for rule in self.rules:
            found.setdefault((rule.group_id, rule.direction), []).append(rule)
        return found

    @cached_property
    def _by_identity(self) -> Mapping[tuple[object, ...], Rule]:
        return {rule.identity: rule for rule in reversed(self.rules)}

    @cached_property
    def groups_tagged(self) -> Mapping[tuple[str, str], list[Group]]:
        """The groups that have a tag of ours, by its key and value."""
        found: dict[tuple[str, str], list[Group]] = {}
        for group in self.groups.values():
            for key in (TAG_FUNCTION, TAG_SCOPE):
                found.setdefault((key, group.tags.get(key, "")), []).append(group)
        return found

    @cached_property
    def worn(self) -> frozenset[str]:
        """The groups that functions wear."""
        return frozenset(group for each in self.functions.values() for group in each.vpc.security_group_ids)


# A state with what a module knows besides groups and rules: a change of these leaves that as it is.
AnyState = TypeVar("AnyState", bound=State)


@dataclass(frozen=True)
class Capacity:
    """How far Aurora Serverless v2 scales, in Aurora capacity units; with a least of 0 it pauses."""

    least: float
    most: float


@dataclass(frozen=True)
class Database:
    """The database as RDS shows it. ``port`` is None while it has no endpoint; ``vpc_id`` is None without a VPC.

    ``cluster`` is the one that an instance is a member of, ``members`` are a cluster's instances, ``writers`` those of
    them that write, ``role`` whether its endpoint leads to these ("writer"), the others ("reader") or some of both
    ("custom"). ``without_members``: it serves without any. An instance has ``replica_of`` if it is a read replica.
    ``zone`` is the Availability Zone of what stays in one. ``public``: its name has a public address too.
    ``group_states`` are AWS's words for each of its groups: active, adding, removing.
    ``resource_id`` is what IAM knows it by in rds-db:connect (db-..., cluster-..., prx-...).

    Of a proxy ``subnet_ids`` and ``security_group_ids`` are those of the endpoint that clients connect to, which may be
    a further one; the ``origin_`` ones are the proxy's own, from which it goes on to its ``targets``. ``target_role``
    is the endpoint's: READ_WRITE or READ_ONLY.
    """

    kind: str
    identifier: str
    vpc_id: Optional[str] = None
    subnet_ids: tuple[str, ...] = ()
    security_group_ids: tuple[str, ...] = ()
    port: Optional[int] = None
    endpoint: Optional[str] = None
    status: str = ""
    resource_id: str = ""
    origin_subnet_ids: tuple[str, ...] = ()
    origin_security_group_ids: tuple[str, ...] = ()
    targets: tuple[Target, ...] = ()
    target_role: str = READ_WRITE
    arn: str = ""
    engine: str = ""
    instance_class: str = ""
    cluster: Optional[str] = None
    members: tuple[str, ...] = ()
    writers: tuple[str, ...] = ()
    role: str = ""
    without_members: bool = False
    replica_of: Optional[str] = None
    zone: Optional[str] = None
    public: bool = False
    dual_stack: bool = False
    group_states: Mapping[str, str] = field(default_factory=dict)
    capacity: Optional[Capacity] = None


@dataclass(frozen=True)
class Subnet:
    """``cidr`` is that of IPv4, empty where it has IPv6 only or was not told; ``free_addresses`` are IPv4's.

    ``owner_id`` is the account that it belongs to: another one shares it, where it is not the functions'.
    """

    id: str
    vpc_id: str
    availability_zone: str = ""
    free_addresses: Optional[int] = None
    cidr: str = ""
    ipv6_cidrs: tuple[str, ...] = ()
    owner_id: str = ""


@dataclass(frozen=True)
class Interface:
    """A network interface that holds a security group. ``requester_id`` is who made it, an account or a service."""

    id: str
    group_ids: tuple[str, ...]
    description: str = ""
    type: str = ""
    subnet_id: str = ""
    requester_id: str = ""


@dataclass(frozen=True)
class Wearer:
    """A function version whose VPC configuration names a security group of ours."""

    function_name: str
    version: str
    group_ids: tuple[str, ...]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Quota:
    """A limit of the account; ``known`` is false where AWS's default stands in for one that could not be read."""

    value: int
    known: bool = True


@dataclass(frozen=True)
class Room:
    """How many there are of what a quota limits."""

    used: int
    quota: Quota


@dataclass(frozen=True)
class Observed:
    """Everything that a plan is made from.

    ``behind`` is what a proxy, as the database, leads to. ``authorized`` are rules that this very run added,
    ``revoked`` those that it took away.
    ``interfaces_in_vpc`` are those of Lambda in the target's VPC; None where so few are needed that it was not asked.
    ``login_users`` are the other functions that stay connected, by those roles that have a login policy;
    ``login_roles_searched``: whether IAM let us look at all roles.
    """

    state: State
    database: Optional[Database] = None
    behind: Optional[Database] = None
    subnets: Mapping[str, Subnet] = field(default_factory=dict)
    unknown_vpc_ids: frozenset[str] = frozenset()
    dedicated_vpc_ids: frozenset[str] = frozenset()
    ipv6_vpc_ids: frozenset[str] = frozenset()
    peered_vpc_ids: frozenset[str] = frozenset()
    taken_names: frozenset[str] = frozenset()
    rules_per_group: Quota = Quota(DEFAULT_RULES_PER_GROUP)
    interfaces_in_vpc: Optional[Room] = None
    interfaces: tuple[Interface, ...] = ()
    wearers: tuple[Wearer, ...] = ()
    references: tuple[Rule, ...] = ()
    authorized: tuple[Rule, ...] = ()
    revoked: tuple[Rule, ...] = ()
    login_users: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    login_roles_searched: bool = True

    def vpc_of(self, vpc: VpcConfig) -> Optional[str]:
        """The VPC of an attachment, read from its subnets; None outside a VPC."""
        return next((self.subnets[subnet].vpc_id for subnet in vpc.subnet_ids if subnet in self.subnets), None)
