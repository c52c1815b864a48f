# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import queue
import signal
from pathlib import Path

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process.concurrency import Clock, Threaded, call_all
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process.progress import Phase, Progress, Stage
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process.threads import (
    ENDING_SIGNALS,
    signals_left_to_the_main_thread,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.read.reader import Reader
from ansible_collections.cloudops.lambda_rds.plugins.plugin_utils import _progress_lines
from ansible_collections.cloudops.lambda_rds.plugins.plugin_utils._progress_lines import ProgressLines

ENDING = set(ENDING_SIGNALS)


def blocked(*_item: object) -> set[int]:
    """Those of SIGINT and SIGTERM that the thread which asks does not get."""
    return {number for number in signal.pthread_sigmask(signal.SIG_BLOCK, []) if number in ENDING}


def test_what_was_blocked_before_is_afterwards() -> None:
    assert blocked() == set()
    with signals_left_to_the_main_thread():
        assert blocked() == ENDING
        with signals_left_to_the_main_thread():
            pass
        assert blocked() == ENDING
    assert blocked() == set()


def test_calls_side_by_side_do_not_get_them() -> None:
    assert call_all(blocked, range(8)) == [ENDING] * 8
    crew = Threaded(Clock(lambda _seconds: None))
    crew.submit("call", blocked)
    finished = crew.next(10)
    crew.close()
    assert finished is not None
    assert finished.answer == ENDING
    assert blocked() == set()


def test_parallel_reads_do_not_get_them() -> None:
    with Reader() as reader:
        assert reader.read("ec2:DescribeVpcs", blocked, None).result() == ENDING


def test_the_progress_of_a_worker_does_not_get_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(_progress_lines, "FIRST_SECONDS", 0.01)
    seen: queue.SimpleQueue[set[int]] = queue.SimpleQueue()
    with ProgressLines(str(tmp_path), lambda *_shown: seen.put(blocked()), 0.01) as lines:
        Progress(lines.path).tell(Stage(Phase.UPDATE, 1, 2))
        assert seen.get(timeout=10) == ENDING
    assert blocked() == set()
