# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the emulator's functions tell of themselves besides their network, beside plain moto."""

from __future__ import annotations

from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients

from .functions import configuration, update

VERSIONS: Any = {"ApplyOn": "PublishedVersions"}


@plain_moto_fails("knows no such setting")
def test_a_function_that_failed_tells_why(aws: Clients, emulator: Emulator) -> None:
    world.make_function(aws, "api")
    emulator.set(failed_functions={"api": "SubnetOutOfIPAddresses"})
    failed = configuration(aws)
    assert (failed["State"], failed["StateReasonCode"]) == ("Failed", "SubnetOutOfIPAddresses")
    assert "no available IP addresses" in failed["StateReason"]
    assert "LastUpdateStatus" not in failed
    emulator.set(failed_functions={})
    assert configuration(aws)["State"] == "Active"


@plain_moto_fails("knows no SnapStart")
def test_snap_start_is_on_for_published_versions(aws: Clients) -> None:
    world.make_function(aws, "api")
    assert configuration(aws)["SnapStart"] == {"ApplyOn": "None", "OptimizationStatus": "Off"}
    update(aws, SnapStart=VERSIONS)
    version = aws.functions.publish_version(FunctionName="api")["Version"]
    assert configuration(aws)["SnapStart"] == {"ApplyOn": "PublishedVersions", "OptimizationStatus": "Off"}
    published = configuration(aws, Qualifier=version)["SnapStart"]
    assert published == {"ApplyOn": "PublishedVersions", "OptimizationStatus": "On"}
    update(aws, SnapStart={"ApplyOn": "None"})
    assert configuration(aws, Qualifier=version)["SnapStart"] == published
    assert configuration(aws)["SnapStart"]["ApplyOn"] == "None"


@plain_moto_fails("knows no SnapStart")
def test_a_function_can_be_made_with_snap_start(aws: Clients) -> None:
    world.make_function(aws, "api", SnapStart=VERSIONS, Timeout=9)
    made = configuration(aws)
    assert (made["SnapStart"]["ApplyOn"], made["Timeout"], made["Runtime"]) == ("PublishedVersions", 9, "python3.13")
