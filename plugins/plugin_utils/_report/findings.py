# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Findings in a report; those that several functions have in common form a group. PRIVATE to the collection."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.findings import (
    BLOCKS,
    NOTE,
    RISK,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.texts import brief

from .words import WORDS

SEVERITIES = (BLOCKS, RISK, NOTE)
Connection = Mapping[str, Any]


@dataclass(frozen=True)
class Link:
    """A function, and where the page has its details."""

    name: str
    anchor: str


@dataclass(frozen=True)
class Finding:
    """What is wrong, what to do about it, and where AWS says so."""

    code: str
    severity: str
    brief: str
    message: str
    remedy: str
    source: str


@dataclass(frozen=True)
class FindingGroup:
    """A finding and the functions that have it; with an anchor if these are several."""

    finding: Finding
    functions: Sequence[Link]
    anchor: str

    @property
    def shared(self) -> bool:
        return bool(self.anchor)


# By the finding without the function's name.
FindingGroups = Mapping[Finding, FindingGroup]


def link_to(number: int, connection: Connection) -> Link:
    return Link(connection["function_name"], f"function-{number + 1}")


def findings_of(connection: Connection, language: str) -> list[Finding]:
    """Those of one function, the most severe first."""
    found = (_finding(data, language) for data in connection["findings"])
    return sorted(found, key=lambda finding: _rank(finding.severity))


def group_findings(connections: Sequence[Connection], language: str) -> FindingGroups:
    """Those of all functions, the most severe and the most frequent first."""
    links: dict[Finding, list[Link]] = {}
    originals: dict[Finding, Finding] = {}
    for number, connection in enumerate(connections):
        for data in connection["findings"]:
            finding = _finding(data, language)
            key = without_name(finding, connection, language)
            originals.setdefault(key, finding)
            links.setdefault(key, []).append(link_to(number, connection))
    order = sorted(links, key=lambda key: (_rank(key.severity), -len(links[key])))
    shared = [key for key in order if len(links[key]) > 1]
    anchors = {key: f"shared-{number}" for number, key in enumerate(shared, 1)}
    return {
        key: FindingGroup(key if key in anchors else originals[key], links[key], anchors.get(key, "")) for key in order
    }


def without_name(finding: Finding, connection: Connection, language: str) -> Finding:
    """Findings that differ only in the name of the function become equal."""
    name = re.compile(rf"(?<![\w-]){re.escape(connection['function_name'])}(?![\w-])", re.ASCII)
    message, remedy = (
        name.sub(lambda _match: WORDS[language]["each"], text) for text in (finding.message, finding.remedy)
    )
    return replace(finding, message=message, remedy=remedy)


def _finding(data: Mapping[str, Any], language: str) -> Finding:
    code = data["code"]
    return Finding(
        code, data["severity"], brief(code, language), *(data[text] for text in ("message", "remedy", "source"))
    )


def _rank(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)
