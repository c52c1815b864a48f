# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A subnet is associated with one route table of its VPC at most, and with none once it is deleted.

https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import EC2ClientError, InvalidParameterValue
from moto.ec2.models import EC2Backend

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method

AFTER = ("network_acl_associations",)


def install() -> None:
    @replaces_method(EC2Backend, "associate_route_table")
    def associated(
        original: Any, self: Any, route_table_id: str, gateway_id: str | None = None, subnet_id: str | None = None
    ) -> Any:
        if subnet_id is not None:
            _check(self, self.get_route_table(route_table_id), subnet_id)
        return original(self, route_table_id, gateway_id, subnet_id)

    @replaces_method(EC2Backend, "delete_subnet")
    def subnet_deleted(original: Any, self: Any, subnet_id: str) -> Any:
        answer = original(self, subnet_id)
        for table in self.route_tables.values():
            gone = [association_id for association_id, target in table._associations.items() if target == subnet_id]
            for association_id in gone:
                del table._associations[association_id]
        return answer


def _check(ec2: Any, table: Any, subnet_id: str) -> None:
    if ec2.get_subnet(subnet_id).vpc_id != table.vpc_id:
        raise InvalidParameterValue(f"Route table {table.id} and subnet {subnet_id} belong to different networks")
    for other in ec2.route_tables.values():
        if other is not table and subnet_id in other._associations.values():
            message = f"the specified association for route table {table.id} conflicts with an existing association"
            raise EC2ClientError("Resource.AlreadyAssociated", message)
