# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Runs the role by ansible-playbook, which can be killed, with all its processes, at any API call."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import RunningEmulator

HERE = Path(__file__).parent
SECONDS = 300


@dataclass(frozen=True)
class Played:
    """A run that came to its end: whether it failed, how many tasks changed something, and what it printed."""

    failed: bool
    changed: int
    output: str


def play(emulator: RunningEmulator, variables: dict[str, Any], *, kill_after: int | None = None) -> Played | None:
    """None where it was killed, once it had written so often; with 0, before its first call."""
    # Not before the emulator knows whom to kill.
    wait = 'read -r _; exec "$@"'
    program = [Path(sys.executable).with_name("ansible-playbook"), "-e", json.dumps(variables), HERE / "role.yml"]
    process = subprocess.Popen(
        ["sh", "-c", wait, "sh", *map(str, program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=_environment(emulator),
    )
    if kill_after is not None:
        emulator.kill(process.pid, writes=kill_after)
    output, _errors = process.communicate("\n", timeout=SECONDS)
    if process.returncode == -signal.SIGKILL:
        return None
    changed = re.search(r"changed=(\d+)", output)
    assert changed is not None, output
    return Played(process.returncode != 0, int(changed[1]), output)


def _environment(emulator: RunningEmulator) -> dict[str, str]:
    return {
        **os.environ,
        **emulator.environment,
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_NOCOLOR": "true",
        "ANSIBLE_PIPELINING": "true",
        # sitecustomize.py
        "EMULATOR_URL": emulator.url,
        "PYTHONPATH": str(HERE / "clock"),
    }
