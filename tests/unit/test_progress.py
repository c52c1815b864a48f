# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process.progress import (
    ENVIRONMENT_VARIABLE,
    RECORD_BYTES,
    SILENT,
    Phase,
    Progress,
    Stage,
    stage_from,
)

STAGE = Stage(Phase.UPDATE, done=120, total=1000, limit=15, seconds_left=58)
PLAIN = {"doing": "update", "done": 1, "total": 2, "what": "", "limit": 0, "seconds_left": None, "at_most": None}


def kept(path: Path) -> Stage | None:
    return stage_from(path.read_bytes()[:RECORD_BYTES])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "progress"
    path.touch()
    return path


def test_the_latest_stage_is_kept(path: Path) -> None:
    progress = Progress.of_environment({ENVIRONMENT_VARIABLE: str(path)})
    progress.tell(Stage(Phase.RELEASE, what="sg-0a1b2c3d4e5f60718", at_most=900.5))
    assert kept(path) == Stage(Phase.RELEASE, what="sg-0a1b2c3d4e5f60718", at_most=900)
    progress.tell(STAGE)
    assert kept(path) == STAGE
    assert path.stat().st_size == RECORD_BYTES


def test_threads_may_tell_at_the_same_time(path: Path) -> None:
    progress = Progress(str(path))
    stages = [Stage(Phase.UPDATE, done=done, total=1000) for done in range(1000)]
    seen: list[Stage | None] = []

    def tell(some: list[Stage]) -> None:
        for stage in some:
            progress.tell(stage)
            seen.append(kept(path))

    threads = [threading.Thread(target=tell, args=(stages[first::8],)) for first in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(seen) <= set(stages)


def test_nobody_listens(tmp_path: Path) -> None:
    Progress.of_environment({}).tell(STAGE)
    SILENT.tell(STAGE)
    Progress(str(tmp_path / "none")).tell(STAGE)
    Progress("a\0b").tell(STAGE)
    assert not list(tmp_path.iterdir())


def test_a_fifo_that_nobody_reads_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    Progress(str(tmp_path / "fifo")).tell(STAGE)


def test_the_reader_vanishes(path: Path) -> None:
    progress = Progress(str(path))
    path.unlink()
    progress.tell(STAGE)
    assert not path.exists()


def test_a_full_disk_does_not_matter() -> None:
    progress = Progress("/dev/full")
    with pytest.raises(OSError, match="No space"), open("/dev/full", "wb", buffering=0) as full:  # noqa: PTH123
        full.write(b"x")
    progress.tell(STAGE)


@given(
    st.builds(
        Stage,
        st.sampled_from(Phase),
        st.integers(0, 10**6),
        st.integers(0, 10**6),
        st.text(),
        st.integers(0, 1000),
        st.none() | st.integers(0, 10**6).map(float),
        st.none() | st.integers(0, 10**6).map(float),
    )
)
def test_every_stage_has_room(tmp_path_factory: pytest.TempPathFactory, stage: Stage) -> None:
    path = tmp_path_factory.mktemp("stages") / "progress"
    path.touch()
    Progress(str(path)).tell(stage)
    told = kept(path)
    assert told is not None
    assert (told.doing, told.done, told.total, told.limit) == (stage.doing, stage.done, stage.total, stage.limit)
    assert (told.seconds_left, told.at_most) == (stage.seconds_left, stage.at_most)
    assert told.what in "".join(character for character in stage.what if character.isprintable())


@pytest.mark.parametrize(
    "changed",
    [
        {"doing": "dance"},
        {"done": "many"},
        {"total": None},
        {"limit": 1e999},
        {"seconds_left": "soon"},
        {"at_most": float("nan")},
    ],
    ids=str,
)
def test_what_is_no_stage_is_none(changed: dict[str, Any]) -> None:
    assert stage_from(json.dumps(PLAIN).encode()) == Stage(Phase.UPDATE, 1, 2)
    assert stage_from(json.dumps({**PLAIN, **changed}).encode()) is None


@pytest.mark.parametrize("record", [b"", b" " * 1024, b"[]", b"7", b'{"doing": "update"}', b'{"doing": "upd', b"\xff"])
def test_nothing_readable_is_none(record: bytes) -> None:
    assert stage_from(record) is None


def test_what_comes_from_the_file_cannot_command_a_terminal() -> None:
    told = stage_from(json.dumps({**PLAIN, "what": "sg-1\x1b[2J\r\n" + "x" * 100}).encode())
    assert told is not None
    assert told.what == ("sg-1[2J" + "x" * 100)[:60]
