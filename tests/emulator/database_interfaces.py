# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The network interfaces of RDS: one for each instance, in a subnet of its group, and for each subnet of a proxy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from moto.ec2.models import ec2_backends
from moto.rds.models import rds_backends
from moto.rds.responses import RDSResponse

from ansible_collections.cloudops.lambda_rds.tests.emulator.api_calls import READS
from ansible_collections.cloudops.lambda_rds.tests.emulator.free_addresses import free_addresses
from ansible_collections.cloudops.lambda_rds.tests.emulator.moto_methods import replaces_method
from ansible_collections.cloudops.lambda_rds.tests.emulator.service_interfaces import ServiceInterface

Owner = tuple[str, ...]


@dataclass(frozen=True)
class Need:
    """An interface that should be there, in any one of the subnets."""

    owner: Owner
    description: str
    subnet_ids: list[str]
    group_ids: list[str]


class DatabaseInterface(ServiceInterface):
    """Made by RDS in its own name, `owner` says for what."""

    instance_owner_id = "amazon-rds"

    def __init__(self, ec2: Any, subnet_id: str, need: Need) -> None:
        super().__init__(ec2, subnet_id, need.group_ids, need.description)
        self.owner = need.owner
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
    """Make the interfaces match the instances and proxies."""
    ec2 = ec2_backends[account_id][region]
    needs = {need.owner: need for need in _needs(rds_backends[account_id][region])}
    held = {each.owner: each for each in ec2.enis.values() if isinstance(each, DatabaseInterface)}
    for owner in held.keys() - needs.keys():
        ec2.delete_network_interface(held[owner].id)
    for owner, need in needs.items():
        if owner in held:
            groups = [ec2.get_security_group_from_id(group_id) for group_id in need.group_ids]
            held[owner]._group_set = [group for group in groups if group is not None]
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
        owner, subnet_ids = ("instance", identifier), _subnet_ids(rds, instance)
        yield Need(owner, "RDSNetworkInterface", subnet_ids, instance.vpc_security_group_ids)
    for name, proxy in rds.db_proxies.items():
        for subnet_id in proxy.vpc_subnet_ids:
            description = f"Network interface for DBProxy {name}"
            yield Need(("proxy", name, subnet_id), description, [subnet_id], proxy.vpc_security_group_ids)


def _subnet_ids(rds: Any, instance: Any) -> list[str]:
    """Those of its subnet group, or its cluster's, first the ones in its Availability Zone."""
    cluster = getattr(instance, "cluster", None)
    name = instance._db_subnet_group_name if cluster is None else cluster.db_subnet_group_name
    group = rds.subnet_groups.get(name or "")
    subnets = group._subnets if group is not None else []
    return [s.id for s in sorted(subnets, key=lambda s: s.availability_zone != instance.availability_zone)]
