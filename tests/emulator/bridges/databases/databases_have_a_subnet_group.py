# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A database made without a subnet group or security groups gets those of the default VPC."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import ec2_backends
from moto.rds.models import RDSBackend

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method

AFTER = ("database_addresses",)


def install() -> None:
    @replaces_method(RDSBackend, "create_db_instance")
    def create_db_instance(original: Any, self: Any, wanted: dict[str, Any]) -> Any:
        if not wanted.get("db_subnet_group_name") and not wanted.get("db_cluster_identifier"):
            wanted = {**wanted, "db_subnet_group_name": _default_subnet_group(self)}
        return original(self, wanted)

    @replaces_method(RDSBackend, "create_db_cluster")
    def create_db_cluster(original: Any, self: Any, wanted: dict[str, Any]) -> Any:
        subnet_group = self.describe_db_subnet_groups(wanted.get("db_subnet_group_name") or _default_subnet_group(self))
        wanted = {**wanted, "db_subnet_group_name": subnet_group[0].name}
        if not wanted.get("vpc_security_group_ids"):
            ec2 = ec2_backends[self.account_id][self.region_name]
            wanted["vpc_security_group_ids"] = [ec2.get_default_security_group(subnet_group[0].vpc_id).id]
        return original(self, wanted)


def _default_subnet_group(rds: Any) -> str:
    if "default" not in rds.subnet_groups:
        ec2 = ec2_backends[rds.account_id][rds.region_name]
        subnets = [subnet for subnet in ec2.describe_subnets() if subnet.vpc_id == ec2.default_vpc.id]
        rds.create_subnet_group("default", "default", subnets, [])
    return "default"
