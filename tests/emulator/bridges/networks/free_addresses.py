# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The private IPv4 addresses of a subnet: each given out once, but for the five that AWS keeps, and then no more."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method


def install() -> None:
    # moto gives any address of the range, taken or not, for ever.
    @replaces_method(EC2Backend, "create_network_interface")
    def create_network_interface(
        original: Any,
        self: Any,
        subnet: Any,
        private_ip_address: str | list[str] | None = None,
        private_ip_addresses: list[Any] | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        if not private_ip_address and not private_ip_addresses:
            subnet = self.get_subnet(subnet) if isinstance(subnet, str) else subnet
            private_ip_address = next(free_addresses(subnet), None)
            if private_ip_address is None:
                raise EC2ClientError(
                    "InsufficientFreeAddressesInSubnet",
                    "The specified subnet does not have enough free addresses to satisfy the request.",
                )
        return original(self, subnet, private_ip_address, private_ip_addresses, *args, **kwargs)


def free_addresses(subnet: Any) -> Iterator[str]:
    taken = {
        address["PrivateIpAddress"]
        for interface in subnet.ec2_backend.enis.values()
        if interface.subnet.id == subnet.id
        for address in interface.private_ip_addresses
    }
    first = int(subnet.cidr.network_address)
    for number in range(first + 4, first + subnet.cidr.num_addresses - 1):
        address = socket.inet_ntoa(number.to_bytes(4, "big"))
        if address not in taken:
            yield address
