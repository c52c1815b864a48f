# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The article's three pictures, with a real PostgreSQL, psql and the module; and the verdict on each."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.modules import lambda_rds_connection
from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import (
    Clients,
    Network,
    make_function,
    make_group,
    make_instance,
    make_network,
)
from ansible_collections.cloudops.lambda_rds.tests.packets.held import Account
from ansible_collections.cloudops.lambda_rds.tests.packets.namespaces import Namespace
from ansible_collections.cloudops.lambda_rds.tests.packets.packets import play
from ansible_collections.cloudops.lambda_rds.tests.packets.postgres import answer, postgres
from ansible_collections.cloudops.lambda_rds.tests.packets.verdicts import run, verdict_of
from ansible_collections.cloudops.lambda_rds.tests.packets.wires import Wires

PORT = 5432
# Of the function before it is in a VPC; and of both ends, as AWS could give them out.
OUTSIDE, FUNCTION, DATABASE = "169.254.76.1", "10.0.1.4", "10.0.0.5"
SWITCH = {"function_name": "f", "db_instance_identifier": "orders"}


@dataclass(frozen=True)
class Picture:
    """A function outside any VPC, and a database."""

    emulator: Emulator
    clients: Clients
    wires: Wires
    network: Network

    def attach(self) -> None:
        """By hand, with a group that lets nothing through."""
        group = make_group(self.clients, self.network.vpc_id, "bare")
        everything: Any = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
        self.clients.ec2.revoke_security_group_egress(GroupId=group, IpPermissions=everything)
        self.clients.functions.update_function_configuration(
            FunctionName="f", VpcConfig={"SubnetIds": self.network.subnet_ids, "SecurityGroupIds": [group]}
        )
        self.clients.functions.get_waiter("function_updated_v2").wait(FunctionName="f")

    def switch(self, state: str) -> list[dict[str, Any]]:
        """The rules of the connection."""
        result = run(self.emulator, lambda_rds_connection.main, {**SWITCH, "state": state})
        return [rule for connection in result["connections"] for rule in connection.get("rules", ())]

    def answers(self) -> bool:
        """Whether the database does, which is the verdict, too."""
        held = Account(self.clients).between("f", "orders")
        play(self.wires, held)
        with _addressed(self.wires.function, FUNCTION if held.function.subnets else OUTSIDE):
            answered = answer(self.wires, DATABASE, PORT)
        assert answered in (None, "1")
        assert verdict_of(self.emulator, "f", "orders") == (answered == "1")
        return answered == "1"


@contextlib.contextmanager
def _addressed(namespace: Namespace, address: str) -> Iterator[None]:
    """PostgreSQL's programs want an address of their host's. The wire would lose its routes with its last one."""
    namespace.ip(f"addr add {address}/32 dev lo")
    try:
        yield
    finally:
        namespace.ip(f"addr del {address}/32 dev lo")


@pytest.fixture
def picture(emulator: Emulator, aws: Clients, wires: Wires) -> Iterator[Picture]:
    network = make_network(aws, "main")
    make_instance(aws, "orders", network.subnet_ids, [make_group(aws, network.vpc_id, "db")])
    make_function(aws, "f", package="Image")
    with _addressed(wires.database, DATABASE), postgres(wires, PORT):
        yield Picture(emulator, aws, wires, network)


def test_the_three_pictures(picture: Picture, record_property: Callable[[str, Any], None]) -> None:
    assert not picture.answers()  # no VPC
    picture.attach()
    assert not picture.answers()  # in the VPC, without rules
    rules = picture.switch("present")
    assert picture.answers()
    assert {rule["direction"] for rule in rules} == {"egress", "ingress"}
    for rule in rules:
        _revoke(picture.clients, rule)
        assert not picture.answers(), rule
        picture.switch("present")
        assert picture.answers()
    picture.switch("absent")
    assert not picture.answers()
    record_property("packets: SELECT 1 answered", 1 + len(rules))


def _revoke(clients: Clients, rule: dict[str, Any]) -> None:
    """The module's account of a rule has no id."""
    group_id, egress = rule["security_group_id"], rule["direction"] == "egress"
    listed = clients.ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group_id]}])
    (found,) = (
        each["SecurityGroupRuleId"]
        for each in listed["SecurityGroupRules"]
        if each["IsEgress"] == egress and each.get("ReferencedGroupInfo", {}).get("GroupId") == rule["peer"]
    )
    revoke: Any = getattr(clients.ec2, f"revoke_security_group_{rule['direction']}")
    revoke(GroupId=group_id, SecurityGroupRuleIds=[found])
