# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A run is told to end (Ctrl-C) during an API call: it finishes that one and begins no other, says what it wrote, and
the next run completes it.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.survival.jobs import JOBS, LONG, Account
from ansible_collections.cloudops.lambda_rds.tests.survival.runner import Ended, Kill, run_module
from ansible_collections.cloudops.lambda_rds.tests.survival.sampling import EXAMPLES, spread

Record = Callable[[str, Any], None]


def stops(calls: int) -> Iterator[Kill]:
    """During each call, or some with few examples, by the one signal and the other."""
    positions = range(1, calls + 1)
    for position in positions if EXAMPLES >= 100 else spread(list(positions), EXAMPLES):
        yield Kill(position, by=signal.SIGTERM if position % 2 else signal.SIGINT)


def ended(ended: Ended | None) -> Ended:
    assert ended is not None
    return ended


@pytest.mark.parametrize("name", JOBS)
def test_each_call(name: str, emulator: Emulator, record_property: Record) -> None:
    account = Account(emulator)
    job = account.job(name, "function")
    emulator.restore(job.start)
    undisturbed = ended(run_module(emulator, job.task))
    emulator.advance(LONG)
    expected = account.look()
    survived = 0
    for stop in stops(undisturbed.calls):
        emulator.restore(job.start)
        stopped = ended(run_module(emulator, job.task, stop))
        assert stopped.calls == stop.position
        if stop.position < undisturbed.calls:
            _is_told(stopped.result, stop, writes=sum(not call.is_read for call in emulator.calls()))
        assert not ended(run_module(emulator, job.task)).result.get("failed"), stop
        emulator.advance(LONG)
        assert account.look() == expected, stop
        survived += 1
    record_property("stops survived", survived)


def _is_told(result: dict[str, Any], stop: Kill, writes: int) -> None:
    assert result["failed"], stop
    assert result["msg"].startswith(f"Stopped by {stop.by.name} before the next call of AWS. ")
    if writes:
        assert result["changed"]
        assert len(result["changes"]) == writes, result
        assert result["msg"].endswith("Running the task again completes it.")
    else:
        assert result["msg"].endswith("Nothing was changed.")
