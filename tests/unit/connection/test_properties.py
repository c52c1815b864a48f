# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What holds for every account and every task, tried on random ones.

Every run in here is foretold by check mode too (asking.py): the same changes and the same diff.
"""

from __future__ import annotations

from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import RefusedError
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.ownership import TAG_DATABASE

from ..asking import ran, want
from ..fake_proxies import FakeProxies

NAMES = ["f", "g", "h"]
PORTS = [5432, 3306, 443]


class World:
    """Two VPCs, rules of others, two databases with a proxy each, functions in and out of VPCs, published versions."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.aws = FakeProxies()
        self.vpcs = [
            self.aws.add_vpc(subnets=draw(st.integers(2, 3)), ipv6=draw(st.booleans())) for _number in range(2)
        ]
        if draw(st.booleans()):
            self.aws.peerings.append((self.vpcs[0][0], self.vpcs[1][0]))
        names = ["db-a", "db-b", "team", "f-lambda-sg", "lambda-rds-1"]
        self.groups = [[self.aws.add_group(vpc, name) for name in names] for vpc, _subnets in self.vpcs]
        for _number in range(draw(st.integers(0, 6))):
            self.foreign_rule()
        for number, database in enumerate(("orders", "stock")):
            vpc, subnets = self.vpcs[number]
            add = self.aws.add_instance if draw(st.booleans()) else self.aws.add_cluster
            add(
                database,
                vpc,
                subnets,
                draw(st.lists(st.sampled_from(self.groups[number]), min_size=1, max_size=2, unique=True)),
            )
            self.proxy(database, number)
        for name in NAMES:
            self.function(name)

    def proxy(self, database: str, number: int) -> None:
        """It has the name of its database, which may have another port than the proxy listens on."""
        groups = self.draw(st.lists(st.sampled_from(self.groups[number]), min_size=1, max_size=2, unique=True))
        family = "POSTGRESQL" if database in self.aws.instances else "MYSQL"
        self.aws.add_proxy(database, family, self.vpcs[number][1], VpcSecurityGroupIds=groups)
        self.aws.add_target(database, "instance" if family == "POSTGRESQL" else "cluster", database)
        if family == "POSTGRESQL":
            self.aws.instances[database]["Endpoint"]["Port"] = self.draw(st.sampled_from([5432, 6432]))

    def foreign_rule(self) -> None:
        direction = self.draw(st.sampled_from(["ingress", "egress"]))
        ours = self.draw(st.sampled_from(self.draw(st.sampled_from(self.groups))))
        peer = self.draw(st.sampled_from(["10.0.0.0/8", *self.groups[0]]))
        port = self.draw(st.sampled_from(PORTS))
        rules = self.aws.rules.values()
        if not any(_key(rule) == (ours, direction == "egress", port, peer) for rule in rules):
            self.aws.allow(direction, ours, peer, port)

    def function(self, name: str) -> None:
        where = self.draw(st.sampled_from([None, 0, 1]))
        if where is None:
            self.aws.add_function(name)
            return
        subnets = self.draw(st.lists(st.sampled_from(self.vpcs[where][1]), min_size=1, unique=True))
        groups = self.draw(st.lists(st.sampled_from(self.groups[where]), min_size=1, max_size=5, unique=True))
        self.aws.add_function(name, subnets, groups)
        self.aws.functions[name]["VpcConfig"]["Ipv6AllowedForDualStack"] = self.draw(st.booleans())
        if self.draw(st.booleans()):
            self.aws.versions.append({**self.aws.functions[name], "Version": "1"})

    def task(self, names: list[str]) -> dict[str, Any]:
        """The options of a task that connects."""
        number = self.draw(st.integers(0, 1))
        vpc, subnets = self.vpcs[number]
        database = ("orders", "stock")[number]
        kind = "db_instance_identifier" if database in self.aws.instances else "db_cluster_identifier"
        groups = st.lists(st.sampled_from(self.groups[number]), min_size=1, max_size=3, unique=True)
        named: dict[str, Any] = self.draw(
            st.sampled_from(
                [
                    {kind: database},
                    {kind: database, "port": 6432},
                    {"db_proxy_name": database},
                    {"vpc_id": vpc, "subnet_ids": subnets, "rds_security_group_ids": self.draw(groups), "port": 5432},
                ]
            )
        )
        options = {
            "function_names": names,
            "allow_vpc_change": self.draw(st.booleans()),
            "ipv6_allowed_for_dual_stack": self.draw(st.sampled_from([None, True, False])),
            **named,
        }
        if self.draw(st.booleans()):
            options["subnet_ids"] = self.draw(st.lists(st.sampled_from(subnets), min_size=1, unique=True))
        return {**options, **self.client(number)}

    def client(self, number: int) -> dict[str, Any]:
        """The options of the client group."""
        if self.draw(st.integers(0, 3)) == 0:
            return {"security_group_id": self.groups[number][2]}
        return {
            "security_group_scope": self.draw(st.sampled_from(["function", "database"])),
            "console_names": self.draw(st.booleans()),
            "allow_all_outbound": self.draw(st.booleans()),
            "egress_rules": self.draw(st.sampled_from([[], [{"from_port": 443, "cidr_ip": "10.0.0.0/8"}]])),
            "tags": self.draw(st.sampled_from([None, {"Team": "a"}])),
        }


def _key(rule: dict[str, Any]) -> tuple[Any, ...]:
    peer = rule.get("ReferencedGroupInfo", {}).get("GroupId", rule.get("CidrIpv4"))
    return (rule["GroupId"], rule["IsEgress"], rule["FromPort"], peer)


