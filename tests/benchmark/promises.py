# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is promised of this collection's speed, beside what was measured. Pure.

A promise about something that was not measured is left out.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator
from dataclasses import dataclass

from ansible_collections.cloudops.lambda_rds.tests.benchmark.account import DATABASE, FUNCTION
from ansible_collections.cloudops.lambda_rds.tests.benchmark.contenders import (
    AMAZON_AWS,
    ATTACH,
    FLOOR,
    NO_OP,
    OURS,
    PING,
)
from ansible_collections.cloudops.lambda_rds.tests.benchmark.measure import START, Sample
from ansible_collections.cloudops.lambda_rds.tests.benchmark.modes import AS_AWS, BARE, MODES, SIDE_BY_SIDE
from ansible_collections.cloudops.lambda_rds.tests.benchmark.results import Kind, Results

# One function with a group of its own.
MOST_READS, MOST_WRITES, MOST_NO_OP_CALLS = 8, 6, 5
# ListFunctions, and what Lambda allows (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
A_PAGE, CALLS_A_SECOND = 50, 15
# How many times faster than the modules of amazon.aws.
FASTER = {
    (ATTACH, 1, FUNCTION): 4.5,
    (ATTACH, 10, FUNCTION): 20,
    (ATTACH, 100, DATABASE): 50,
    (ATTACH, 100, FUNCTION): 100,
    (NO_OP, 1, FUNCTION): 2.7,
    (NO_OP, 10, FUNCTION): 8,
    (NO_OP, 100, DATABASE): 30,
}
# A no-op: of one function beside Ansible's start and the floor together, and of a hundred beside one.
MOST_BESIDE_START_AND_FLOOR, MOST_BESIDE_ONE = 1.4, 1.5
# Attaching under Lambda's limits, beside the time that its updates take at least; and its throttled calls.
MOST_BESIDE_LIMIT, MOST_THROTTLED = 1.15, 0.01
# Memory for a thousand functions, beside that for one.
MOST_MEMORY = 1.5


@dataclass(frozen=True)
class Promise:
    """One line of the table of promises."""

    text: str
    limit: str
    measured: str
    kept: bool


def promises(results: Results) -> list[Promise]:
    return [
        *_calls_for_one(results),
        *_calls_for_many(results),
        *_beside_start_and_floor(results),
        *_beside_lambda_s_limit(results),
        *_throttled(results),
        *_faster(results),
        *_memory(results),
    ]


def at_most(text: str, limit: float, measured: float, unit: str = "") -> Promise:
    if unit:
        return Promise(text, f"at most {limit:g} {unit}", f"{measured:.2f} {unit}", measured <= limit)
    return Promise(text, f"at most {limit:g}" if limit else "none", f"{measured:g}", measured <= limit)


def _calls_for_one(results: Results) -> Iterator[Promise]:
    attach = results.worst(OURS, Kind(BARE, FUNCTION, 1, ATTACH))
    no_op = results.worst(OURS, Kind(BARE, FUNCTION, 1, NO_OP))
    if attach is None or no_op is None:
        return
    yield at_most("attach, 1 function: reads", MOST_READS, attach.reads)
    yield at_most("attach, 1 function: writes", MOST_WRITES, attach.writes)
    yield at_most("no-op, 1 function: calls", MOST_NO_OP_CALLS, no_op.calls.total())
    sts = sum(number for run in (attach, no_op) for call, number in run.calls.items() if call.startswith("sts:"))
    yield at_most("both: calls of sts", 0, sts)


def _calls_for_many(results: Results) -> Iterator[Promise]:
    """With one group for all: the most calls of any run, however the emulator behaved."""
    for functions in sorted({sample.functions for sample in results.ours()}):
        pages = math.ceil(functions / A_PAGE)
        if no_op := _most_calls(results, functions, NO_OP):
            yield at_most(f"no-op, {_number(functions)}, a shared group: reads", pages + 5, no_op.reads)
            yield at_most(f"no-op, {_number(functions)}, a shared group: writes", 0, no_op.writes)
        if attach := _most_calls(results, functions, ATTACH):
            yield at_most(
                f"attach, {_number(functions)}, a shared group: reads", 2 * pages + functions + 10, attach.reads
            )
            yield at_most(f"attach, {_number(functions)}, a shared group: writes", functions + 5, attach.writes)


def _most_calls(results: Results, functions: int, job: str) -> Sample | None:
    runs = [results.worst(OURS, Kind(mode, DATABASE, functions, job)) for mode in MODES]
    return max((run for run in runs if run), key=lambda run: run.calls.total(), default=None)


def _beside_start_and_floor(results: Results) -> Iterator[Promise]:
    """Medians of what each turn says."""
    one, many = ((OURS, Kind(SIDE_BY_SIDE, DATABASE, functions, NO_OP)) for functions in (1, 100))
    floor, start = (FLOOR, Kind(SIDE_BY_SIDE, DATABASE, 1, NO_OP)), (PING, Kind(SIDE_BY_SIDE, "", 0, START))
    if turns := results.in_turns(one, floor, start):
        text = "no-op, 1 function: time, beside Ansible's start and the boto3 script together"
        ratio = statistics.median(ours / (script + ansible) for ours, script, ansible in turns)
        yield at_most(text, MOST_BESIDE_START_AND_FLOOR, ratio, "times")
    if turns := results.in_turns(many, one):
        text = "no-op, 100 functions, a shared group: time, beside that for 1"
        yield at_most(text, MOST_BESIDE_ONE, statistics.median(hundred / ours for hundred, ours in turns), "times")


def _beside_lambda_s_limit(results: Results) -> Iterator[Promise]:
    start = results.seconds(OURS, Kind(SIDE_BY_SIDE, DATABASE, 1, NO_OP))
    attach = results.seconds(OURS, Kind(AS_AWS, DATABASE, 1000, ATTACH))
    if start and attach:
        text = "attach, 1000 functions, as with AWS: time besides the start, beside Lambda's 15 updates a second"
        yield at_most(text, MOST_BESIDE_LIMIT, (attach - start) / (1000 / CALLS_A_SECOND), "times")


def _throttled(results: Results) -> Iterator[Promise]:
    runs = results.ours(mode=AS_AWS)
    if runs:
        share = max(run.throttled / run.calls.total() for run in runs)
        text = "as with AWS: throttled calls of any run"
        yield Promise(text, f"at most {MOST_THROTTLED:.0%}", f"{share:.1%}", share <= MOST_THROTTLED)


def _faster(results: Results) -> Iterator[Promise]:
    for (job, functions, scope), least in FASTER.items():
        ratio = results.ratio(AMAZON_AWS, Kind(BARE, scope, functions, job))
        if ratio is not None:
            text = f"{job}, {_number(functions)}, {_group(scope, functions)}: faster than {AMAZON_AWS.name}"
            yield Promise(text, f"at least {least:g} times", f"{ratio:.1f} times", ratio >= least)


def _memory(results: Results) -> Iterator[Promise]:
    for job in (ATTACH, NO_OP):
        one, many = (results.memory(OURS, Kind(AS_AWS, DATABASE, functions, job)) for functions in (1, 1000))
        if one and many:
            yield at_most(f"{job}, 1000 functions: memory, beside that for 1", MOST_MEMORY, many / one, "times")


def _number(functions: int) -> str:
    return f"{functions} function{'s' if functions > 1 else ''}"


def _group(scope: str, functions: int) -> str:
    if scope == DATABASE:
        return "a shared group"
    return "a group each" if functions > 1 else "a group of its own"
