# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether an instance is publicly accessible, which takes an internet gateway, and whether it has IPv6 addresses too.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models import ec2_backends
from moto.rds.exceptions import RDSClientError
from moto.rds.models import DBInstance, RDSBackend

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import (
    adds_property,
    reads_attribute,
    replaces_method,
)

AFTER = (
    "database_groups",
    "database_zones",
)


def install() -> None:
    @replaces_method(RDSBackend, "create_db_instance")
    def created(original: Any, self: Any, wanted: dict[str, Any]) -> Any:
        _check(self, wanted.get("db_subnet_group_name"), wanted)
        return original(self, wanted)

    @replaces_method(RDSBackend, "modify_db_instance")
    def modified(original: Any, self: Any, db_instance_identifier: str, wanted: dict[str, Any]) -> Any:
        instance = self.databases.get(db_instance_identifier)
        if instance is not None:
            _check(self, instance._db_subnet_group_name, wanted)
        answer = original(self, db_instance_identifier, wanted)
        if instance is not None and wanted.get("network_type"):
            instance.named_network_type = wanted["network_type"]
        return answer

    @replaces_method(DBInstance, "__init__")
    def made(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
        self.named_network_type = kwargs.get("network_type")
        original(self, *args, **kwargs)

    @adds_property(DBInstance, "network_type")
    def network_type(self: Any) -> str:
        return self.named_network_type or "IPV4"

    @reads_attribute(DBInstance, "publicly_accessible")
    def publicly_accessible(own: bool | None, _self: Any) -> bool:
        return bool(own)


def _check(rds: Any, group_name: str | None, wanted: dict[str, Any]) -> None:
    group = rds.subnet_groups.get(group_name or "")
    if group is None:
        return
    ec2 = ec2_backends[rds.account_id][rds.region_name]
    gateways = [each for each in ec2.internet_gateways.values() if each.vpc and each.vpc.id == group.vpc_id]
    if wanted.get("publicly_accessible") and not gateways:
        message = "Cannot create a publicly accessible DBInstance. The specified VPC has no internet gateway attached."
        raise RDSClientError("InvalidVPCNetworkStateFault", message)
    ipv4_only = [subnet.id for subnet in group._subnets if not subnet.ipv6_cidr_block_associations]
    if wanted.get("network_type") == "DUAL" and ipv4_only:
        message = f"The network type DUAL is not supported by the DB subnet group {group.name}."
        raise RDSClientError("NetworkTypeNotSupported", message)