def _connected(world: World, task: dict[str, Any]) -> bool:
    """Run the task. One that is refused has written nothing."""
    before = world.aws.snapshot()
    try:
        result = ran(world.aws, want(**task))
    except RefusedError:
        assert world.aws.snapshot() == before
        event("refused")
        return False
    event("connected" if result["changed"] else "nothing to do")
    return True


def _foreign(world: World) -> dict[str, Any]:
    """Groups and rules that are not ours; AWS's own rule in a group of ours is no one's."""
    snapshot = world.aws.snapshot()
    groups = {key: group for key, group in snapshot["groups"].items() if TAG_DATABASE not in group["Tags"]}
    rules = {
        key: rule
        for key, rule in snapshot["rules"].items()
        if TAG_DATABASE not in rule["Tags"] and rule["GroupId"] in groups
    }
    return {"groups": groups, "rules": rules}


def _is_open(world: World, function: str, task: dict[str, Any]) -> bool:
    """Whether some group of the function leads to every group of the database; behind a proxy, each of its groups."""
    worn = world.aws.functions[function]["VpcConfig"]["SecurityGroupIds"]
    if "db_proxy_name" in task:
        proxy = world.aws.proxies[task["db_proxy_name"]]
        groups, port = proxy["VpcSecurityGroupIds"], {"MYSQL": 3306, "POSTGRESQL": 5432}[proxy["EngineFamily"]]
        proxy_target, own_port = _groups_and_port(world, task["db_proxy_name"])
        if not all(_is_paired(world, [group], proxy_target, own_port) for group in groups):
            return False
    elif "vpc_id" in task:
        groups, port = task["rds_security_group_ids"], task["port"]
    else:
        groups, port = _groups_and_port(world, task.get("db_instance_identifier") or task["db_cluster_identifier"])
    return _is_paired(world, worn, groups, task.get("port") or port)


def _groups_and_port(world: World, name: str) -> tuple[list[str], int]:
    database = {**world.aws.instances, **world.aws.clusters}[name]
    port = database["Port"] if "Port" in database else database["Endpoint"]["Port"]
    return [group["VpcSecurityGroupId"] for group in database["VpcSecurityGroups"]], port


def _is_paired(world: World, clients: list[str], groups: list[str], port: int) -> bool:
    """Whether every one of the groups has a rule pair with one of the clients."""
    there = {_key(rule) for rule in world.aws.rules.values()}
    return all(
        any({(client, True, port, group), (group, False, port, client)} <= there for client in clients)
        for group in groups
    )


@given(st.data())
def test_connecting_opens_the_path_and_a_second_run_changes_nothing(data: st.DataObject) -> None:
    world = World(data.draw)
    task = world.task(NAMES[: data.draw(st.integers(1, 3))])
    foreign = _foreign(world)
    connected = _connected(world, task)
    assert _foreign(world) == foreign
    if not connected:
        return
    assert all(_is_open(world, name, task) for name in task["function_names"])
    again = ran(world.aws, want(**task))
    assert not again["changed"]
    assert again["diff"]["before"] == again["diff"]["after"]


@given(st.data())
def test_taking_it_back_gives_back_what_was_there(data: st.DataObject) -> None:
    world = World(data.draw)
    task = world.task(NAMES[: data.draw(st.integers(1, 3))])
    before = world.aws.snapshot()
    _connected(world, task)
    away = {**task, "state": "absent"}
    ran(world.aws, want(**away))
    assert world.aws.snapshot() == before
    assert not ran(world.aws, want(**away))["changed"]


@given(st.data())
def test_several_connections_are_taken_back_in_any_order(data: st.DataObject) -> None:
    world = World(data.draw)
    before = world.aws.snapshot()
    names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True)
    tasks = [world.task(data.draw(names)) for _number in range(data.draw(st.integers(2, 3)))]
    for task in tasks:
        # What replaces an attachment is given back in the reverse order only.
        task.update(subnet_ids=None, ipv6_allowed_for_dual_stack=None, allow_vpc_change=False)
        if "vpc_id" in task:
            task["subnet_ids"] = [key for key, vpc in world.aws.subnets.items() if vpc == task["vpc_id"]][:1]
            task["function_names"] = [n for n in task["function_names"] if "VpcConfig" not in world.aws.functions[n]]
        if task["function_names"]:
            _connected(world, task)
    for task in data.draw(st.permutations([task for task in tasks if task["function_names"]])):
        ran(world.aws, want(**{**task, "state": "absent"}))
    assert world.aws.snapshot() == before


@given(st.data())
def test_drift_is_repaired(data: st.DataObject) -> None:
    world = World(data.draw)
    task = world.task(["f"])
    if not _connected(world, task):
        return
    ours = sorted(key for key, rule in world.aws.snapshot()["rules"].items() if TAG_DATABASE in rule["Tags"])
    # One rule stays: with the last one of a group that is not ours, the notes would be lost.
    for key in data.draw(st.lists(st.sampled_from(ours[1:]), unique=True)) if ours[1:] else ():
        del world.aws.rules[key]
    if data.draw(st.booleans()):
        world.aws.functions["f"]["VpcConfig"] = {"SubnetIds": [], "SecurityGroupIds": [], "VpcId": ""}
    ran(world.aws, want(**task))
    assert _is_open(world, "f", task)
    assert not ran(world.aws, want(**task))["changed"]
