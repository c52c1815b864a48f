# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ways to do the job. `quick` ones are run several times, the others once where functions are many."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ansible_collections.cloudops.lambda_rds.demo.surroundings import installed
from ansible_collections.cloudops.lambda_rds.tests.benchmark.account import Account, client_group_names, variables
from ansible_collections.cloudops.lambda_rds.tests.benchmark.modes import Mode

HERE = Path(__file__).parent / "tools"
ATTACH, NO_OP, DETACH = "attach", "no-op", "detach"
JOBS = (ATTACH, NO_OP, DETACH)


@dataclass(frozen=True)
class Task:
    """What a tool is asked for; `scratch` is a directory for files that tell it."""

    job: str
    account: Account
    scope: str
    mode: Mode
    scratch: Path

    def told(self, values: object) -> Path:
        path = self.scratch / "told.json"
        path.write_text(json.dumps(values), encoding="utf-8")
        return path


@dataclass(frozen=True)
class Call:
    """A command line, and what its environment has besides."""

    command: list[str | Path]
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Tool:
    name: str
    what: str
    call: Callable[[Task], Call]
    quick: bool = True


def playbook(name: str, task: Task, values: object) -> Call:
    return Call([installed("ansible-playbook"), HERE / name, "-e", f"@{task.told(values)}"], {})


def _ours(task: Task) -> Call:
    state = "absent" if task.job == DETACH else "present"
    return playbook("ours.yml", task, {**variables(task.account, task.scope), "benchmark_state": state})


def _amazon_aws(task: Task) -> Call:
    name = "amazon_aws_detach.yml" if task.job == DETACH else "amazon_aws.yml"
    return playbook(name, task, variables(task.account, task.scope))


def _floor(task: Task) -> Call:
    told = {
        "job": task.job,
        "database": task.account.database.identifier,
        "functions": task.account.functions,
        "client_groups": client_group_names(task.account, task.scope),
        # Calls a second, just below AWS's limits; a reader of the limits paces its calls.
        "paces": {"updates": 14.8, "looks": 98, "changes": 4.9} if task.mode.throttling else dict.fromkeys(PACES, 0),
    }
    return Call([sys.executable, HERE / "floor.py", task.told(told)], {})


PACES = ("updates", "looks", "changes")


def aws_cli() -> str | None:
    """The program that the variable AWS_CLI names, or the one on the path."""
    return os.environ.get("BENCHMARK_AWS_CLI") or shutil.which("aws")


def _aws_cli(task: Task) -> Call:
    return Call(
        ["bash", HERE / "aws_cli.sh"],
        {
            "AWS": aws_cli() or "aws",
            "AWS_PAGER": "",
            "JOB": "detach" if task.job == DETACH else "attach",
            "DATABASE": task.account.database.identifier,
            "FUNCTIONS": " ".join(task.account.functions),
            "CLIENT_GROUPS": " ".join(client_group_names(task.account, task.scope)),
        },
    )


def _ping(task: Task) -> Call:
    return playbook("ping.yml", task, {})


OURS = Tool("cloudops.lambda_rds", "`ours.yml`: one task, `lambda_rds_connection` with the list of functions", _ours)
FLOOR = Tool(
    "boto3 script", "`floor.py`: batched reads, writes in sixteen threads, paced where there are limits", _floor
)
AMAZON_AWS = Tool(
    "amazon.aws",
    "`amazon_aws.yml`, `amazon_aws_detach.yml`: five tasks with loops, told the names of the database's groups and"
    " the rules that are to stay",
    _amazon_aws,
    quick=False,
)
AWS_CLI = Tool(
    "AWS CLI", "`aws_cli.sh`: a shell script, with lists read once and rules written together", _aws_cli, quick=False
)
PING = Tool("ping", "`ping.yml`: one task of `ansible.builtin.ping`, which is Ansible's own start", _ping)
TOOLS = (OURS, FLOOR, AWS_CLI, AMAZON_AWS)


def available() -> tuple[Tool, ...]:
    return tuple(tool for tool in TOOLS if tool is not AWS_CLI or aws_cli())
