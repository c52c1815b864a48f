# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Imports go one way, and no package or folder outgrows the others: CONTRIBUTING.md says what each is for."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
UTILS = PLUGINS / "module_utils"
# Each may import from those below it, and from itself.
LAYERS = (
    "_cleanup", "_connection", "_proxy", "_preview", "_reachability", "_changes", "_discovery", "_options", "_aws",
    "_model", "_process", "_errors",
)  # fmt: skip
FILES = sorted(UTILS.rglob("*.py"))
LARGEST_SHARE = 0.25
FILES_IN_A_FOLDER = 22


def package(path: Path) -> str:
    return path.relative_to(UTILS).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """The line and the package of each import of ours, inside functions too."""
    parts = path.relative_to(UTILS).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            target = (*parts[: -node.level], *(node.module or node.names[0].name).split("."))
            yield node.lineno, target[0]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(UTILS)))
def test_imports_go_down(path: Path) -> None:
    own = LAYERS.index(package(path))
    assert [(line, other) for line, other in imported(path) if LAYERS.index(other) < own] == []


def test_no_package_outgrows_the_others() -> None:
    lines = Counter[str]()
    for path in PLUGINS.rglob("*.py"):
        lines["/".join(path.relative_to(PLUGINS).parts[:2])] += len(path.read_text(encoding="utf-8").splitlines())
    assert {name: count for name, count in lines.items() if count > LARGEST_SHARE * lines.total()} == {}


def test_no_folder_outgrows_the_others() -> None:
    files = Counter(str(path.parent.relative_to(PLUGINS)) for path in PLUGINS.rglob("*.py"))
    assert {name: count for name, count in files.items() if count > FILES_IN_A_FOLDER} == {}


def test_one_package_knows_boto3() -> None:
    users = {package(path) for path in FILES if "boto" in "".join(_absolute(path))}
    assert users == {"_aws"}


def _absolute(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""
