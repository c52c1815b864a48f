# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a module imports when it starts. Ansible packs all that it may import, but Python compiles what it does import,
for every task anew: so what only some tasks need is imported where they need it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
# Packages and modules of module_utils that only some tasks of a module need, or none.
VERDICT = ("_reachability.read", "_reachability.verdict", "_reachability.findings", "_connection.verify")
JAPANESE, PREVIEW, CONNECTION, PROXY, CLEANUP = (
    "_reachability.catalogue.japanese", "_preview", "_connection", "_proxy", "_cleanup",
)  # fmt: skip
NOT_AT_START = {
    "lambda_rds_cleanup": (*VERDICT, JAPANESE, PREVIEW, PROXY),
    "lambda_rds_connection": (*VERDICT, JAPANESE, PROXY, CLEANUP),
    "lambda_rds_connection_info": (JAPANESE, PREVIEW, CONNECTION, PROXY, CLEANUP),
    "rds_db_proxy": (*VERDICT, JAPANESE, CONNECTION, CLEANUP),
    "rds_db_proxy_info": (*VERDICT, JAPANESE, PREVIEW, CONNECTION, CLEANUP),
}

# In a process of its own, which has imported nothing of ours yet.
IMPORT = """
import importlib, json, sys
ours = "ansible_collections.cloudops.lambda_rds.plugins."
for name in sys.argv[1:]:
    importlib.import_module(f"{ours}modules.{name}")
    imported = [each for each in sys.modules if each.startswith(ours)]
    print(json.dumps([each.removeprefix(ours + "module_utils.") for each in imported]))
    for each in imported:
        del sys.modules[each]
"""


@pytest.fixture(scope="module")
def imported() -> dict[str, set[str]]:
    """By module, what it has imported of module_utils."""
    command = [sys.executable, "-c", IMPORT, *NOT_AT_START]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {name: set(json.loads(line)) for name, line in zip(NOT_AT_START, printed.splitlines(), strict=True)}


def test_every_module_is_asked() -> None:
    assert sorted(NOT_AT_START) == sorted(path.stem for path in (PLUGINS / "modules").glob("*.py"))


@pytest.mark.parametrize("name", NOT_AT_START)
def test_what_only_some_tasks_need_is_not_imported_at_the_start(name: str, imported: dict[str, set[str]]) -> None:
    for part in NOT_AT_START[name]:
        assert list((PLUGINS / "module_utils").glob(f"{part.replace('.', '/')}*"))
        assert {each for each in imported[name] if each == part or each.startswith(f"{part}.")} == set()
