# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What lambda_rds_connection foresees with `verify` is what it then finds."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world

from . import healthy_worlds as healthy
from .causes import role_limited, role_limited_to_its_vpc, role_without_permissions, ssh_and_rdp_denied
from .conftest import Run
from .healthy_worlds import World

HTTPS = {"proto": "tcp", "from_port": 443, "to_port": 443, "cidr_ip": "0.0.0.0/0"}


@pytest.fixture
def made(emulator: Emulator) -> World:
    """A function that is not connected yet."""
    return healthy.by_module(emulator)


def connect(run: Run, made: World, **more: Any) -> dict[str, Any]:
    return run(**{"function_name": "f", **made.question, **more}, verify=True, egress_rules=[HTTPS])


def findings(printed: dict[str, Any]) -> set[tuple[str, str]]:
    (verdict,) = printed["reachability"]
    return {(finding["code"], finding["severity"]) for finding in verdict["findings"]}


def test_a_function_that_is_pending(emulator: Emulator, run: Run, made: World) -> None:
    made.clients.functions.delete_function(FunctionName="f")
    emulator.set(create_seconds=20)
    where: Any = {"subnet_ids": made.function_subnets, "group_ids": [made.client_group]}
    world.make_function(made.clients, "f", Timeout=30, **where)
    foreseen = connect(run, made, check=True)
    assert not foreseen.get("failed"), foreseen["msg"]
    assert findings(foreseen) == {("function_pending", "risk")}
    late = connect(run, made, wait_timeout=8)
    assert "was still being updated after 8 seconds" in late["msg"]
    done = connect(run, made)
    assert not done.get("failed"), done["msg"]
    assert findings(done) == set()


def test_a_role_that_is_limited_to_its_vpc(run: Run, made: World) -> None:
    role_limited_to_its_vpc(made)
    for check in (True, False):
        printed = connect(run, made, check=check)
        assert not printed.get("failed"), printed["msg"]
        assert findings(printed) == set()


@pytest.mark.parametrize("cause", [role_without_permissions, role_limited(subnets="subnet-0*")])
def test_a_role_that_does_not_suffice(run: Run, made: World, cause: Any) -> None:
    cause(made)
    foreseen = connect(run, made, check=True)
    assert foreseen["failed"]
    assert findings(foreseen) == {("role_cannot_make_interfaces", "blocks")}
    assert "does not have permissions to call CreateNetworkInterface" in connect(run, made)["msg"]


def test_network_acls_that_deny_ssh_and_rdp(run: Run, made: World) -> None:
    """One ephemeral port of 64,512 is closed, on the way from one of the two subnets: no reason to fail."""
    ssh_and_rdp_denied(made)
    for check in (True, False, False):
        printed = connect(run, made, check=check)
        assert not printed.get("failed"), printed["msg"]
        (verdict,) = printed["reachability"]
        assert (verdict["path"], verdict["reachable"]) == ("open", True)
        (finding,) = verdict["findings"]
        assert (finding["code"], finding["severity"]) == ("acl_return_in_closed", "risk")
        assert finding["share"] == "1/129024"
        assert "About 1 connection in 129,024 fails; a retry usually works." in finding["message"]
        assert "allow TCP 3389 from 10.0.3.0/24" in finding["remedy"]


def test_a_full_subnet_with_an_interface_to_share(run: Run, made: World) -> None:
    """The first function's is shared by the second one, if they wear the same group."""
    shared = {"security_group_scope": "database"}
    assert not connect(run, made, **shared).get("failed")
    world.make_function(made.clients, "g", Timeout=30)
    for subnet in made.database_subnets:
        fill(made, subnet)
    foreseen = connect(run, made, function_name="g", check=True)
    assert ("no_free_addresses", "blocks") in findings(foreseen)
    for check in (True, False):
        printed = connect(run, made, function_name="g", check=check, **shared)
        assert not printed.get("failed"), printed["msg"]
        assert findings(printed) == {("no_spare_addresses", "risk")}


def fill(made: World, subnet_id: str) -> None:
    (subnet,) = made.clients.ec2.describe_subnets(SubnetIds=[subnet_id])["Subnets"]
    for _free in range(subnet["AvailableIpAddressCount"]):
        made.clients.ec2.create_network_interface(SubnetId=subnet_id, Groups=[made.client_group])
