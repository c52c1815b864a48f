# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""ansible-playbook's own standard error, for what is to be said when Ansible no longer listens. PRIVATE.

Ansible closes the standard streams of its workers, which say all by ``Display``; but from Ctrl-C on nobody reads what
they send there. Ansible loads an action plugin before it forks the worker for a task, so this copy is made in time.
Where it is not, there is nothing to write to, and nothing is said.
"""

from __future__ import annotations

import multiprocessing
import os
from contextlib import suppress
from typing import Optional


def _copy() -> Optional[int]:
    if multiprocessing.parent_process() is None:
        with suppress(OSError):
            # Programs that are started do not inherit it.
            return os.dup(2)
    return None


_FILE = _copy()


def is_terminal() -> bool:
    return _FILE is not None and os.isatty(_FILE)


def write_line(line: str) -> None:
    if _FILE is not None:
        with suppress(OSError):
            os.write(_FILE, f"{line}\n".encode(errors="replace"))
