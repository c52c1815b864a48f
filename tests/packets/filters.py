# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Security groups and network ACLs, as the emulator holds them, as rulesets of nftables."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.packets.held import End, Held

_NUMBERS = {"tcp": "6", "udp": "17", "icmp": "1", "icmpv6": "58"}
_WITH_PORTS = {"6": "tcp", "17": "udp"}
_DROPPED = "type filter hook {hook} priority 0; policy drop;"


def function_ruleset(held: Held, zone: int) -> str:
    """Its groups let calls out, and the answers to these in."""
    out = _group_rules(held, held.function, held.database, "IpPermissionsEgress", "daddr")
    return _stateful(zone, output=out, input_=())


def database_ruleset(held: Held, zone: int) -> str:
    """Its groups let calls in, and the answers to these out."""
    into = _group_rules(held, held.database, held.function, "IpPermissions", "saddr")
    return _stateful(zone, output=(), input_=into)


def _stateful(zone: int, *, output: Iterable[str], input_: Iterable[str]) -> str:
    """Connections of another zone, which are those of other states, do not count as established."""
    raw = [
        _chain(f"zone_{hook}", [f"type filter hook {hook} priority raw;", f"ct zone set {zone}"])
        for hook in ("output", "prerouting")
    ]
    known = "ct state established accept"
    chains = [
        _chain(hook, [_DROPPED.format(hook=hook), known, *rules])
        for hook, rules in (("output", output), ("input", input_))
    ]
    return _table("groups", [*raw, *chains])


def _group_rules(held: Held, own: End, other: End, direction: str, field: str) -> Iterator[str]:
    """A group stands for the addresses of the interfaces that wear it: the other end's, if it does."""
    for permission in (permission for group in own.groups for permission in group[direction]):
        matched = _protocol(permission["IpProtocol"], permission.get("FromPort"), permission.get("ToPort"))
        cidrs = [each["CidrIp"] for each in permission.get("IpRanges", ())]
        cidrs += [each["CidrIpv6"] for each in permission.get("Ipv6Ranges", ())]
        for listed in permission.get("PrefixListIds", ()):
            cidrs += held.prefix_lists[listed["PrefixListId"]]
        if other.group_ids.intersection(each["GroupId"] for each in permission.get("UserIdGroupPairs", ())):
            cidrs += [str(subnet.network) for subnet in other.subnets]
        for cidr in cidrs:
            yield f"{_family(cidr)} {field} {cidr} {matched} accept"


def router_ruleset(held: Held) -> str:
    """Network ACLs, without any memory: on the way out of a subnet and on the way into one."""
    chains, jumps = list[str](), list[str]()
    for number, subnet in enumerate(held.subnets):
        (acl,) = (acl for acl in held.acls if subnet.id in {each["SubnetId"] for each in acl["Associations"]})
        for name, egress in ((f"from_{number}", True), (f"to_{number}", False)):
            chains.append(_chain(name, [*_acl_rules(acl, egress=egress), "drop"]))
        jumps.append(f'oifname "out*" ip saddr {subnet.network} jump from_{number}')
        jumps.append(f'iifname "in*" ip daddr {subnet.network} jump to_{number}')
    return _table("acls", [*chains, _chain("forward", ["type filter hook forward priority 0; policy accept;", *jumps])])


def _acl_rules(acl: dict[str, Any], *, egress: bool) -> Iterator[str]:
    field = "daddr" if egress else "saddr"
    for entry in sorted(acl["Entries"], key=lambda entry: int(entry["RuleNumber"])):
        if entry["Egress"] == egress:
            ports = entry.get("PortRange", {})
            cidr = entry.get("CidrBlock") or entry["Ipv6CidrBlock"]
            matched = _protocol(entry["Protocol"], ports.get("From"), ports.get("To"))
            verdict = {"allow": "accept", "deny": "drop"}[entry["RuleAction"]]
            yield f"{_family(cidr)} {field} {cidr} {matched} {verdict}"


def _protocol(protocol: str, first: int | None, last: int | None) -> str:
    """Of TCP and UDP the ports; of ICMP the type and code are left out."""
    number = _NUMBERS.get(protocol, protocol)
    if number == "-1":
        return ""
    if number in _WITH_PORTS and first is not None and last is not None:
        return f"{_WITH_PORTS[number]} dport {first}-{last}" if first < last else f"{_WITH_PORTS[number]} dport {first}"
    return f"meta l4proto {number}"


def _family(cidr: str) -> str:
    return "ip" if ipaddress.ip_network(cidr).version == 4 else "ip6"


def _table(name: str, chains: Iterable[str]) -> str:
    return f"table inet {name} {{\n{''.join(chains)}}}\n"


def _chain(name: str, rules: Iterable[str]) -> str:
    return f"chain {name} {{\n" + "".join(f"{rule}\n" for rule in rules) + "}\n"
