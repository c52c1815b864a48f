# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Every name that the role sets begins with its prefix. Variables are evaluated late, so any other name of a task's
variable, a loop or a result would hide the caller's own variable where the role's arguments refer to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROLE = Path(__file__).resolve().parents[2] / "roles" / "connect_lambda_rds"
FILES = sorted((ROLE / "tasks").glob("*.yml"))
PREFIXES = ("connect_lambda_rds_", "__connect_lambda_rds_")


def tasks_of(listed: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for task in listed:
        yield task
        for part in ("block", "rescue", "always"):
            yield from tasks_of(task.get(part, []))


def names_of(task: dict[str, Any]) -> Iterator[str]:
    """The variables that a task sets; a loop without a loop_var sets `item`."""
    yield from task.get("vars", {})
    yield from task.get("ansible.builtin.set_fact", {})
    if "register" in task:
        yield task["register"]
    if any(key == "loop" or key.startswith("with_") for key in task):
        yield task.get("loop_control", {}).get("loop_var", "item")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_name_has_the_prefix(file: Path) -> None:
    names = {name for task in tasks_of(yaml.safe_load(file.read_text(encoding="utf-8"))) for name in names_of(task)}
    assert {name for name in names if not name.startswith(PREFIXES)} == set()


@pytest.mark.parametrize("folder", ["vars", "defaults"])
def test_so_has_every_variable(folder: str) -> None:
    names = yaml.safe_load((ROLE / folder / "main.yml").read_text(encoding="utf-8"))
    assert {name for name in names if not name.startswith(PREFIXES)} == set()


def test_no_task_passes_an_option_of_the_aws_connection() -> None:
    """`omit` beats the play's module_defaults: see __connect_lambda_rds_aws."""
    variables = yaml.safe_load((ROLE / "vars" / "main.yml").read_text(encoding="utf-8"))
    options = set(variables["__connect_lambda_rds_aws_options"])
    passed = {
        (file.stem, option)
        for file in FILES
        for task in tasks_of(yaml.safe_load(file.read_text(encoding="utf-8")))
        for module, arguments in task.items()
        if module.startswith(("cloudops.", "amazon.")) and isinstance(arguments, dict)
        for option in options & arguments.keys()
    }
    assert passed == set()
