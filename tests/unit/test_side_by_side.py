# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import threading
import time
from functools import partial

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process.concurrency import (
    MAX_WORKERS,
    Clock,
    Sequential,
    Threaded,
    call_all,
    executor_for,
)


def failing(_item: object = None) -> None:
    raise ValueError("no")


@pytest.fixture
def clock() -> Clock:
    return Clock(lambda _seconds: None)


def test_slept_seconds_count_though_no_time_has_gone_by(clock: Clock) -> None:
    clock.sleep(50)
    assert 50 <= clock.now() < 51
    clock.sleep(50)
    assert 100 <= clock.now() < 101


def test_answers_come_in_the_order_of_what_was_asked() -> None:
    assert call_all(lambda item: item * 2, list(range(100))) == [item * 2 for item in range(100)]
    assert call_all(str, [1]) == ["1"]
    assert call_all(str, []) == []
    with pytest.raises(ValueError, match="no"):
        call_all(failing, [1, 2])


def test_calls_are_under_way_at_the_same_time() -> None:
    together = threading.Barrier(MAX_WORKERS, timeout=5)
    assert len(call_all(lambda _item: together.wait(), list(range(MAX_WORKERS)))) == MAX_WORKERS


def test_few_calls_need_no_threads(clock: Clock) -> None:
    assert isinstance(executor_for(3, clock), Sequential)
    many = executor_for(4, clock)
    assert isinstance(many, Threaded)
    many.close()


def test_one_after_the_other_begins_a_call_when_it_is_asked_for(clock: Clock) -> None:
    begun: list[int] = []
    crew = Sequential(clock)
    for number in range(3):
        crew.submit(number, partial(begun.append, number))
    assert begun == []
    finished = crew.next(1)
    assert finished is not None
    assert (finished.subject, begun) == (0, [0])
    assert crew.close() == []
    assert crew.next(7) is None
    assert clock.now() >= 7
    assert begun == [0]


def test_threads_carry_through_what_has_begun_and_begin_nothing_more(clock: Clock) -> None:
    crew, begun, go = Threaded(clock), list[int](), threading.Event()

    def work(number: int) -> int:
        begun.append(number)
        go.wait(5)
        return number

    for number in range(MAX_WORKERS * 3):
        crew.submit(number, partial(work, number))
    while len(begun) < MAX_WORKERS:
        time.sleep(0.001)
    assert crew.next(0) is None
    threading.Timer(0.2, go.set).start()
    finished = crew.close()
    assert sorted(one.answer for one in finished) == sorted(begun)
    assert len(begun) < MAX_WORKERS * 3


def test_while_no_call_is_under_way_the_wait_is_a_sleep(clock: Clock) -> None:
    crew = Threaded(clock)
    crew.submit("this", time.monotonic)
    assert crew.next(5) is not None
    assert clock.now() < 5
    assert crew.next(1000) is None
    assert clock.now() >= 1000
    crew.close()


def test_an_error_is_an_end_too(clock: Clock) -> None:
    crew = Threaded(clock)
    crew.submit("this", failing)
    finished = crew.next(5)
    assert finished is not None
    assert (finished.subject, str(finished.error)) == ("this", "no")
    crew.close()
