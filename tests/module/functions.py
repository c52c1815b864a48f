# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of the emulator's functions send, wait for and read."""

from __future__ import annotations

from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients

DETACHED: Any = {"SubnetIds": [], "SecurityGroupIds": [], "Ipv6AllowedForDualStack": False}


def place(aws: Clients, name: str = "shop") -> Any:
    """A VpcConfig to send."""
    network = world.make_network(aws, name)
    return {
        "SubnetIds": network.subnet_ids,
        "SecurityGroupIds": [world.make_group(aws, network.vpc_id, "worn")],
        "Ipv6AllowedForDualStack": False,
    }


def make_placed(aws: Clients, where: Any, name: str = "api") -> str:
    return world.make_function(aws, name, subnet_ids=where["SubnetIds"], group_ids=where["SecurityGroupIds"])


def configuration(aws: Clients, name: str = "api", **qualifier: str) -> Any:
    return aws.functions.get_function(FunctionName=name, **qualifier)["Configuration"]


def update(aws: Clients, **changes: Any) -> None:
    """Change the configuration of `api`, until that is done."""
    aws.functions.update_function_configuration(FunctionName="api", **changes)
    await_update(aws)


def await_update(aws: Clients) -> None:
    aws.functions.get_waiter("function_updated_v2").wait(FunctionName="api")
