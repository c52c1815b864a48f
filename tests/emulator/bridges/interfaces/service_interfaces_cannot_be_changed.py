# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A network interface in use cannot be deleted, and one of a service cannot be detached or given other groups."""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses.elastic_network_interfaces import ElasticNetworkInterfaces

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.interfaces.service_interfaces import (
    ServiceInterface,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method


def install() -> None:
    # In the responses and not in the backend: moto deletes the interfaces of its own instances through the latter.
    @replaces_method(ElasticNetworkInterfaces, "delete_network_interface")
    def delete_network_interface(original: Any, self: Any) -> Any:
        interface_id = self._get_param("NetworkInterfaceId")
        if self.ec2_backend.get_network_interface(interface_id).status == "in-use":
            message = f"Network interface '{interface_id}' is currently in use."
            raise EC2ClientError("InvalidParameterValue", message)
        return original(self)

    @replaces_method(ElasticNetworkInterfaces, "detach_network_interface")
    def detach_network_interface(original: Any, self: Any) -> Any:
        attachment_id = self._get_param("AttachmentId")
        for interface in self.ec2_backend.enis.values():
            if interface.attachment_id == attachment_id and isinstance(interface, ServiceInterface):
                raise _refusal(interface)
        return original(self)

    @replaces_method(ElasticNetworkInterfaces, "modify_network_interface_attribute")
    def modify_network_interface_attribute(original: Any, self: Any) -> Any:
        interface = self.ec2_backend.get_network_interface(self._get_param("NetworkInterfaceId"))
        if isinstance(interface, ServiceInterface) and self._get_param("Groups", []):
            raise _refusal(interface)
        return original(self)


def _refusal(interface: ServiceInterface) -> EC2ClientError:
    if interface.requester_managed:
        return EC2ClientError("AuthFailure", "You do not have permission to access the specified resource.")
    message = f"You are not allowed to manage '{interface.attachment_prefix}' attachments."
    return EC2ClientError("OperationNotPermitted", message)
