# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The real playbook, run as a user runs it; its results as Ansible tells them to programs."""

from __future__ import annotations

import contextlib
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.cloudops.lambda_rds.demo.account import DATABASE, FUNCTION
from ansible_collections.cloudops.lambda_rds.demo.surroundings import installed, run
from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import RunningEmulator

PLAYBOOK = "cloudops.lambda_rds.attach_lambda_rds"
VARIABLES = [f"connect_lambda_rds_function_name={FUNCTION}", f"connect_lambda_rds_db_instance_identifier={DATABASE}"]
CLEANUP = "cloudops.lambda_rds.cleanup_lambda_rds"
MODULES = ("cloudops.lambda_rds.lambda_rds_connection", "cloudops.lambda_rds.lambda_rds_cleanup")


class PlaybookError(Exception):
    """The playbook failed; says what Ansible said."""


@dataclass(frozen=True)
class Outcome:
    """`changed` is from the recap, `reads` and `writes` are API calls; the rest is from the module."""

    changed: int
    changes: list[str]
    findings: list[str]
    pending: list[str]
    reads: int
    writes: int


def attach(emulator: RunningEmulator, scratch: Path, *options: str) -> Outcome:
    """Run the playbook that connects or, by its switch, takes the connection back.

    :raises PlaybookError: it did not end well
    """
    variables = [word for variable in VARIABLES for word in ("-e", variable)]
    return _play(emulator, scratch, PLAYBOOK, *variables, *options)


def clean_up(emulator: RunningEmulator, scratch: Path) -> Outcome:
    """Run the nightly playbook.

    :raises PlaybookError: it did not end well
    """
    return _play(emulator, scratch, CLEANUP)


def _play(emulator: RunningEmulator, scratch: Path, playbook: str, *options: str) -> Outcome:
    emulator.clear_calls()
    ended = run(
        [installed("ansible-playbook"), playbook, *options],
        {**emulator.environment, "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json", "ANSIBLE_PIPELINING": "true"},
        scratch,
    )
    if ended.returncode != 0:
        raise PlaybookError(f"ansible-playbook ended with status {ended.returncode}: {_reason(ended)}")
    said = json.loads(ended.stdout)
    results = [result for result in _results(said) if result["action"] in MODULES and not result.get("skipped")]
    if not results:
        raise PlaybookError(f"no task of {' or '.join(MODULES)} ran")
    calls = emulator.calls()
    reads = sum(call.is_read for call in calls)
    return Outcome(
        changed=said["stats"]["localhost"]["changed"],
        changes=[change["text"] for change in _all(results, "changes")],
        findings=[f"{finding['message']} {finding['remedy']}" for finding in _all(results, "findings")],
        pending=[f"{held['security_group_name']} is still held. {held['frees']}" for held in _all(results, "pending")],
        reads=reads,
        writes=len(calls) - reads,
    )


def _all(results: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    return [each for result in results for each in result.get(key, ())]


def _results(said: dict[str, Any]) -> list[dict[str, Any]]:
    return [task["hosts"]["localhost"] for play in said["plays"] for task in play["tasks"]]


def _reason(ended: subprocess.CompletedProcess[str]) -> str:
    """The message of the task that failed; all that was said where no task was reached."""
    with contextlib.suppress(ValueError, KeyError):
        failed = [str(result["msg"]) for result in _results(json.loads(ended.stdout)) if result.get("failed")]
        return " ".join(failed)
    return ended.stdout + ended.stderr
