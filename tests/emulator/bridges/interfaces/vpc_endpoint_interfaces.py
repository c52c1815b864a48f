# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The network interfaces of an interface endpoint: one in each of its subnets, with its groups, until it is deleted.

https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.interfaces.service_interfaces import (
    ServiceInterface,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.networks.free_addresses import free_addresses


class EndpointInterface(ServiceInterface):
    """Made by EC2 in the name of the endpoint."""

    interface_type = "vpc_endpoint"

    def __init__(self, endpoint: Any, subnet_id: str) -> None:
        description = f"VPC Endpoint Interface {endpoint.id}"
        super().__init__(endpoint.ec2_backend, subnet_id, endpoint.security_group_ids, description)
        self.requester_managed = True


def install() -> None:
    @replaces_method(EC2Backend, "create_vpc_endpoint")
    def created(original: Any, self: Any, **wanted: Any) -> Any:
        for subnet_id in wanted["subnet_ids"]:
            if next(free_addresses(self.get_subnet(subnet_id)), None) is None:
                message = f"The subnet {subnet_id} does not have enough free addresses to satisfy the request."
                raise EC2ClientError("InsufficientFreeAddressesInSubnet", message)
        endpoint = original(self, **wanted)
        # moto's have the default group, and any address.
        for interface_id in endpoint.network_interface_ids:
            del self.enis[interface_id]
        _settle(endpoint)
        return endpoint

    @replaces_method(EC2Backend, "modify_vpc_endpoint")
    def modified(original: Any, self: Any, vpc_id: str, **changes: Any) -> None:
        original(self, vpc_id, **changes)  # moto calls the id of the endpoint so
        _settle(self.vpc_end_points[vpc_id])


def _settle(endpoint: Any) -> None:
    if endpoint.vpc_endpoint_type != "Interface":
        return
    enis = endpoint.ec2_backend.enis
    held = {enis[each].subnet_id: enis[each] for each in endpoint.network_interface_ids if each in enis}
    for subnet_id in held.keys() - set(endpoint.subnet_ids):
        del enis[held.pop(subnet_id).id]
    for subnet_id in endpoint.subnet_ids:
        if subnet_id not in held:
            held[subnet_id] = EndpointInterface(endpoint, subnet_id)
        held[subnet_id].attach(endpoint.security_group_ids)
    endpoint.network_interface_ids = [interface.id for interface in held.values()]
