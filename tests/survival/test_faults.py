# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""An API call goes wrong on its way: the run itself completes, and says what an undisturbed one says.

A fault that lasts ends in one clear failure instead, and the next run completes the job.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.survival.faults import DONE, FAULTS, Call, FaultyNetwork
from ansible_collections.cloudops.lambda_rds.tests.survival.jobs import JOBS, LONG, SCOPES, Account
from ansible_collections.cloudops.lambda_rds.tests.survival.runner import run_module
from ansible_collections.cloudops.lambda_rds.tests.survival.sampling import EXAMPLES, spread
from ansible_collections.cloudops.lambda_rds.tests.survival.undisturbed import Undisturbed, texts

Record = Callable[[str, Any], None]

# Faults that last, and what the message tells of them.
LASTING = {
    "throttled": "AWS throttles this account",
    "failed": "The fault is with AWS",
    "lost": "Check the network of this host",
}
# More than all repetitions of one call take, less than a wait that would not end; in the emulator's seconds.
PATIENCE = 300


def cases(calls: list[Call]) -> list[tuple[Call, str]]:
    """Every write whose answer is lost, and of all else as much as there is time for."""
    every = [(call, fault) for fault in FAULTS for call in calls]
    must = [(call, fault) for call, fault in every if fault in DONE and not call.is_read]
    return must + spread([case for case in every if case not in must])


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("name", JOBS)
def test_a_fault(emulator: Emulator, network: FaultyNetwork, name: str, scope: str, record_property: Record) -> None:
    account = Account(emulator)
    job = account.job(name, scope)
    expected = Undisturbed(account, job)
    survived = 0
    for call, fault in cases(expected.calls):
        emulator.restore(job.start)
        with network.once(call, fault) as disturbed:
            ended = run_module(disturbed, job.task)
        assert ended is not None
        assert not ended.result.get("failed"), f"{fault}, {call}: {ended.result['msg']}"
        assert (ended.result["changed"], texts(ended.result)) == (True, expected.changes), f"{fault}, {call}"
        if not call.is_read:
            again = run_module(emulator, job.task)
            assert again is not None
            assert not again.result["changed"], f"{fault}, {call}: {texts(again.result)}"
        emulator.advance(LONG)
        assert account.look() == expected.state, f"{fault}, {call}"
        survived += 1
    record_property("faults survived", survived)


def lasting_cases(calls: list[Call]) -> list[tuple[str, str, str]]:
    """Each action with one fault, or with all of them under `make soak`."""
    actions = list(dict.fromkeys((call.service, call.action) for call in calls))
    faults = list(LASTING)
    if len(actions) * len(faults) <= EXAMPLES:
        return [(*action, fault) for action in actions for fault in faults]
    return [(*action, faults[index % len(faults)]) for index, action in enumerate(actions)]


@pytest.mark.parametrize(
    ("name", "scope"),
    [("connecting", "function"), ("connecting", "database"), ("repairing", "existing"), ("taking back", "database")],
)
def test_a_fault_that_lasts(
    emulator: Emulator, network: FaultyNetwork, name: str, scope: str, record_property: Record
) -> None:
    account = Account(emulator)
    job = account.job(name, scope)
    emulator.restore(job.start)
    before = account.look()
    expected = Undisturbed(account, job)
    survived = 0
    for service, action, fault in lasting_cases(expected.calls):
        case = f"{fault}, {service}:{action}"
        emulator.restore(job.start)
        began = emulator.now()
        with network.always(service, action, fault) as disturbed:
            ended = run_module(disturbed, job.task)
        assert emulator.now() - began < PATIENCE, case
        assert ended is not None
        result = ended.result
        assert result["failed"], case
        assert re.match(r"(\d of \d functions failed\. [^:]+: )?Could not ", result["msg"]), (case, result["msg"])
        assert LASTING[fault] in result["msg"], (case, result["msg"])
        assert all(text in result["msg"] for text in texts(result)), (case, result)
        wrote = "Running the task again completes it." in result["msg"]
        assert wrote == bool(texts(result) or "Perhaps written" in result["msg"]), (case, result["msg"])
        assert wrote or account.look() == before, case
        assert not texts(result) or account.look() != before, case
        completed = run_module(emulator, job.task)
        assert completed is not None
        assert not completed.result.get("failed"), (case, completed.result["msg"])
        emulator.advance(LONG)
        assert account.look() == expected.state, case
        survived += 1
    record_property("lasting faults survived", survived)
