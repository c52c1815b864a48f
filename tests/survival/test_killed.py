# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A run is killed, the process itself, before and after each of its API calls: the next run completes it.

What then is there is what an undisturbed run makes, and all of it is taken back. From equal states that is the same
run, so it is made now and then, and with SURVIVAL_EXAMPLES of a hundred and more (`make soak`) after every kill.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.survival.jobs import LONG, SCOPES, Account, Job
from ansible_collections.cloudops.lambda_rds.tests.survival.kills import kills
from ansible_collections.cloudops.lambda_rds.tests.survival.sampling import now_and_then

Record = Callable[[str, Any], None]


@pytest.fixture
def account(emulator: Emulator) -> Account:
    return Account(emulator)


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
    for kill in kills(account.emulator, Job("built", account.task(scope))):
        account.run(scope)
        assert connected_state(account, scope) == expected, kill
        if now_and_then(survived):
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
    for kill in kills(account.emulator, Job("spoilt", account.task(scope))):
        account.run(scope)
        assert connected_state(account, scope) == expected, kill
        survived += 1
    record_property("kill positions survived", survived)


def moved_state(account: Account, scope: str) -> Any:
    """Also rid of the groups that Lambda's network interfaces hold for a while."""
    account.run(scope)
    account.emulator.advance(LONG)
    account.run(scope)
    return connected_state(account, scope)


@pytest.mark.parametrize(("one", "other"), list(itertools.permutations(["function", "database", "existing"], 2)))
def test_changing_the_scope(account: Account, one: str, other: str, record_property: Record) -> None:
    before = account.look()
    account.connect(one)
    expected = moved_state(account, other)
    survived = 0
    for kill in kills(account.emulator, Job("connected", account.task(other))):
        assert moved_state(account, other) == expected, kill
        if now_and_then(survived):
            account.take_back(other)
            assert account.look() == before, kill
        survived += 1
    record_property("kill positions survived", survived)


@pytest.mark.parametrize("scope", SCOPES)
def test_taking_back(account: Account, scope: str, record_property: Record) -> None:
    before = account.look()
    account.connect(scope)
    survived = 0
    for kill in kills(account.emulator, Job("connected", account.task(scope, state="absent"))):
        account.take_back(scope)
        assert account.look() == before, kill
        assert not account.run(scope, state="absent")["changed"]
        survived += 1
    record_property("kill positions survived", survived)
