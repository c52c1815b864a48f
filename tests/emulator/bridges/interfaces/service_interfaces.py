# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A network interface that a service of AWS keeps in somebody's subnet, as DescribeNetworkInterfaces shows it."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence
from typing import Any

from moto.ec2.models.elastic_network_interfaces import NetworkInterface

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.networks.free_addresses import free_addresses


@dataclasses.dataclass
class ServiceAttachment:
    """To nothing that the account can see."""

    attachment_id: str
    instance_owner_id: str
    delete_on_termination: bool = False
    device_index: int = 1
    status: str = "attached"


class ServiceInterface(NetworkInterface):  # type: ignore[misc]  # moto has no types for mypy
    """Kept among moto's own. The caller has seen to it that the subnet has a free address and that the groups exist."""

    interface_type = "interface"
    attachment_prefix = "eni-attach"
    instance_owner_id = "amazon-aws"

    def __init__(self, ec2: Any, subnet_id: str, group_ids: Sequence[str], description: str) -> None:
        subnet = ec2.get_subnet(subnet_id)
        super().__init__(ec2, subnet, next(free_addresses(subnet)), group_ids=list(group_ids), description=description)
        self.interface_type = type(self).interface_type
        self.attachment_id = f"{self.attachment_prefix}-{random.getrandbits(68):017x}"
        self.status = "in-use"
        ec2.enis[self.id] = self

    @property
    def attachment(self) -> Any:
        return ServiceAttachment(str(self.attachment_id), self.instance_owner_id)

    @property
    def group_ids(self) -> frozenset[str]:
        return frozenset(group.id for group in self.group_set)

    def attach(self, group_ids: Sequence[str]) -> None:
        """Those that are gone, or are in another Region, are left out."""
        groups = [self.ec2_backend.get_security_group_from_id(group_id) for group_id in group_ids]
        self._group_set = [group for group in groups if group is not None]

    def get_filter_value(self, filter_name: str, method_name: str | None = None) -> Any:
        if filter_name == "attachment.instance-owner-id":
            return self.instance_owner_id
        return super().get_filter_value(filter_name, method_name)
