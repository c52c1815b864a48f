# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The route tables of a gateway endpoint have its route, those that it got later too; a deleted endpoint is gone.

https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html#vpc-endpoints-routing
"""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import RouteAlreadyExistsError
from moto.ec2.models import EC2Backend

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method

AFTER = ("vpc_endpoint_interfaces",)


def install() -> None:
    @replaces_method(EC2Backend, "create_vpc_endpoint")
    def created(original: Any, self: Any, **wanted: Any) -> Any:
        for other in self.vpc_end_points.values():
            if other.service_name == wanted["service_name"] and set(other.route_table_ids) & set(
                wanted["route_table_ids"]
            ):
                raise RouteAlreadyExistsError(other.destination_prefix_list_id)
        return original(self, **wanted)

    @replaces_method(EC2Backend, "modify_vpc_endpoint")
    def modified(original: Any, self: Any, vpc_id: str, **changes: Any) -> None:
        endpoint = self.describe_vpc_endpoints(vpc_end_point_ids=[vpc_id])[0]
        before = set(endpoint.route_table_ids)
        original(self, vpc_id, **changes)
        list_id = endpoint.destination_prefix_list_id
        for table_id in before - set(endpoint.route_table_ids):
            self.delete_route(table_id, list_id)
        for table_id in set(endpoint.route_table_ids) - before:
            self.create_route(table_id, None, gateway_id=endpoint.id, destination_prefix_list_id=list_id)

    @replaces_method(EC2Backend, "delete_vpc_endpoints")
    def deleted(original: Any, self: Any, vpce_ids: list[str] | None = None) -> None:
        original(self, vpce_ids)
        for endpoint_id in vpce_ids or []:
            self.vpc_end_points.pop(endpoint_id, None)
