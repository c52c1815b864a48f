# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Shows now and then where a module is that keeps its stage in a file (_progress.py). PRIVATE to the collection."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Callable, Optional

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process.progress import (
    RECORD_BYTES,
    Stage,
    stage_from,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process.threads import (
    signals_left_to_the_main_thread,
)

# A run that ends before shows nothing.
FIRST_SECONDS = 5.0
_JOIN_SECONDS = 1


class ProgressLines:
    """A context manager around the run of a module: makes the file, and shows the stage in it by a thread.

    Nothing that goes wrong here matters to the run; there are no lines then.
    """

    def __init__(self, directory: str, show: Callable[[Stage, float], None], interval: float) -> None:
        """
        :param show: shows a stage, and how many seconds ago it was told
        :param interval: seconds between lines, after the first one
        """
        self.path = ""
        self._directory = directory
        self._show = show
        self._interval = interval
        self._file: Optional[int] = None
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> ProgressLines:
        with suppress(OSError, RuntimeError):
            self._file, path = tempfile.mkstemp(prefix="progress-", dir=self._directory)
            # The disk has no room, or has it for good.
            os.pwrite(self._file, b" " * RECORD_BYTES, 0)
            self.path = path
            with signals_left_to_the_main_thread():
                self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.end()
        if self._thread.ident is not None:
            self._thread.join(_JOIN_SECONDS)
        # A thread that hangs in a terminal keeps its file until the process ends.
        if self._file is not None and not self._thread.is_alive():
            os.close(self._file)
            self._file = None
        with suppress(OSError):
            Path(self.path).unlink()

    def end(self) -> None:
        """No more lines from here on."""
        self._end.set()

    def stage(self) -> Optional[Stage]:
        """What the module has told last; None where it has told nothing."""
        if self._file is None:
            return None
        try:
            return stage_from(os.pread(self._file, RECORD_BYTES, 0))
        except OSError:
            return None

    def _run(self) -> None:
        pause = FIRST_SECONDS
        # Whatever showing a line runs into.
        with suppress(Exception):
            while not self._end.wait(pause):
                pause = self._interval
                stage = self.stage()
                if stage is not None and self._file is not None:
                    self._show(stage, max(0.0, time.time() - os.fstat(self._file).st_mtime))
