# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A module of this collection as it is installed, in a process that Ansible has packed less for. PRIVATE."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any, Callable

# The file of the module, told by the action plugin.
ENVIRONMENT_VARIABLE = "LAMBDA_RDS_MODULE"
# The key of a result: that file is not there.
NOT_FOUND = "not_found"

_PLUGINS = "ansible_collections.cloudops.lambda_rds.plugins"


def main_of(module: Path) -> Callable[[], Any]:
    """
    :param module: its file, in plugins/modules of the collection
    """
    # Only what is not in a packed package is looked for where the collection is installed.
    for kind in ("modules", "module_utils"):
        import_module(f"{_PLUGINS}.{kind}").__path__.append(str(module.parent.with_name(kind)))
    main: Callable[[], Any] = import_module(f"{_PLUGINS}.modules.{module.stem}").main
    return main
