# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Virtual environments of the pairs, each made when it is first used and again when its requirements change."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

from ansible_collections.cloudops.lambda_rds.tests.versions.pairs import Pair

CHECKOUT = Path(__file__).resolve().parents[2]
HERE = CHECKOUT / "tests/versions"


def interpreter(pair: Pair) -> str | None:
    """The Python to make the environment with; None where none is installed."""
    return next(filter(_runs, (f"python{version}" for version in pair.pythons)), None)


def _runs(python: str) -> bool:
    # A version manager's shim exists for versions that are not enabled, too.
    found = shutil.which(python)
    return found is not None and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0


def why_not(pair: Pair) -> str:
    """Why the pair cannot be run here; empty where it can."""
    return "" if interpreter(pair) else f"needs Python {' or '.join(sorted(pair.pythons))}"


def environment(pair: Pair) -> Path:
    """The folder of the pair's programs.

    :raises RuntimeError: no interpreter is installed, or the packages cannot be
    """
    venv = _venv(pair)
    requirements = HERE / f"requirements-{pair.name}.txt"
    stamp = venv / ".stamp"
    if not stamp.exists() or stamp.stat().st_mtime < requirements.stat().st_mtime:
        python = interpreter(pair)
        if python is None:
            raise RuntimeError(f"{pair.title} {why_not(pair)}")
        made = subprocess.run(
            [".ci/venv", python, venv, requirements], cwd=CHECKOUT, capture_output=True, text=True, check=False
        )
        if made.returncode:
            raise RuntimeError(f"The environment of {pair.title} cannot be made:\n{made.stdout}{made.stderr}")
        stamp.touch()
    return venv / "bin"


def versions(pair: Pair) -> str:
    """What is installed for the pair; empty where nothing is."""
    return ", ".join(f"{name} {version}" for path in _packages(pair) for name, version in _installed(path))


def _venv(pair: Pair) -> Path:
    return CHECKOUT / f".venv-versions-{pair.name}"


def _packages(pair: Pair) -> list[Path]:
    return list(_venv(pair).glob("lib/python3.*/site-packages"))


def _installed(packages: Path) -> Iterator[tuple[str, str]]:
    found = {package.name: package.version for package in distributions(path=[str(packages)])}
    yield "Python", packages.parent.name.removeprefix("python")
    yield "ansible-core", found["ansible-core"]
    manifest = json.loads((packages / "ansible_collections/amazon/aws/MANIFEST.json").read_text())
    yield "amazon.aws", manifest["collection_info"]["version"]
    yield "botocore", found["botocore"]
