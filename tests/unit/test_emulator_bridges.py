# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The order of the emulator's bridges is what they say themselves."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from graphlib import CycleError
from itertools import combinations
from types import SimpleNamespace
from typing import Any

import pytest

from ..emulator.bridges import install
from ..emulator.server.settings import Settings


def changed(source: str) -> Iterator[tuple[str, str]]:
    """The class and the method or property that each decorator of a bridge changes."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.startswith("replaces_"):
            owner, name = node.args
            if isinstance(name, (ast.Constant, ast.JoinedStr)):
                yield ast.unparse(owner).rpartition(".")[2], ast.unparse(name)


def before(name: str, after: dict[str, tuple[str, ...]]) -> set[str]:
    return {other for one in after.get(name, ()) for other in (one, *before(one, after))}


def test_bridges_that_change_the_same_say_which_comes_first() -> None:
    users: dict[tuple[str, str], list[str]] = defaultdict(list)
    after: dict[str, tuple[str, ...]] = {}
    for path in install.FOLDER.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        for what in set(changed(source)):
            users[what].append(path.stem)
        for node in ast.parse(source).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "AFTER":
                after[path.stem] = ast.literal_eval(node.value)
    loose = {
        (what, one, other)
        for what, names in users.items()
        for one, other in combinations(names, 2)
        if one not in before(other, after) and other not in before(one, after)
    }
    assert loose == set()


def test_an_unknown_bridge_is_named() -> None:
    lost: Any = SimpleNamespace(AFTER=("nowhere",))
    with pytest.raises(LookupError, match="nowhere"):
        install.in_order({"lost": lost})


def test_bridges_in_a_circle_are_refused() -> None:
    one: Any = SimpleNamespace(AFTER=("other",))
    other: Any = SimpleNamespace(AFTER=("one",))
    with pytest.raises(CycleError, match="one"):
        install.in_order({"one": one, "other": other})


def test_no_two_bridges_have_the_same_name() -> None:
    names = Counter(path.stem for path in install.FOLDER.rglob("*.py"))
    assert [name for name, count in names.items() if count > 1] == []


def test_the_readme_describes_every_setting() -> None:
    text = (install.FOLDER.parent / "README.md").read_text(encoding="utf-8")
    section = text.partition("## Settings")[2].partition("\n## ")[0]
    described = {
        name for row in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)
    }
    assert described == {field.name for field in dataclasses.fields(Settings)}
