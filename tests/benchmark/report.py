# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The results as Markdown."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Sequence
from importlib import metadata, resources

import yaml

from ansible_collections.cloudops.lambda_rds.tests.benchmark.looks import Looked
from ansible_collections.cloudops.lambda_rds.tests.benchmark.measure import ATTACH, NO_OP, TOOLS
from ansible_collections.cloudops.lambda_rds.tests.benchmark.results import Results

PAGE = """\
# Performance

Made by `make bench`, not by hand. One task of this collection beside the same job done by other means: functions, each
with a client group of its own, are connected to one database with two security groups.

- **attach**: the functions are outside any VPC, and nothing is there yet.
- **no-op**: the same once more, with nothing to do.

{table}

Time is that of the whole process, from start to exit, as a multiple of ours. The script is the floor: as few API calls
as the job can do with, nothing checked, nothing explained, no way back.

## What is promised

{promises}

## Looking at paths

`lambda_rds_connection_info` (and, after connecting, `verify`) reads what lies between functions and their database,
side by side. Functions that share an execution role take one call each, and the rest once for all.

{looks}

## API calls by action

Attach:

{attach_calls}

No-op:

{no_op_calls}

## Method

The tools are run one after the other, in turns, against the emulator of `tests/emulator` on the loopback interface:
the quick ones before and after the slow one, so that a change in the machine's load meets all of them. Each run of
attach starts from a fresh account. Afterwards the account is read and has to be as the job wants it, or the benchmark
fails: every function in the database's subnets with one client group, egress to the database's groups on its port and
to nowhere else, the matching ingress, and nothing else changed. A no-op must not have changed anything. Medians of
{repetitions}. API calls are counted by the emulator, which answers at once and updates functions at once: with AWS,
every call adds its latency, and every attach the time that Lambda takes for it.

| tool | what it is |
| --- | --- |
| cloudops.lambda_rds | `tests/benchmark/tools/ours.yml`: one task, `lambda_rds_connection` with the list of functions |
| amazon.aws | `tests/benchmark/tools/amazon_aws.yml`: five tasks with loops, told the names of the database's groups |
| boto3 script | `tests/benchmark/tools/floor.py`: batched reads, writes in threads |

Measured with {versions}.

Run it yourself with `make bench`, on a machine that does nothing else. It takes some six minutes;
`python tests/benchmark/bench.py --quick` takes one, measures one function only, and writes no page.
"""


def page(results: Results, looks: Sequence[Looked], repetitions: int) -> str:
    """docs/performance.md; ratios and counts alone, because seconds are another machine's."""
    return PAGE.format(
        table=summary(results, seconds=False),
        promises=promises(results),
        looks=looks_table(looks),
        attach_calls=_calls(results, ATTACH),
        no_op_calls=_calls(results, NO_OP),
        repetitions=f"{repetitions} repetition{'s' if repetitions > 1 else ''}",
        versions=", ".join(_versions()),
    )


def summary(results: Results, *, seconds: bool) -> str:
    rows = []
    for job, functions in results.cases:
        for tool in TOOLS:
            run = results.worst(tool, job, functions)
            row = [job, functions, tool.name, run.reads, run.writes, f"{results.ratio(tool, job, functions):.2g}"]
            rows.append([*row, f"{results.seconds(tool, job, functions):.2f}"] if seconds else row)
    return _table(["job", "functions", "tool", "reads", "writes", "time", *(["seconds"] if seconds else [])], rows)


def promises(results: Results) -> str:
    return _table(
        ["", "promised", "measured", ""],
        [
            [promise.text, promise.limit, promise.measured, "kept" if promise.kept else "**broken**"]
            for promise in results.promises()
        ],
    )


def looks_table(looks: Iterable[Looked]) -> str:
    rows = [
        [look.sample.functions, look.sample.reads, f"at most {look.limit}", "kept" if look.kept else "**broken**"]
        for look in looks
    ]
    return _table(["functions", "reads", "promised", ""], rows)


def _calls(results: Results, job: str) -> str:
    runs = [results.worst(tool, job, functions) for tool in TOOLS for case, functions in results.cases if case == job]
    actions = sorted({action for run in runs for action in run.calls})
    rows = [[f"`{action}`", *(run.calls[action] or "" for run in runs)] for action in actions]
    return _table(["", *(f"{run.tool}, {run.functions}" for run in runs)], rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def _versions() -> list[str]:
    collections = resources.files("ansible_collections")
    ours = yaml.safe_load((collections / "cloudops/lambda_rds/galaxy.yml").read_text(encoding="utf-8"))
    amazon = json.loads((collections / "amazon/aws/MANIFEST.json").read_text(encoding="utf-8"))["collection_info"]
    packages = [f"{name} {metadata.version(name)}" for name in ("ansible-core", "boto3", "moto")]
    return [
        f"cloudops.lambda_rds {ours['version']}",
        f"amazon.aws {amazon['version']}",
        *packages,
        f"Python {platform.python_version()}",
    ]
