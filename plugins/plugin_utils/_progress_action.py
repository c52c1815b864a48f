# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Runs a module, and meanwhile shows its progress and what follows from Ctrl-C. PRIVATE."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, Optional

from ansible import constants
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible.utils.display import Display

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process.progress import ENVIRONMENT_VARIABLE, Stage
from ansible_collections.cloudops.lambda_rds.plugins.plugin_utils import _standard_error
from ansible_collections.cloudops.lambda_rds.plugins.plugin_utils._interrupts import Interrupts
from ansible_collections.cloudops.lambda_rds.plugins.plugin_utils._progress_lines import ProgressLines
from ansible_collections.cloudops.lambda_rds.plugins.plugin_utils._progress_texts import stage_text, texts_in

# Seconds between lines: at a terminal somebody waits, elsewhere a log grows.
_TERMINAL_INTERVAL = 10.0
_LOG_INTERVAL = 30.0


class ProgressAction(NormalAction):  # type: ignore[misc]
    """For modules that can take long. An action plugin with the name of a module runs in its place."""

    def run(self, tmp: Optional[str] = None, task_vars: Optional[dict[str, Any]] = None) -> Any:
        if self._task.async_val:
            # It goes on in the background, whatever happens here.
            return super().run(tmp, task_vars)
        messages = TaskMessages(self._task, task_vars or {})
        with self._lines(messages) as lines, ExitStack() as stack:
            if not self._task.check_mode:
                stack.enter_context(Interrupts(lambda: self._interrupted(messages, lines), messages.ended))
            messages.result = super().run(tmp, task_vars)
        return messages.result

    @contextmanager
    def _lines(self, messages: TaskMessages) -> Iterator[Optional[ProgressLines]]:
        """The module finds the file for its stage in its environment; on another node nobody could read that file."""
        if self._connection.transport != "local":
            yield None
            return
        interval = _TERMINAL_INTERVAL if _standard_error.is_terminal() else _LOG_INTERVAL
        shown = ProgressLines(constants.DEFAULT_LOCAL_TMP, messages.show, interval)
        with shown as lines, self._with_environment(ENVIRONMENT_VARIABLE, lines.path):
            yield lines

    @contextmanager
    def _with_environment(self, variable: str, value: str) -> Iterator[None]:
        """Adds a variable to the environment of the module."""
        added = {variable: value}
        self._task.environment.append(added)
        try:
            yield
        finally:
            self._task.environment.remove(added)

    def _interrupted(self, messages: TaskMessages, lines: Optional[ProgressLines]) -> bool:
        """Says what follows; whether the module is at work, and will end in order."""
        if lines is None or not lines.path:
            messages.going_on()
            return False
        lines.end()
        as_us = self._connection.become is None
        if lines.stage() is None:
            # As another user it may be unable to tell.
            messages.unchanged() if as_us else messages.going_on()
            return False
        if not as_us and os.geteuid() != 0:
            messages.going_on()  # the signal does not reach it
            return False
        messages.stopping()
        return True


class TaskMessages:
    """What is shown of a task on a host, in the task's language."""

    def __init__(self, task: Any, task_vars: Mapping[str, Any]) -> None:
        self.result: Mapping[str, Any] = {}
        self._texts = texts_in(task.args.get("language"))
        self._module = task.action.rpartition(".")[2]
        self._silent = bool(task.no_log)
        host = str(task_vars.get("inventory_hostname", ""))
        self._host = f"{host} -> {task.delegate_to}" if task.delegate_to else host

    def show(self, stage: Stage, age: float) -> None:
        if not self._silent:
            line = f"progress: [{self._host}] => {stage_text(stage, age, self._texts)}"
            # Standard output is for the results, which may be JSON.
            Display().display(line, color=constants.COLOR_DEBUG, stderr=True)

    # What follows from an interruption.

    def stopping(self) -> None:
        self._say(self._texts.stopping)

    def going_on(self) -> None:
        self._say(self._texts.going_on)

    def unchanged(self) -> None:
        self._say(self._texts.unchanged)

    def ended(self) -> None:
        """When there is a result; where the module says neither the one nor the other, it does not know either."""
        changes = len(self.result.get("changes", ()))
        if changes and self.result.get("failed"):
            self._say(self._texts.stopped, changes=changes)
        elif str(self.result.get("msg", "")).endswith("Nothing was changed."):
            self.unchanged()
        elif self.result and not self.result.get("failed"):
            self._say(self._texts.ended)

    def _say(self, text: str, changes: int = 0) -> None:
        text = text.format(module=self._module, changes=changes)
        _standard_error.write_line(f"interrupted: [{self._host}] => {text}")
