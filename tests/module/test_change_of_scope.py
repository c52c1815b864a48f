# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Functions that are connected move to another client group: after every write of the run each path is open.

While Lambda updates a function, the configuration of before still serves: so both have to lead to the database.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.httpsession import URLLib3Session

from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import (
    Clients,
    make_function,
    make_group,
    make_network,
    snapshot,
)

from .conftest import Account, Run

PORT = 5432
# So many that they are written in threads.
NAMES = ["f", "api", "billing", "guest", "report", "search"]


SCOPES: dict[str, dict[str, Any]] = {
    "function": {"security_group_scope": "function"},
    "database": {"security_group_scope": "database"},
    "existing": {"security_group_id": "GIVEN"},
}


@dataclass
class Watch:
    """Looks at all paths after each call that may write, and holds up the other calls meanwhile.

    ``worn`` has the groups of each function; while it is being updated, those of before too. ``closed`` tells after
    which calls which path was not open.
    """

    clients: Clients
    database_groups: list[str]
    worn: dict[str, list[frozenset[str]]] = field(default_factory=dict)
    looks: int = 0
    closed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._one_at_a_time = threading.RLock()
        self._looking = False

    def send(self, real: Any, session: URLLib3Session, request: Any) -> Any:
        with self._one_at_a_time:
            answer = real(session, request)
            if not self._looking and request.method != "GET" and "Action=Describe" not in str(request.body):
                self.look(f"{request.method} {request.url} {request.body!r}")
            return answer

    def look(self, after: str) -> None:
        self._looking = True
        self.looks += 1
        rules = self.clients.ec2.describe_security_group_rules()["SecurityGroupRules"]
        for name in NAMES:
            now = self.clients.functions.get_function(FunctionName=name)["Configuration"]
            groups = frozenset(now["VpcConfig"]["SecurityGroupIds"])
            before = self.worn.get(name, []) if now["LastUpdateStatus"] == "InProgress" else []
            self.worn[name] = list(dict.fromkeys([*before, groups]))
            if not all(self._is_open(worn, rules) for worn in self.worn[name]):
                self.closed.append(f"{name} after {after}")
        self._looking = False

    def _is_open(self, worn: Iterable[str], rules: list[Any]) -> bool:
        out = _lets_through(rules, worn, self.database_groups, egress=True)
        return out and _lets_through(rules, self.database_groups, worn, egress=False)


def _lets_through(rules: list[Any], on: Iterable[str], peers: Iterable[str], *, egress: bool) -> bool:
    return any(
        rule["IsEgress"] == egress
        and rule["GroupId"] in on
        and (rule.get("ReferencedGroupInfo", {}).get("GroupId") in peers or rule.get("CidrIpv4") == "0.0.0.0/0")
        and (rule["IpProtocol"] == "-1" or rule["FromPort"] <= PORT <= rule["ToPort"])
        for rule in rules
    )


class Move:
    """Functions outside any VPC, in the database's with groups of their own, and in another one."""

    def __init__(self, account: Account, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        self.account, self._run, self._monkeypatch = account, run, monkeypatch
        self.clients, self.emulator = account.clients, account.emulator
        self.emulator.set(throttling=False, update_seconds=30)
        own = make_group(self.clients, account.network.vpc_id, "own")
        self.given = make_group(self.clients, account.network.vpc_id, "given")
        for number, name in enumerate(NAMES[1:4]):
            subnets = account.network.subnet_ids[: 1 + number % 2]
            make_function(self.clients, name, subnet_ids=subnets, group_ids=[own])
        other = make_network(self.clients, "other", cidr="10.1.0.0/16")
        theirs = make_group(self.clients, other.vpc_id, "theirs")
        make_function(self.clients, NAMES[4], subnet_ids=other.subnet_ids, group_ids=[theirs])
        make_function(self.clients, NAMES[5])
        self.before = snapshot(self.clients)

    def run(self, scope: str, **options: Any) -> dict[str, Any]:
        named = {key: self.given if value == "GIVEN" else value for key, value in SCOPES[scope].items()}
        task = {"function_names": NAMES, "db_instance_identifier": "orders", "allow_vpc_change": True}
        return self._run(**task, **named, **options)

    def connects(self, scope: str, **options: Any) -> dict[str, Any]:
        done = self.run(scope, **options)
        assert not done.get("failed"), done["msg"]
        return done

    def watched(self, scope: str, *, waits: Sequence[bool] = (True,)) -> dict[str, Any]:
        """Runs, one after the other at once, through which every path stays open; the first is returned."""
        watch = Watch(self.clients, self.account.groups)
        watch.look("nothing")
        real = URLLib3Session.send
        with self._monkeypatch.context() as patch:
            patch.setattr(URLLib3Session, "send", lambda *sent: watch.send(real, *sent))
            done = [self.run(scope, wait=wait) for wait in waits]
        self.emulator.advance(60)
        watch.look("the run")
        assert watch.closed == []
        assert watch.looks > 2 + len(NAMES)
        return done[0]

    def take_back(self, scope: str) -> None:
        for _again in range(2):
            self.connects(scope, state="absent")
            self.account.release()
        assert snapshot(self.clients) == self.before


@pytest.fixture
def move(account: Account, run: Run, monkeypatch: pytest.MonkeyPatch) -> Move:
    return Move(account, run, monkeypatch)


@pytest.mark.parametrize("waits", [[True], [False, False, True]], ids=["waiting", "not waiting"])
@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(SCOPES, 2)))
def test_there_and_back(move: Move, one: str, other: str, waits: list[bool]) -> None:
    move.connects(one)
    for scope in (other, one):
        done = move.watched(scope, waits=waits)
        assert not done.get("failed"), done["msg"]
        move.account.release()
        move.connects(scope)
        assert not move.connects(scope)["changed"]
    move.take_back(one)


@pytest.mark.parametrize(("one", "other"), list(itertools.permutations(SCOPES, 2)))
def test_an_update_that_fails(move: Move, one: str, other: str) -> None:
    """Its function keeps the client group of before, and its path; the next run moves it."""
    move.connects(one)
    move.emulator.set(failing_updates={"billing": "SubnetOutOfIPAddresses"})
    assert move.watched(other)["msg"].startswith("1 of 6 functions failed. billing: Could not update")
    move.emulator.set(failing_updates={})
    move.connects(other)
    move.account.release()
    move.connects(other)
    assert not move.connects(other)["changed"]
    move.take_back(other)
