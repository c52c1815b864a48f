# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""VPC endpoints of services."""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.cloudops.lambda_rds.tests.emulator.world.clients import Clients


def make_gateway_endpoint(clients: Clients, vpc_id: str, service: str, route_table_ids: Sequence[str]) -> str:
    """Of S3 or DynamoDB, for the subnets of these route tables; its id."""
    made = clients.ec2.create_vpc_endpoint(
        VpcId=vpc_id, ServiceName=_name(clients, service), VpcEndpointType="Gateway", RouteTableIds=route_table_ids
    )
    return made["VpcEndpoint"]["VpcEndpointId"]


def make_interface_endpoint(
    clients: Clients,
    vpc_id: str,
    service: str,
    subnet_ids: Sequence[str],
    group_ids: Sequence[str] = (),
    *,
    private_dns: bool = True,
) -> str:
    """With private names, for which the VPC needs DNS hostnames; in the default group if none is given. Its id."""
    if private_dns:
        clients.ec2.modify_vpc_attribute(VpcId=vpc_id, EnableDnsHostnames={"Value": True})
    made = clients.ec2.create_vpc_endpoint(
        VpcId=vpc_id,
        ServiceName=_name(clients, service),
        VpcEndpointType="Interface",
        SubnetIds=subnet_ids,
        SecurityGroupIds=group_ids,
        PrivateDnsEnabled=private_dns,
    )
    return made["VpcEndpoint"]["VpcEndpointId"]


def _name(clients: Clients, service: str) -> str:
    return f"com.amazonaws.{clients.ec2.meta.region_name}.{service}"
