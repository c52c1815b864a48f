# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator's clock, as the emulator runs it and as its tests move it."""

from __future__ import annotations

import functools
import time
import urllib.error
from collections.abc import Callable

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.server import clock as clocks
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.clock import Clock
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients


class RealTime:
    """Passes when it is told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def real_time(monkeypatch: pytest.MonkeyPatch) -> RealTime:
    real_time = RealTime()
    monkeypatch.setattr(clocks, "time", real_time)
    return real_time


@pytest.fixture
def clock(real_time: RealTime) -> Clock:
    return Clock()


def standing(clock: Clock) -> Clock:
    clock.flows = False
    return clock


def test_it_begins_at_zero_and_flows_with_the_real_time(clock: Clock, real_time: RealTime) -> None:
    assert (clock.flows, clock.now()) == (True, 0)
    real_time.seconds += 7
    assert clock.now() == 7


def test_it_stands_still_and_goes_on_from_there(clock: Clock, real_time: RealTime) -> None:
    real_time.seconds += 7
    clock.flows = False
    real_time.seconds += 100
    assert (clock.flows, clock.now()) == (False, 7)
    clock.advance(5)
    clock.flows = False
    assert clock.now() == 12
    clock.flows = True
    real_time.seconds += 1
    assert (clock.flows, clock.now()) == (True, 13)


@pytest.mark.parametrize("flows", [True, False])
def test_advance_adds_to_the_time(clock: Clock, *, flows: bool) -> None:
    clock.flows = flows
    clock.advance(30)
    clock.advance(0.5)
    clock.advance(-10)
    assert clock.now() == 30.5


@pytest.mark.parametrize("make", [standing, lambda clock: clock])
def test_what_is_due_happens_at_its_time_and_in_order(clock: Clock, make: Callable[[Clock], Clock]) -> None:
    clock = make(clock)
    happened: list[tuple[str, float]] = []

    def happens(name: str, then: str = "") -> None:
        happened.append((name, clock.now()))
        if then:
            clock.later(1, functools.partial(happens, then))

    clock.later(5, lambda: happens("third"))
    clock.later(2, lambda: happens("first", then="second"))
    clock.later(5, lambda: happens("fourth"))
    clock.later(9, lambda: happens("never"))
    clock.advance(8)
    assert happened == [("first", 2), ("second", 3), ("third", 5), ("fourth", 5)]
    assert clock.now() == 8


def test_what_is_due_waits_until_somebody_looks(clock: Clock, real_time: RealTime) -> None:
    happened: list[float] = []
    clock.later(5, lambda: happened.append(clock.now()))
    clock.run_due()
    assert happened == []
    real_time.seconds += 6
    assert happened == []
    clock.run_due()
    clock.run_due()
    assert happened == [6]


def test_reset_forgets_the_time_and_what_is_due(clock: Clock, real_time: RealTime) -> None:
    happened: list[float] = []
    clock.later(5, lambda: happened.append(clock.now()))
    clock.flows = False
    clock.advance(3)
    clock.reset()
    assert (clock.flows, clock.now()) == (True, 0)
    clock.advance(10)
    assert happened == []


def test_the_emulator_s_clock_stands_still_in_tests_but_for_sleeping(emulator: Emulator) -> None:
    start = emulator.now()
    assert emulator.now() == start
    time.sleep(3)
    assert emulator.now() == start + 3
    emulator.advance(60)
    assert emulator.now() == start + 63


def test_the_emulator_s_clock_flows_where_it_is_let(emulator: Emulator) -> None:
    emulator.set(clock_flows=True)
    before = emulator.now()
    deadline = time.monotonic() + 10
    while emulator.now() == before:
        assert time.monotonic() < deadline
    emulator.set(clock_flows=False)
    assert emulator.now() == emulator.now()


def test_what_is_due_happens_before_the_next_call(emulator: Emulator, aws: Clients) -> None:
    network = world.make_network(aws, "shop")
    emulator.set(database_create_seconds=60)
    world.make_instance(aws, "orders", network.subnet_ids, [], wait=False)
    emulator.advance(60)
    assert aws.rds.describe_db_instances()["DBInstances"][0]["DBInstanceStatus"] == "available"


@pytest.mark.parametrize("values", [{}, {"advance": "soon"}, {"advance": None}])
def test_the_clock_says_what_it_does_not_understand(emulator: Emulator, values: dict[str, object]) -> None:
    start = emulator.now()
    with pytest.raises(urllib.error.HTTPError, match="400") as refused:
        emulator._control("POST", "clock", values)
    refused.value.close()
    assert emulator.now() == start
