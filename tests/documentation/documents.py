# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What users read: README.md, the roles' READMEs and docs/, and the blocks that stand in them."""

from __future__ import annotations

import functools
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
DOCUMENTS = ("README.md", "roles/*/README.md", "docs/*.md")
QUOTE = "quote"

_HEADING = re.compile(r"#{1,6} +(?P<text>.*)")
_FENCE = re.compile(r"(?P<indent> *)(?P<fence>`{3,}|~{3,}) *(?P<language>\S*)")
_CODE = re.compile(r"`+([^`]+)`+")


@dataclass(frozen=True)
class Place:
    """Where a block stands: its number below a heading. Line numbers change too often to name one by."""

    file: str
    heading: str
    number: int = 1

    def __str__(self) -> str:
        return f"{self.file}, {self.heading!r}, block {self.number}"


@dataclass(frozen=True)
class Block:
    """A fenced block, or a quoted paragraph (then its language is QUOTE), as it stands in a document."""

    place: Place
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.place} ({self.place.file}:{self.line}, {self.language or 'no language'}): {self.first_line}"

    @property
    def first_line(self) -> str:
        return self.text.strip().split("\n", 1)[0]


@dataclass(frozen=True)
class Section:
    """A heading and the text below it, up to the next heading, without fenced blocks."""

    file: str
    heading: str
    prose: str

    def code(self) -> Iterator[tuple[str, str]]:
        """Each code span, and the text up to the end of its paragraph."""
        for found in _CODE.finditer(self.prose):
            end = self.prose.find("\n\n", found.end())
            yield " ".join(found[1].split()), self.prose[: end if end >= 0 else None]


@dataclass(frozen=True)
class Document:
    file: str
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]


@functools.cache
def documents() -> tuple[Document, ...]:
    """All of them, those that are new and not yet committed too."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *DOCUMENTS]
    listed = subprocess.run(command, cwd=TOP, check=True, capture_output=True, text=True)
    files = [name for name in listed.stdout.split("\n") if name and (TOP / name).is_file()]
    return tuple(parse(name, (TOP / name).read_text(encoding="utf-8")) for name in sorted(files))


def blocks() -> dict[Place, Block]:
    return {block.place: block for document in documents() for block in document.blocks}


def parse(file: str, text: str) -> Document:
    """
    :raises ValueError: a fence is not closed
    """
    reading = _Reading(file)
    lines = iter(enumerate(text.splitlines(), 1))
    for number, line in lines:
        if heading := _HEADING.fullmatch(line):
            reading.begin(heading["text"])
        elif fence := _FENCE.fullmatch(line):
            reading.add(number, fence["language"], _fenced(lines, fence, f"{file}:{number}"))
        else:
            reading.read(number, line)
    return reading.end()


def _fenced(lines: Iterator[tuple[int, str]], fence: re.Match[str], where: str) -> str:
    """The lines up to the closing fence, without the indentation of the opening one."""
    content: list[str] = []
    for _number, line in lines:
        if line.strip().startswith(fence["fence"]) and not line.strip().strip(fence["fence"][0]):
            return "".join(f"{each}\n" for each in content)
        content.append(line.removeprefix(fence["indent"]))
    raise ValueError(f"{where}: this block is not closed")


class _Reading:
    """A document, as far as it has been read."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._heading = ""
        self._prose: list[str] = []
        self._quoted: list[str] = []
        self._sections: list[Section] = []
        self._blocks: list[Block] = []
        self._numbers: Counter[str] = Counter()

    def begin(self, heading: str) -> None:
        self._end_section()
        self._heading = heading

    def read(self, number: int, line: str) -> None:
        quoted = line.startswith(">")
        if self._quoted and not quoted:
            self.add(number - len(self._quoted), QUOTE, "".join(self._quoted))
            self._quoted = []
        if quoted:
            self._quoted.append(f"{line[1:].strip()}\n")
        self._prose.append(line)

    def add(self, line: int, language: str, text: str) -> None:
        self._numbers[self._heading] += 1
        place = Place(self._file, self._heading, self._numbers[self._heading])
        self._blocks.append(Block(place, line, language, text))

    def end(self) -> Document:
        self.read(0, "")
        self._end_section()
        return Document(self._file, tuple(self._blocks), tuple(self._sections))

    def _end_section(self) -> None:
        self._sections.append(Section(self._file, self._heading, "\n".join(self._prose)))
        self._prose = []
