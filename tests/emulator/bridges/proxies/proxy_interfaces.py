# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A proxy, and each further endpoint of it, has a network interface in each of its subnets.

They outlive it by SETTINGS.proxy_interface_release_seconds. A subnet without a free address gets none.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from moto.ec2.models import ec2_backends
from moto.rds.models import rds_backends
from moto.rds.responses import RDSResponse

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.interfaces.service_interfaces import (
    ServiceInterface,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.networks.free_addresses import free_addresses
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies.proxy_endpoints import endpoints_of
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.api_calls import READS
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.clock import CLOCK
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.settings import SETTINGS


@dataclass(frozen=True)
class Place:
    """Where an interface should be: the id of the proxy or endpoint, and a subnet of it."""

    owner_id: str
    subnet_id: str


@dataclass(frozen=True)
class Need:
    proxy_name: str
    group_ids: list[str]


class ProxyInterface(ServiceInterface):
    """Made by RDS in its own name."""

    instance_owner_id = "amazon-rds"

    def __init__(self, ec2: Any, place: Place, need: Need) -> None:
        super().__init__(ec2, place.subnet_id, need.group_ids, f"Network interface for DBProxy {need.proxy_name}")
        self.place = place
        self.requester_id = "amazon-rds"
        self.requester_managed = True
        self.is_released = False


AFTER = ("database_interfaces",)


def install() -> None:
    @replaces_method(RDSResponse, "call_action")
    def call_action(original: Any, self: Any) -> Any:
        answer = original(self)
        if not self._get_action().startswith(READS):
            settle(self.current_account, self.region)
        return answer


def settle(account_id: str, region: str) -> None:
    """Make the interfaces match the proxies and their endpoints."""
    ec2 = ec2_backends[account_id][region]
    subnets = {subnet.id: subnet for subnet in ec2.describe_subnets()}
    needs = dict(_needs(rds_backends[account_id][region]))
    held = {each.place: each for each in ec2.enis.values() if isinstance(each, ProxyInterface)}
    for place, need in needs.items():
        if place in held:
            held[place].attach(need.group_ids)
        elif place.subnet_id in subnets and next(free_addresses(subnets[place.subnet_id]), None):
            ProxyInterface(ec2, place, need)
    for place in held.keys() - needs.keys():
        _release_later(ec2, held[place])


def interfaces_of(proxy: Any) -> list[ProxyInterface]:
    """The proxy's own, without those of its further endpoints."""
    enis = ec2_backends[proxy.account_id][proxy.region].enis.values()
    return [each for each in enis if isinstance(each, ProxyInterface) and each.place.owner_id == proxy.unique_id]


def _needs(rds: Any) -> Iterator[tuple[Place, Need]]:
    for proxy in rds.db_proxies.values():
        for owner in (proxy, *endpoints_of([proxy])):
            for subnet_id in owner.vpc_subnet_ids:
                yield Place(owner.unique_id, subnet_id), Need(proxy.db_proxy_name, owner.vpc_security_group_ids)


def _release_later(ec2: Any, interface: ProxyInterface) -> None:
    if not interface.is_released:
        interface.is_released = True
        release = functools.partial(ec2.delete_network_interface, interface.id)
        CLOCK.later(SETTINGS.proxy_interface_release_seconds, release)
