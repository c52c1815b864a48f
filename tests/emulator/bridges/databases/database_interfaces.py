# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The network interfaces of databases: one for each instance, in a subnet of its group."""

from __future__ import annotations

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
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.api_calls import READS


@dataclass(frozen=True)
class Need:
    """An interface that should be there, in any one of the subnets."""

    identifier: str
    subnet_ids: list[str]
    group_ids: list[str]


class DatabaseInterface(ServiceInterface):
    """Made by RDS in its own name, for the instance of that identifier."""

    instance_owner_id = "amazon-rds"

    def __init__(self, ec2: Any, subnet_id: str, need: Need) -> None:
        super().__init__(ec2, subnet_id, need.group_ids, "RDSNetworkInterface")
        self.identifier = need.identifier
        self.requester_id = "amazon-rds"
        self.requester_managed = True


def install() -> None:
    @replaces_method(RDSResponse, "call_action")
    def call_action(original: Any, self: Any) -> Any:
        answer = original(self)
        if not self._get_action().startswith(READS):
            settle(self.current_account, self.region)
        return answer


def settle(account_id: str, region: str) -> None:
    """Make the interfaces match the instances."""
    ec2 = ec2_backends[account_id][region]
    needs = {need.identifier: need for need in _needs(rds_backends[account_id][region])}
    held = {each.identifier: each for each in ec2.enis.values() if isinstance(each, DatabaseInterface)}
    for identifier in held.keys() - needs.keys():
        ec2.delete_network_interface(held[identifier].id)
    for identifier, need in needs.items():
        if identifier in held:
            held[identifier].attach(need.group_ids)
        else:
            _make(ec2, need)


def _make(ec2: Any, need: Need) -> None:
    """In the first subnet that has room. What RDS would refuse, or has in another Region, gets none."""
    subnets = {subnet.id: subnet for subnet in ec2.describe_subnets()}
    room = (each for each in need.subnet_ids if each in subnets and next(free_addresses(subnets[each]), None))
    subnet_id = next(room, None)
    if subnet_id is not None and all(ec2.get_security_group_from_id(group_id) for group_id in need.group_ids):
        DatabaseInterface(ec2, subnet_id, need)


def _needs(rds: Any) -> Iterator[Need]:
    for identifier, instance in rds.databases.items():
        yield Need(identifier, _subnet_ids(rds, instance), instance.vpc_security_group_ids)


def _subnet_ids(rds: Any, instance: Any) -> list[str]:
    """Those of its subnet group, or its cluster's, first the ones in its Availability Zone."""
    cluster = getattr(instance, "cluster", None)
    name = instance._db_subnet_group_name if cluster is None else cluster.db_subnet_group_name
    group = rds.subnet_groups.get(name or "")
    subnets = group._subnets if group is not None else []
    return [s.id for s in sorted(subnets, key=lambda s: s.availability_zone != instance.availability_zone)]
