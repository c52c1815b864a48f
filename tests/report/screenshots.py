# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pictures of the report of a result: screenshots.py RESULT.json DIRECTORY [NAME=report]

NAME.png is as wide as a desk, NAME-phone.png as a phone, each also in the dark. Given docs instead of a file, it makes
the pictures of docs/images/, of paths in the emulator.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from ansible_collections.cloudops.lambda_rds.plugins.plugin_utils._report.report import report
from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.report.account import Account
from ansible_collections.cloudops.lambda_rds.tests.report.browser import Browser

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 780}
VIEWS: dict[str, dict[str, Any]] = {
    "": DESK,
    "-dark": {**DESK, "scheme": "dark"},
    "-phone": PHONE,
    "-phone-dark": {**PHONE, "scheme": "dark"},
}
# A picture of a hundred functions would be as long as a street.
HIGHEST = {1280: 1500, 360: 1150}
GENERATED = "2026-11-25 07:30 UTC"


def take(browser: Browser, result: dict[str, Any], picture: Path, **view: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "report.html")
        page.write_text(report(result, result["language"], generated=GENERATED))
        browser.show_as(**view)
        browser.open(page)
        picture.write_bytes(browser.picture(height=HIGHEST[view["width"]]))
    print(f"{picture}: {picture.stat().st_size // 1024} kB")


def main() -> None:
    source, folder, *names = sys.argv[1:]
    Path(folder).mkdir(parents=True, exist_ok=True)
    with Browser() as browser:
        if source == "docs":
            with Emulator() as emulator:
                account = Account(emulator)
                take(browser, account.look(), Path(folder, "report-working.png"), **DESK)
                account.spoil()
                take(browser, account.look(), Path(folder, "report-broken.png"), **DESK)
                take(browser, account.look_at_a_hundred("ja"), Path(folder, "report-ja-phone.png"), **PHONE)
            return
        result = json.loads(Path(source).read_text())
        for suffix, view in VIEWS.items():
            take(browser, result, Path(folder, f"{names[0] if names else 'report'}{suffix}.png"), **view)


if __name__ == "__main__":
    main()
