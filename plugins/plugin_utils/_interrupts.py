# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What becomes of a module on this machine when Ansible is interrupted. PRIVATE to the collection.

Ansible passes SIGINT and SIGTERM on to its workers, each of which kills its process group, the module with it, and
itself. Here the worker passes the signal on but waits until the module has ended in order (_stop.py), and then dies as
it would have. ansible-playbook itself waits for its workers before it exits.
"""

from __future__ import annotations

import os
import signal
import threading
from typing import Any, Callable

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process.threads import ENDING_SIGNALS

# The module ends after the call that it is in. botocore can hang in one for minutes, and nobody waits so long.
PATIENCE_SECONDS = 30.0


class Interrupts:
    """A context manager around the run of a module.

    Its process group is that of the worker alone, as Ansible makes it; where it is not, all is left to Ansible.
    """

    def __init__(self, interrupted: Callable[[], bool], ended: Callable[[], None]) -> None:
        """
        :param interrupted: called when the signal comes; whether the module will end in order, so that it is waited for
        :param ended: called when it has ended after that
        """
        self._interrupted = interrupted
        self._ended = ended
        self._caught = 0
        self._previous: dict[int, Any] = {}

    def __enter__(self) -> Interrupts:
        if os.getpgrp() == os.getpid() and threading.current_thread() is threading.main_thread():
            self._previous = {number: signal.signal(number, self._catch) for number in ENDING_SIGNALS}
        return self

    def __exit__(self, *_error: object) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)
        if self._caught:
            self._ended()
            self._die(self._caught)

    def _catch(self, number: int, _frame: object) -> None:
        if self._caught:
            return  # our own signal to the group, and those that Ansible sends after the first one
        self._caught = number
        if not self._interrupted():
            self._die(number)
        patience = threading.Timer(PATIENCE_SECONDS, os._exit, [1])
        patience.daemon = True
        patience.start()
        os.killpg(os.getpgrp(), number)

    def _die(self, number: int) -> None:
        handler = self._previous[number]
        if callable(handler):
            handler(number, None)
        os._exit(1)
