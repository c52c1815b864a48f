# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import StoppedError
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process.interrupts import STOP
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process.waiting import sleep

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    """A signal that nobody heeds does not end the tests."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def send(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", SIGNALS)
def test_after_a_signal_nothing_is_begun(number: signal.Signals) -> None:
    with STOP.listening():
        STOP.raise_if_interrupted()
        send(number)
        with pytest.raises(StoppedError, match=f"^Stopped by {number.name} before the next call of AWS.$"):
            STOP.raise_if_interrupted()


def test_afterwards_signals_are_handled_as_before() -> None:
    with STOP.listening():
        send(signal.SIGINT)
    STOP.raise_if_interrupted()
    assert [signal.getsignal(number) for number in SIGNALS] == [signal.SIG_IGN, signal.SIG_IGN]


def test_a_wait_ends_within_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    naps: list[float] = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 3:
            send(signal.SIGTERM)

    monkeypatch.setattr(time, "sleep", nap)
    with STOP.listening(), pytest.raises(StoppedError):
        sleep(10)
    assert naps == [1, 1, 1]


def test_a_wait_takes_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    naps: list[float] = []
    monkeypatch.setattr(time, "sleep", naps.append)
    with STOP.listening():
        sleep(2.5)
    assert naps == [1, 1, 0.5]


def test_other_threads_ask_too_but_get_no_signals() -> None:
    errors: list[StoppedError] = []

    def ask() -> None:
        try:
            STOP.raise_if_interrupted()
        except StoppedError as error:
            errors.append(error)

    def listen() -> None:
        with STOP.listening():
            ask()

    with STOP.listening():
        send(signal.SIGINT)
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    assert len(errors) == 1
    thread = threading.Thread(target=listen)
    thread.start()
    thread.join()
    assert len(errors) == 1
