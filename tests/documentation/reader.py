# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A reader who tries what stands in a document: with the collection as Galaxy delivers it, in a folder of their own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.cloudops.lambda_rds.demo.surroundings import installed, isolated

from .documents import TOP, Block

COLLECTION = "ansible_collections/cloudops/lambda_rds"
PREFIX = "cloudops.lambda_rds."
SECONDS = 300


@dataclass(frozen=True)
class Result:
    """What a task returned for a host. Skipped tasks have none."""

    host: str
    action: str
    data: dict[str, Any]

    @property
    def failed(self) -> bool:
        return bool(self.data.get("failed"))


@dataclass(frozen=True)
class Outcome:
    """How a command ended, and in which folder. `changed` is from the recap, by host."""

    status: int
    output: str
    errors: str
    folder: Path
    results: tuple[Result, ...] = ()
    changed: dict[str, int] = field(default_factory=dict)

    def of(self, *modules: str) -> list[dict[str, Any]]:
        """What tasks of these modules of the collection returned."""
        actions = {PREFIX + module for module in modules}
        return [result.data for result in self.results if result.action in actions]

    @property
    def changes(self) -> list[str]:
        """The texts of all changes that the collection's modules made, or would make."""
        modules = [result.data for result in self.results if result.action.startswith(PREFIX)]
        return [change["text"] for data in modules for change in data.get("changes", ())]

    @property
    def message(self) -> str:
        """Why it failed."""
        return " ".join(str(result.data.get("msg")) for result in self.results if result.failed)

    @property
    def story(self) -> str:
        """For a test that fails."""
        failed = [f"{result.host}: {result.data.get('msg')}" for result in self.results if result.failed]
        said = failed if self.results else [self.output]
        return "\n".join([f"exit status {self.status}, changed: {self.changed}", *said, self.errors])


@dataclass(frozen=True)
class Reader:
    """`home` has the installed collection; each attempt has a folder of its own in it."""

    home: Path

    @classmethod
    def with_collection(cls, home: Path) -> Reader:
        """Builds the collection and unpacks it, which is what installing it comes to."""
        galaxy = str(installed("ansible-galaxy"))
        build = [galaxy, "collection", "build", "--output-path", str(home / "tarball")]
        subprocess.run(build, cwd=TOP, env=isolated(os.environ, home), check=True, stdout=subprocess.DEVNULL)
        (tarball,) = (home / "tarball").glob("*.tar.gz")
        with tarfile.open(tarball) as archive:
            archive.extractall(home / COLLECTION, filter="data")
        return cls(home)

    @property
    def collection(self) -> Path:
        return self.home / COLLECTION

    def files(self) -> frozenset[str]:
        """What a user of Galaxy gets."""
        top = self.collection
        return frozenset(str(path.relative_to(top)) for path in top.rglob("*") if path.is_file())

    def new_folder(self) -> Path:
        folder = self.home / f"attempt-{len(list(self.home.glob('attempt-*'))) + 1}"
        folder.mkdir()
        return folder

    def try_out(
        self,
        block: Block,
        environment: Mapping[str, str],
        *,
        files: Sequence[Block] = (),
        options: Sequence[str] = (),
        instead: tuple[str, str] = ("", ""),
    ) -> Outcome:
        """Do as the block says, with further options, or with one text in it replaced.

        :param files: blocks to save first, each under the name in its first line; to a playbook they are inventories
        """
        folder = self.new_folder()
        names = [file.first_line.lstrip("# ") for file in files]
        for name, file in zip(names, files, strict=True):
            (folder / name).write_text(file.text, encoding="utf-8")
        text = block.text.replace(*instead) if instead[0] else block.text
        if block.language == "yaml":
            (folder / "playbook.yml").write_text(as_playbook(text), encoding="utf-8")
            text = " ".join(["ansible-playbook playbook.yml", *(f"-i {name}" for name in names)])
        return self.run(" ".join([text.rstrip(), *options]), environment, folder)

    def run(self, command: str, environment: Mapping[str, str], folder: Path) -> Outcome:
        """A command of a shell."""
        ran = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", command],
            cwd=folder,
            env={
                **isolated(os.environ, self.home),
                "ANSIBLE_PIPELINING": "true",
                "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
                "PYTHONPATH": str(TOP / "tests/survival/clock"),  # who sleeps moves the emulator's clock instead
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                **environment,
            },
            check=False,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=SECONDS,
        )
        said = _as_json(ran.stdout)
        changed = {host: counts["changed"] for host, counts in said.get("stats", {}).items()}
        return Outcome(ran.returncode, ran.stdout, ran.stderr, folder, tuple(_results(said)), changed)


def as_playbook(text: str) -> str:
    """Plays as they are; tasks in a play of localhost."""
    if all("hosts" in each for each in yaml.safe_load(text)):
        return text
    return "- hosts: localhost\n  gather_facts: false\n  tasks:\n" + textwrap.indent(text, "    ")


def _as_json(output: str) -> dict[str, Any]:
    """What Ansible says to programs; of another command, or where no play was begun, nothing."""
    found = re.search(r"^\{\n.*^\}$", output, re.DOTALL | re.MULTILINE)
    said: dict[str, Any] = json.loads(found[0]) if found else {}
    return said if "plays" in said else {}


def _results(said: dict[str, Any]) -> Iterator[Result]:
    for play in said.get("plays", ()):
        for task in play["tasks"]:
            for host, data in task["hosts"].items():
                if not data.get("skipped"):
                    yield Result(host, data.get("action", ""), data)
