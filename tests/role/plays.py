# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plays with the role, run by ansible-playbook as a user runs them, against the emulator."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

ROLE = "cloudops.lambda_rds.connect_lambda_rds"
GROUP = "group/cloudops.lambda_rds.aws"


def play(*tasks: Mapping[str, Any], **keywords: Any) -> dict[str, Any]:
    """A play on localhost, without facts."""
    return {"name": "Play", "hosts": "localhost", "gather_facts": False, **keywords, "tasks": list(tasks)}


def include_role(tasks_from: str = "main", **variables: Any) -> dict[str, Any]:
    """A task that includes the role; `variables` are its own, without the prefix."""
    return {
        "name": "Include the role",
        "ansible.builtin.include_role": {"name": ROLE, "tasks_from": tasks_from},
        "vars": prefixed(variables),
    }


def prefixed(variables: Mapping[str, Any]) -> dict[str, Any]:
    return {f"connect_lambda_rds_{name}": value for name, value in variables.items()}


def run(
    plays: Sequence[Mapping[str, Any]], directory: Path, environment: Mapping[str, str], *options: str
) -> subprocess.CompletedProcess[str]:
    """ansible-playbook in a directory; nobody's own AWS and Ansible settings reach it."""
    playbook = directory / "playbook.yml"
    playbook.write_text(yaml.safe_dump(list(plays), sort_keys=False), encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "AWS_", "BOTO_"))}
    ansible = {
        "ANSIBLE_HOME": str(directory / "ansible"),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_PIPELINING": "true",
        "ANSIBLE_NOCOLOR": "true",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    program = Path(sys.executable).with_name("ansible-playbook")
    return subprocess.run(
        [program, playbook, *options],
        capture_output=True,
        check=False,
        cwd=directory,
        env={**kept, **ansible, **environment},
        stdin=subprocess.DEVNULL,
        text=True,
    )
