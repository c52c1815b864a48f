# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator keeps a world under a name and goes back to it."""

from __future__ import annotations

import urllib.error
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients


def test_a_world_is_kept_and_gone_back_to(emulator: Emulator) -> None:
    aws = Clients.of(emulator)
    network = world.make_network(aws, "shop")
    group = world.make_group(aws, network.vpc_id, "db")
    world.make_instance(aws, "orders", network.subnet_ids, [group])
    world.make_function(aws, "api", subnet_ids=network.subnet_ids, group_ids=[group])
    emulator.advance(60)
    before = world.snapshot(aws)
    emulator.checkpoint("built")
    for _time in range(2):
        aws.functions.delete_function(FunctionName="api")
        aws.rds.delete_db_instance(DBInstanceIdentifier="orders", SkipFinalSnapshot=True)
        world.make_group(aws, network.vpc_id, "another")
        assert world.snapshot(aws) != before
        emulator.restore("built")
        assert world.snapshot(aws) == before
    aws.functions.update_function_configuration(FunctionName="api", Timeout=9)
    assert aws.iam.get_role(RoleName="api-role")["Role"]["RoleName"] == "api-role"


def test_services_that_were_not_yet_in_use_are_empty_again(emulator: Emulator) -> None:
    aws = Clients.of(emulator)
    network = world.make_network(aws, "shop")
    group = world.make_group(aws, network.vpc_id, "db")
    emulator.checkpoint("bare")
    for _time in range(2):
        world.make_instance(aws, "orders", network.subnet_ids, [group])
        world.make_function(aws, "api")
        emulator.restore("bare")
    seen = world.snapshot(aws)
    assert (seen["functions"], seen["databases"]) == ({}, {})


def test_a_world_in_motion_is_not_kept(emulator: Emulator) -> None:
    aws = Clients.of(emulator)
    network = world.make_network(aws, "shop")
    group = world.make_group(aws, network.vpc_id, "worn")
    world.make_function(aws, "api")
    where: Any = {"SubnetIds": network.subnet_ids, "SecurityGroupIds": [group]}
    aws.functions.update_function_configuration(FunctionName="api", VpcConfig=where)
    with pytest.raises(urllib.error.HTTPError, match="400"):
        emulator.checkpoint("built")


def test_a_checkpoint_may_outlive_a_reset(emulator: Emulator) -> None:
    emulator.advance(60)
    world.make_function(Clients.of(emulator), "api")
    emulator.checkpoint("lasting", outlives_reset=True)
    emulator.checkpoint("passing")
    emulator.reset()
    with pytest.raises(urllib.error.HTTPError, match="400"):
        emulator.restore("passing")
    emulator.restore("lasting")
    assert list(world.snapshot(Clients.of(emulator))["functions"]) == ["api"]
    # Nothing that is there is of a time that is yet to come.
    assert emulator.now() >= 60
