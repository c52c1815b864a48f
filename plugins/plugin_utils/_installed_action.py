# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Runs a module on the controller from where the collection is installed. PRIVATE to the collection.

Ansible reads all files that a module imports to pack them, and Python compiles them where they are unpacked, anew for
each task: together that takes longer than all else that a run with nothing to do does. On the controller the files are
there, compiled. Elsewhere, and for another user, who may be unable to read them, the module is packed as always.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Optional

from ansible.plugins.action.normal import ActionModule as NormalAction

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._installed import ENVIRONMENT_VARIABLE, NOT_FOUND

_RUNNER = "cloudops.lambda_rds.run_installed"
_MODULES = Path(__file__).resolve().parents[1] / "modules"


class InstalledAction(NormalAction):  # type: ignore[misc]
    """An action plugin with the name of a module is run in its place; this one runs the module."""

    def _execute_module(self, module_name: Optional[str] = None, *args: Any, **kwargs: Any) -> Any:
        execute = super()._execute_module
        if module_name is None and self._finds_it_installed():
            with self._told(ENVIRONMENT_VARIABLE, str(_MODULES / f"{_module_of(self)}.py")):
                result = execute(_RUNNER, *args, **kwargs)
            if NOT_FOUND not in result:
                return result
        return execute(module_name, *args, **kwargs)

    def _update_module_args(self, module_name: str, *args: Any, **kwargs: Any) -> None:
        """The name is for what the module says of itself."""
        says = self._task.action if module_name == _RUNNER else module_name
        super()._update_module_args(says, *args, **kwargs)

    def _finds_it_installed(self) -> bool:
        """Of a task in the background it would be known too late."""
        return self._is_on_controller() and self._connection.become is None and not self._task.async_val

    def _is_on_controller(self) -> bool:
        return bool(self._connection.transport == "local")

    @contextmanager
    def _told(self, variable: str, value: str) -> Iterator[None]:
        """The module finds it in its environment."""
        told = {variable: value}
        self._task.environment.append(told)
        try:
            yield
        finally:
            self._task.environment.remove(told)


def _module_of(action: object) -> str:
    """The module's name, which is that of the file that the action plugin is in."""
    return type(action).__module__.rpartition(".")[2]
