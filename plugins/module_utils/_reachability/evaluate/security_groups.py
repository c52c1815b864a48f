# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What security groups let through. PRIVATE to the collection.

They remember connections, so answers need no rule; the rules of all groups of an interface count together
(https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..._model.security_groups import ALL_IPV4, ALL_IPV6, Rule
from ..catalogue.hops import CLOSED, OPEN, PARTLY
from .addresses import Range, network, without

PrefixLists = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class PeerEnd:
    """The other end of a connection: its groups, and the addresses that it may have."""

    group_ids: tuple[str, ...]
    addresses: Range
    family: int = 4


@dataclass(frozen=True)
class Evaluation:
    """What the groups of one end say.

    ``rules`` are those that open the port in part (PARTLY), or another port (CLOSED).
    ``closed`` are the addresses of the other end that none of them lets through.
    ``unknown``: prefix lists in rules for the port whose networks could not be read.
    """

    state: str
    rules: tuple[Rule, ...] = ()
    unknown: tuple[str, ...] = ()
    closed: tuple[Range, ...] = ()


def evaluate_rules(rules: Iterable[Rule], other: PeerEnd, port: int, prefix_lists: PrefixLists) -> Evaluation:
    """Whether the rules together let TCP on that port through to, or from, every address of the other end."""
    remaining, part, unknown = [other.addresses], list[Rule](), list[str]()
    elsewhere: list[Rule] = []
    for rule in rules:
        if rule.peer.kind == "ip_prefix" and rule.peer.value not in prefix_lists:
            unknown += [rule.peer.value] if _has_port(rule, port) else []
            continue
        hits = [each for each in _ranges(rule, other, prefix_lists) if each.meets(other.addresses)]
        if not _has_port(rule, port):
            elsewhere += [rule] if hits and _names_it(rule) else []
        elif hits:
            part.append(rule)
            for each in hits:
                remaining = without(remaining, each)
    if not remaining:
        return Evaluation(OPEN)
    if part:
        return Evaluation(PARTLY, tuple(part), tuple(unknown), tuple(remaining))
    return Evaluation(CLOSED, tuple(elsewhere), tuple(unknown), tuple(remaining))


def opens_everywhere(rules: Iterable[Rule], group_ids: tuple[str, ...], port: int) -> bool:
    """Whether the rules let TCP on that port through to, or from, these groups at every address."""
    tcp = [rule for rule in rules if rule.protocol in ("tcp", "-1")]
    return evaluate_rules(wherever(tcp), PeerEnd(group_ids, network(ALL_IPV4)[1]), port, {}).state == OPEN


def wherever(rules: Iterable[Rule]) -> list[Rule]:
    """Those that do not hang on where the other end is: for groups, and for every address."""
    return [rule for rule in rules if rule.peer.kind == "group" or rule.peer.value == ALL_IPV4]


def hangs_on_place(rules: Iterable[Rule], port: int) -> bool:
    """Whether one for the port is for networks, which may hold the other end or not."""
    return any(_has_port(rule, port) for rule in rules if rule.peer.kind in ("cidr_ip", "ip_prefix"))


def _ranges(rule: Rule, other: PeerEnd, prefix_lists: PrefixLists) -> list[Range]:
    """The addresses that the rule's peer stands for; for a group of the other end, all that it may have."""
    kind, value = rule.peer.kind, rule.peer.value
    if kind == "group":
        return [other.addresses] if value in other.group_ids else []
    networks = map(network, prefix_lists[value] if kind == "ip_prefix" else [value])
    return [addresses for family, addresses in networks if family == other.family]


def _names_it(rule: Rule) -> bool:
    """A rule for the whole internet was not meant for this other end."""
    return rule.peer.value not in (ALL_IPV4, ALL_IPV6)


def _has_port(rule: Rule, port: int) -> bool:
    return rule.protocol == "-1" or rule.from_port == -1 or rule.from_port <= port <= rule.to_port
