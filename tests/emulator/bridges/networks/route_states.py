# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A route is a blackhole once its target is not available any more: deleted, detached or no longer peered.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.route_tables import Route

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.groups.rule_peers import is_active
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_property
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.networks.route_targets import attached_vpc_ids


def install() -> None:
    @replaces_property(Route, "state")
    def state(self: Any) -> str:
        return "active" if self.local or _leads_on(self) else "blackhole"


def _leads_on(route: Any) -> bool:
    ec2 = route.route_table.ec2_backend
    if route.vpc_pcx is not None:
        return is_active(route.vpc_pcx)
    if route.nat_gateway is not None:
        return bool(route.nat_gateway.state == "available")
    if route.transit_gateway is not None:
        return route.route_table.vpc_id in attached_vpc_ids(ec2, route.transit_gateway.id)
    if route.interface is not None:
        return route.interface.id in ec2.enis
    if route.gateway is not None and route.gateway.id.startswith("igw-"):
        vpc = route.gateway.vpc
        return vpc is not None and bool(vpc.id == route.route_table.vpc_id)
    return True
