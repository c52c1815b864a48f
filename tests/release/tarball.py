# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a user gets: tarball.py TARBALL DIRECTORY

The tarball holds what an installed collection needs and nothing else; and installed into an environment of ansible and
boto3 alone, below DIRECTORY, its playbooks attach a function, write a report about it, detach it, and clean up after
it, by their names, from an empty directory.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world

NEEDED = {"changelogs", "docs", "meta", "playbooks", "plugins", "roles"}
NEEDED_FILES = {"CHANGELOG.md", "FILES.json", "LICENSE", "MANIFEST.json", "README.md", "changelogs/changelog.yaml"}
REQUIRED = {
    "LICENSE",
    "README.md",
    "meta/runtime.yml",
    "plugins/filter/reachability_report.py",
    "plugins/modules/lambda_rds_cleanup.py",
    "plugins/modules/lambda_rds_connection.py",
    "plugins/plugin_utils/_report/templates/page.html.j2",
    "plugins/plugin_utils/_report/templates/styles.css.j2",
}
# In this order each is run, and has to change something or nothing. The cleanup comes when Lambda has let go.
PLAYBOOKS = (
    ("attach", True),
    ("attach", False),
    ("diagnose", False),
    ("detach", True),
    ("detach", False),
    ("cleanup", True),
    ("cleanup", False),
)
RELEASE = 1300


def unneeded(name: str) -> bool:
    """Whether a release could do without this file."""
    top, _slash, rest = name.partition("/")
    if name in NEEDED_FILES:
        return False
    return top not in NEEDED or top == "changelogs" or not rest or "__pycache__" in name or Path(name).name[0] == "."


def check_files(tarball: Path) -> list[str]:
    """What is wrong with the tarball's files."""
    with tarfile.open(tarball) as archive:
        files = {member.name for member in archive.getmembers() if not member.isdir()}
    surplus = [f"{name}: not needed by an installed collection; see build_ignore" for name in files if unneeded(name)]
    return sorted(surplus) + [f"{name}: missing" for name in sorted(REQUIRED - files)]


def make_environment(directory: Path) -> Path:
    """A new virtual environment of ansible and boto3, and nothing of ours; its bin/."""
    uv = str(Path(sys.executable).with_name("uv"))
    venv = directory / "venv"
    python = venv / "bin/python"
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, venv], check=True)
    requirements = ["--constraints", "requirements-dev.txt", "ansible", "boto3"]
    subprocess.run([uv, "pip", "install", "--quiet", "--python", python, *requirements], check=True)
    return venv / "bin"


def run_playbooks(directory: Path, environment: dict[str, str], emulator: Emulator) -> list[str]:
    """What did not change as it should."""
    wrong = []
    report = directory / "report.html"
    variables = {"function_name": "orders", "db_instance_identifier": "shop"}
    extra = [f"--extra-vars=connect_lambda_rds_{name}={value}" for name, value in variables.items()]
    for playbook, should_change in PLAYBOOKS:
        if playbook == "cleanup":
            emulator.advance(RELEASE)
        command = ["ansible-playbook", f"cloudops.lambda_rds.{playbook}_lambda_rds", *extra]
        if playbook == "diagnose":
            command.append(f"--extra-vars=connect_lambda_rds_report_path={report}")
        run = subprocess.run(command, cwd=directory, env=environment, check=False, capture_output=True, text=True)
        recap = re.search(r"ok=\d+ +changed=(\d+) +unreachable=0 +failed=0 ", run.stdout)
        if run.returncode or recap is None or bool(int(recap[1])) != should_change:
            print(run.stdout, run.stderr, sep="\n")
            wrong.append(f"{' '.join(command)}: exit status {run.returncode}, or not changed={should_change}")
        else:
            print(f"{playbook}_lambda_rds: changed={recap[1]}")
    if not report.is_file() or "orders reaches shop" not in report.read_text():
        wrong.append(f"{report}: not the report of a function that reaches its database")
    return wrong


def check_installed(tarball: Path, directory: Path) -> list[str]:
    """What is wrong with the collection as a user has it."""
    shutil.rmtree(directory, ignore_errors=True)
    empty = directory / "empty"
    empty.mkdir(parents=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "AWS_"))}
    # A HOME of its own: no collection, configuration or credentials of whoever runs this.
    environment.update(HOME=str(directory), PATH=f"{make_environment(directory)}:{os.defpath}")
    install = ["ansible-galaxy", "collection", "install", str(tarball)]
    subprocess.run(install, cwd=empty, env=environment, check=True, stdout=subprocess.DEVNULL)
    with Emulator() as emulator:
        clients = world.Clients.of(emulator)
        network = world.make_network(clients, "release")
        group = world.make_group(clients, network.vpc_id, "shop")
        world.make_instance(clients, "shop", network.subnet_ids, [group])
        world.make_function(clients, "orders")
        before = world.snapshot(clients)
        wrong = run_playbooks(empty, {**environment, **emulator.environment}, emulator)
        if world.snapshot(clients) != before:
            wrong.append("attach, detach and cleanup did not give back what was there before")
    return wrong


def main() -> int:
    tarball, directory = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    wrong = check_files(tarball) or check_installed(tarball, directory)
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
