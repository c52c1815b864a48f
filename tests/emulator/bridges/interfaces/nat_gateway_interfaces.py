# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The network interface of a NAT gateway: at an address of its subnet, without security groups, until it is deleted.

https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.models.nat_gateways import NatGateway

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.networks.free_addresses import free_addresses


def install() -> None:
    @replaces_method(NatGateway, "__init__")
    def made(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        interface = self._eni
        address = next(free_addresses(interface.subnet))
        self.private_ip = interface.private_ip_address = address
        interface.private_ip_addresses = [{"Primary": True, "PrivateIpAddress": address}]
        interface.interface_type, interface.status = "nat_gateway", "in-use"
        interface.description = f"Interface for NAT Gateway {self.id}"
        interface.requester_managed = True
        interface._group_set = []

    @replaces_method(EC2Backend, "delete_nat_gateway")
    def deleted(original: Any, self: Any, nat_gateway_id: str) -> Any:
        nat_gateway = original(self, nat_gateway_id)
        self.enis.pop(nat_gateway._eni.id, None)
        return nat_gateway
