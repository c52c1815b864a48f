# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Modules that run on the controller from where the collection is installed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.plugins.action.normal import ActionModule as NormalAction

from ansible_collections.cloudops.lambda_rds.plugins import module_utils, modules
from ansible_collections.cloudops.lambda_rds.plugins.action.rds_db_proxy_info import ActionModule
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._installed import (
    ENVIRONMENT_VARIABLE,
    NOT_FOUND,
    main_of,
)

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
RUNNER = "run_installed"
NAMES = sorted(path.stem for path in (PLUGINS / "modules").glob("*.py") if path.stem != RUNNER)

# In a process of its own, as Ansible has an importer of its own.
PACK = r"""
import base64, io, json, re, sys, zipfile
from ansible.executor.module_common import modify_module
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import init_plugin_loader, module_loader
from ansible.template import Templar

init_plugin_loader([])
interpreter = {"ansible_python_interpreter": sys.executable}
for name in sys.argv[1:]:
    found = module_loader.find_plugin_with_context(f"cloudops.lambda_rds.{name}")
    built = modify_module(
        module_name=found.resolved_fqcn,
        module_path=found.plugin_resolved_path,
        module_args={},
        templar=Templar(DataLoader(), variables=interpreter),
        task_vars=interpreter,
        module_compression="ZIP_STORED",
        environment={},
    )
    data = re.search(rb"zip_data ?= ?[\"']+([A-Za-z0-9+/=\n]+)", built.b_module_data, re.IGNORECASE)
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(data[1]))) as archive:
        print(json.dumps(archive.namelist()))
"""


def test_all_that_is_not_ours_is_packed() -> None:
    asked = [RUNNER, *NAMES]
    printed = subprocess.run([sys.executable, "-c", PACK, *asked], capture_output=True, text=True, check=True).stdout
    brought, *packed = (set(json.loads(line)) for line in printed.splitlines())
    assert len(packed) == len(NAMES)
    for files in packed:
        missing = files - brought
        assert missing
        assert all("/cloudops/lambda_rds/plugins/" in file for file in missing), missing


def test_each_module_has_its_action() -> None:
    assert sorted(path.stem for path in (PLUGINS / "action").glob("*.py")) == NAMES


def test_the_module_of_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What it imports of us is there, too."""
    for package in (modules, module_utils):
        monkeypatch.setattr(package, "__path__", list(package.__path__))
    for file, text in {
        "modules/shout.py": "from ..module_utils._words import main\n",
        "module_utils/_words.py": "main = 'words'.upper\n",
    }.items():
        (tmp_path / file).parent.mkdir()
        (tmp_path / file).write_text(text)
    assert main_of(tmp_path / "modules" / "shout.py")() == "WORDS"


@pytest.fixture
def action(monkeypatch: pytest.MonkeyPatch) -> ActionModule:
    """A task on the controller. What it is asked to run is kept, with the environment; the first one is not found."""
    action = ActionModule.__new__(ActionModule)
    action._task = SimpleNamespace(environment=[{"A": "1"}], async_val=0)
    action._connection = SimpleNamespace(transport="local", become=None)
    action.asked = []

    def execute(_self: object, name: str | None = None, *, task_vars: dict[str, Any]) -> dict[str, Any]:
        action.asked.append((name, *action._task.environment))
        return {**task_vars, **({} if action.asked[1:] else {NOT_FOUND: "x"})}

    monkeypatch.setattr(NormalAction, "_execute_module", execute)
    return action


PACKED = (None, {"A": "1"})


def test_what_is_not_there_is_packed(action: ActionModule) -> None:
    assert action._execute_module(task_vars={"b": 2}) == {"b": 2}
    path = str(PLUGINS / "modules" / "rds_db_proxy_info.py")
    assert action.asked == [(f"cloudops.lambda_rds.{RUNNER}", {"A": "1"}, {ENVIRONMENT_VARIABLE: path}), PACKED]


@pytest.mark.parametrize(
    ("of", "name", "value"),
    [("_connection", "transport", "ssh"), ("_connection", "become", "sudo"), ("_task", "async_val", 60)],
    ids=["another node", "another user", "in the background"],
)
def test_elsewhere_it_is_packed(action: ActionModule, of: str, name: str, value: object) -> None:
    setattr(getattr(action, of), name, value)
    action._execute_module(task_vars={})
    assert action.asked == [PACKED]


def test_any_other_module_is_packed(action: ActionModule) -> None:
    action._execute_module("ansible.builtin.ping", task_vars={})
    assert action.asked == [("ansible.builtin.ping", {"A": "1"})]
