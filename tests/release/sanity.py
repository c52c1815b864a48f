# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs every ansible-test sanity test, none ignored, on a copy of the checkout: sanity.py DIRECTORY

ansible-test wants a real directory .../ansible_collections/NAMESPACE/NAME that git does not ignore, a script that it
otherwise downloads, and a HOME to keep its environments in. All that is made below DIRECTORY and kept for the next run.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

SITE_PACKAGES = Path(sysconfig.get_path("purelib"))

# Stands in for the get-pip.py that ansible-test downloads from a host of its own: the index's pip installs itself.
GET_PIP = """\
import runpy, sys
sys.path.insert(0, {wheel!r})
sys.argv[1:] = ["install"] + [word for word in sys.argv[1:] if word not in ("--no-setuptools", "--no-wheel")]
runpy.run_module("pip", run_name="__main__", alter_sys=True)
"""


def copy_collection(collection: Path) -> None:
    """What git tracks or would track, in a repository of its own, with amazon.aws beside it."""
    shutil.rmtree(collection, ignore_errors=True)
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True)
    for name in filter(None, listed.stdout.split("\0")):
        if Path(name).is_file():
            target = collection / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(name, target)
    # Without a repository here, the copy lies in an ignored folder of ours, and ansible-test skips every file.
    subprocess.run(["git", "init", "--quiet"], cwd=collection, check=True)
    subprocess.run(["git", "add", "--all"], cwd=collection, check=True)
    amazon = collection.parent.parent / "amazon"
    amazon.unlink(missing_ok=True)
    amazon.symlink_to(SITE_PACKAGES / "ansible_collections" / "amazon")


def prepare_home(home: Path) -> None:
    """A HOME whose ansible-test cache holds the get-pip stand-in, and whose pip is configured as ours is."""
    source = (SITE_PACKAGES / "ansible_test/_internal/python_requirements.py").read_text()
    versions = re.findall(r"\bpip='([0-9.]+)'", source)
    if not versions:
        sys.exit("sanity.py: cannot tell which pip this ansible-test wants")
    cache = home / ".ansible/test/cache"
    cache.mkdir(parents=True, exist_ok=True)
    for version in versions:
        script = cache / f"get_pip_{version.replace('.', '_')}.py"
        if not script.exists():
            download = ["pip", "download", "--quiet", "--no-deps", "--dest", str(cache), f"pip=={version}"]
            subprocess.run([sys.executable, "-m", *download], check=True)
            wheel = next(cache.glob(f"pip-{version}-*.whl"))
            script.write_text(GET_PIP.format(wheel=str(wheel)))
    write_pip_configuration(home / ".config/pip/pip.conf")


def write_pip_configuration(path: Path) -> None:
    """ansible-test hands no environment variable on to pip, so all that configures our pip goes into a file."""
    listed = subprocess.run([sys.executable, "-m", "pip", "config", "list"], check=True, capture_output=True, text=True)
    settings = {}
    for line in listed.stdout.splitlines():
        key, value = line.split("=", 1)
        settings[key.split(".", 1)[1]] = "\n  ".join(ast.literal_eval(value).split())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("[global]\nquiet = 2\n" + "".join(f"{key} = {value}\n" for key, value in settings.items()))


def main() -> int:
    work = Path(sys.argv[1]).resolve()
    collection = work / "ansible_collections/cloudops/lambda_rds"
    ignore_files = list(Path("tests/sanity").glob("ignore-*.txt"))
    if ignore_files:
        sys.exit(f"sanity.py: nothing is ignored here, so remove {ignore_files[0]}")
    copy_collection(collection)
    prepare_home(work / "home")
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    command = ["ansible-test", "sanity", "--local", "--python", python, "--color", "no"]
    environment = {**os.environ, "HOME": str(work / "home")}
    return subprocess.run(command, cwd=collection, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
