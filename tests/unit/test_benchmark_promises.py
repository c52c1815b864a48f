# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the benchmark makes of its samples: medians, ratios, and promises that can be broken."""

from __future__ import annotations

from collections import Counter

import pytest

from ansible_collections.cloudops.lambda_rds.tests.benchmark import report
from ansible_collections.cloudops.lambda_rds.tests.benchmark.account import DATABASE, FUNCTION
from ansible_collections.cloudops.lambda_rds.tests.benchmark.contenders import (
    AMAZON_AWS,
    ATTACH,
    DETACH,
    FLOOR,
    JOBS,
    NO_OP,
    OURS,
    PING,
    TOOLS,
    Tool,
)
from ansible_collections.cloudops.lambda_rds.tests.benchmark.looks import Looked
from ansible_collections.cloudops.lambda_rds.tests.benchmark.measure import START, Case, Sample
from ansible_collections.cloudops.lambda_rds.tests.benchmark.modes import AS_AWS, BARE, SIDE_BY_SIDE, Mode
from ansible_collections.cloudops.lambda_rds.tests.benchmark.plan import FULL, QUICK, Round
from ansible_collections.cloudops.lambda_rds.tests.benchmark.promises import promises
from ansible_collections.cloudops.lambda_rds.tests.benchmark.results import Kind, Results

MIB = 2**20


def sample(
    tool: Tool,
    mode: Mode,
    scope: str,
    functions: int,
    job: str,
    seconds: float = 1.0,
    *,
    reads: int = 3,
    writes: int = 0,
    throttled: int = 0,
    memory: int | None = None,
) -> Sample:
    calls = Counter({"ec2:DescribeVpcs": reads, "lambda:UpdateFunctionConfiguration": writes})
    return Sample(tool.name, mode.name, scope, functions, job, seconds, calls, throttled, memory)


def kept(text: str, *samples: Sample) -> bool:
    """Whether the one promise is kept whose text begins so."""
    (found,) = [promise for promise in promises(Results(samples)) if promise.text.startswith(text)]
    return found.kept


def test_without_samples_nothing_is_promised() -> None:
    assert promises(Results([])) == []


@pytest.mark.parametrize(("functions", "most"), [(1, 6), (50, 6), (51, 7), (1000, 25)])
def test_a_no_op_reads_a_page_for_each_fifty_functions(functions: int, most: int) -> None:
    text = f"no-op, {functions} function{'s' * (functions > 1)}, a shared group: reads"
    for reads in (most, most + 1):
        taken = sample(OURS, AS_AWS, DATABASE, functions, NO_OP, reads=reads)
        assert kept(text, taken) is (reads == most)


def test_the_worst_run_counts_whatever_the_emulator_did() -> None:
    good = sample(OURS, BARE, DATABASE, 100, ATTACH, reads=50, writes=105)
    bad = sample(OURS, AS_AWS, DATABASE, 100, ATTACH, reads=50, writes=106)
    text = "attach, 100 functions, a shared group: writes"
    assert kept(text, good)
    assert not kept(text, good, bad)


def test_a_no_op_is_compared_with_start_and_floor_of_the_same_turns() -> None:
    others = [sample(FLOOR, SIDE_BY_SIDE, DATABASE, 1, NO_OP, 0.6), sample(PING, SIDE_BY_SIDE, "", 0, START, 0.9)]
    text = "no-op, 1 function: time, beside Ansible's start"
    for seconds, holds in ((2.09, True), (2.11, False)):
        assert kept(text, *others, sample(OURS, SIDE_BY_SIDE, DATABASE, 1, NO_OP, seconds)) is holds


def test_a_no_op_of_a_hundred_is_compared_with_that_of_one_in_the_same_turn() -> None:
    # Something else was going on in the last turn.
    one = [sample(OURS, SIDE_BY_SIDE, DATABASE, 1, NO_OP, seconds) for seconds in (1.0, 2.0, 9.0)]
    text = "no-op, 100 functions, a shared group: time"
    for seconds, holds in ((3.0, True), (3.1, False)):
        taken = (1.0, seconds, 45.0)
        many = [sample(OURS, SIDE_BY_SIDE, DATABASE, 100, NO_OP, each) for each in taken]
        assert kept(text, *one, *many) is holds


def test_attaching_a_thousand_is_compared_with_lambda_s_limit() -> None:
    start = sample(OURS, SIDE_BY_SIDE, DATABASE, 1, NO_OP, 2.0)
    text = "attach, 1000 functions, as with AWS: time"
    for seconds, holds in ((78.6, True), (78.7, False)):
        assert kept(text, start, sample(OURS, AS_AWS, DATABASE, 1000, ATTACH, seconds)) is holds


