# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Chromium without a screen, by the WebDriver protocol: JSON over HTTP, so it takes no package but Debian's two."""

from __future__ import annotations

import base64
import contextlib
import json
import re
import shutil
import subprocess
import tempfile
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import IO, Any

PROGRAMS = ("chromium", "google-chrome", "google-chrome-stable")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
# Nobody's proxy stands between us and the driver on this machine.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def program() -> str | None:
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def missing() -> list[str]:
    """What has to be installed."""
    return [*([] if program() else ["chromium"]), *([] if shutil.which("chromedriver") else ["chromium-driver"])]


class Browser:
    """A fresh profile that is thrown away afterwards."""

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        profile = self._stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        driver = self._stack.enter_context(
            subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        )
        self._stack.callback(driver.terminate)
        assert driver.stdout is not None
        self._url = f"http://127.0.0.1:{_port(driver.stdout)}/session"
        options = {"binary": program(), "args": [*QUIET, f"--user-data-dir={profile}"]}
        wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        session = self._ask("POST", "", {"capabilities": {"alwaysMatch": wanted}})
        self._url += f"/{session['sessionId']}"
        self._stack.callback(self._ask, "DELETE", "")

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.close()

    def open(self, page: Path) -> None:
        """Load a file, and wait until it is loaded."""
        self._ask("POST", "/url", {"url": page.as_uri()})

    def run(self, script: str, *arguments: Any) -> Any:
        """The value that a function's body returns, or what it resolves to."""
        return self._ask("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def devtools(self, command: str, **parameters: Any) -> Any:
        return self._ask("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def show_as(self, *, width: int = 1280, height: int = 900, scheme: str = "light", media: str = "screen") -> None:
        phone = width < 600
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if phone else 1,
            mobile=phone,
        )
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.devtools("Emulation.setEmulatedMedia", media=media, features=features)

    def picture(self, *, height: int | None = None) -> bytes:
        """A PNG of the page from its top, all of it or so much."""
        size = self.devtools("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], height or 1e9), "scale": 1}
        shot = self.devtools("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        return base64.b64decode(shot["data"])

    def console(self) -> list[str]:
        """What the console has said since the last time."""
        return [entry["message"] for entry in self._ask("POST", "/se/log", {"type": "browser"})]

    def requests(self) -> list[str]:
        """The addresses that were asked for since the last time."""
        entries = self._ask("POST", "/se/log", {"type": "performance"})
        messages = [json.loads(entry["message"])["message"] for entry in entries]
        sent = [each for each in messages if each["method"] == "Network.requestWillBeSent"]
        return [each["params"]["request"]["url"] for each in sent]

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"{self._url}{path}", data, {"Content-Type": "application/json"}, method=method
        )
        with _opener.open(request, timeout=60) as answer:
            return json.load(answer)["value"]


def _port(output: IO[str]) -> str:
    for line in output:
        if found := re.search(r"started successfully on port (\d+)", line):
            return found[1]
    raise RuntimeError("chromedriver did not start")
