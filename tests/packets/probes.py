# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The connections to try, so that all of a state's come about if and only if these do.

No rule looks at more than one address besides the subnets and a port: so every source address meets every source port
and every subnet of the database, and every address of the database every source port and every subnet of the function,
but not every source address every address of the database.
"""

from __future__ import annotations

import ipaddress
import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.packets.connects import Probe
from ansible_collections.cloudops.lambda_rds.tests.packets.held import Held, Subnet

# What clients call from.
FIRST_PORT, LAST_PORT = 1024, 65535


def probes(held: Held) -> list[Probe]:
    """Each once, but no two of which one looks like an answer to the other, which takes a host on both sides."""
    edges, ports = _edges(held), _ports(held)
    found = (
        Probe(str(source), port, str(target))
        for here, there in itertools.product(held.function.subnets, held.database.subnets)
        for source, target in _pairs(_addresses(here, edges), _addresses(there, edges))
        for port in ports
    )
    kept: dict[Probe, None] = {}
    for probe in found:
        mirrored = Probe(probe.target, probe.source_port, probe.source)
        if probe.source_port != held.port or mirrored not in kept:
            kept[probe] = None
    return list(kept)


def _pairs(sources: list[Any], targets: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Every source and every target at least once; no host calls itself."""
    for number in range(max(len(sources), len(targets))):
        source = sources[number % len(sources)]
        others = [target for target in targets if target != source]
        yield source, others[number % len(others)]
    for number, target in enumerate(targets):
        others = [source for source in sources if source != target]
        yield others[number % len(others)], target


def given_out(subnet: Subnet) -> tuple[int, int]:
    """The first and the last address that AWS gives out."""
    return int(subnet.network.network_address) + 4, int(subnet.network.broadcast_address) - 1


def text(address: int) -> str:
    return str(ipaddress.IPv4Address(address))


def _addresses(subnet: Subnet, edges: set[int]) -> list[ipaddress.IPv4Address]:
    """The first and the last that AWS gives out, and those at the edges of every range."""
    first, last = given_out(subnet)
    wanted = {first, last} | {edge for edge in edges if first <= edge <= last}
    return [ipaddress.IPv4Address(each) for each in sorted(wanted)]


def _edges(held: Held) -> set[int]:
    """The addresses at both sides of the begin and the end of each range of the state."""
    return {
        edge + step
        for network in named_networks(held)
        for edge in (int(network.network_address), int(network.broadcast_address))
        for step in (-1, 0, 1)
    }


def named_networks(held: Held) -> list[ipaddress.IPv4Network]:
    networks = (ipaddress.ip_network(cidr) for cidr in _cidrs(held))
    return [network for network in networks if isinstance(network, ipaddress.IPv4Network)]


def _cidrs(held: Held) -> Iterator[str]:
    for group in (*held.function.groups, *held.database.groups):
        for permission in (*group["IpPermissions"], *group["IpPermissionsEgress"]):
            yield from (each["CidrIp"] for each in permission.get("IpRanges", ()))
    for cidrs in held.prefix_lists.values():
        yield from cidrs
    yield from (entry["CidrBlock"] for entry in _entries(held) if "CidrBlock" in entry)
    routes = (route for table in held.tables for route in table["Routes"])
    yield from (route["DestinationCidrBlock"] for route in routes if route.get("DestinationCidrBlock"))


def _ports(held: Held) -> list[int]:
    """The first and the last, and those at the edges of every range that a network ACL names."""
    edges = {edge + step for ports in named_ports(held) for edge in ports for step in (-1, 0, 1)}
    return sorted({FIRST_PORT, LAST_PORT} | {edge for edge in edges if FIRST_PORT <= edge <= LAST_PORT})


def named_ports(held: Held) -> list[tuple[int, int]]:
    named = (entry["PortRange"] for entry in _entries(held) if "PortRange" in entry)
    return [(ports["From"], ports["To"]) for ports in named]


def _entries(held: Held) -> Iterable[dict[str, Any]]:
    """Of the ACLs that guard a subnet of the path."""
    subnet_ids = {subnet.id for subnet in held.subnets}
    for acl in held.acls:
        if subnet_ids.intersection(each["SubnetId"] for each in acl["Associations"]):
            yield from acl["Entries"]
