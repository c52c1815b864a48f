# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""For pytest: a conftest.py imports the fixtures from here.

One emulator a test process, started by the first test that asks for it, empty at the start of each test.
"""

from __future__ import annotations

import atexit
import functools
import os
import time
from collections.abc import Callable
from typing import Any, TypeVar, cast

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients

__all__ = ["aws", "built_once", "emulator", "plain_moto_fails"]

Built = TypeVar("Built")
# The name of the checkpoint, and what was built.
BUILT: dict[tuple[str, Callable[..., Any]], tuple[str, Any]] = {}


@functools.cache
def started(*, plain: bool) -> Emulator:
    emulator = Emulator(plain=plain).start()
    atexit.register(emulator.stop)
    return emulator


@pytest.fixture
def emulator(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """Empty; plain moto where `plain_moto_fails` asks for it.

    Its clock stands still but for sleeping: whoever sleeps in this process moves it, and loses no time.
    """
    emulator = started(plain=getattr(request, "param", False))
    emulator.reset()
    emulator.set(clock_flows=False)
    monkeypatch.setattr(time, "sleep", emulator.advance)
    return emulator


@pytest.fixture
def aws(emulator: Emulator) -> Clients:
    """Clients of an empty account."""
    return Clients.of(emulator)


def built_once(emulator: Emulator, build: Callable[[Emulator], Built]) -> Built:
    """What `build` makes in an empty emulator. It is called for the first test only, and gone back to for the others.

    Building an account takes longer than many tests. What `build` returns is shared, so it must not change.
    """
    key = (emulator.url, build)
    if key not in BUILT:
        BUILT[key] = f"built {len(BUILT)}", build(emulator)
        emulator.checkpoint(BUILT[key][0], outlives_reset=True)
    name, built = BUILT[key]
    emulator.restore(name)  # at first too: all tests start alike
    return cast(Built, built)


def plain_moto_fails(why: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The test runs twice: it passes on the emulator and fails on moto as it is, or the bridge is no longer needed.

    On moto as it is only with PLAIN_MOTO in the environment (`make plain-moto`): it is pinned, and does not change.
    """
    on_emulator = pytest.param(False, id="emulator")
    on_moto = pytest.param(True, id="moto", marks=pytest.mark.xfail(strict=True, reason=f"moto {why}"))
    runs = [on_emulator, on_moto] if "PLAIN_MOTO" in os.environ else [on_emulator]
    return pytest.mark.parametrize("emulator", runs, indirect=True)
