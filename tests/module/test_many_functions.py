# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Many functions in one task, their updates taking time and Lambda's limits on.

Where it matters how fast the calls come, the emulator's clock runs with the real time.
"""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.api_calls import ApiCall
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import (
    make_function,
    make_group,
    make_instance,
    make_network,
    make_role,
    snapshot,
)

from .conftest import Account, Run
from .test_emulator_throttling import impatient

SLEEP = time.sleep
NAMES = [f"api-{number:02}" for number in range(60)]
PAGES = math.ceil(len(NAMES) / 50)
UPDATE = "lambda:UpdateFunctionConfiguration"
UPDATE_SECONDS = 1.5
THROTTLED = (429, 503)
# What the other caller asks for, and nobody else.
OF_OTHERS = "GetAccountSettings"


class Fleet:
    """The account, and sixty functions outside any VPC besides. Calls are counted from `begin` on."""

    def __init__(self, account: Account, run: Run) -> None:
        self.account, self._run = account, run
        self.clients, self.emulator = account.clients, account.emulator
        self.emulator.set(throttling=False, rules_per_group=200, update_seconds=UPDATE_SECONDS)
        role = make_role(self.clients, "api")
        for number, name in enumerate(NAMES):
            make_function(self.clients, name, Role=role, Tags={"team": "shop" if number % 10 == 0 else "stock"})
        self.emulator.set(throttling=True)
        self.before = snapshot(self.clients)

    def run(self, **options: Any) -> dict[str, Any]:
        """With all functions and the database `orders`, unless they are named otherwise."""
        self.emulator.clear_calls()
        functions = {} if any(name.startswith("function_") for name in options) else {"function_names": NAMES}
        return self._run(**{**functions, "db_instance_identifier": "orders", **options})

    def connects(self, **options: Any) -> dict[str, Any]:
        done = self.run(**options)
        assert not done.get("failed"), done["msg"]
        return done

    @property
    def calls(self) -> list[ApiCall]:
        return self.emulator.calls()

    @property
    def writes(self) -> Counter[str]:
        return Counter(str(call) for call in self.calls if not call.is_read and call.status not in THROTTLED)

    @property
    def reads(self) -> int:
        return sum(call.is_read for call in self.calls)

    @property
    def throttled(self) -> float:
        return sum(call.status in THROTTLED for call in self.calls) / len(self.calls)

    def attached(self) -> list[str]:
        functions = snapshot(self.clients)["functions"]
        return [name for name, function in functions.items() if function["vpc_config"]]

    def take_back(self, **options: Any) -> None:
        """Also the groups that Lambda's network interfaces hold for a while."""
        self.connects(state="absent", **options)
        self.account.release()
        self.connects(state="absent", **options)


@pytest.fixture
def fleet(account: Account, run: Run) -> Fleet:
    return Fleet(account, run)


