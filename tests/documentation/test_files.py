# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the documents lead to is there for a user of Galaxy too, who gets no Makefile, tests or demo."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import pytest

from .documents import TOP, Document, Section, documents
from .reader import Reader

LINK = re.compile(r"\]\((?P<file>[^)#\s]*)(?:#(?P<anchor>[^)\s]+))?\)")
# What has to stand before a command or a path that only a clone of the repository has.
NEEDS_A_CLONE = re.compile(r"\b(clone|checkout|repository)\b")
COMMAND = re.compile(r"(?P<program>make|python|ansible-[a-z]+) (?P<argument>\S+)")

each_document = pytest.mark.parametrize("document", documents(), ids=lambda document: document.file)
SECTIONS = [section for document in documents() for section in document.sections]


@each_document
def test_the_documents_are_delivered(reader: Reader, document: Document) -> None:
    assert document.file in reader.files()


@each_document
def test_links_lead_to_what_is_delivered(reader: Reader, document: Document) -> None:
    wrong: list[str] = []
    for section in document.sections:
        for link in LINK.finditer(section.prose):
            if not link["file"].startswith("https://"):
                target = _resolved(document.file, link["file"])
                if target not in reader.files() or (link["anchor"] and link["anchor"] not in _anchors(target)):
                    wrong.append(link[0])
    assert not wrong


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: f"{section.file}, {section.heading!r}")
def test_what_needs_a_clone_is_said_to(reader: Reader, section: Section) -> None:
    wrong = [
        code
        for code, text in (*section.code(), *_files_in_prose(section))
        if _needs_a_clone(code, reader) and not NEEDS_A_CLONE.search(text)
    ]
    assert not wrong, "say before that this is for a clone of the repository"


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: f"{section.file}, {section.heading!r}")
def test_commands_in_code_exist(reader: Reader, section: Section) -> None:
    for code, _text in section.code():
        if command := COMMAND.match(code):
            assert _exists(reader, command["program"], command["argument"], code), code


def _exists(reader: Reader, program: str, argument: str, code: str) -> bool:
    if program == "make":
        return re.search(rf"^{argument}:", (TOP / "Makefile").read_text(encoding="utf-8"), re.MULTILINE) is not None
    if program == "python":
        return (TOP / argument).is_file()
    return reader.run(code, {}, reader.new_folder()).status == 0


def _needs_a_clone(code: str, reader: Reader) -> bool:
    command = COMMAND.match(code)
    if command and command["program"] == "make":
        return True
    path = command["argument"] if command else code
    named = path.strip("/")
    delivered = any(file == named or file.startswith(f"{named}/") for file in reader.files())
    return bool(re.search(r"[/.]", path)) and (TOP / path).exists() and not delivered


def _files_in_prose(section: Section) -> list[tuple[str, str]]:
    """Files that are named without being code or a link, and the text up to the end of their paragraph."""
    return [
        (found[0], section.prose[: section.prose.find("\n\n", found.end())])
        for found in re.finditer(r"(?<![`(\w/])[\w./-]+\.(md|ya?ml|py)\b", section.prose)
    ]


def _resolved(file: str, link: str) -> str:
    if not link:
        return file
    parts: list[str] = []
    for part in (PurePosixPath(file).parent / link).parts:
        parts = parts[:-1] if part == ".." else [*parts, part]
    return "/".join(parts)


def _anchors(file: str) -> set[str]:
    headings = [section.heading for document in documents() if document.file == file for section in document.sections]
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
