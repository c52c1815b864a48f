# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every option, variable and name in the documents exists, and takes the value that it is given there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from .documents import TOP, Block, Document, blocks, documents
from .reader import PREFIX
from .specifications import (
    ROLE_NAME,
    VARIABLE,
    complaints,
    entry_points,
    module_documentation,
    module_options,
    names,
    other_variables,
    role_variables,
)

# Names in code spans that are somebody else's.
ELSEWHERE = {
    "import_role": "Ansible",
    "include_role": "Ansible",
    "max_connections": "PostgreSQL",
    "module_defaults": "Ansible",
    "source_profile": "the AWS configuration file",
}

YAML = [block for block in blocks().values() if block.language == "yaml"]
each_document = pytest.mark.parametrize("document", documents(), ids=lambda document: document.file)


@pytest.mark.parametrize("block", YAML, ids=lambda block: str(block.place))
def test_options_of_a_block_are_real(block: Block) -> None:
    wrong = list(wrong_options(yaml.safe_load(block.text)))
    assert not wrong, f"{block}: {wrong}"


@pytest.mark.parametrize("name", sorted(module_documentation()))
def test_options_of_module_examples_are_real(name: str) -> None:
    tasks = yaml.safe_load(module_documentation()[name]["examples"])
    assert len(tasks) > 0
    assert not list(wrong_options(tasks))


@each_document
def test_variables_are_real(document: Document) -> None:
    text = (TOP / document.file).read_text(encoding="utf-8")
    known = {*role_variables(), *other_variables()}
    unknown = set(VARIABLE.findall(text)) - known
    # `connect_lambda_rds_proxy_*` stands for several.
    several = {name for name in unknown if f"{name}_*" in text and any(each.startswith(name) for each in known)}
    wrong = sorted(unknown - several)
    assert not wrong, "the role has no such variable"


@each_document
def test_names_in_code_are_real(document: Document) -> None:
    words = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")
    named = {code for section in document.sections for code, _text in section.code() if words.fullmatch(code)}
    wrong = sorted(named - names() - ELSEWHERE.keys())
    assert not wrong, "neither of the collection nor in ELSEWHERE"


@each_document
def test_values_in_code_are_real(document: Document) -> None:
    """As in `state: absent`."""
    wrong: list[str] = []
    for section in document.sections:
        for code, _text in section.code():
            if re.fullmatch(r"[a-z_]+: \S+", code):
                wrong += wrong_value(*next(iter(yaml.safe_load(code).items())))
    assert not wrong


@each_document
def test_full_names_are_real(document: Document) -> None:
    """As in `cloudops.lambda_rds.lambda_rds_connection`."""
    text = (TOP / document.file).read_text(encoding="utf-8")
    named = set(re.findall(rf"\b{re.escape(PREFIX)}(\w+)", text))
    wrong = sorted(named - names() - {"aws"})  # the action group
    assert not wrong


def wrong_options(content: Any) -> Iterator[str]:
    """Of plays, tasks and inventories: what is wrong with the options of our modules and with our variables."""
    if isinstance(content, list):
        for each in content:
            yield from wrong_options(each)
    elif isinstance(content, dict):
        yield from _of_role(content)
        for key, value in content.items():
            name = str(key).removeprefix(PREFIX)
            if str(key).startswith(PREFIX):
                yield from complaints(module_options(name), value or {})
            elif str(key).startswith("group/"):
                # Options of amazon.aws, which all of our modules have.
                yield from complaints(module_options("lambda_rds_connection"), value)
            else:
                yield from wrong_options(value)


def _of_role(content: dict[str, Any]) -> Iterator[str]:
    """Variables of the role, wherever they are given; each entry point takes its own."""
    given = {key: value for key, value in content.items() if VARIABLE.fullmatch(str(key))}
    yield from complaints(role_variables(), given)
    for key in ("ansible.builtin.import_role", "ansible.builtin.include_role"):
        role = content.get(key, {})
        if role.get("name") == PREFIX + ROLE_NAME:
            options = entry_points()[role.get("tasks_from", "main")]
            yield from (f"{name} is not of this entry point" for name in content.get("vars", {}) if name not in options)


def wrong_value(name: str, value: Any) -> Iterator[str]:
    if name == "tasks_from":
        if value not in entry_points():
            yield f"{name}: {value}"
    elif name in role_variables():
        yield from complaints(role_variables(), {name: value})
    else:
        specifications = [module_options(module) for module in module_documentation()]
        found = [complaints({name: options[name]}, {name: value}) for options in specifications if name in options]
        if not any(wrong == [] for wrong in found):
            yield f"no module has {name}: {value}"
