# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the tools, each as a whole process, and takes time, API calls and memory of each run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.benchmark import processes
from ansible_collections.cloudops.lambda_rds.tests.benchmark.account import (
    Account,
    build,
    faults,
    faults_of_detached,
)
from ansible_collections.cloudops.lambda_rds.tests.benchmark.contenders import (
    ATTACH,
    DETACH,
    JOBS,
    NO_OP,
    PING,
    Call,
    Task,
    Tool,
)
from ansible_collections.cloudops.lambda_rds.tests.benchmark.modes import AS_AWS, BARE, Mode
from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.api_calls import READS
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world

THROTTLED = (429, 503)
START = "start"


class WrongResultError(Exception):
    """A tool failed, did something else than its job, or took too long: its time is worth nothing."""


@dataclass(frozen=True)
class Case:
    """One tool for so many functions: their connections are made, made once more, and taken back.

    ``jobs`` are those to measure, from the first one on.
    """

    tool: Tool
    mode: Mode
    scope: str
    functions: int
    jobs: tuple[str, ...] = JOBS

    def __str__(self) -> str:
        return f"{self.tool.name}, {self.mode.name}, {self.functions}, a group a {self.scope}"


@dataclass(frozen=True)
class Sample:
    """One run of one tool. `memory` is the peak in bytes; `processor` are the seconds of its processes, `emulator`
    those of the emulator meanwhile, which tell something even where the machine does other things.
    """

    tool: str
    mode: str
    scope: str
    functions: int
    job: str
    seconds: float
    calls: Counter[str]
    throttled: int = 0
    memory: int | None = None
    processor: float = 0.0
    emulator: float = 0.0

    @property
    def reads(self) -> int:
        return sum(number for call, number in self.calls.items() if call.partition(":")[2].startswith(READS))

    @property
    def writes(self) -> int:
        return self.calls.total() - self.reads


class Bench:
    """Accounts of the emulator, each built once, and the tools that run in them."""

    def __init__(self, emulator: Emulator, scratch: Path, most_seconds: float) -> None:
        self.emulator = emulator
        self._scratch = scratch
        self._most_seconds = most_seconds
        self._accounts: dict[int, Account] = {}
        emulator.checkpoint("nothing")

    def account(self, functions: int) -> Account:
        """The account as it was built, and nothing else in the emulator."""
        name = f"start {functions}"
        if functions not in self._accounts:
            self._settle(BARE, functions, "")
            self.emulator.restore("nothing")
            self._accounts[functions] = build(world.Clients.of(self.emulator), functions)
            self.emulator.checkpoint(name)
        self.emulator.restore(name)
        return self._accounts[functions]

    def measure(self, case: Case) -> Iterator[Sample]:
        """Attach from nothing, then once more with nothing to do, then back to nothing.

        :raises WrongResultError: the account is not what it is to be afterwards
        """
        account = self.account(case.functions)
        self._prepare(case, account)
        yield self.run(case, account, ATTACH)
        attached = self._seen(case, account)
        _refuse(case, ATTACH, faults(account, case.scope, attached))
        if NO_OP in case.jobs:
            yield self.no_op(case, account, attached)
        if DETACH not in case.jobs:
            return
        yield self.run(case, account, DETACH)
        _refuse(case, DETACH, faults_of_detached(account, self._seen(case, account)))

    def attached(self, case: Case) -> Account:
        """The account once that tool has connected the functions. `back_to_attached` returns to it."""
        account = self.account(case.functions)
        self.run(case, account, ATTACH)
        _refuse(case, ATTACH, faults(account, case.scope, self._seen(case, account)))
        self.emulator.checkpoint(f"attached {case.functions}")
        return account

    def back_to_attached(self, functions: int) -> None:
        self.emulator.restore(f"attached {functions}")

    def no_op(self, case: Case, account: Account, attached: dict[str, Any] | None = None) -> Sample:
        sample = self.run(case, account, NO_OP)
        if sample.writes or (attached is not None and self._seen(case, account) != attached):
            raise WrongResultError(f"{case}: changed something though all was done: {dict(sample.calls)}")
        return sample

    def ping(self, mode: Mode, account: Account) -> Sample:
        return self.run(Case(PING, mode, "", 0), account, START)

    def run(self, case: Case, account: Account, job: str) -> Sample:
        """One run of a tool that ends well.

        :raises WrongResultError: it fails, or does not end
        """
        self._settle(case.mode, case.functions, case.scope)
        emulator = self.emulator
        emulator.clear_calls()
        call = case.tool.call(Task(job, account, case.scope, case.mode, self._scratch))
        busy = processes.cpu_seconds(emulator.process_id)
        # Looking takes a little of the tool's own time.
        ended = self._carry_out(call, f"{case}: {job}", look_at_memory=case.mode is AS_AWS)
        calls = emulator.calls()
        return Sample(
            case.tool.name,
            case.mode.name,
            case.scope,
            case.functions,
            job,
            ended.seconds,
            Counter(map(str, calls)),
            sum(made.status in THROTTLED for made in calls),
            ended.memory,
            ended.processor,
            processes.cpu_seconds(emulator.process_id) - busy,
        )

    def _prepare(self, case: Case, account: Account) -> None:
        """In the emulator that is quickest, and without a change that could be seen."""
        self._settle(BARE, case.functions, case.scope)
        for call in case.tool.prepare(Task(ATTACH, account, case.scope, BARE, self._scratch)):
            self._carry_out(call, f"{case}: preparing it")
        _refuse(case, "preparing it", faults_of_detached(account, self._seen(case, account)))

    def _carry_out(self, call: Call, what: str, *, look_at_memory: bool = False) -> processes.Ended:
        """
        :raises WrongResultError: it fails, or does not end
        """
        emulator = self.emulator
        surroundings = {
            **emulator.environment,
            "AWS_DEFAULT_REGION": emulator.region,
            "AWS_ENDPOINT_URL": emulator.url,
        }
        try:
            ended = processes.run(
                call.command,
                {**surroundings, **call.environment},
                self._scratch,
                most_seconds=self._most_seconds,
                look_at_memory=look_at_memory,
            )
        except processes.TooSlowError as error:
            raise WrongResultError(f"{what} {error}") from None
        if ended.status != 0:
            raise WrongResultError(f"{what} ended with status {ended.status}:\n{ended.output[-3000:]}")
        return ended

    def _seen(self, case: Case, account: Account) -> dict[str, Any]:
        self._settle(BARE, case.functions, case.scope)
        return world.snapshot(account.clients)

    def _settle(self, mode: Mode, functions: int, scope: str) -> None:
        """The emulator as the mode has it, once all is done that was under way."""
        self.emulator.advance(60)
        self.emulator.set(**mode.settings(functions, scope))


def _refuse(case: Case, job: str, wrong: list[str]) -> None:
    if wrong:
        raise WrongResultError("\n".join([f"{case}: {job} did not end as it should:", *wrong[:10]]))
