# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the tools, each as a whole process from a fresh account, and takes time and API calls of each run."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ansible_collections.cloudops.lambda_rds.demo.surroundings import installed, run
from ansible_collections.cloudops.lambda_rds.tests.benchmark.account import Account, build, faults, variables
from ansible_collections.cloudops.lambda_rds.tests.emulator import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.api_calls import READS
from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import RunningEmulator

HERE = Path(__file__).parent
ATTACH, NO_OP = "attach", "no-op"


class WrongResultError(Exception):
    """A tool failed, or did something else than its job: its time is worth nothing."""


@dataclass(frozen=True)
class Tool:
    """One way to do the job; `command` does it in an account."""

    name: str
    command: Callable[[Account], list[str | Path]]


@dataclass(frozen=True)
class Sample:
    """One run of one tool."""

    tool: str
    functions: int
    job: str
    seconds: float
    calls: Counter[str]

    @property
    def reads(self) -> int:
        return sum(number for call, number in self.calls.items() if call.partition(":")[2].startswith(READS))

    @property
    def writes(self) -> int:
        return self.calls.total() - self.reads


def _playbook(name: str) -> Callable[[Account], list[str | Path]]:
    def command(account: Account) -> list[str | Path]:
        return [installed("ansible-playbook"), HERE / "tools" / name, "-e", json.dumps(variables(account))]

    return command


def _script(account: Account) -> list[str | Path]:
    return [sys.executable, HERE / "tools" / "floor.py", account.database.identifier, *account.functions]


OURS = Tool("cloudops.lambda_rds", _playbook("ours.yml"))
AMAZON_AWS = Tool("amazon.aws", _playbook("amazon_aws.yml"))
FLOOR = Tool("boto3 script", _script)
TOOLS = (OURS, AMAZON_AWS, FLOOR)


def measure(emulator: RunningEmulator, tool: Tool, functions: int, scratch: Path) -> Iterator[Sample]:
    """Attach from nothing, then once more with nothing to do.

    :raises WrongResultError: the account is not what it is to be afterwards
    """
    emulator.reset()
    # The tools' own time is measured, not Lambda's.
    emulator.set(update_seconds=0)
    clients = world.Clients.of(emulator)
    account = build(clients, functions)
    attach = run_tool(emulator, tool, account, ATTACH, scratch)
    attached = world.snapshot(clients)
    if wrong := faults(account, attached):
        raise WrongResultError("\n".join([f"{tool.name} did not attach {functions} function(s) as it should:", *wrong]))
    yield attach
    no_op = run_tool(emulator, tool, account, NO_OP, scratch)
    if no_op.writes or world.snapshot(clients) != attached:
        raise WrongResultError(f"{tool.name} changed something though all was done: {dict(no_op.calls)}")
    yield no_op


def run_tool(emulator: RunningEmulator, tool: Tool, account: Account, job: str, scratch: Path) -> Sample:
    """One run of a tool that ends well.

    :raises WrongResultError: it fails
    """
    command = tool.command(account)
    emulator.clear_calls()
    started = time.perf_counter()
    ended = run(command, {**emulator.environment, "AWS_DEFAULT_REGION": emulator.region}, scratch)
    seconds = time.perf_counter() - started
    if ended.returncode != 0:
        raise WrongResultError(f"{tool.name} ended with status {ended.returncode}:\n{ended.stdout}{ended.stderr}")
    return Sample(tool.name, len(account.functions), job, seconds, Counter(map(str, emulator.calls())))
