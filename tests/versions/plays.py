# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Runs ansible-playbook of a pair as a user does."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECONDS = 300
# Of the output of a run that went wrong; a failure is at its end.
SHOWN = 4000
# To the next blank line, or what follows without one: Ansible before 2.19 wraps its warnings.
WARNING = re.compile(r"^\[(?:DEPRECATION )?WARNING\]: .*?(?=^\s*$|^\[|^[a-z]+: \[|\Z)", re.MULTILINE | re.DOTALL)
# What amazon.aws says of its own modules, and what ours say of every function that goes into a VPC.
EXPECTED = r"collection 'amazon\.aws'|Deprecation warnings can be disabled|Until now outside any VPC"
FOREIGN = ("ANSIBLE_", "AWS_", "MOLECULE_", "PYTHONPATH", "VIRTUAL_ENV")


@dataclass(frozen=True)
class Played:
    """What a run of ansible-playbook came to."""

    status: int
    output: str

    def succeeded(self) -> Played:
        assert self.status == 0, self.output[-SHOWN:]
        return self

    def quietly(self, expected: str = EXPECTED) -> Played:
        """Without a warning, but for those that are expected: a pattern."""
        warnings = [each for each in WARNING.findall(self.output) if not re.search(expected, " ".join(each.split()))]
        assert not warnings, "".join(warnings)
        assert "Traceback" not in self.output, self.output[-SHOWN:]
        return self

    @property
    def changed(self) -> int:
        found = re.search(r"\bchanged=(\d+)", self.output)
        assert found is not None, self.output[-SHOWN:]
        return int(found[1])

    @property
    def failures(self) -> list[str]:
        """The task results that failed, as they were printed."""
        return re.findall(r"^fatal: .*", self.output, re.MULTILINE)


@dataclass(frozen=True)
class Player:
    """ansible-playbook in a pair's folder of programs, run in an empty folder."""

    programs: Path
    folder: Path

    def play(self, playbook: str | Path, *options: str, environment: Mapping[str, str], **variables: Any) -> Played:
        """Extra variables as they come from YAML or JSON: with their types."""
        ended = subprocess.run(
            [self.programs / "ansible-playbook", playbook, "-e", json.dumps(variables), *options],
            cwd=self.folder,
            env={**self._environment(), **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        return Played(ended.returncode, ended.stdout)

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        return {
            **kept,
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_NOCOLOR": "true",
            "ANSIBLE_PIPELINING": "true",
            # No collections, configuration and credentials of whoever runs this.
            "ANSIBLE_HOME": str(self.folder / "ansible"),
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "PATH": f"{self.programs}:{os.environ['PATH']}",
        }
