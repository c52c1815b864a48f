# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Runs with so many functions that they write in threads: killed in the middle of that, and two at once.

Calls take a while here, so that several are under way at any time: those of a run that is killed are still carried out,
while the next one has begun.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import make_function, make_role
from ansible_collections.cloudops.lambda_rds.tests.survival.jobs import LONG, Account, Job
from ansible_collections.cloudops.lambda_rds.tests.survival.runner import Kill, run_module
from ansible_collections.cloudops.lambda_rds.tests.survival.sampling import EXAMPLES, spread
from ansible_collections.cloudops.lambda_rds.tests.survival.writers import undescribed

Record = Callable[[str, Any], None]
SCOPES = ["function", "database", "existing"]
NEW = [f"api-{number:02}" for number in range(10)]
NAMES = ["f", "g", *NEW]
LATENCY_SECONDS = 0.03


class Crowd(Account):
    """Twelve functions, one of them in the VPC with a group of its own."""

    def __post_init__(self) -> None:
        super().__post_init__()
        role = make_role(self.clients, "api")
        for name in NEW:
            make_function(self.clients, name, Role=role)
        self.keep_built()
        self.before = self.look()

    def task(self, scope: str, **options: Any) -> dict[str, Any]:
        return super().task(scope, **{"function_names": NAMES, **options})

    def settled(self, scope: str, **options: Any) -> Any:
        """What there is once the task has nothing to do any more, and Lambda has let go of what it held."""
        self.emulator.set(latency_seconds=0)
        for _again in range(2):
            self.run(scope, **options)
            self.emulator.advance(LONG)
        assert not self.run(scope, **options)["changed"]
        return self.look()


@pytest.fixture
def crowd(emulator: Emulator) -> Crowd:
    return Crowd(emulator)


def updates(emulator: Emulator, job: Job) -> list[int]:
    """The positions, about, of the updates of functions among the calls of a run."""
    emulator.restore(job.start)
    assert run_module(emulator, job.task) is not None
    return [position for position, call in enumerate(emulator.calls(), 1) if call.action.startswith("UpdateFunction")]


class Killed:
    """Runs that start from a kept state and are killed at some of their updates."""

    def __init__(self, crowd: Crowd, job: Job) -> None:
        self.emulator, self.job = crowd.emulator, job
        self.positions = spread(updates(crowd.emulator, job), EXAMPLES // 2)

    def each(self) -> Iterator[Kill]:
        for number, position in enumerate(self.positions):
            self.emulator.set(latency_seconds=0)
            self.emulator.restore(self.job.start)
            self.emulator.set(latency_seconds=LATENCY_SECONDS)
            kill = Kill(position, after=number % 2 == 0)
            assert run_module(self.emulator, self.job.task, kill) is None, f"not killed {kill}"
            # At once, with the latency: the calls of the one that is dead are still on their way.
            yield kill


@pytest.mark.parametrize("scope", SCOPES)
def test_killed_while_connecting(crowd: Crowd, scope: str, record_property: Record) -> None:
    expected = crowd.settled(scope)
    killed = Killed(crowd, Job("built", crowd.task(scope)))
    for kill in killed.each():
        crowd.run(scope)
        assert crowd.settled(scope) == expected, kill
        assert crowd.settled(scope, state="absent") == crowd.before, kill
    record_property("kill positions survived", len(killed.positions))


@pytest.mark.parametrize("scope", SCOPES)
def test_killed_while_taking_back(crowd: Crowd, scope: str, record_property: Record) -> None:
    crowd.connect(scope)
    killed = Killed(crowd, Job("connected", crowd.task(scope, state="absent")))
    for kill in killed.each():
        crowd.run(scope, state="absent")
        assert crowd.settled(scope, state="absent") == crowd.before, kill
    record_property("kill positions survived", len(killed.positions))


@pytest.mark.parametrize(("one", "other"), [("function", "database"), ("database", "function")])
def test_killed_while_changing_the_scope(crowd: Crowd, one: str, other: str, record_property: Record) -> None:
    crowd.connect(one)
    expected = crowd.settled(other)
    killed = Killed(crowd, Job("connected", crowd.task(other)))
    for kill in killed.each():
        crowd.run(other)
        assert crowd.settled(other) == expected, kill
        assert crowd.settled(other, state="absent") == crowd.before, kill
    record_property("kill positions survived", len(killed.positions))


def at_once(crowd: Crowd, *tasks: dict[str, Any]) -> None:
    """Each in a process of its own; nobody has to run again."""
    crowd.emulator.set(latency_seconds=LATENCY_SECONDS)
    with ThreadPoolExecutor() as pool:
        ends = list(pool.map(lambda task: run_module(crowd.emulator, task), tasks))
    crowd.emulator.set(latency_seconds=0)
    for ended in ends:
        assert ended is not None
        assert not ended.result.get("failed"), ended.result["msg"]


@pytest.mark.parametrize("scope", SCOPES)
class TestTwoAtOnce:
    @pytest.mark.parametrize(
        ("ours", "theirs"),
        [(NAMES, NAMES), (NAMES[:8], NAMES[4:]), (NAMES[:6], NAMES[6:])],
        ids=["same", "overlapping", "apart"],
    )
    def test_both_connect_and_both_take_back(
        self, crowd: Crowd, scope: str, ours: list[str], theirs: list[str]
    ) -> None:
        expected = undescribed(crowd.settled(scope))
        crowd.emulator.restore("built")
        at_once(crowd, *(crowd.task(scope, function_names=names) for names in (ours, theirs)))
        crowd.emulator.advance(LONG)
        assert not crowd.run(scope)["changed"]
        assert undescribed(crowd.look()) == expected
        at_once(crowd, *(crowd.task(scope, function_names=names, state="absent") for names in (ours, theirs)))
        assert crowd.settled(scope, state="absent") == crowd.before

    def test_one_connects_while_the_other_takes_back(self, crowd: Crowd, scope: str) -> None:
        stay, leave = NAMES[:6], NAMES[6:]
        expected = undescribed(crowd.settled(scope, function_names=stay))
        crowd.emulator.restore("built")
        crowd.settled(scope, function_names=leave)
        at_once(
            crowd,
            crowd.task(scope, function_names=stay),
            crowd.task(scope, function_names=leave, state="absent"),
        )
        crowd.emulator.advance(LONG)
        crowd.run(scope, function_names=leave, state="absent")
        assert not crowd.run(scope, function_names=stay)["changed"]
        assert undescribed(crowd.look()) == expected
        assert crowd.settled(scope, state="absent") == crowd.before
