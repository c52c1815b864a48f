# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The role as a whole is killed and disturbed, its tasks of amazon.aws too: the next run completes the job.

A run of ansible-playbook takes seconds: few positions by default, those around the calls of amazon.aws first, because
the others are also the modules' (test_killed.py, test_faults.py, test_proxies.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.survival.faults import Call, FaultyNetwork
from ansible_collections.cloudops.lambda_rds.tests.survival.jobs import LONG
from ansible_collections.cloudops.lambda_rds.tests.survival.role_account import RoleAccount
from ansible_collections.cloudops.lambda_rds.tests.survival.role_runs import play
from ansible_collections.cloudops.lambda_rds.tests.survival.sampling import EXAMPLES, spread

Record = Callable[[str, Any], None]

# Where amazon.aws does not see through a fault itself: the message of the run that fails, and the next one completes.
FAILING = {
    (
        "iam:CreateRole",
        "lost",
    ): "Failed to create role: .*Role with name orders-proxy-[a-z0-9-]+-rds-proxy already exists"
}


def kill_positions(writes: list[Call]) -> list[int]:
    """After how many writes: all of them, or with few examples those where the tasks of amazon.aws begin and end."""
    if EXAMPLES >= 100:
        return list(range(len(writes) + 1))
    services = [call.service for call in writes]
    last_of_rds = len(services) - services[::-1].index("rds")
    between = [
        position
        for position in range(1, len(writes))
        if "iam" in services[position - 1 : position + 1] or position == last_of_rds
    ]
    return spread(between, EXAMPLES // 2)


def fault_cases(writes: list[Call], faults: list[str]) -> list[tuple[Call, str]]:
    """Each write with each fault, the first faults first and amazon.aws's writes before ours."""
    ordered = sorted(writes, key=lambda call: call.service != "iam")
    rounds = range(len(faults))
    every = [(call, faults[(number + turn) % len(faults)]) for turn in rounds for number, call in enumerate(ordered)]
    return every[: EXAMPLES * 2 // 3]


class Switching:
    """The switch, from the state kept as `start` to a position of it, and what an undisturbed run makes of that."""

    def __init__(self, account: RoleAccount, start: str, *, enabled: bool) -> None:
        self.account, self.start, self.enabled = account, start, enabled
        account.emulator.restore(start)
        assert account.switch(enabled=enabled).changed
        self.writes = account.writes()
        self.expected = account.look()

    def killed(self) -> int:
        """How many kills were survived."""
        emulator, variables = self.account.emulator, self.account.variables(enabled=self.enabled)
        positions = kill_positions(self.writes)
        for position in positions:
            emulator.restore(self.start)
            assert play(emulator, variables, kill_after=position) is None, f"not killed after {position}"
            self.account.switch(enabled=self.enabled)
            assert self.account.look() == self.expected, f"killed after {position} writes, {self.writes[:position]}"
        return len(positions)

    def disturbed(self, network: FaultyNetwork, faults: list[str]) -> int:
        """How many faults were survived, by the run itself or by the next one."""
        emulator, variables = self.account.emulator, self.account.variables(enabled=self.enabled)
        cases = fault_cases(self.writes, faults)
        for call, fault in cases:
            emulator.restore(self.start)
            with network.once(call, fault) as disturbed:
                played = play(disturbed, variables)
            assert played is not None
            message = FAILING.get((f"{call.service}:{call.action}", fault))
            assert played.failed == (message is not None), f"{fault}, {call}: {played.output}"
            if message is not None:
                assert re.search(message, played.output), f"{fault}, {call}: {played.output}"
                self.account.switch(enabled=self.enabled)
            emulator.advance(LONG)
            assert self.account.look() == self.expected, f"{fault}, {call}"
        return len(cases)


@pytest.fixture
def account(emulator: Emulator) -> RoleAccount:
    return RoleAccount(emulator)


def test_switching_on(account: RoleAccount, network: FaultyNetwork, record_property: Record) -> None:
    before = account.look()
    switching = Switching(account, "bare", enabled=True)
    record_property("kill positions of the role survived", switching.killed())
    record_property("faults of the role survived", switching.disturbed(network, ["lost", "throttled", "failed"]))
    account.switch(enabled=False)
    assert account.look() == before


def test_switching_off(account: RoleAccount, network: FaultyNetwork, record_property: Record) -> None:
    before = account.look()
    account.switch(enabled=True)
    account.keep("connected")
    switching = Switching(account, "connected", enabled=False)
    assert switching.expected == before
    record_property("kill positions of the role survived", switching.killed())
    record_property("faults of the role survived", switching.disturbed(network, ["failed", "throttled", "lost"]))
