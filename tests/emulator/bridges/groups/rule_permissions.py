# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The permissions of a call are checked: protocol, ports and addresses take AWS's form, and none may come twice."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any

from moto.ec2.exceptions import InvalidParameterValue, MissingParameter
from moto.ec2.responses.security_groups import SecurityGroups

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method

PROTOCOLS = {"all": "-1", "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}


def install() -> None:
    @replaces_method(SecurityGroups, "_process_rules_from_querystring")
    def permissions(original: Any, self: Any) -> list[dict[str, Any]]:
        checked = [_checked(permission) for permission in original(self)]
        rules = [rule for permission in checked for rule in _rules(permission)]
        if len(rules) > len(set(rules)):
            raise InvalidParameterValue("The same permission must not appear multiple times")
        return checked


def _checked(permission: dict[str, Any]) -> dict[str, Any]:
    if permission["security_rule_ids"]:
        return permission
    if not any(permission[peers] for peers in ("ip_ranges", "source_groups", "prefix_list_ids")):
        raise MissingParameter("Source group ID missing.")
    protocol = _protocol(permission["ip_protocol"])
    from_port, to_port = _ports(protocol, permission["from_port"], permission["to_port"])
    ranges = [_canonical(found) for found in permission["ip_ranges"]]
    return {**permission, "ip_protocol": protocol, "from_port": from_port, "to_port": to_port, "ip_ranges": ranges}


def _protocol(said: Any) -> str:
    if said is None:
        raise InvalidParameterValue(
            "Invalid value 'null' for protocol. VPC security group rules must specify protocols explicitly."
        )
    protocol = PROTOCOLS.get(str(said).lower(), str(said).lower())
    number = int(protocol) if re.fullmatch(r"-?\d+", protocol) else None
    if protocol in PROTOCOLS.values() or (number is not None and 0 <= number <= 255):
        return protocol
    raise InvalidParameterValue(f"Invalid value '{said}' for IP protocol. Unknown protocol.")


def _ports(protocol: str, said_from: Any, said_to: Any) -> tuple[int, int]:
    """All ports for a protocol that has none, even if some are named."""
    if protocol not in ("tcp", "udp", "icmp", "icmpv6"):
        return -1, -1
    if said_from is None or said_to is None:
        if protocol == "icmpv6":
            return -1, -1
        raise InvalidParameterValue(
            f"Invalid value for portRange. Must specify both from and to ports with {_ports_of(protocol)}."
        )
    from_port, to_port = int(said_from), int(said_to)
    lowest, highest = (0, 65535) if protocol in ("tcp", "udp") else (-1, 255)
    for side, port in (("from", from_port), ("to", to_port)):
        if not lowest <= port <= highest:
            raise InvalidParameterValue(f"{_ports_of(protocol)} ({side}) port ({port}) out of range")
    if from_port > to_port and protocol in ("tcp", "udp"):
        raise InvalidParameterValue(f"Invalid TCP/UDP port range ({from_port}:{to_port})")
    return from_port, to_port


def _ports_of(protocol: str) -> str:
    return "TCP/UDP" if protocol in ("tcp", "udp") else "ICMP"


def _canonical(said: Mapping[str, Any]) -> dict[str, Any]:
    """Host bits are cleared, as https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html says."""
    key, kind = ("CidrIp", ipaddress.IPv4Network) if "CidrIp" in said else ("CidrIpv6", ipaddress.IPv6Network)
    address, _slash, bits = said[key].partition("/")
    try:
        return {**said, key: str(kind((address, int(bits)), strict=False))}
    except ValueError:
        raise InvalidParameterValue(f"CIDR block {said[key]} is malformed") from None


def _rules(permission: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """What distinguishes the rules of a permission; groups given by name instead of id are distinguished later."""
    ports = (permission["ip_protocol"], permission["from_port"], permission["to_port"])
    for peers in ("ip_ranges", "source_groups", "prefix_list_ids"):
        for peer in permission[peers]:
            for key in ("CidrIp", "CidrIpv6", "GroupId", "PrefixListId"):
                if key in peer:
                    yield (*ports, peer[key])
