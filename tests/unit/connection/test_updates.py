# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Many updates at once: when each is looked at, and how each ends."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._connection.apply import updates
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._connection.apply.updates import Updates
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._connection.function_changes import UpdateVpcConfig
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import AwsError, TimedOutError
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.functions import Function, VpcConfig
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process.concurrency import Clock


def change(name: str) -> UpdateVpcConfig:
    return UpdateVpcConfig(Function(name, f"arn:aws:lambda:eu-central-1:123456789012:function:{name}"), VpcConfig())


@dataclass
class Account:
    """Updates that take so many seconds; ``refuses`` are functions that AWS does not update, ``breaks`` give up."""

    clock: Clock
    takes: float = 2.0
    waits: bool = True
    refuses: frozenset[str] = frozenset()
    breaks: frozenset[str] = frozenset()
    slow: dict[str, float] = field(default_factory=dict)
    begun: dict[str, float] = field(default_factory=dict)
    looks: Counter[str] = field(default_factory=Counter)
    order: list[str] = field(default_factory=list)
    ends: dict[str, Exception | None] = field(default_factory=dict)
    told: list[tuple[int, int, int]] = field(default_factory=list)
    at_most: list[float] = field(default_factory=list)

    def write(self, change: UpdateVpcConfig) -> bool:
        name = change.function.name
        if name in self.refuses:
            raise AwsError(f"update {name}", "AccessDeniedException", "no")
        self.begun[name] = self.clock.now()
        return self.waits

    def is_done(self, change: UpdateVpcConfig) -> bool:
        name = change.function.name
        self.looks[name] += 1
        if name in self.breaks:
            raise AwsError(f"wait for {name}", "EniLimitExceeded", "no")
        return self.clock.now() - self.begun[name] >= self.slow.get(name, self.takes)

    def report(self, unwritten: int, waiting: int, total: int, at_most: float) -> None:
        self.told.append((unwritten, waiting, total))
        if waiting:
            self.at_most.append(at_most)

    def on_accepted(self, change: UpdateVpcConfig) -> None:
        self.order.append(change.function.name)

    def on_finished(self, change: UpdateVpcConfig, error: Exception | None) -> None:
        assert change.function.name not in self.ends
        self.ends[change.function.name] = error


def carried_out(names: str | list[str], timeout: int = 600, **settings: object) -> Account:
    clock = Clock(lambda _seconds: None)
    account = Account(clock, **settings)  # type: ignore[arg-type]
    Updates([change(name) for name in names], account, timeout, clock).run()
    assert account.ends.keys() == set(names)
    return account


@pytest.mark.parametrize(("takes", "looks"), [(2.0, 1), (3.0, 2), (4.0, 3)])
def test_one_is_looked_at_when_it_may_be_done_and_then_each_second(takes: float, looks: int) -> None:
    account = carried_out("a", takes=takes)
    assert account.ends == {"a": None}
    assert account.looks["a"] == looks


def test_it_is_looked_at_less_often_the_longer_it_takes() -> None:
    account = carried_out("a", takes=300)
    assert 80 < account.looks["a"] < 100


def test_the_others_are_looked_at_once_when_they_should_be_done() -> None:
    account = carried_out("abc", takes=30)
    assert account.told[0] == (3, 0, 3)
    assert account.told[-1][0] == 0
    assert account.looks["a"] > 5
    assert account.looks["b"] == account.looks["c"] == 1


def test_the_time_until_the_last_one_is_given_up_is_told() -> None:
    account = carried_out("a", timeout=60, takes=30)
    assert account.at_most == sorted(account.at_most, reverse=True)
    assert account.at_most[0] == pytest.approx(60, abs=1)
    assert account.at_most[-1] < 35


def test_one_that_takes_longer_is_looked_at_again() -> None:
    account = carried_out("abc", takes=5, slow={"b": 20})
    assert account.looks["b"] > 2
    assert account.ends == dict.fromkeys("abc")


def test_where_nothing_is_waited_for_nothing_is_looked_at() -> None:
    account = carried_out("abc", waits=False)
    assert account.looks == {}
    assert account.order == list("abc")


def test_one_that_is_refused_does_not_stop_the_others() -> None:
    account = carried_out("abc", refuses=frozenset("a"))
    assert [name for name, error in account.ends.items() if error] == ["a"]
    assert account.order == ["b", "c"]


@pytest.mark.parametrize("broken", ["a", "b", "ab", "abc"])
def test_one_that_is_given_up_is_not_what_the_others_wait_for(broken: str) -> None:
    account = carried_out("abc", breaks=frozenset(broken))
    assert sorted(name for name, error in account.ends.items() if error) == sorted(broken)


def test_the_wait_for_each_is_bounded() -> None:
    account = carried_out("ab", timeout=60, slow={"a": 1e9})
    assert isinstance(account.ends["a"], TimedOutError)
    assert "Function a was still being updated after 60 seconds" in str(account.ends["a"])
    assert account.ends["b"] is None
    assert account.clock.now() < 130


def test_many_are_written_and_looked_at_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "_FIRST_POLL_SECONDS", 0.01)
    monkeypatch.setattr(updates, "_MIN_POLL_SECONDS", 0.01)
    names = [f"f{number}" for number in range(100)]
    clock = Clock(time.sleep)
    account = Account(clock, takes=0.05)
    at_once = threading.Semaphore(updates._MAX_PARALLEL)
    real = account.write

    def slow_write(change: UpdateVpcConfig) -> bool:
        assert at_once.acquire(blocking=False), "more writes at once than there should be"
        time.sleep(0.005)
        at_once.release()
        return real(change)

    account.write = slow_write  # type: ignore[method-assign]
    Updates([change(name) for name in names], account, 600, clock).run()
    assert account.ends == dict.fromkeys(names)
    assert clock.now() < 20
    assert sum(account.looks.values()) < 4 * len(names)


def test_the_wait_for_many_is_bounded_too() -> None:
    account = carried_out(list("abcdef"), timeout=600, takes=1e9)
    assert {type(error) for error in account.ends.values()} == {TimedOutError}
    assert account.clock.now() < 1300


def test_an_interruption_leaves_nothing_untold(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"f{number}" for number in range(100)]
    clock = Clock(time.sleep)
    account = Account(clock, waits=False)
    real = account.on_accepted

    def interrupt(change: UpdateVpcConfig) -> None:
        real(change)
        if len(account.order) == 20:
            raise KeyboardInterrupt

    account.on_accepted = interrupt  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        Updates([change(name) for name in names], account, 600, clock).run()
    assert set(account.order) == account.begun.keys()
    assert len(account.begun) < 60
