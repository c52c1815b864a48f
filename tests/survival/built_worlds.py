# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Builds a random account (worlds.py) in the emulator, and reads all that a connection may touch."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import OPENER, Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world as emulated
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients, snapshot
from ansible_collections.cloudops.lambda_rds.tests.survival.jobs import LONG
from ansible_collections.cloudops.lambda_rds.tests.survival.worlds import (
    ALIAS,
    GROUPS,
    SUBNETS,
    VPCS,
    Database,
    Function,
    Rule,
    World,
)

BARE = "bare"
# Nothing goes wrong while a world is built or looked at.
CALM = {"throttling": False, "page_size": 1000, "stale_seconds": 0, "update_seconds": 0, "rules_per_group": 1000}

Ids = dict[str, str]


def bare(emulator: Emulator) -> Ids:
    """What all worlds have, kept as BARE: three VPCs, the default one and one with IPv6 among them, with groups."""
    emulator.set(**CALM)
    seed(emulator, 1000)
    clients = Clients.of(emulator)
    ec2 = clients.ec2
    (default,) = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    found = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [default["VpcId"]]}])["Subnets"]
    networks = {"default": emulated.Network(default["VpcId"], [subnet["SubnetId"] for subnet in found])}
    for number, name in enumerate(("main", "other")):
        networks[name] = emulated.make_network(clients, name, subnets=SUBNETS, cidr=f"10.{number}.0.0/16")
    ec2.associate_vpc_cidr_block(VpcId=networks["main"].vpc_id, AmazonProvidedIpv6CidrBlock=True)
    ids: Ids = {}
    for vpc in VPCS:
        ids[f"@{vpc}"] = networks[vpc].vpc_id
        ids.update({f"@{vpc}:{number}": subnet for number, subnet in enumerate(networks[vpc].subnet_ids)})
        ids.update({f"@{vpc}/{name}": _make_group(clients, networks[vpc].vpc_id, name) for name in GROUPS})
    emulator.checkpoint(BARE)
    return ids


def seed(emulator: Emulator, number: int) -> None:
    """moto gives the same ids from now on."""
    request = urllib.request.Request(f"{emulator.url}/moto-api/seed?a={number}", method="POST")
    OPENER.open(request, timeout=30).close()


def _make_group(clients: Clients, vpc_id: str, name: str) -> str:
    return emulated.make_group(clients, vpc_id, name, tags={"Team": "b"} if name == "team" else None)


