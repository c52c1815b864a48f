# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The accounts that the examples speak of, on the emulator: each is built once, and restored before every example."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import ACCOUNT, RunningEmulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world

REGION = "eu-west-1"
# Seconds after which Lambda has deleted its network interfaces.
RELEASE = 1300
# The profiles of docs/accounts.md, and the account of each.
PROFILES = {"shop": "111111111111", "outlet": "222222222222"}
SHOP_FRANKFURT = ("shop", "eu-central-1")
SHOP_IRELAND = ("shop", "eu-west-1")
OUTLET_FRANKFURT = ("outlet", "eu-central-1")


@dataclass(frozen=True)
class World:
    """What is there before an example. `by_profiles`: nothing in the environment says which account or Region."""

    name: str
    build: Callable[[RunningEmulator], None]
    on: World | None = None
    by_profiles: bool = False

    def begin(self, emulator: RunningEmulator, kept: set[str]) -> None:
        """Bring the emulator to it; `kept` are the names of the worlds that were built before."""
        if self.name in kept:
            emulator.restore(self.name)
            return
        if self.on:
            self.on.begin(emulator, kept)
        else:
            emulator.restore("empty")
        self.build(emulator)
        emulator.advance(60)  # what is under way ends, and Lambda's calls of this second are used up
        emulator.checkpoint(self.name)
        kept.add(self.name)

    def environment(self, emulator: RunningEmulator, home: Path) -> dict[str, str]:
        """Leads a reader to it, and to no other account."""
        clock = {"EMULATOR_URL": emulator.url}
        if not self.by_profiles:
            return {**clock, **in_region(emulator).environment}
        config = home / "aws-config"
        config.write_text("".join(_profile(name, account) for name, account in PROFILES.items()), encoding="utf-8")
        return {
            **clock,
            "AWS_URL": emulator.url,
            "AWS_CONFIG_FILE": str(config),
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "AWS_EC2_METADATA_DISABLED": "true",
            # A Region in which there is nothing.
            "AWS_REGION": "us-west-2",
        }


def _profile(name: str, account: str) -> str:
    # access_keys_name_accounts.py
    return f"[profile {name}]\naws_access_key_id = {account}\naws_secret_access_key = secret\n"


def in_region(emulator: RunningEmulator, profile: str = "", region: str = REGION) -> RunningEmulator:
    return emulator.elsewhere(account=PROFILES.get(profile, ACCOUNT), region=region)


def clients(emulator: RunningEmulator, profile: str = "", region: str = REGION) -> world.Clients:
    return world.Clients.of(in_region(emulator, profile, region))


def _shop(emulator: RunningEmulator) -> None:
    """Two databases, a cluster, the functions that use them, and another team that has a function and a rule."""
    aws = clients(emulator)
    network = world.make_network(aws, "shop")
    for name, make in (("orders", world.make_instance), ("stock", world.make_instance), ("orders", world.make_cluster)):
        group = world.make_group(aws, network.vpc_id, f"{name}-{make.__name__.removeprefix('make_')}")
        world.allow(aws, group, "ingress", "10.0.250.0/24", 5432, description="another team")
        make(aws, name, network.subnet_ids, [group])
    for name in ("nightly-report", "importer"):
        world.make_function(aws, name, package="Image", Timeout=60)
    for name, team in (("orders-api", "shop"), ("orders-worker", "shop"), ("orders-audit", "audit")):
        world.make_function(aws, name, Timeout=60, Tags={"team": team})
    world.make_secret(aws, "orders", suffix="AbCdEf")


def _called_by_an_alias(emulator: RunningEmulator) -> None:
    functions = clients(emulator).functions
    version = functions.publish_version(FunctionName="nightly-report")["Version"]
    functions.create_alias(FunctionName="nightly-report", Name="live", FunctionVersion=version)


def _blocked(emulator: RunningEmulator) -> None:
    """The function is in the VPC, and nobody lets it in."""
    aws = clients(emulator)
    _put_into_the_vpc(aws, "nightly-report", world.make_group(aws, _vpc_id(aws), "nightly-report"))


def _connected_by_hand(emulator: RunningEmulator) -> None:
    aws = clients(emulator)
    group = world.make_group(aws, _vpc_id(aws), "orders-functions")
    (cluster,) = aws.rds.describe_db_clusters(DBClusterIdentifier="orders")["DBClusters"]
    world.allow(aws, cluster["VpcSecurityGroups"][0]["VpcSecurityGroupId"], "ingress", group, 5432)
    for name in ("orders-api", "orders-worker"):
        _put_into_the_vpc(aws, name, group)


def _vpc_id(aws: world.Clients) -> str:
    return aws.ec2.describe_vpcs(Filters=[{"Name": "tag:Name", "Values": ["shop"]}])["Vpcs"][0]["VpcId"]


def _put_into_the_vpc(aws: world.Clients, function: str, group_id: str) -> None:
    subnets = aws.ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [_vpc_id(aws)]}])["Subnets"]
    config: Any = {"SubnetIds": [subnet["SubnetId"] for subnet in subnets], "SecurityGroupIds": [group_id]}
    aws.functions.update_function_configuration(FunctionName=function, VpcConfig=config)


def _accounts(emulator: RunningEmulator) -> None:
    for number, (profile, region) in enumerate((SHOP_FRANKFURT, SHOP_IRELAND, OUTLET_FRANKFURT)):
        aws = clients(emulator, profile, region)
        network = world.make_network(aws, "shop", cidr=f"10.{number}.0.0/16")
        group = world.make_group(aws, network.vpc_id, "orders")
        world.make_cluster(aws, "orders", network.subnet_ids, [group])
        for name in ("orders-api", "orders-worker"):
            world.make_function(aws, name, Timeout=60)


SHOP = World("shop", _shop)
CALLED_BY_AN_ALIAS = World("called by an alias", _called_by_an_alias, on=SHOP)
BLOCKED = World("blocked", _blocked, on=SHOP)
CONNECTED_BY_HAND = World("connected by hand", _connected_by_hand, on=SHOP)
ACCOUNTS = World("accounts", _accounts, by_profiles=True)
