# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options, return values and names that there are, from the documentation of modules and role."""

from __future__ import annotations

import functools
import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.cloudops.lambda_rds.demo.surroundings import installed
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.codes import CODES

from .documents import TOP
from .reader import PREFIX

ROLE_NAME = "connect_lambda_rds"
VARIABLE = re.compile(rf"\b{ROLE_NAME}_[a-z0-9_]*[a-z0-9]")
_ROLE = TOP / "roles" / ROLE_NAME

Options = Mapping[str, Any]


@functools.cache
def module_documentation() -> dict[str, Any]:
    """By short name, with the options of amazon.aws: as ansible-doc shows it."""
    names = [PREFIX + path.stem for path in sorted((TOP / "plugins/modules").glob("*.py"))]
    command = [str(installed("ansible-doc")), "--json", "--type", "module", *names]
    ran = subprocess.run(command, env={**os.environ, "LC_ALL": "C.UTF-8"}, check=True, capture_output=True, text=True)
    return {name.removeprefix(PREFIX): documentation for name, documentation in json.loads(ran.stdout).items()}


def module_options(name: str) -> Options:
    options: Options = module_documentation()[name]["doc"].get("options") or {}
    return options


@functools.cache
def entry_points() -> dict[str, Options]:
    """The role's variables by entry point."""
    specifications = yaml.safe_load((_ROLE / "meta/argument_specs.yml").read_text(encoding="utf-8"))
    return {name: entry.get("options", {}) for name, entry in specifications["argument_specs"].items()}


@functools.cache
def role_variables() -> Options:
    return {name: option for options in entry_points().values() for name, option in options.items()}


@functools.cache
def other_variables() -> frozenset[str]:
    """What the role registers, and what the playbooks take besides."""
    registered = re.compile(rf"register: ({ROLE_NAME}_\w+)")
    tasks = "\n".join(_texts(_ROLE / "tasks"))
    taken = VARIABLE.findall("\n".join(re.findall(r"{{.*?}}", "\n".join(_texts(TOP / "playbooks")))))
    return frozenset({*registered.findall(tasks), *taken})


@functools.cache
def names() -> frozenset[str]:
    """Everything of the collection that a document may name: options, keys of results, plugins, codes of findings."""
    documented = module_documentation().values()
    options = {name for each in documented for name in _all_keys(each["doc"].get("options"), "suboptions")}
    returned = {name for each in documented for name in _all_keys(each["return"], "contains")}
    return frozenset({*options, *returned, *role_variables(), *other_variables(), *_plugins(), *CODES})


def complaints(options: Options, given: Mapping[str, Any]) -> list[str]:
    """What is wrong with the names and values of these options. What a template gives is known at run time only."""
    known = {alias: name for name, option in options.items() for alias in (name, *(option.get("aliases") or ()))}
    templated = {name for name, value in given.items() if "{{" in str(value)}
    unknown = [f"there is no {name}" for name in given if name not in known]
    rest = {name: value for name, value in given.items() if name in known and name not in templated}
    specification = {
        name: part
        for name, part in _argument_spec(options).items()
        if not templated & {name, *(part.get("aliases") or ())}
    }
    return unknown + list(ArgumentSpecValidator(specification).validate(rest).error_messages)


def _argument_spec(options: Options) -> dict[str, Any]:
    kept = ("type", "elements", "choices", "required", "aliases")
    return {
        name: {
            **{key: option[key] for key in kept if option.get(key)},
            "no_log": False,
            **({"options": _argument_spec(option["suboptions"])} if option.get("suboptions") else {}),
            **({"options": _argument_spec(option["options"])} if option.get("options") else {}),
        }
        for name, option in options.items()
    }


def _all_keys(documented: Options | None, inner: str) -> Iterator[str]:
    for name, each in (documented or {}).items():
        yield name
        yield from each.get("aliases") or ()
        yield from map(str, each.get("choices") or ())
        yield from _all_keys(each.get(inner), inner)


def _plugins() -> Iterator[str]:
    yield ROLE_NAME
    for path in (*(TOP / "plugins/modules").glob("*.py"), *(TOP / "plugins/filter").glob("*.py")):
        yield path.stem
    for path in (TOP / "playbooks").glob("*.yml"):
        yield path.stem


def _texts(folder: Path) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yml"))]
