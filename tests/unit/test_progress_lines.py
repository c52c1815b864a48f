# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import os
import queue
import tempfile
import time
from pathlib import Path

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process.progress import Phase, Progress, Stage
from ansible_collections.cloudops.lambda_rds.plugins.plugin_utils import _progress_lines
from ansible_collections.cloudops.lambda_rds.plugins.plugin_utils._progress_lines import ProgressLines

STAGE = Stage(Phase.UPDATE, 1, 2)
SECONDS = 10


class Screen:
    def __init__(self) -> None:
        self.lines: queue.SimpleQueue[tuple[Stage, float]] = queue.SimpleQueue()

    def show(self, stage: Stage, age: float) -> None:
        self.lines.put((stage, age))

    def next(self) -> tuple[Stage, float]:
        return self.lines.get(timeout=SECONDS)


@pytest.fixture
def screen() -> Screen:
    return Screen()


@pytest.fixture
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_progress_lines, "FIRST_SECONDS", 0.01)


@pytest.mark.usefixtures("_soon")
def test_the_latest_stage_is_shown_again_and_again(screen: Screen, tmp_path: Path) -> None:
    with ProgressLines(str(tmp_path), screen.show, 0.01) as lines:
        assert lines.stage() is None
        Progress(lines.path).tell(STAGE)
        assert [screen.next()[0], screen.next()[0]] == [STAGE, STAGE]
        later = Stage(Phase.SETTLE, 1, 2)
        Progress(lines.path).tell(later)
        while screen.next()[0] != later:
            pass
    assert lines.stage() is None
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("_soon")
def test_how_long_ago_it_was_told(screen: Screen, tmp_path: Path) -> None:
    with ProgressLines(str(tmp_path), screen.show, 0.01) as lines:
        Progress(lines.path).tell(STAGE)
        told = time.time() - 100
        os.utime(lines.path, (told, told))
        while screen.next()[1] < 100:
            pass
        ahead = time.time() + 100
        os.utime(lines.path, (ahead, ahead))
        while screen.next()[1] > 0:
            pass


def test_a_short_run_shows_nothing_and_takes_no_time(screen: Screen, tmp_path: Path) -> None:
    began = time.monotonic()
    with ProgressLines(str(tmp_path), screen.show, 0) as lines:
        Progress(lines.path).tell(STAGE)
    assert screen.lines.empty()
    assert time.monotonic() - began < 1


@pytest.mark.usefixtures("_soon")
def test_after_the_end_there_are_no_more_lines(screen: Screen, tmp_path: Path) -> None:
    with ProgressLines(str(tmp_path), screen.show, 0.01) as lines:
        Progress(lines.path).tell(STAGE)
        screen.next()
        lines.end()
        lines._thread.join(SECONDS)
        while not screen.lines.empty():
            screen.next()
        # An interruption asks after the end still.
        assert lines.stage() == STAGE


@pytest.mark.usefixtures("_soon")
def test_a_screen_that_is_gone_does_not_matter(tmp_path: Path) -> None:
    def show(_stage: Stage, _age: float) -> None:
        raise BrokenPipeError

    with ProgressLines(str(tmp_path), show, 0.01) as lines:
        Progress(lines.path).tell(STAGE)
        lines._thread.join(SECONDS)
        assert not lines._thread.is_alive()


@pytest.mark.usefixtures("_soon")
def test_without_a_place_for_the_file_there_are_no_lines(screen: Screen, tmp_path: Path) -> None:
    with ProgressLines(str(tmp_path / "none"), screen.show, 0.01) as lines:
        assert lines.path == ""
        assert lines.stage() is None
        Progress(lines.path).tell(STAGE)
    assert screen.lines.empty()


@pytest.mark.usefixtures("_soon")
def test_on_a_full_disk_there_are_no_lines(screen: Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = os.open("/dev/full", os.O_RDWR)
    monkeypatch.setattr(tempfile, "mkstemp", lambda **_where: (full, str(tmp_path / "progress")))
    with ProgressLines(str(tmp_path), screen.show, 0.01) as lines:
        assert lines.path == ""


def test_a_file_that_somebody_took_away_does_not_matter(screen: Screen, tmp_path: Path) -> None:
    with ProgressLines(str(tmp_path), screen.show, 1) as lines:
        Path(lines.path).unlink()
