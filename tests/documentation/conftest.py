# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The stage of a session, and the counts of blocks at its end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import started

from .documents import blocks
from .examples import COMPARED, EXAMPLES, LISTED
from .reader import Reader
from .stage import Attempt, Example, Stage

Play = Callable[[Example], Attempt]


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return Reader.with_collection(tmp_path_factory.mktemp("reader"))


@pytest.fixture(scope="session")
def stage(reader: Reader) -> Stage:
    emulator = started(plain=False)
    emulator.reset()
    emulator.checkpoint("empty")
    return Stage(reader, emulator)


@pytest.fixture(scope="session")
def play(stage: Stage) -> Play:
    """Tries an example out, once a session."""
    attempts: dict[Example, Attempt] = {}

    def played(example: Example) -> Attempt:
        if example not in attempts:
            attempts[example] = stage.play(example)
        return attempts[example]

    return played


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    run = {place for example in EXAMPLES for place in example.places}
    terminalreporter.write_line(
        f"{len(blocks())} blocks: {len(run)} run, {len(COMPARED)} compared, {len(LISTED)} listed"
    )
    for entry in LISTED:
        terminalreporter.write_line(f"  not run: {entry.place}: {entry.reason}")
