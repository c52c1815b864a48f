# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The option egress_rules: further rules of our own client group. PRIVATE to the collection."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

from .._errors import Refusal
from .._model.security_groups import EGRESS, Peer, Rule

_PEERS = {"cidr_ip": "cidr_ip", "cidr_ipv6": "cidr_ipv6", "group_id": "group", "ip_prefix": "ip_prefix"}
_NAMES = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}
_PORTS = {"tcp", "udp"}
_EVERY_TYPE = {"icmp", "icmpv6"}
_DESCRIPTION = re.compile(r"[a-zA-Z0-9 ._:/()#,@\[\]+=&;{}!$*-]{0,255}")


@dataclass(frozen=True)
class ExtraRule:
    protocol: str
    from_port: int
    to_port: int
    peer: Peer
    description: str = ""

    def on(self, group_id: str) -> Rule:
        return Rule(group_id, EGRESS, self.protocol, self.from_port, self.to_port, self.peer, self.description)


def read_egress_rules(given: Sequence[Mapping[str, Any]], refusals: list[Refusal]) -> tuple[ExtraRule, ...]:
    """Reads the option; what is wrong goes to ``refusals``."""
    read = []
    for index, rule in enumerate(given):
        problem = _problem(rule)
        if problem is not None:
            refusals.append(Refusal(f"egress_rules[{index}]", _shown(rule), *problem))
        else:
            read.append(_rule(rule))
    return tuple(read)


def _shown(rule: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}={value}" for key, value in rule.items() if value not in (None, ""))


def _protocol(rule: Mapping[str, Any]) -> str:
    given = str(rule["proto"]).lower()
    return _NAMES.get(given, given)


def _problem(rule: Mapping[str, Any]) -> Optional[tuple[str, str]]:
    """What is wrong with a rule, and the remedy."""
    peers = [option for option in _PEERS if rule.get(option)]
    if len(peers) != 1:
        return "a rule has exactly one peer.", "Give one of cidr_ip, cidr_ipv6, group_id, ip_prefix."
    return _peer_problem(peers[0], rule[peers[0]]) or _port_problem(rule) or _description_problem(rule)


def _peer_problem(option: str, value: str) -> Optional[tuple[str, str]]:
    forms = {"group_id": ("sg-", "sg-0123456789abcdef0"), "ip_prefix": ("pl-", "pl-0123456789abcdef0")}
    if option in forms:
        prefix, example = forms[option]
        return None if value.startswith(prefix) else (f"{option} is not an id.", f"Give one such as {example}.")
    family, example = (4, "10.0.0.0/16") if option == "cidr_ip" else (6, "2001:db8::/32")
    try:
        network = ipaddress.ip_network(value)
    except ValueError as error:
        return f"{option} is not a network ({error}).", f"Give one such as {example}."
    return None if network.version == family else (f"{option} is not IPv{family}.", f"Give one such as {example}.")


def _port_problem(rule: Mapping[str, Any]) -> Optional[tuple[str, str]]:
    protocol, first, last = _protocol(rule), rule.get("from_port"), rule.get("to_port")
    if protocol not in _PORTS:
        if protocol not in _EVERY_TYPE | {"-1"} and not protocol.isdigit():
            return "proto is not a protocol.", "Give tcp, udp, icmp, icmpv6, a protocol number, or -1 for all."
        if first is not None or last is not None:
            return f"protocol {protocol} takes no ports.", "Leave out from_port and to_port."
        return None
    if first is None:
        return "from_port is missing.", "Give a port from 0 to 65535."
    last = first if last is None else last
    if not 0 <= first <= last <= 65535:
        return "the ports are not a range within 0 to 65535.", "Give from_port, and to_port not below it."
    return None


def _description_problem(rule: Mapping[str, Any]) -> Optional[tuple[str, str]]:
    if _DESCRIPTION.fullmatch(rule.get("rule_desc") or ""):
        return None
    return (
        "rule_desc has characters that EC2 refuses.",
        "Use letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*, at most 255.",
    )


def _rule(rule: Mapping[str, Any]) -> ExtraRule:
    option = next(option for option in _PEERS if rule.get(option))
    protocol = _protocol(rule)
    first, last = (-1, -1) if protocol not in _PORTS else (rule["from_port"], rule.get("to_port"))
    value = str(ipaddress.ip_network(rule[option])) if option.startswith("cidr") else rule[option]
    peer = Peer(_PEERS[option], value)
    return ExtraRule(protocol, first, first if last is None else last, peer, rule.get("rule_desc") or "")
