# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The results as Markdown."""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
from collections.abc import Callable, Iterable, Sequence
from importlib import metadata, resources

import yaml

from ansible_collections.cloudops.lambda_rds.tests.benchmark.account import DATABASE, FUNCTION
from ansible_collections.cloudops.lambda_rds.tests.benchmark.contenders import (
    JOBS,
    OURS,
    PING,
    TOOLS,
    Tool,
    aws_cli,
)
from ansible_collections.cloudops.lambda_rds.tests.benchmark.looks import Looked
from ansible_collections.cloudops.lambda_rds.tests.benchmark.measure import Sample
from ansible_collections.cloudops.lambda_rds.tests.benchmark.modes import AS_AWS, BARE, Mode
from ansible_collections.cloudops.lambda_rds.tests.benchmark.promises import Promise
from ansible_collections.cloudops.lambda_rds.tests.benchmark.results import Kind, Results

PAGE = """\
# Performance

Made by `make bench-full` in a clone of the repository, not by hand. One task of this collection beside the same job
done by other means: functions are connected to one database with two security groups, each through a client group of
its own or all through a shared one.

- **attach**: the functions are outside any VPC, and nothing is there yet.
- **no-op**: the same once more, with nothing to do.
- **detach**: everything is taken back.

## What is promised

{promises}

## Time of its own

What each tool takes by itself: the emulator answers at once, updates functions at once, and throttles nothing. Time is
that of the whole process, from start to exit, as a multiple of ours. No tool keeps to AWS's limits here (ours has
`request_pace: 0`). The script is the floor: as few API calls as the job can do with, nothing checked, nothing
explained. Calls are reads + writes.

{own_times}

{own_calls}

## As with AWS

The same where each call takes {latency:g} ms and an update of a function {update:g} s, and calls are throttled as AWS
documents it: Lambda's control plane takes 15 a second for the account and Region, GetFunction 100, EC2 five to twenty
of each action once its bucket is empty. Attaching 1000 functions cannot take less than {least:.0f} s then.

{aws_times}

Throttled calls, of all, and memory of all processes of the tool at its peak, as a multiple of ours:

{aws_shares}

## Looking at paths

`lambda_rds_connection_info` (and, after connecting, `verify`) reads what lies between functions and their database,
side by side. Functions that share an execution role take one call each, and the rest once for all.

{looks}

## API calls by action

For one function with a group of its own, and for a hundred with a shared one.

{actions}

## Method

The tools are run one after the other, in turns, against the emulator of the repository (`tests/emulator`) on the
loopback interface: the quick ones before and after the slow ones, so that a change in the machine's load meets all of
them, and the shares of Ansible's start and of the script between our own no-ops. Each attach starts from the same
account. After each job the account is read and has to be as the job wants it, or the benchmark fails: every function in
the database's subnets with one client group, egress to the database's groups on its port and to nowhere else, the
matching ingress, and nothing else changed; after a detach everything is as it was. Times are medians, of one run where
amazon.aws, Terraform and the AWS CLI connect more than one function. What would take them a quarter of an hour besides
was left out. Calls and memory are those of the worst run.

Lambda's network interfaces go with their last function here, so that every tool can delete its groups at once; with AWS
they stay for twenty minutes, and the group is left for the next run (`pending`). The quota of rules in a group is
AWS's 60, or as many as a group each needs. A thousand functions have a shared group only: AWS allows no more than 1000
rules on all groups of a network interface together. The memory of a process that shares pages with others is its part
of them (PSS), looked at twenty times a second.

| tool | what it is, in `tests/benchmark/tools` |
| --- | --- |
{tools}

Measured with {versions}.

Run it yourself, on a machine that does nothing else. `make bench` takes about ten minutes, measures the other
tools with at most ten functions, and writes no page; `make bench-full` takes forty minutes, most of it for amazon.aws
and a hundred functions. Terraform takes part where it is on the path and finds its provider for AWS (in the directory
that `BENCHMARK_TERRAFORM_PLUGINS` names, if it does). `python tests/benchmark/bench.py --help` tells how to measure a
part.
"""


def page(results: Results, promised: Sequence[Promise], looks: Sequence[Looked]) -> str:
    """docs/performance.md; ratios and counts alone, because seconds are another machine's."""
    return PAGE.format(
        promises=promises_table(promised),
        own_times=_times(results, BARE),
        own_calls=_calls(results, BARE),
        latency=AS_AWS.latency * 1000,
        update=AS_AWS.update,
        least=1000 / 15,
        aws_times=_times(results, AS_AWS),
        aws_shares=_shares(results),
        looks=looks_table(looks),
        actions="\n\n".join(_actions(results, job) for job in JOBS),
        tools="\n".join(f"| {tool.name} | {tool.what} |" for tool in (*TOOLS, PING)),
        versions=", ".join(_versions()),
    )


