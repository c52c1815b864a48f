# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the samples of a run say: medians, ratios, and whether the promises hold. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ansible_collections.cloudops.lambda_rds.tests.benchmark.measure import (
    AMAZON_AWS,
    ATTACH,
    NO_OP,
    OURS,
    Sample,
    Tool,
)

# How many times faster than the modules of amazon.aws, by job and number of functions.
FASTER = {(ATTACH, 1): 4.0, (ATTACH, 10): 15.0, (NO_OP, 1): 2.5, (NO_OP, 10): 7.0}
MOST_READS, MOST_WRITES, MOST_NO_OP_CALLS = 8, 6, 5


@dataclass(frozen=True)
class Promise:
    """One line of the table of promises."""

    text: str
    limit: str
    measured: str
    kept: bool


class Results:
    """All samples of a run."""

    def __init__(self, samples: Iterable[Sample]) -> None:
        self._samples = list(samples)

    @property
    def cases(self) -> list[tuple[str, int]]:
        """Job and number of functions, in order."""
        return sorted({(sample.job, sample.functions) for sample in self._samples})

    def seconds(self, tool: Tool, job: str, functions: int) -> float:
        return statistics.median(sample.seconds for sample in self._of(tool, job, functions))

    def ratio(self, tool: Tool, job: str, functions: int) -> float:
        """Its time, where ours is 1."""
        return self.seconds(tool, job, functions) / self.seconds(OURS, job, functions)

    def worst(self, tool: Tool, job: str, functions: int) -> Sample:
        """The run with the most API calls; they are the same in all, unless something had to be repeated."""
        return max(self._of(tool, job, functions), key=lambda sample: sample.calls.total())

    def promises(self) -> list[Promise]:
        return [*self._promised_calls(), *(self._promised_speed(*case) for case in self.cases if case in FASTER)]

    def _promised_calls(self) -> Iterator[Promise]:
        attach, no_op = self.worst(OURS, ATTACH, 1), self.worst(OURS, NO_OP, 1)
        for what, limit, calls in (("reads", MOST_READS, attach.reads), ("writes", MOST_WRITES, attach.writes)):
            yield Promise(f"attach, 1 function: {what}", f"at most {limit}", str(calls), calls <= limit)
        total = no_op.calls.total()
        yield Promise("no-op, 1 function: calls", f"at most {MOST_NO_OP_CALLS}", str(total), total <= MOST_NO_OP_CALLS)
        yield Promise("no-op, 1 function: writes", "none", str(no_op.writes), no_op.writes == 0)
        sts = sum(
            number for sample in (attach, no_op) for call, number in sample.calls.items() if call.startswith("sts:")
        )
        yield Promise("both: calls of sts", "none", str(sts), sts == 0)

    def _promised_speed(self, job: str, functions: int) -> Promise:
        ratio, least = self.ratio(AMAZON_AWS, job, functions), FASTER[job, functions]
        text = f"{job}, {functions} function{'s' if functions > 1 else ''}: faster than {AMAZON_AWS.name}"
        return Promise(text, f"at least {least:g} times", f"{ratio:.1f} times", ratio >= least)

    def _of(self, tool: Tool, job: str, functions: int) -> list[Sample]:
        case = (tool.name, job, functions)
        return [sample for sample in self._samples if (sample.tool, sample.job, sample.functions) == case]
