# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Surroundings that are the same for everyone: no user's AWS profile, proxy or Ansible configuration reaches a run.

An emulator, and whatever else has to end with us: always ended, also on Ctrl-C.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator

FOREIGN = ("ANSIBLE_", "AWS_", "BOTO_")
PROXIES = ("ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY")


def isolate(scratch: Path) -> None:
    """Leave behind what the environment says of AWS, Ansible and proxies; `scratch` is home from now on."""
    environment = isolated(os.environ, scratch)
    os.environ.clear()
    os.environ.update(environment)


def isolated(environment: Mapping[str, str], scratch: Path) -> dict[str, str]:
    """The environment without what it says of AWS, Ansible and proxies.

    Whatever Ansible and boto3 keep in a home goes to `scratch`, so neither the user's nor the checkout is touched.
    """
    no_configuration = scratch / "ansible.cfg"
    no_configuration.touch()
    kept = {
        name: value
        for name, value in environment.items()
        if not name.startswith(FOREIGN) and name.upper() not in PROXIES
    }
    return {
        **kept,
        "HOME": str(scratch),
        "LC_ALL": "C.UTF-8",  # Ansible refuses to start without UTF-8
        "ANSIBLE_CONFIG": str(no_configuration),
        "ANSIBLE_REMOTE_TMP": str(scratch / "tmp"),  # its default is in the home of the password file, not in HOME
        "ANSIBLE_COLLECTIONS_PATH": str(scratch),  # a user's own copy of this collection would come first
        # There is no inventory, on purpose.
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
    }


@contextlib.contextmanager
def running_emulator() -> Iterator[Emulator]:
    """An emulator that is gone afterwards, also when it is interrupted while it starts."""
    emulator = Emulator()
    try:
        yield emulator.start()
    except BaseException:
        # Ctrl-C reaches it too: how it ended tells nothing then.
        with contextlib.suppress(RuntimeError):
            emulator.stop()
        raise
    emulator.stop()


def run(
    command: Sequence[str | Path], environment: Mapping[str, str], directory: Path
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end. If we are to leave before, it gets the time to end its own children."""
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        cwd=directory,
    ) as process:
        try:
            output, errors = process.communicate()
        except BaseException:
            process.terminate()
            try:
                process.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
            raise
    return subprocess.CompletedProcess(command, process.returncode, output, errors)


def installed(program: str) -> Path:
    """A program of the environment that this Python belongs to."""
    return Path(sys.executable).with_name(program)