@pytest.fixture
def real_time(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock runs by itself, and who sleeps loses the time."""
    fleet.emulator.advance(60)
    fleet.emulator.set(clock_flows=True)
    monkeypatch.setattr(time, "sleep", SLEEP)


@contextlib.contextmanager
def others(emulator: Emulator, *, calls_a_second: int) -> Iterator[list[bool]]:
    """Another caller of the account, who does not slow down; which of its calls are refused."""
    functions = impatient(emulator, "lambda")
    refused: list[bool] = []
    over = threading.Event()

    def call() -> None:
        while not over.wait(1 / calls_a_second):
            try:
                functions.get_account_settings()
                refused.append(False)
            except ClientError:
                refused.append(True)

    caller = threading.Thread(target=call)
    caller.start()
    try:
        yield refused
    finally:
        over.set()
        caller.join()


@pytest.mark.usefixtures("real_time")
class TestCalls:
    """How many there are, and that AWS does not have to refuse any."""

    def test_a_group_for_all(self, fleet: Fleet) -> None:
        shared = {"security_group_scope": "database"}
        fleet.connects(**shared)
        assert fleet.writes == {
            "ec2:CreateSecurityGroup": 1,
            "ec2:AuthorizeSecurityGroupEgress": 1,
            "ec2:RevokeSecurityGroupEgress": 1,
            "ec2:AuthorizeSecurityGroupIngress": 2,
            UPDATE: len(NAMES),
        }
        # One look at each update, and one more at the first for each second that it takes.
        assert fleet.reads <= 2 * PAGES + len(NAMES) + 10
        assert fleet.throttled <= 0.01
        assert fleet.attached() == NAMES
        assert not fleet.connects(**shared)["changed"]
        assert fleet.reads <= PAGES + 5
        assert not fleet.writes
        fleet.connects(state="absent", **shared)
        assert fleet.writes == {
            "ec2:RevokeSecurityGroupIngress": 2,
            UPDATE: len(NAMES),
            "ec2:RevokeSecurityGroupEgress": 1,
        }
        # Twice it looks for those who wear the group in any version.
        assert fleet.reads <= 3 * PAGES + len(NAMES) + 12
        assert fleet.throttled <= 0.01
        fleet.take_back(**shared)
        assert snapshot(fleet.clients) == fleet.before

    def test_a_group_each(self, fleet: Fleet) -> None:
        fleet.connects()
        assert fleet.writes == {
            "ec2:CreateSecurityGroup": len(NAMES),
            "ec2:AuthorizeSecurityGroupEgress": len(NAMES),
            "ec2:RevokeSecurityGroupEgress": len(NAMES),
            "ec2:AuthorizeSecurityGroupIngress": 2,
            UPDATE: len(NAMES),
        }
        assert fleet.reads <= 2 * PAGES + len(NAMES) + 10
        assert fleet.throttled <= 0.01
        assert fleet.attached() == NAMES
        assert not fleet.connects()["changed"]
        assert fleet.reads <= PAGES + 5
        assert not fleet.writes
        fleet.connects(state="absent")
        assert fleet.writes == {
            "ec2:RevokeSecurityGroupIngress": 2,
            UPDATE: len(NAMES),
            "ec2:RevokeSecurityGroupEgress": len(NAMES),
        }
        assert fleet.throttled <= 0.01
        fleet.take_back()
        assert fleet.throttled <= 0.01
        assert snapshot(fleet.clients) == fleet.before

    def test_without_a_pace_aws_has_to_refuse(self, fleet: Fleet) -> None:
        fleet.run(security_group_scope="database", request_pace=0)
        assert fleet.throttled > 0.01

    def test_a_busy_account(self, fleet: Fleet) -> None:
        """Others draw on Lambda's calls too: it slows down, which leaves them most of theirs, and succeeds."""
        with others(fleet.emulator, calls_a_second=10) as refused:
            fleet.connects(security_group_scope="database")
        statuses = Counter(call.status in THROTTLED for call in fleet.calls if call.action != OF_OTHERS)
        assert 0 < statuses[True] <= 0.15 * statuses[False]
        assert sum(refused) <= 0.2 * len(refused)
        assert fleet.attached() == NAMES


@pytest.mark.parametrize("scope", ["function", "database"])
class TestFailures:
    """Of sixty functions, two cannot be updated: AWS takes one update and gives it up, and refuses the other."""

    BAD = ("api-10", "api-40")

    @pytest.fixture
    def broken(self, fleet: Fleet) -> Fleet:
        self.spoil(fleet)
        return fleet

    def spoil(self, fleet: Fleet) -> None:
        given_up, refused = self.BAD
        fleet.emulator.set(
            failing_updates={given_up: "SubnetOutOfIPAddresses"}, refused_updates={refused: "AccessDeniedException"}
        )

    def mend(self, fleet: Fleet) -> None:
        fleet.emulator.set(failing_updates={}, refused_updates={})

    def fails(self, fleet: Fleet, **options: Any) -> dict[str, Any]:
        """Those two and no others, each with its reason; all others are as they shall be."""
        failed = fleet.run(**options)
        assert failed["failed"]
        assert failed["changed"]
        assert failed["msg"].startswith("2 of 60 functions failed. api-10: Could not update function")
        assert " The others are done. Written before: " in failed["msg"]
        assert failed["msg"].endswith(" more. Running the task again completes it.")
        assert "SubnetOutOfIPAddresses" in failed["msg"]
        assert "AccessDeniedException" in failed["msg"]
        assert [failure["function_name"] for failure in failed["failures"]] == list(self.BAD)
        updates = [change for change in failed["changes"] if change["action"] == "update_function_configuration"]
        assert [change["function_name"] for change in updates] == [name for name in NAMES if name not in self.BAD]
        return failed

    def test_connecting(self, broken: Fleet, scope: str) -> None:
        task = {"security_group_scope": scope}
        failed = self.fails(broken, **task)
        statuses = {each["function_name"]: each["status"] for each in failed["connections"]}
        assert statuses == {name: "failed" if name in self.BAD else "connected" for name in NAMES}
        assert broken.attached() == [name for name in NAMES if name not in self.BAD]
        self.mend(broken)
        assert broken.connects(**task)["changed"]
        assert broken.writes == {UPDATE: 2}
        assert broken.attached() == NAMES
        assert not broken.connects(**task)["changed"]
        broken.take_back(**task)
        assert snapshot(broken.clients) == broken.before

    def test_taking_back(self, fleet: Fleet, scope: str) -> None:
        task = {"security_group_scope": scope}
        fleet.connects(**task)
        self.spoil(fleet)
        self.fails(fleet, state="absent", **task)
        assert fleet.attached() == list(self.BAD)
        self.mend(fleet)
        assert fleet.connects(state="absent", **task)["changed"]
        assert fleet.writes[UPDATE] == 2
        assert fleet.attached() == []
        fleet.take_back(**task)
        assert snapshot(fleet.clients) == fleet.before


class TestChoice:
    """Which functions of the account are meant, among them `f` with another name and no tag."""

    @pytest.mark.parametrize(
        ("choice", "chosen"),
        [
            ({"function_name_prefix": "api-"}, NAMES),
            ({"function_name_prefix": "api-1"}, NAMES[10:20]),
            ({"function_tags": {"team": "shop"}}, NAMES[::10]),
            ({"function_tags": {"team": "shop"}, "function_name_prefix": "api-1"}, NAMES[10:11]),
        ],
        ids=["prefix", "narrow prefix", "tags", "both"],
    )
    def test_there_and_back(self, fleet: Fleet, choice: dict[str, Any], chosen: list[str]) -> None:
        fleet.emulator.set(page_size=4)
        task = {"security_group_scope": "database", **choice}
        foretold = fleet.connects(check=True, **task)
        done = fleet.connects(**task)
        assert done["changes"] == foretold["changes"]
        assert [connection["function_name"] for connection in done["connections"]] == chosen
        assert fleet.attached() == chosen
        assert not fleet.connects(**task)["changed"]
        assert not fleet.writes
        fleet.take_back(**task)
        assert snapshot(fleet.clients) == fleet.before

    @pytest.mark.parametrize("choice", [{"function_name_prefix": "web-"}, {"function_tags": {"team": "web"}}])
    def test_none(self, fleet: Fleet, choice: dict[str, Any]) -> None:
        refused = fleet.run(**choice)
        assert "no function of this account and Region is chosen by that" in refused["msg"]
        assert not fleet.connects(state="absent", **choice)["changed"]
        assert snapshot(fleet.clients) == fleet.before

    def test_functions_that_are_deleted_leave_nothing(self, fleet: Fleet) -> None:
        task = {"function_name_prefix": "api-1"}
        fleet.connects(**task)
        for name in NAMES[10:15]:
            fleet.clients.functions.delete_function(FunctionName=name)
        fleet.take_back(**task)
        assert snapshot(fleet.clients)["groups"] == fleet.before["groups"]


class TestQuotas:
    """What would end half of the way is refused before it begins."""

    def test_rules_of_a_group(self, fleet: Fleet) -> None:
        fleet.emulator.set(rules_per_group=60)
        refused = fleet.run()
        assert not fleet.writes
        assert "would have 61 ingress rules, and a security group may have 60." in refused["msg"]
        assert "Set security_group_scope to database" in refused["msg"]
        fleet.connects(security_group_scope="database")

    def test_network_interfaces_in_a_vpc(self, fleet: Fleet) -> None:
        """AWS's default is five hundred: sixty groups in nine subnets are too many, and in eight they are not."""
        network = make_network(fleet.clients, "wide", subnets=9, cidr="10.1.0.0/16")
        group = make_group(fleet.clients, network.vpc_id, "wide")
        make_instance(fleet.clients, "stock", network.subnet_ids, [group])
        refused = fleet.run(db_instance_identifier="stock")
        assert not fleet.writes
        assert "takes 540 network interfaces of Lambda" in refused["msg"]
        assert "there are 0 of the 500 that a VPC may have." in refused["msg"]
        assert "Set security_group_scope to database" in refused["msg"]
        assert fleet.connects(db_instance_identifier="stock", subnet_ids=network.subnet_ids[:8])["changed"]
