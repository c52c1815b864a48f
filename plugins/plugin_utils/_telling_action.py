# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Runs a module as Ansible would, and says meanwhile where it is, and what follows from Ctrl-C. PRIVATE."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, Optional

from ansible import constants
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible.utils.display import Display

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._progress import ENVIRONMENT_VARIABLE, Stage
from ansible_collections.cloudops.lambda_rds.plugins.plugin_utils import _standard_error
from ansible_collections.cloudops.lambda_rds.plugins.plugin_utils._interrupts import Interrupts
from ansible_collections.cloudops.lambda_rds.plugins.plugin_utils._progress_lines import ProgressLines
from ansible_collections.cloudops.lambda_rds.plugins.plugin_utils._progress_texts import stage_text, texts_in

# Seconds between lines: at a terminal somebody waits, elsewhere a log grows.
_TERMINAL_INTERVAL = 10.0
_LOG_INTERVAL = 30.0


class TellingAction(NormalAction):  # type: ignore[misc]
    """An action plugin with the name of a module is run in its place; this one runs the module."""

    def run(self, tmp: Optional[str] = None, task_vars: Optional[dict[str, Any]] = None) -> Any:
        if self._task.async_val:
            # It goes on in the background, whatever happens here.
            return super().run(tmp, task_vars)
        voice = Voice(self._task, task_vars or {})
        with self._lines(voice) as lines, ExitStack() as stack:
            if not self._task.check_mode:
                stack.enter_context(Interrupts(lambda: self._interrupted(voice, lines), voice.ended))
            voice.result = super().run(tmp, task_vars)
        return voice.result

    @contextmanager
    def _lines(self, voice: Voice) -> Iterator[Optional[ProgressLines]]:
        """The module is told by its environment where to keep its stage; on another node there is nothing to tell."""
        if self._connection.transport != "local":
            yield None
            return
        interval = _TERMINAL_INTERVAL if _standard_error.is_terminal() else _LOG_INTERVAL
        with ProgressLines(constants.DEFAULT_LOCAL_TMP, voice.show, interval) as lines:
            told = {ENVIRONMENT_VARIABLE: lines.path}
            self._task.environment.append(told)
            try:
                yield lines
            finally:
                self._task.environment.remove(told)

    def _interrupted(self, voice: Voice, lines: Optional[ProgressLines]) -> bool:
        """Says what follows; whether the module is at work, and gets the signal: not as another user, but for root."""
        gets_it = lines is not None and (self._connection.become is None or os.geteuid() == 0)
        began = lines is not None and lines.stage() is not None
        if lines is not None:
            lines.end()
        voice.interrupted(gets_it=gets_it, began=began)
        return gets_it and began


class Voice:
    """What is said of a task on a host, in the task's language."""

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

    def interrupted(self, *, gets_it: bool, began: bool) -> None:
        texts = self._texts
        text = texts.going_on if not gets_it else texts.stopping if began else texts.unchanged
        self._say(text.format(module=self._module))

    def ended(self) -> None:
        """After an interruption, when the result is there."""
        changes = len(self.result.get("changes", ()))
        if not self.result.get("failed"):
            self._say(self._texts.ended)
        elif changes:
            self._say(self._texts.stopped.format(changes=changes))
        else:
            self._say(self._texts.unchanged)

    def _say(self, text: str) -> None:
        _standard_error.write_line(f"interrupted: [{self._host}] => {text}")
