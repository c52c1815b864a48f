# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the tests need of the machine: root, and programs of Debian packages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGES = {"ip": "iproute2", "nft": "nftables", "psql": "postgresql"}


def programs_of_postgres() -> Path | None:
    """Debian keeps them out of the PATH; the newest version's."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def missing() -> Iterator[str]:
    """What to do, in words."""
    if os.geteuid() != 0:
        yield "run it as root"
    packages = [package for program, package in PACKAGES.items() if shutil.which(program) is None]
    if programs_of_postgres() is None:
        packages.append("postgresql")
    if packages:
        yield f"apt-get install {' '.join(sorted(set(packages)))}"


def demand() -> None:
    """Where CI is set, nothing may be missing."""
    # Not every PATH has the places of root's programs.
    os.environ["PATH"] = os.pathsep.join((os.environ["PATH"], "/usr/sbin", "/sbin"))
    if not (todo := " and ".join(missing())):
        return
    if os.environ.get("CI"):
        pytest.fail(f"No packets: {todo}.", pytrace=False)
    pytest.skip(f"No packets: {todo}.")
