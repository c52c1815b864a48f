# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A picture of the way from a function to a database, drawn from what AWS answers at that moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients

WIDTH = 70


@dataclass(frozen=True)
class Scene:
    """The two ends and all security groups between them. Groups are by id; `names` has their names."""

    function: str
    function_vpc: str
    function_groups: list[str]
    database: str
    engine: str
    port: int
    database_vpc: str
    database_groups: list[str]
    names: dict[str, str]
    rules: list[dict[str, Any]]

    @property
    def together(self) -> bool:
        return self.function_vpc == self.database_vpc

    @property
    def egress(self) -> list[dict[str, Any]]:
        """The rules that let the function out to the database."""
        return [
            rule
            for rule in self._rules(self.function_groups, egress=True)
            if _peer(rule) in (*self.database_groups, "0.0.0.0/0")
        ]

    @property
    def ingress(self) -> list[dict[str, Any]]:
        """The rules that let the function in."""
        return [rule for rule in self._rules(self.database_groups, egress=False) if _peer(rule) in self.function_groups]

    @property
    def others(self) -> list[dict[str, Any]]:
        """The rules that let anybody else in."""
        return [rule for rule in self._rules(self.database_groups, egress=False) if rule not in self.ingress]

    @property
    def is_narrow(self) -> bool:
        """Whether the function gets out to the database and to nowhere else."""
        exits = [rule for rule in self.rules if rule["GroupId"] in self.function_groups and rule["IsEgress"]]
        return exits == self.egress and all(_peer(rule) in self.database_groups for rule in exits)

    @property
    def is_open(self) -> bool:
        return self.together and bool(self.egress) and bool(self.ingress)

    def _rules(self, groups: list[str], *, egress: bool) -> list[dict[str, Any]]:
        return [
            rule
            for rule in self.rules
            if rule["GroupId"] in groups and rule["IsEgress"] == egress and _covers(rule, self.port)
        ]


def look(clients: Clients, function: str, database: str) -> Scene:
    """What AWS holds now."""
    vpc = clients.functions.get_function(FunctionName=function)["Configuration"].get("VpcConfig", {})
    instance = clients.rds.describe_db_instances(DBInstanceIdentifier=database)["DBInstances"][0]
    groups = clients.ec2.describe_security_groups()["SecurityGroups"]
    return Scene(
        function=function,
        function_vpc=vpc.get("VpcId", ""),
        function_groups=list(vpc.get("SecurityGroupIds", [])),
        database=database,
        engine=instance["Engine"],
        port=instance["Endpoint"]["Port"],
        database_vpc=instance["DBSubnetGroup"]["VpcId"],
        database_groups=[group["VpcSecurityGroupId"] for group in instance["VpcSecurityGroups"]],
        names={group["GroupId"]: group["GroupName"] for group in groups},
        rules=[dict(rule) for rule in clients.ec2.describe_security_group_rules()["SecurityGroupRules"]],
    )


def draw(scene: Scene) -> list[str]:
    """The article's picture: the function above, the database below, in its VPC or outside."""
    function = [f"[ Lambda {scene.function} ]"]
    if not scene.together:
        place = f"in VPC {scene.function_vpc}" if scene.function_vpc else "outside any VPC"
        return [f"   {function[0]}  {place}", "       ✗ no way in", *_framed(scene, _database(scene))]
    way = [
        "    │",
        *_groups(scene, scene.function_groups),
        _link("egress", scene.egress),
        _link("ingress", scene.ingress),
        "    ▼" if scene.is_open else "    ✗ no way",
    ]
    return _framed(scene, [*function, *way, *_database(scene)])


def _database(scene: Scene) -> list[str]:
    others = [
        f"    │ also lets in {scene.names.get(_peer(rule), _peer(rule))}: {_ports(rule)}" for rule in scene.others
    ]
    instance = f"[ RDS {scene.database}: {scene.engine}, port {scene.port} ]"
    return [*_groups(scene, scene.database_groups), *(others or ["    │"]), instance]


def _groups(scene: Scene, ids: Iterable[str]) -> list[str]:
    return [f"( group {scene.names[group]}  {group} )" for group in ids]


def _link(direction: str, rules: list[dict[str, Any]]) -> str:
    return f"    │ {direction}: {', '.join(map(_ports, rules))}" if rules else f"    ✗ no {direction}"


def _framed(scene: Scene, lines: Iterable[str]) -> list[str]:
    """The database's VPC around what is in it."""
    return [
        f"┌─ VPC {scene.database_vpc} ".ljust(WIDTH - 1, "─") + "┐",
        *(f"│  {line}".ljust(WIDTH - 1) + "│" for line in lines),
        "└" + "─" * (WIDTH - 2) + "┘",
    ]


def _peer(rule: dict[str, Any]) -> str:
    return str(rule.get("ReferencedGroupInfo", {}).get("GroupId") or rule.get("CidrIpv4") or rule.get("CidrIpv6"))


def _ports(rule: dict[str, Any]) -> str:
    first, last = rule["FromPort"], rule["ToPort"]
    return "all" if first == -1 else str(first) if first == last else f"{first}-{last}"


def _covers(rule: dict[str, Any], port: int) -> bool:
    ports = range(rule["FromPort"], rule["ToPort"] + 1)
    return rule["IpProtocol"] == "-1" or (rule["IpProtocol"] == "tcp" and port in ports)