def line(sample: Sample) -> str:
    """For the screen, while it goes on."""
    memory = f"{sample.memory / 2**20:.0f} MiB" if sample.memory else ""
    throttled = f"{sample.throttled} throttled" if sample.throttled else ""
    return (
        f"{sample.tool:20} {sample.job:7}{sample.functions:5} {sample.scope:9}{sample.seconds:8.2f} s"
        f" {sample.reads:5} + {sample.writes:<5} processor {sample.processor:6.2f} s, emulator {sample.emulator:5.2f} s"
        f"  {memory:8} {throttled}"
    ).rstrip()


def on_screen(results: Results) -> str:
    tables = []
    for mode in (BARE, AS_AWS):
        if results.kinds(mode):
            tables += [f"{mode.name}:", _times(results, mode, seconds=True), _calls(results, mode)]
    return "\n\n".join(tables)


def promises_table(promised: Iterable[Promise]) -> str:
    rows = [[each.text, each.limit, each.measured, "kept" if each.kept else "**broken**"] for each in promised]
    return _table(["", "promised", "measured", ""], rows)


def looks_table(looks: Iterable[Looked]) -> str:
    rows = [
        [look.sample.functions, look.sample.reads, f"at most {look.limit}", "kept" if look.kept else "**broken**"]
        for look in looks
    ]
    return _table(["functions", "reads", "promised", ""], rows)


def _times(results: Results, mode: Mode, *, seconds: bool = False) -> str:
    def cell(tool: Tool, kind: Kind) -> str:
        ratio, taken = results.ratio(tool, kind), results.seconds(tool, kind)
        if ratio is None:
            return ""
        text = f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.2g}"
        return f"{text} ({taken:.1f} s)" if seconds else text

    return _by_kind(results, mode, cell, "time")


def _calls(results: Results, mode: Mode) -> str:
    def cell(tool: Tool, kind: Kind) -> str:
        run = results.worst(tool, kind)
        return f"{run.reads} + {run.writes}" if run else ""

    return _by_kind(results, mode, cell, "calls")


def _shares(results: Results) -> str:
    def cell(tool: Tool, kind: Kind) -> str:
        run, ours, memory = results.worst(tool, kind), results.memory(OURS, kind), results.memory(tool, kind)
        if run is None or not ours or not memory:
            return ""
        return f"{max(each.throttled / each.calls.total() for each in results.of(tool, kind)):.1%}, {memory / ours:.2g}"

    return _by_kind(results, AS_AWS, cell, "throttled, memory")


def _by_kind(results: Results, mode: Mode, cell: Callable[[Tool, Kind], str], what: str) -> str:
    kinds = results.kinds(mode)
    tools = [tool for tool in TOOLS if any(results.of(tool, kind) for kind in kinds)]
    rows = [
        [
            kind.job,
            kind.functions,
            "each" if kind.scope == FUNCTION else "shared",
            *(cell(tool, kind) for tool in tools),
        ]
        for kind in kinds
    ]
    return _table([what, "functions", "group", *(tool.name for tool in tools)], rows)


def _actions(results: Results, job: str) -> str:
    kinds = [Kind(BARE, FUNCTION, 1, job), Kind(BARE, DATABASE, 100, job)]
    runs = [run for kind in kinds for tool in TOOLS if (run := results.worst(tool, kind))]
    actions = sorted({action for run in runs for action in run.calls})
    rows = [[f"`{action}`", *(run.calls[action] or "" for run in runs)] for action in actions]
    return _table([job, *(f"{run.tool}, {run.functions}" for run in runs)], rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def _versions() -> list[str]:
    collections = resources.files("ansible_collections")
    ours = yaml.safe_load((collections / "cloudops/lambda_rds/galaxy.yml").read_text(encoding="utf-8"))
    amazon = json.loads((collections / "amazon/aws/MANIFEST.json").read_text(encoding="utf-8"))["collection_info"]
    packages = [f"{name} {metadata.version(name)}" for name in ("ansible-core", "boto3", "moto")]
    cli, tf = aws_cli(), shutil.which("terraform")
    return [
        f"cloudops.lambda_rds {ours['version']}",
        f"amazon.aws {amazon['version']}",
        *([f"AWS CLI {_said(cli, '--version').split()[0].partition('/')[2]}"] if cli else []),
        *([f"Terraform {json.loads(_said(tf, 'version', '-json'))['terraform_version']}"] if tf else []),
        *packages,
        f"Python {platform.python_version()}",
    ]


def _said(program: str, *arguments: str) -> str:
    return subprocess.run([program, *arguments], stdout=subprocess.PIPE, text=True, check=True).stdout
