# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Taking a connection back while Lambda's network interfaces live on, and whatever else has happened meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import (
    allow,
    make_function,
    make_group,
    make_network,
    make_role,
    snapshot,
)

from .conftest import Account, Run

ORDERS = {"db_instance_identifier": "orders"}
UPDATE = 30.0  # seconds that Lambda takes for an update here


@pytest.fixture
def connected(account: Account, run: Run, emulator: Emulator) -> Account:
    done = run(function_name="f", **ORDERS)
    assert done["changed"], done
    emulator.set(update_seconds=UPDATE)
    return account


def interfaces(account: Account, group_id: str) -> list[str]:
    held: Any = [{"Name": "group-id", "Values": [group_id]}]
    found = account.clients.ec2.describe_network_interfaces(Filters=held)["NetworkInterfaces"]
    return sorted(str(interface["NetworkInterfaceId"]) for interface in found)


def client_of(account: Account) -> str:
    groups: dict[str, Any] = snapshot(account.clients)["groups"]
    return next(key for key, group in groups.items() if group["name"] == "f-lambda-sg")


def test_it_returns_in_seconds_and_the_next_run_finishes(connected: Account, run: Run, emulator: Emulator) -> None:
    client = client_of(connected)
    held = interfaces(connected, client)
    began = emulator.now()
    off = run(function_name="f", state="absent", **ORDERS)
    assert emulator.now() - began <= UPDATE + 2
    assert off["changed"]
    (pending,) = off["pending"]
    assert pending["security_group_id"] == client
    assert pending["network_interface_ids"] == held != []
    assert pending["function_versions"] == []
    assert "Lambda deletes its network interfaces by itself" in pending["frees"]
    assert off["connections"][0]["status"] == "pending"
    assert not run(function_name="f", state="absent", **ORDERS)["changed"]
    connected.release()
    last = run(function_name="f", state="absent", **ORDERS)
    assert [change["action"] for change in last["changes"]] == ["delete_security_group"]
    assert last["pending"] == []
    assert not run(function_name="f", state="absent", **ORDERS)["changed"]


def test_release_timeout_waits_for_the_interfaces(connected: Account, run: Run, emulator: Emulator) -> None:
    began = emulator.now()
    off = run(function_name="f", state="absent", release_timeout=3600, **ORDERS)
    assert off["pending"] == []
    assert 1200 <= emulator.now() - began <= 1200 + UPDATE + 30
    assert "f-lambda-sg" not in {group["name"] for group in snapshot(connected.clients)["groups"].values()}


def test_release_timeout_is_a_bound(connected: Account, run: Run, emulator: Emulator) -> None:
    began = emulator.now()
    off = run(function_name="f", state="absent", release_timeout=300, **ORDERS)
    assert [group["security_group_id"] for group in off["pending"]] == [client_of(connected)]
    assert emulator.now() - began <= 300 + UPDATE + 30


def test_a_published_version_keeps_the_group_until_it_is_deleted(connected: Account, run: Run) -> None:
    version = connected.clients.functions.publish_version(FunctionName="f")["Version"]
    connected.clients.functions.create_alias(FunctionName="f", Name="live", FunctionVersion=version)
    off = run(function_name="f", state="absent", **ORDERS)
    assert (off["pending"][0]["function_versions"], off["pending"][0]["aliases"]) == ([f"f:{version}"], ["f:live"])
    connected.release()
    assert not run(function_name="f", state="absent", **ORDERS)["changed"]
    connected.clients.functions.delete_alias(FunctionName="f", Name="live")
    connected.clients.functions.delete_function(FunctionName="f", Qualifier=version)
    connected.release()
    assert run(function_name="f", state="absent", **ORDERS)["pending"] == []


def test_a_version_is_published_and_an_alias_moved_there_and_back(account: Account, run: Run) -> None:
    functions = account.clients.functions
    first = functions.publish_version(FunctionName="f")["Version"]
    functions.create_alias(FunctionName="f", Name="live", FunctionVersion=first)
    task = {"function_name": "f", "publish": True, "alias": "live", **ORDERS}
    foretold, done = run(check=True, **task), run(**task)
    assert (foretold["changes"], foretold["diff"]) == (done["changes"], done["diff"])
    live = functions.get_function(FunctionName="f:live")["Configuration"]
    assert live["Version"] == done["connections"][0]["published_version"] != first
    assert live["VpcConfig"]["SecurityGroupIds"] == [done["connections"][0]["security_group_id"]]
    assert not run(**task)["changed"]
    off = run(state="absent", **task)
    assert off["pending"][0]["function_versions"] == [f"f:{live['Version']}"]
    last = functions.get_function(FunctionName="f:live")["Configuration"]
    assert not last.get("VpcConfig", {}).get("VpcId")
    assert not run(state="absent", **task)["changed"]


def test_an_alias_left_behind_is_a_finding(account: Account, run: Run) -> None:
    version = account.clients.functions.publish_version(FunctionName="f")["Version"]
    account.clients.functions.create_alias(FunctionName="f", Name="live", FunctionVersion=version)
    codes = [finding["code"] for finding in run(function_name="f", **ORDERS)["findings"]]
    assert codes == ["internet_lost", "alias_not_connected"]


