# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A run is killed, the process itself, before and after each of its API calls: the next run completes it.

What AWS has after one call is what it has before the next: a position is tried once, with SURVIVAL_EXAMPLES of a
hundred and more (`make soak`) from both sides. What then is there is what an undisturbed run makes, and all of it is
taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.survival.jobs import LONG, SCOPES, Account
from ansible_collections.cloudops.lambda_rds.tests.survival.runner import Kill, run_module
from ansible_collections.cloudops.lambda_rds.tests.survival.sampling import EXAMPLES

Record = Callable[[str, Any], None]


@pytest.fixture
def account(emulator: Emulator) -> Account:
    return Account(emulator)


def kills(account: Account, start: str, task: dict[str, Any]) -> Iterator[Kill]:
    """Each position of a run that starts from a kept state, in turn: the state is then that after the kill."""
    account.emulator.restore(start)
    undisturbed = run_module(account.emulator, task)
    assert undisturbed is not None
    assert undisturbed.result["changed"], undisturbed.result
    calls = range(1, undisturbed.calls + 1)
    again = calls if EXAMPLES >= 100 else calls[-1:]
    for kill in [*map(Kill, calls), *(Kill(position, after=True) for position in again)]:
        account.emulator.restore(start)
        assert run_module(account.emulator, task, kill) is None, f"not killed {kill}"
        yield kill


def connected_state(account: Account, scope: str) -> Any:
    account.emulator.advance(LONG)
    assert not account.run(scope)["changed"]
    return account.look()


@pytest.mark.parametrize("scope", SCOPES)
def test_connecting(account: Account, scope: str, record_property: Record) -> None:
    before = account.look()
    account.connect(scope)
    expected = connected_state(account, scope)
    survived = 0
    for kill in kills(account, "built", account.task(scope)):
        account.run(scope)
        assert connected_state(account, scope) == expected, kill
        account.take_back(scope)
        assert account.look() == before, kill
        survived += 1
    record_property("kill positions survived", survived)


@pytest.mark.parametrize("scope", SCOPES)
def test_repairing(account: Account, scope: str, record_property: Record) -> None:
    account.connect(scope)
    account.spoil(scope)
    account.run(scope)
    expected = connected_state(account, scope)
    survived = 0
    for kill in kills(account, "spoilt", account.task(scope)):
        account.run(scope)
        assert connected_state(account, scope) == expected, kill
        survived += 1
    record_property("kill positions survived", survived)


@pytest.mark.parametrize("scope", SCOPES)
def test_taking_back(account: Account, scope: str, record_property: Record) -> None:
    before = account.look()
    account.connect(scope)
    survived = 0
    for kill in kills(account, "connected", account.task(scope, state="absent")):
        account.take_back(scope)
        assert account.look() == before, kill
        assert not account.run(scope, state="absent")["changed"]
        survived += 1
    record_property("kill positions survived", survived)