def resolved(value: Any, ids: Ids) -> Any:
    """With ids in the place of names."""
    if isinstance(value, dict):
        return {key: resolved(item, ids) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [resolved(item, ids) for item in value]
    return ids[value] if isinstance(value, str) and value.startswith("@") else value


class BuiltWorld:
    """A world that stands in the emulator. `ids` are those of its names."""

    def __init__(self, emulator: Emulator, bare_ids: Ids, world: World) -> None:
        self.emulator = emulator
        self.clients = Clients.of(emulator)
        self.world = world
        self.ids = dict(bare_ids)
        emulator.restore(BARE)
        emulator.set(**CALM)
        seed(emulator, world.seed)
        self._build()
        emulator.advance(LONG)
        emulator.set(throttling=True, **world.settings)

    def _build(self) -> None:
        world, ids = self.world, self.ids
        for one, other in world.peered:
            emulated.peer(self.clients, ids[f"@{one}"], ids[f"@{other}"])
        for name in world.taken:
            vpc, _slash, plain = name.partition("/")
            _make_group(self.clients, ids[vpc], plain)
        for rule in world.rules:
            self._allow(rule)
        if world.crowded is not None:
            self._crowd(*world.crowded)
        for database in world.databases:
            ids[f"@{database.name}"] = self._make_database(database).hostname
        for function in world.functions:
            self._make_function(function)
        for subnet, groups in world.interfaces:
            self.clients.ec2.create_network_interface(SubnetId=ids[subnet], Groups=resolved(groups, ids))

    def _allow(self, rule: Rule) -> None:
        kinds = {"@": ("UserIdGroupPairs", "GroupId"), "1": ("IpRanges", "CidrIp"), "2": ("Ipv6Ranges", "CidrIpv6")}
        peers, key = kinds[rule.peer[0]]
        peer = {key: resolved(rule.peer, self.ids)}
        permission = {"IpProtocol": rule.protocol, "FromPort": rule.port, "ToPort": rule.port, peers: [peer]}
        self._authorize(rule.group, rule.direction, permission)

    def _crowd(self, group: str, count: int) -> None:
        """As many rules in a call as there are to be."""
        ranges = [{"CidrIp": f"10.8.{number}.0/24"} for number in range(count)]
        self._authorize(group, "ingress", {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": ranges})

    def _authorize(self, group: str, direction: str, permission: dict[str, Any]) -> None:
        authorize: Any = getattr(self.clients.ec2, f"authorize_security_group_{direction}")
        tags = [{"ResourceType": "security-group-rule", "Tags": [{"Key": "Team", "Value": "b"}]}]
        authorize(GroupId=self.ids[group], IpPermissions=[permission], TagSpecifications=tags)

    def _make_database(self, database: Database) -> emulated.Database:
        subnets = resolved([f"@{database.vpc}:{number}" for number in range(SUBNETS)], self.ids)
        groups = resolved(database.groups, self.ids)
        if database.kind == "instance":
            return emulated.make_instance(
                self.clients, database.name, subnets, groups, engine=database.engine, port=database.port
            )
        return emulated.make_cluster(
            self.clients, database.name, subnets, groups, engine=database.engine, port=database.port, members=2
        )

    def _make_function(self, function: Function) -> None:
        name, api = function.name, self.clients.functions
        package: Any = function.package
        place = {"SubnetIds": function.subnets, "SecurityGroupIds": function.groups}
        attached: dict[str, Any] = {}
        if function.subnets:
            attached = {"VpcConfig": {**resolved(place, self.ids), "Ipv6AllowedForDualStack": function.ipv6}}
        emulated.make_function(self.clients, name, package=package, Timeout=77, **attached)
        for number in range(function.versions):
            api.update_function_configuration(FunctionName=name, Description=f"edition {number}")
            api.publish_version(FunctionName=name)
        if function.versions:
            share: Any = {"AdditionalVersionWeights": {"2": 0.25}} if function.versions > 1 else {}
            api.create_alias(FunctionName=name, Name=ALIAS, FunctionVersion="1", RoutingConfig=share)

    def look(self) -> dict[str, Any]:
        """All of it, as it really is."""
        self.emulator.set(**CALM)
        functions, ec2 = self.clients.functions, self.clients.ec2
        versions = functions.list_functions(FunctionVersion="ALL")["Functions"]
        seen = {
            **snapshot(self.clients),
            "versions": {
                f"{version['FunctionName']}:{version['Version']}": sorted(
                    version.get("VpcConfig", {}).get("SecurityGroupIds", ())
                )
                for version in versions
                if version["Version"] != "$LATEST"
            },
            "aliases": {
                function.name: [
                    {key: alias.get(key) for key in ("Name", "FunctionVersion", "RoutingConfig")}
                    for alias in functions.list_aliases(FunctionName=function.name)["Aliases"]
                ]
                for function in self.world.functions
                if function.versions
            },
            "interfaces": {
                interface["NetworkInterfaceId"]: {
                    "of": interface["InterfaceType"],
                    "subnet": interface["SubnetId"],
                    "groups": sorted(group["GroupId"] for group in interface["Groups"]),
                }
                for interface in ec2.describe_network_interfaces()["NetworkInterfaces"]
            },
        }
        self.emulator.set(throttling=True, **self.world.settings)
        as_json: dict[str, Any] = json.loads(json.dumps(seen, sort_keys=True))
        return as_json

    def unpublish(self, before: dict[str, Any]) -> None:
        """What was published since then is deleted, once the aliases are back where they were."""
        api = self.clients.functions
        for name, aliases in before["aliases"].items():
            for alias in aliases:
                api.update_alias(FunctionName=name, **{**alias, "RoutingConfig": alias["RoutingConfig"] or {}})
        for version in self.look()["versions"].keys() - before["versions"].keys():
            name, _colon, number = version.partition(":")
            api.delete_function(FunctionName=name, Qualifier=number)
