# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Zones, addresses and states of the emulator's databases, beside plain moto."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients, Network

ZONES = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]


@pytest.fixture
def here(aws: Clients) -> Network:
    return world.make_network(aws, "here", subnets=3)


def make(aws: Clients, here: Network, subnets: slice = slice(None), identifier: str = "orders", **settings: Any) -> Any:
    group = world.make_group(aws, here.vpc_id, f"{identifier}-db")
    world.make_instance(aws, identifier, here.subnet_ids[subnets], [group], **settings)
    return instance(aws, identifier)


def instance(aws: Clients, identifier: str = "orders") -> Any:
    (found,) = aws.rds.describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"]
    return found


@plain_moto_fails("puts every database into the first zone")
def test_an_instance_is_in_a_zone_of_its_subnets(aws: Clients, here: Network) -> None:
    made = make(aws, here, slice(1, 3))
    assert (made["AvailabilityZone"], made["MultiAZ"], "SecondaryAvailabilityZone" in made) == (ZONES[1], False, False)
    assert make(aws, here, identifier="stock", AvailabilityZone=ZONES[2])["AvailabilityZone"] == ZONES[2]
    with pytest.raises(ClientError, match="InvalidVPCNetworkStateFault"):
        make(aws, here, slice(1, 3), identifier="nowhere", AvailabilityZone=ZONES[0])


@plain_moto_fails("has no standby")
def test_a_multi_az_instance_has_its_standby_in_another_zone(aws: Clients, here: Network) -> None:
    made = make(aws, here, slice(0, 2), MultiAZ=True)
    assert {made["AvailabilityZone"], made["SecondaryAvailabilityZone"]} == set(ZONES[:2])
    with pytest.raises(ClientError, match="InvalidParameterCombination"):
        make(aws, here, identifier="stock", MultiAZ=True, AvailabilityZone=ZONES[0])


@plain_moto_fails("puts all members into the first zone")
def test_members_of_a_cluster_are_spread(aws: Clients, here: Network) -> None:
    group = world.make_group(aws, here.vpc_id, "db")
    cluster = world.make_cluster(aws, "stock", here.subnet_ids[1:], [group], members=3)
    zones = [instance(aws, member)["AvailabilityZone"] for member in cluster.members]
    assert zones == [ZONES[1], ZONES[2], ZONES[1]]


@plain_moto_fails("says that it is none")
def test_a_cluster_that_is_not_aurora_s_is_a_multi_az_one(aws: Clients, here: Network) -> None:
    group = world.make_group(aws, here.vpc_id, "db")
    world.make_cluster(aws, "books", here.subnet_ids, [group], engine="postgres")
    (cluster,) = aws.rds.describe_db_clusters()["DBClusters"]
    assert cluster["MultiAZ"] is True


@plain_moto_fails("says nothing unless it is public")
def test_an_instance_is_private_and_has_ipv4_addresses(aws: Clients, here: Network) -> None:
    made = make(aws, here)
    assert (made["PubliclyAccessible"], made["NetworkType"]) == (False, "IPV4")


@plain_moto_fails("makes a public database without a way to the internet")
def test_a_public_instance_takes_an_internet_gateway(aws: Clients, here: Network) -> None:
    with pytest.raises(ClientError, match=r"InvalidVPCNetworkStateFault.*internet gateway"):
        make(aws, here, PubliclyAccessible=True)
    aws.rds.delete_db_subnet_group(DBSubnetGroupName="orders")
    world.make_internet_gateway(aws, here.vpc_id)
    made = make(aws, here, identifier="stock", PubliclyAccessible=True)
    assert made["PubliclyAccessible"] is True
    aws.rds.modify_db_instance(DBInstanceIdentifier="stock", PubliclyAccessible=False, ApplyImmediately=True)
    assert instance(aws, "stock")["PubliclyAccessible"] is False


@plain_moto_fails("takes DUAL and says nothing of it")
def test_dual_takes_subnets_with_ipv6(aws: Clients, here: Network) -> None:
    with pytest.raises(ClientError, match="NetworkTypeNotSupported"):
        make(aws, here, NetworkType="DUAL")
    dual = world.make_network(aws, "dual", cidr="10.7.0.0/16", ipv6=True)
    assert make(aws, dual, identifier="stock", NetworkType="DUAL")["NetworkType"] == "DUAL"


@plain_moto_fails("knows no such setting")
def test_a_database_has_the_status_that_is_set(aws: Clients, emulator: Emulator, here: Network) -> None:
    make(aws, here)
    world.make_cluster(aws, "stock", here.subnet_ids, [world.make_group(aws, here.vpc_id, "db")])
    emulator.set(database_states={"orders": "storage-full", "stock": "upgrading"})
    assert (instance(aws)["DBInstanceStatus"], "Endpoint" in instance(aws)) == ("storage-full", True)
    (cluster,) = aws.rds.describe_db_clusters()["DBClusters"]
    assert (cluster["Status"], instance(aws, "stock-1")["DBInstanceStatus"]) == ("upgrading", "available")
    emulator.set(database_states={"orders": "creating"})
    assert "Endpoint" not in instance(aws)
    emulator.set(database_states={})
    assert instance(aws)["DBInstanceStatus"] == "available"


def test_an_instance_can_be_stopped_and_started(aws: Clients, here: Network) -> None:
    make(aws, here)
    aws.rds.stop_db_instance(DBInstanceIdentifier="orders")
    assert instance(aws)["DBInstanceStatus"] == "stopped"
    aws.rds.start_db_instance(DBInstanceIdentifier="orders")
    assert instance(aws)["DBInstanceStatus"] == "available"
