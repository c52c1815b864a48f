# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One ministack a test process, and the summary line."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from ansible_collections.cloudops.lambda_rds.tests import botocore_models

from .desk import Allowed, Desk, Proved
from .ministack import Ministack

botocore_models.share()

# Lambda's updates take half a second here, and waiters look every second.
SLEEP = time.sleep
LONGEST_SLEEP = 0.1


@pytest.fixture(scope="session")
def ministack() -> Iterator[Ministack]:
    with Ministack() as running:
        yield running


@pytest.fixture(scope="session")
def allowed() -> Allowed:
    """What the runs do where all is allowed, as far as it was asked for."""
    return {}


@pytest.fixture
def desk(
    ministack: Ministack,
    allowed: Allowed,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Desk:
    """Nothing of the environment, nor of this user's configuration, takes part. Nobody sleeps longer than need be."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_URL", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/dev/null")
    monkeypatch.setattr(time, "sleep", lambda seconds: SLEEP(min(seconds, LONGEST_SLEEP)))
    return Desk(ministack, monkeypatch, capsys, allowed)


@pytest.fixture
def proved(request: pytest.FixtureRequest) -> Proved:
    return lambda kind, action: request.node.user_properties.append((kind, action))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    shown: dict[str, list[str]] = {}
    for report in terminalreporter.getreports("passed"):
        for kind, action in report.user_properties:
            shown.setdefault(str(kind), []).append(str(action))
    needed = shown.pop("needed", [])
    others = "".join(f", {len(names)} {kind} ({', '.join(names)})" for kind, names in sorted(shown.items()))
    count = len(needed) + sum(map(len, shown.values()))
    terminalreporter.write_line(f"permissions: {count} actions, {len(needed)} each proved needed{others}")
