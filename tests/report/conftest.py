# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A browser for the tests. A developer may do without Chromium; CI may not."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.plugin_utils._report.report import report
from ansible_collections.cloudops.lambda_rds.tests.report.browser import Browser, missing

Show = Callable[..., None]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if packages := missing():
        absent = f"not installed: {', '.join(packages)} (apt-get install chromium chromium-driver)"
        if os.environ.get("CI"):
            pytest.fail(absent)
        pytest.skip(absent)
    with Browser() as started:
        yield started


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Show:
    """Opens the page of a result, as wide and in such a scheme of colours."""

    def opened(result: dict[str, Any], *, opened: bool = False, **device: Any) -> None:
        page = tmp_path / "report.html"
        page.write_text(report(result, result["language"], generated="2026-11-25 07:30 UTC"))
        browser.show_as(**device)
        browser.console()
        browser.requests()
        browser.open(page)
        if opened:
            browser.run("for (const each of document.querySelectorAll('details')) each.open = true")

    return opened
