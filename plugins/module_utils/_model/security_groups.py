# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Security groups and their rules, from EC2's answers and back. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Callable, Optional

from .ownership import TAG_DATABASE, TAG_PROXY, TAG_SCOPE, tags_from

INGRESS = "ingress"
EGRESS = "egress"
ALL_IPV4 = "0.0.0.0/0"
ALL_IPV6 = "::/0"


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


_PROTOCOLS = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}
_PEERS = {"CidrIpv4": "cidr_ip", "CidrIpv6": "cidr_ipv6", "PrefixListId": "ip_prefix"}


def group_from(group: Mapping[str, Any]) -> Group:
    return Group(
        group["GroupId"],
        group["GroupName"],
        group["VpcId"],
        group.get("OwnerId", ""),
        group.get("Description", ""),
        tags_from(group.get("Tags")),
    )


def rule_from(rule: Mapping[str, Any]) -> Rule:
    protocol = _protocol(rule)
    first, last = _ports(protocol, rule)
    referenced = rule.get("ReferencedGroupInfo") or {}
    if referenced.get("GroupId"):
        peer = Peer("group", referenced["GroupId"])
    else:
        peer = next(Peer(kind, rule[key]) for key, kind in _PEERS.items() if rule.get(key))
    return Rule(
        rule["GroupId"],
        EGRESS if rule["IsEgress"] else INGRESS,
        protocol,
        first,
        last,
        peer,
        rule.get("Description") or "",
        rule["SecurityGroupRuleId"],
        tags_from(rule.get("Tags")),
    )


def references_from(group: Mapping[str, Any]) -> Iterator[Rule]:
    """The rules of a group, as DescribeSecurityGroups gives them, that name another group."""
    for direction, key in ((INGRESS, "IpPermissions"), (EGRESS, "IpPermissionsEgress")):
        for permission in group.get(key) or ():
            protocol = _protocol(permission)
            first, last = _ports(protocol, permission)
            for pair in permission.get("UserIdGroupPairs") or ():
                yield Rule(group["GroupId"], direction, protocol, first, last, Peer("group", pair["GroupId"]))


def _protocol(rule: Mapping[str, Any]) -> str:
    protocol = str(rule["IpProtocol"])
    return _PROTOCOLS.get(protocol, protocol)


def _ports(protocol: str, rule: Mapping[str, Any]) -> tuple[int, int]:
    """All ports are -1 to -1 for every protocol of which AWS gives none."""
    if protocol == "-1" or rule.get("FromPort") is None:
        return -1, -1
    return rule["FromPort"], rule["ToPort"]


def permission_to(rule: Rule, peer_owner: str = "") -> dict[str, Any]:
    """A rule as Authorize takes it. ``peer_owner`` is the account of the group that it names, where that is known.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UserIdGroupPair.html
    """
    permission: dict[str, Any] = {"IpProtocol": rule.protocol}
    if rule.protocol != "-1":
        permission.update(FromPort=rule.from_port, ToPort=rule.to_port)
    key, field = {
        "group": ("UserIdGroupPairs", "GroupId"),
        "cidr_ip": ("IpRanges", "CidrIp"),
        "cidr_ipv6": ("Ipv6Ranges", "CidrIpv6"),
        "ip_prefix": ("PrefixListIds", "PrefixListId"),
    }[rule.peer.kind]
    description = {"Description": rule.description} if rule.description else {}
    owner = {"UserId": peer_owner} if peer_owner and rule.peer.kind == "group" else {}
    return {**permission, key: [{field: rule.peer.value, **owner, **description}]}


def is_ours(thing: Group | Rule, name: str) -> bool:
    """Whether a group or a rule was made for the proxy of that name."""
    return thing.tags.get(TAG_PROXY) == name


def default_egress(group: Group, *, ipv6: bool) -> tuple[Rule, ...]:
    """The allow-all rules that AWS puts into a new group (https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html)."""
    peers = [Peer("cidr_ip", ALL_IPV4)]
    if ipv6:
        peers.append(Peer("cidr_ipv6", ALL_IPV6))
    return tuple(Rule(group.id, EGRESS, "-1", -1, -1, peer) for peer in peers)


def rule_data(rule: Rule) -> dict[str, object]:
    """A rule in the words of the option egress_rules."""
    every: Optional[int] = None if rule.protocol == "-1" else rule.from_port
    return {
        "proto": rule.protocol,
        "from_port": every,
        "to_port": None if every is None else rule.to_port,
        ("group_id" if rule.peer.kind == "group" else rule.peer.kind): rule.peer.value,
        "rule_desc": rule.description,
    }


def client_of(rule: Rule) -> str:
    """The client group of a rule of ours, on whichever side the rule is."""
    return rule.group_id if rule.direction == EGRESS else rule.peer.value
