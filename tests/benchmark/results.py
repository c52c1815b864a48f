# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the samples of a run say: medians, ratios, peaks. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from ansible_collections.cloudops.lambda_rds.tests.benchmark.contenders import JOBS, OURS, Tool
from ansible_collections.cloudops.lambda_rds.tests.benchmark.measure import Sample
from ansible_collections.cloudops.lambda_rds.tests.benchmark.modes import Mode


@dataclass(frozen=True)
class Kind:
    """What was done, whoever did it."""

    mode: Mode
    scope: str
    functions: int
    job: str


class Results:
    """All samples of a run."""

    def __init__(self, samples: Iterable[Sample]) -> None:
        self._samples = list(samples)

    def kinds(self, mode: Mode) -> list[Kind]:
        """What our collection did, in order."""
        there = {
            (JOBS.index(sample.job), sample.functions, sample.scope)
            for sample in self._samples
            if (sample.tool, sample.mode) == (OURS.name, mode.name)
        }
        return [Kind(mode, scope, functions, JOBS[job]) for job, functions, scope in sorted(there)]

    def of(self, tool: Tool, kind: Kind) -> list[Sample]:
        """Without samples where nobody took any."""
        wanted = (tool.name, kind.mode.name, kind.scope, kind.functions, kind.job)
        return [
            sample
            for sample in self._samples
            if (sample.tool, sample.mode, sample.scope, sample.functions, sample.job) == wanted
        ]

    def ours(self, *, mode: Mode | None = None) -> list[Sample]:
        return [
            sample
            for sample in self._samples
            if sample.tool == OURS.name and (mode is None or sample.mode == mode.name)
        ]

    def seconds(self, tool: Tool, kind: Kind) -> float | None:
        """The median; None where nobody took any sample."""
        taken = [sample.seconds for sample in self.of(tool, kind)]
        return statistics.median(taken) if taken else None

    def in_turns(self, *taken: tuple[Tool, Kind]) -> list[tuple[float, ...]]:
        """The seconds of what was done one after the other, for each turn: load that came and went met all of it."""
        return list(zip(*([each.seconds for each in self.of(tool, kind)] for tool, kind in taken), strict=False))

    def ratio(self, tool: Tool, kind: Kind) -> float | None:
        """Its time, where ours is 1."""
        ours, other = self.seconds(OURS, kind), self.seconds(tool, kind)
        return other / ours if ours and other else None

    def worst(self, tool: Tool, kind: Kind) -> Sample | None:
        """The run with the most API calls; they are the same in all, unless something had to be repeated."""
        return max(self.of(tool, kind), key=lambda sample: sample.calls.total(), default=None)

    def memory(self, tool: Tool, kind: Kind) -> int | None:
        return max((sample.memory for sample in self.of(tool, kind) if sample.memory), default=None)
