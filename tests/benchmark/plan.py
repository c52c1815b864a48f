# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is measured, and how often. What is quick runs before and after what is slow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ansible_collections.cloudops.lambda_rds.tests.benchmark.account import DATABASE, FUNCTION
from ansible_collections.cloudops.lambda_rds.tests.benchmark.contenders import (
    AMAZON_AWS,
    ATTACH,
    AWS_CLI,
    FLOOR,
    JOBS,
    OURS,
    TERRAFORM,
    Tool,
)
from ansible_collections.cloudops.lambda_rds.tests.benchmark.measure import Case
from ansible_collections.cloudops.lambda_rds.tests.benchmark.modes import AS_AWS, BARE, Mode

QUICK_TOOLS = (OURS, FLOOR)
ALL_TOOLS = (OURS, FLOOR, AWS_CLI, TERRAFORM, AMAZON_AWS)


@dataclass(frozen=True)
class Round:
    """These tools in turns: all of them once, and the quick ones so often. ``slow_jobs`` are those of the slow ones."""

    mode: Mode
    scope: str
    functions: int
    tools: tuple[Tool, ...] = QUICK_TOOLS
    times: int = 1
    slow_jobs: tuple[str, ...] = JOBS

    def cases(self, available: Sequence[Tool]) -> Iterator[Case]:
        tools = [tool for tool in self.tools if tool in available]
        quick = [tool for tool in tools if tool.quick]
        slow = [tool for tool in tools if not tool.quick]
        before = (self.times + 1) // 2
        for tool in (*quick * before, *slow, *reversed(quick * (self.times - before))):
            jobs = JOBS if tool.quick else self.slow_jobs
            yield Case(tool, self.mode, self.scope, self.functions, jobs)


@dataclass(frozen=True)
class Plan:
    """`side_by_side` is how often a no-op of these numbers of functions runs between Ansible's start and the floor."""

    side_by_side: int
    numbers: tuple[int, ...]
    rounds: tuple[Round, ...]

    def only(self, tools: Sequence[str], modes: Sequence[str], scopes: Sequence[str], functions: Sequence[int]) -> Plan:
        """What is left where only these are asked for; without any, all."""
        kept = [
            replace(each, tools=tuple(_asked(each.tools, tools)))
            for each in self.rounds
            if (not modes or each.mode.name in modes)
            and (not scopes or each.scope in scopes)
            and (not functions or each.functions in functions)
        ]
        times = self.side_by_side if not (tools or modes or scopes) else 0
        return Plan(times, tuple(n for n in self.numbers if not functions or n in functions), tuple(kept))


def _asked(tools: Sequence[Tool], names: Sequence[str]) -> Iterator[Tool]:
    return (tool for tool in tools if not names or tool.name in names)


QUICK = Plan(
    side_by_side=9,
    numbers=(1, 100),
    rounds=(
        Round(BARE, FUNCTION, 1, ALL_TOOLS, times=2),
        Round(BARE, FUNCTION, 10, ALL_TOOLS, times=2),
        Round(BARE, DATABASE, 100, times=2),
        Round(AS_AWS, DATABASE, 1),
        Round(AS_AWS, DATABASE, 100),
    ),
)
FULL = Plan(
    side_by_side=15,
    numbers=(1, 100, 1000),
    rounds=(
        *(Round(BARE, FUNCTION, 1, ALL_TOOLS, times=2) for _time in range(3)),
        Round(BARE, FUNCTION, 10, ALL_TOOLS, times=4),
        Round(BARE, DATABASE, 1, times=4),
        Round(BARE, DATABASE, 10, ALL_TOOLS, times=4),
        Round(BARE, DATABASE, 100, ALL_TOOLS, times=4),
        # A quarter of an hour each: the other jobs of amazon.aws, and the AWS CLI, which is in line with DATABASE.
        Round(BARE, FUNCTION, 100, (OURS, FLOOR, TERRAFORM, AMAZON_AWS), times=4, slow_jobs=(ATTACH,)),
        Round(BARE, DATABASE, 1000, times=2),
        Round(AS_AWS, DATABASE, 1, ALL_TOOLS, times=2),
        Round(AS_AWS, DATABASE, 10, ALL_TOOLS, times=2),
        Round(AS_AWS, DATABASE, 100, times=2),
        Round(AS_AWS, FUNCTION, 100),
        Round(AS_AWS, DATABASE, 1000),
    ),
)
