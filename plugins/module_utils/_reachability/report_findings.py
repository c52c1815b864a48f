# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Findings in a report; what several functions have in common is said once. PRIVATE to the collection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .catalogue.findings import BLOCKS, NOTE, RISK
from .catalogue.texts import brief
from .report_html import Markup, joined, link, tag
from .report_words import WORDS

SEVERITIES = (BLOCKS, RISK, NOTE)
_SIGNS = {BLOCKS: "✕", RISK: "!", NOTE: "i"}
Key = tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """A finding and the numbers of the functions that have it, the same but for their names."""

    finding: Mapping[str, Any]
    functions: tuple[int, ...]

    @property
    def shared(self) -> bool:
        return len(self.functions) > 1


@dataclass(frozen=True)
class Findings:
    """Those of all functions, each group once and the gravest first."""

    groups: Mapping[Key, Group]
    language: str

    @property
    def shared(self) -> list[Group]:
        return [group for group in self.groups.values() if group.shared]

    def group_of(self, connection: Mapping[str, Any], finding: Mapping[str, Any]) -> Group:
        return self.groups[_key(connection, finding, self.language)]

    def count(self, severity: str) -> int:
        return sum(group.finding["severity"] == severity for group in self.groups.values())

    def anchor(self, group: Group) -> str:
        return f"shared-{self.shared.index(group) + 1}"


def collect(connections: Sequence[Mapping[str, Any]], language: str) -> Findings:
    functions: dict[Key, list[int]] = {}
    firsts: dict[Key, Mapping[str, Any]] = {}
    for number, connection in enumerate(connections):
        for finding in connection["findings"]:
            key = _key(connection, finding, language)
            firsts.setdefault(key, finding)
            functions.setdefault(key, []).append(number)
    order = sorted(functions, key=lambda key: (rank(firsts[key]), -len(functions[key])))
    return Findings(
        {key: Group(_told(key, firsts[key], functions[key]), tuple(functions[key])) for key in order}, language
    )


def rank(finding: Mapping[str, Any]) -> int:
    severity = finding["severity"]
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def _key(connection: Mapping[str, Any], finding: Mapping[str, Any], language: str) -> Key:
    """What makes two findings one: all but the name of the function."""
    name = re.compile(rf"(?<![\w-]){re.escape(connection['function_name'])}(?![\w-])", re.ASCII)
    texts = [name.sub(lambda _match: WORDS[language]["each"], finding[text]) for text in ("message", "remedy")]
    return (finding["code"], finding["severity"], *texts, finding["source"])


def _told(key: Key, finding: Mapping[str, Any], functions: Sequence[int]) -> Mapping[str, Any]:
    """With a sign in place of the name, if it is about several."""
    return {**finding, "message": key[2], "remedy": key[3]} if len(functions) > 1 else finding


def badge(severity: str, language: str) -> Markup:
    sign = tag("span", _SIGNS.get(severity, "?"), class_="sign", aria_hidden="true")
    return tag("span", sign, WORDS[language].get(severity, severity), class_="badge", data_severity=severity)


def card(finding: Mapping[str, Any], language: str, heading: str, *more: Markup, anchor: str = "") -> Markup:
    """A finding in full: what is wrong, what to do, and where AWS says so."""
    words = WORDS[language]
    title = tag(heading, brief(finding["code"], language), " ", tag("code", finding["code"]))
    source = tag("span", link(finding["source"], words["source"]), class_="source")
    remedy = tag("p", tag("b", words["remedy"]), ": ", finding["remedy"], " ", source)
    return tag(
        "article",
        tag("div", badge(finding["severity"], language), title, class_="card-head"),
        tag("p", finding["message"]),
        remedy,
        *more,
        class_="card",
        data_severity=finding["severity"],
        id=anchor,
    )


def shared_card(findings: Findings, group: Group, connections: Sequence[Mapping[str, Any]]) -> Markup:
    """With the functions that it concerns; where these are all, there is no need to list them."""
    words, count = WORDS[findings.language], len(group.functions)
    if count == len(connections):
        whom = tag("p", words["concerns_all"].format(count=count), class_="whom")
    else:
        names = links_to(group.functions, connections)
        whom = tag(
            "details", tag("summary", words["concerns"].format(count=count)), names, open=_few(count), class_="whom"
        )
    return card(group.finding, findings.language, "h3", whom, anchor=findings.anchor(group))


def _few(count: int) -> str:
    return "open" if count <= 10 else ""


def links_to(functions: Iterable[int], connections: Sequence[Mapping[str, Any]]) -> Markup:
    names = (tag("a", connections[number]["function_name"], href=f"#{anchor_of(number)}") for number in functions)
    return tag("ul", *(tag("li", name) for name in names), class_="names")


def anchor_of(number: int) -> str:
    """Where the details of a function are."""
    return f"function-{number + 1}"


def cards_of(findings: Findings, connection: Mapping[str, Any], heading: str) -> Markup:
    """Those of one function: what it shares with others in a line, with the way there."""
    language, own, elsewhere = findings.language, [], []
    for finding in sorted(connection["findings"], key=rank):
        group = findings.group_of(connection, finding)
        if group.shared:
            elsewhere.append(_line(findings, group, finding))
        else:
            own.append(card(finding, language, heading))
    lines = [tag("ul", *elsewhere, class_="lines")] if elsewhere else []
    return joined([*own, *lines]) if own or lines else tag("p", WORDS[language]["nothing"])


def _line(findings: Findings, group: Group, finding: Mapping[str, Any]) -> Markup:
    """What closes the path is said in full; of the rest a few words will do."""
    language = findings.language
    text = finding["message"] if finding["severity"] == BLOCKS else brief(finding["code"], language)
    where = WORDS[language]["see_shared"].format(count=len(group.functions))
    way = tag("a", where, href=f"#{findings.anchor(group)}")
    return tag("li", badge(finding["severity"], language), " ", text, " (", way, ")")