def test_the_function_was_deleted_and_made_again(connected: Account, run: Run) -> None:
    connected.clients.functions.delete_function(FunctionName="f")
    make_function(connected.clients, "f", package="Image")
    assert run(function_name="f", state="absent", **ORDERS)["changed"]
    connected.release()
    assert run(function_name="f", state="absent", **ORDERS)["pending"] == []


def test_the_function_moved_to_another_vpc_meanwhile(connected: Account, run: Run) -> None:
    other = make_network(connected.clients, "other", cidr="10.1.0.0/16")
    group = make_group(connected.clients, other.vpc_id, "own")
    where: Any = {"SubnetIds": other.subnet_ids, "SecurityGroupIds": [group]}
    connected.clients.functions.update_function_configuration(FunctionName="f", VpcConfig=where)
    run(function_name="f", state="absent", **ORDERS)
    connected.release()
    assert run(function_name="f", state="absent", **ORDERS)["pending"] == []
    worn = connected.clients.functions.get_function(FunctionName="f")["Configuration"]["VpcConfig"]
    assert worn["SecurityGroupIds"] == [group]


def test_the_database_got_other_groups_meanwhile(connected: Account, run: Run) -> None:
    other = make_group(connected.clients, connected.network.vpc_id, "db-c")
    connected.clients.rds.modify_db_instance(
        DBInstanceIdentifier="orders", VpcSecurityGroupIds=[other], ApplyImmediately=True
    )
    run(function_name="f", state="absent", **ORDERS)
    connected.release()
    assert run(function_name="f", state="absent", **ORDERS)["pending"] == []
    ours = [rule for group in snapshot(connected.clients)["groups"].values() for rule in group["rules"].values()]
    assert not [rule for rule in ours if rule["tags"]]


def test_the_execution_role_is_another_meanwhile(connected: Account, run: Run) -> None:
    role = make_role(connected.clients, "another")
    connected.clients.functions.update_function_configuration(FunctionName="f", Role=role)
    assert run(function_name="f", state="absent", **ORDERS)["changed"]
    connected.release()
    assert run(function_name="f", state="absent", **ORDERS)["pending"] == []


def test_connecting_again_while_the_group_is_pending_uses_it_again(connected: Account, run: Run) -> None:
    client = client_of(connected)
    run(function_name="f", state="absent", **ORDERS)
    assert run(function_name="f", **ORDERS)["connections"][0]["security_group_id"] == client
    connected.release()
    assert interfaces(connected, client)


def test_a_failed_update_is_told_with_its_reason_and_a_later_run_completes_it(
    account: Account, run: Run, emulator: Emulator
) -> None:
    emulator.set(failing_updates={"f": "SubnetOutOfIPAddresses"})
    failed = run(function_name="f", **ORDERS)
    assert "SubnetOutOfIPAddresses" in failed["msg"]
    assert "Written before: create security group f-lambda-sg" in failed["msg"]
    emulator.set(failing_updates={})
    assert run(function_name="f", **ORDERS)["changed"]
    assert not run(function_name="f", **ORDERS)["changed"]


def test_a_dual_stack_function_is_attached_and_taken_out(account: Account, run: Run) -> None:
    before = snapshot(account.clients)
    run(function_name="f", ipv6_allowed_for_dual_stack=True, **ORDERS)
    configuration = account.clients.functions.get_function(FunctionName="f")["Configuration"]
    assert configuration["VpcConfig"]["Ipv6AllowedForDualStack"] is True
    run(function_name="f", state="absent", **ORDERS)
    account.release()
    run(function_name="f", state="absent", **ORDERS)
    assert snapshot(account.clients) == before


def test_an_inactive_function_is_attached(account: Account, run: Run, emulator: Emulator) -> None:
    emulator.set(inactive_functions=["f"])
    began = emulator.now()
    assert run(function_name="f", **ORDERS)["changed"]
    assert emulator.now() - began < 30


def test_a_deployment_under_way_is_waited_for(account: Account, run: Run, emulator: Emulator) -> None:
    emulator.set(update_seconds=UPDATE)
    account.clients.functions.update_function_configuration(FunctionName="f", Description="deployed")
    done = run(function_name="f", **ORDERS)
    assert done["changed"], done
    assert account.clients.functions.get_function(FunctionName="f")["Configuration"]["Description"] == "deployed"


def test_foreign_rules_for_our_group_are_named_and_stay(connected: Account, run: Run) -> None:
    client = client_of(connected)
    other = make_group(connected.clients, connected.network.vpc_id, "other")
    allow(connected.clients, other, "ingress", client, 443)
    run(function_name="f", state="absent", **ORDERS)
    connected.release()
    (pending,) = run(function_name="f", state="absent", **ORDERS)["pending"]
    assert pending["referenced_by"] == [other]
    connected.clients.ec2.delete_security_group(GroupId=other)
    assert run(function_name="f", state="absent", **ORDERS)["pending"] == []
