# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the rules of security groups let a proxy through to an instance: out of its groups, and into the database's.

A rule counts that names a group of the other side, or a range with the addresses of the other side's interfaces.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from moto.ec2.models import ec2_backends

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.databases.database_interfaces import (
    DatabaseInterface,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.interfaces.service_interfaces import (
    ServiceInterface,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies.proxy_interfaces import interfaces_of


@dataclass(frozen=True)
class Side:
    """One end of the path."""

    group_ids: frozenset[str]
    addresses: frozenset[str]


def is_open(proxy: Any, instance: Any) -> bool:
    ec2 = ec2_backends[proxy.account_id][proxy.region]
    port = instance.endpoint["Port"]
    here = _side(proxy, interfaces_of(proxy))
    there = _side(instance, _interfaces_of_instance(ec2, instance))
    return _allows(_rules(ec2, here, "egress"), port, there) and _allows(_rules(ec2, there, "ingress"), port, here)


def _interfaces_of_instance(ec2: Any, instance: Any) -> list[ServiceInterface]:
    return [
        each
        for each in ec2.enis.values()
        if isinstance(each, DatabaseInterface) and each.identifier == instance.db_instance_identifier
    ]


def _side(owner: Any, interfaces: Iterable[ServiceInterface]) -> Side:
    addresses = frozenset(str(interface.private_ip_address) for interface in interfaces)
    return Side(frozenset(owner.vpc_security_group_ids), addresses)


def _rules(ec2: Any, side: Side, direction: str) -> list[Any]:
    groups = [ec2.get_security_group_from_id(group_id) for group_id in side.group_ids]
    return [rule for group in groups if group is not None for rule in getattr(group, f"{direction}_rules")]


def _allows(rules: Iterable[Any], port: int, other: Side) -> bool:
    return any(_has_port(rule, port) and _has_peer(rule, other) for rule in rules)


def _has_port(rule: Any, port: int) -> bool:
    if rule.ip_protocol == "-1":
        return True
    return bool(rule.ip_protocol == "tcp" and rule.from_port <= port <= rule.to_port)


def _has_peer(rule: Any, other: Side) -> bool:
    if rule.source_group:
        return rule.source_group["GroupId"] in other.group_ids
    if rule.cidr_ipv4 is None or not other.addresses:
        return False
    network = ipaddress.ip_network(rule.cidr_ipv4)
    return all(ipaddress.ip_address(address) in network for address in other.addresses)