def test_one_throttled_call_in_a_hundred_is_the_most() -> None:
    for throttled, holds in ((1, True), (2, False)):
        taken = sample(OURS, AS_AWS, DATABASE, 100, ATTACH, reads=50, writes=50, throttled=throttled)
        assert kept("as with AWS: throttled", taken) is holds


def test_being_faster_is_by_medians_of_the_tools_own_time() -> None:
    ours = [sample(OURS, BARE, DATABASE, 100, ATTACH, seconds) for seconds in (1.0, 2.0, 30.0)]
    text = "attach, 100 functions, a shared group: faster"
    for seconds, holds in ((100.0, True), (99.0, False)):
        assert kept(text, *ours, sample(AMAZON_AWS, BARE, DATABASE, 100, ATTACH, seconds)) is holds


def test_memory_of_a_thousand_is_compared_with_that_of_one() -> None:
    one = sample(OURS, AS_AWS, DATABASE, 1, NO_OP, memory=100 * MIB)
    for most, holds in ((150, True), (151, False)):
        many = sample(OURS, AS_AWS, DATABASE, 1000, NO_OP, memory=most * MIB)
        assert kept("no-op, 1000 functions: memory", one, many) is holds


def test_the_quick_run_before_and_after_the_slow() -> None:
    turns = [case.tool for case in Round(BARE, FUNCTION, 1, (OURS, FLOOR, AMAZON_AWS), times=2).cases(TOOLS)]
    assert turns == [OURS, FLOOR, AMAZON_AWS, FLOOR, OURS]
    (case,) = Round(AS_AWS, DATABASE, 7, (OURS, AMAZON_AWS)).cases([OURS])
    assert case == Case(OURS, AS_AWS, DATABASE, 7)


def test_what_takes_the_slow_too_long_is_left_to_the_quick() -> None:
    cases = Round(BARE, FUNCTION, 1, (OURS, AMAZON_AWS), slow_jobs=(ATTACH,)).cases(TOOLS)
    assert {case.tool: case.jobs for case in cases} == {OURS: JOBS, AMAZON_AWS: (ATTACH,)}


def test_a_part_of_the_plan_can_be_asked_for() -> None:
    part = FULL.only([OURS.name], [AS_AWS.name], [DATABASE], [1000])
    assert part.rounds == (Round(AS_AWS, DATABASE, 1000, (OURS,)),)
    assert part.side_by_side == 0
    assert QUICK.only([], [], [], []) == QUICK


def test_the_tables_show_ratios_where_there_is_something_to_compare() -> None:
    results = Results(
        [
            sample(OURS, BARE, DATABASE, 100, ATTACH, 2.0, reads=9, writes=105),
            sample(AMAZON_AWS, BARE, DATABASE, 100, ATTACH, 150.0, reads=514, writes=105),
            sample(OURS, BARE, DATABASE, 1000, ATTACH, 3.0, reads=40, writes=1005),
        ]
    )
    screen = report.on_screen(results)
    assert "| attach | 100 | shared | 1 (2.0 s) | 75 (150.0 s) |" in screen
    assert "| attach | 1000 | shared | 1 (3.0 s) |  |" in screen
    assert "| attach | 100 | shared | 9 + 105 | 514 + 105 |" in screen
    assert results.ratio(FLOOR, Kind(BARE, DATABASE, 100, ATTACH)) is None


def test_the_page_has_a_table_for_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "_versions", lambda: ["everything 1.0"])
    samples = [
        sample(tool, mode, scope, functions, job, 2.0 if tool is OURS else 5.0, memory=100 * MIB)
        for tool in (OURS, AMAZON_AWS)
        for mode in (BARE, AS_AWS)
        for scope, functions in ((FUNCTION, 1), (DATABASE, 100))
        for job in (ATTACH, NO_OP, DETACH)
    ]
    results = Results(samples)
    page = report.page(results, promises(results), [Looked(sample(OURS, BARE, DATABASE, 1, "look", reads=12))])
    assert "| attach, 1 function: reads | at most 8 | 3 | kept |" in page
    assert page.count("| detach | 100 | shared | 1 | 2.5 |") == 2
    assert "| detach | 100 | shared | 0.0%, 1 | 0.0%, 1 |" in page
    assert "| `ec2:DescribeVpcs` | 3 | 3 | 3 | 3 |" in page
    assert "| 1 | 12 | at most 18 | kept |" in page
    assert "everything 1.0" in page
    assert " s)" not in page.partition("## Method")[0]
