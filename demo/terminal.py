# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lines for a terminal of 80 columns, or for a file: with colour only where someone sees it."""

from __future__ import annotations

import os
import sys
import textwrap

WIDTH = 78
BOLD, DIM, RED, GREEN = "1", "2", "31", "32"
PLAIN = str.maketrans("┌┐└┘─│▼·✓✗", "++++-|v-*x")


def styled(text: str, style: str) -> str:
    colours = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return f"\033[{style}m{text}\033[0m" if colours else text


def say(text: str = "") -> None:
    """Print at once, also into a pipe, and in ASCII where the terminal knows no more."""
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    try:
        print(text if unicode else text.translate(PLAIN).encode("ascii", "replace").decode(), flush=True)
    except BrokenPipeError:
        # Who read us has gone, as `make demo` has on Ctrl-C: go on unheard, to an end in order.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def heading(text: str) -> None:
    say(f"\n{styled(text, BOLD)}")


def item(text: str, mark: str, style: str | None = None) -> None:
    """An indented line, its mark in colour; what is too long goes on below."""
    whole = text.replace("(new: ", "(new:\N{NO-BREAK SPACE}")
    lines = textwrap.wrap(whole, WIDTH - 5, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
    shown = "\n   ".join(lines).replace("\N{NO-BREAK SPACE}", " ")
    say(f"   {styled(mark, style) if style else mark} {shown}")
