# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ways to do the job. `quick` ones are run several times, the others once where functions are many."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
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
    """`prepare` is what has to be done in a new account before anything is measured."""

    name: str
    what: str
    call: Callable[[Task], Call]
    quick: bool = True
    prepare: Callable[[Task], list[Call]] = lambda _task: []


def playbook(name: str, task: Task, values: object) -> Call:
    return Call([installed("ansible-playbook"), HERE / name, "-e", f"@{task.told(values)}"], {})


def _ours(task: Task) -> Call:
    state = "absent" if task.job == DETACH else "present"
    told = {"benchmark_state": state, "benchmark_paced": task.mode.throttling}
    return playbook("ours.yml", task, {**variables(task.account, task.scope), **told})


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


def _finds_its_provider(scratch: Path) -> bool:
    """Downloads it where `BENCHMARK_TERRAFORM_PLUGINS` names no directory that has it."""
    directory = scratch / "terraform"
    directory.mkdir()
    shutil.copy(HERE / "terraform" / "main.tf", directory)
    plugins = os.environ.get("BENCHMARK_TERRAFORM_PLUGINS")
    command = ["terraform", "init", "-input=false", *([f"-plugin-dir={plugins}"] if plugins else [])]
    return subprocess.run(command, cwd=directory, capture_output=True, check=False).returncode == 0


def _prepare_terraform(task: Task) -> list[Call]:
    """Functions outside any VPC, as they are, in a new state of Terraform's own."""
    directory = task.scratch / "terraform"
    for state in directory.glob("*.tfstate*"):
        state.unlink()
    told = {"database": task.account.database.identifier, "functions": task.account.functions, "scope": task.scope}
    (directory / "terraform.tfvars.json").write_text(json.dumps(told), encoding="utf-8")
    return [_apply_terraform(task, enabled=False)]


def _apply_terraform(task: Task, *, enabled: bool) -> Call:
    command = ["terraform", f"-chdir={task.scratch / 'terraform'}", "apply", "-auto-approve", "-input=false"]
    return Call([*command, "-var", f"enabled={str(enabled).lower()}"], {"CHECKPOINT_DISABLE": "1"})


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
TERRAFORM = Tool(
    "Terraform",
    "`terraform/main.tf`: `terraform apply` with a switch; the functions were imported before",
    lambda task: _apply_terraform(task, enabled=task.job != DETACH),
    quick=False,
    prepare=_prepare_terraform,
)
PING = Tool("ping", "`ping.yml`: one task of `ansible.builtin.ping`, which is Ansible's own start", _ping)
TOOLS = (OURS, FLOOR, AWS_CLI, TERRAFORM, AMAZON_AWS)


def available(scratch: Path) -> tuple[Tool, ...]:
    """Those whose program is there."""
    missing = []
    if aws_cli() is None:
        missing.append(AWS_CLI)
    if shutil.which("terraform") is None or not _finds_its_provider(scratch):
        missing.append(TERRAFORM)
    return tuple(tool for tool in TOOLS if tool not in missing)
