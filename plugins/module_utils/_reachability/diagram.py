# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The way to a database as a Mermaid flowchart, which GitHub, GitLab and editors draw. PRIVATE to the collection.

Function, its security groups, what lies between, the database's groups, the database: an arrow where the way is open,
a crossed line with the cause where it ends. What lies between is drawn only where it is not open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Optional

from .._model.databases import Database
from .catalogue.hops import (
    CLOSED,
    DATABASE_HOP,
    EGRESS_HOP,
    FUNCTION,
    INGRESS_HOP,
    OPEN,
    PARTLY,
    PROXY_HOP,
    RETURN,
    UNKNOWN,
    Hop,
    Verdict,
)
from .catalogue.texts import brief, texts_in

# With these a function is not where the database is.
OUTSIDE = frozenset({"not_in_vpc", "other_vpc", "function_missing"})
# So many resources are named in a box; the others are counted.
_NAMED = 3
_GROUP = {"en": "Security group", "ja": "セキュリティグループ"}
_LINES = {OPEN: "-->", CLOSED: "-.-x", PARTLY: "-.->", UNKNOWN: "---"}
_COLOURS = {CLOSED: "#d1242f", PARTLY: "#bf8700"}
# Everything else is written by its number: Mermaid knows quotes, brackets, # and much more as its own.
_PLAIN = re.compile(r"[^\w .,/:+-]")


def diagram(
    verdict: Verdict,
    database: Optional[Database],
    proxy_target: Optional[Database],
    language: str,
    vpc_id: Optional[str] = None,
) -> str:
    """The flowchart.

    :param behind: what a proxy, as the database, leads to; another VPC than the endpoint's is drawn apart
    :param vpc_id: the function's VPC, if it is known; another one than the database's is drawn apart
    """
    here = database.vpc_id if database else None
    beyond = proxy_target.vpc_id if proxy_target else None
    chart = _Chart(language, _function_place(verdict, database, vpc_id), _HERE if beyond in (None, here) else _BEYOND)
    for hop in verdict.hops:
        if hop.segment == 1 or proxy_target is not None:
            chart.add(hop)
    return chart.text({_THERE: vpc_id, _HERE: here, _BEYOND: beyond})


_HERE = "vpc"
_THERE = "function_vpc"
_BEYOND = "second_vpc"
_NOWHERE = ""


def _function_place(verdict: Verdict, database: Optional[Database], vpc_id: Optional[str]) -> str:
    codes = {code for hop in verdict.hops for code in hop.codes}
    if vpc_id is not None and database is not None and database.vpc_id not in (None, vpc_id):
        return _THERE
    return _NOWHERE if codes & OUTSIDE else _HERE


@dataclass
class _Chart:
    """Collects boxes, each in its place, and the edges between one and the next."""

    language: str
    function_place: str
    second_place: str
    flows: dict[str, list[str]] = field(default_factory=dict)
    edges: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    last: str = ""
    start: Optional[Hop] = None
    answer: Optional[Hop] = None

    def add(self, hop: Hop) -> None:
        place = self.function_place if hop.segment == 1 and hop.kind in (FUNCTION, EGRESS_HOP) else self._far_place(hop)
        name = f"{hop.kind}_{hop.segment}"
        if hop.kind in (FUNCTION, PROXY_HOP, DATABASE_HOP):
            self._end(hop, name, place)
        elif hop.kind == EGRESS_HOP:
            self._egress(hop, name, place)
        elif hop.kind == INGRESS_HOP:
            self._flow(name, place, f'(["{self._group_label(hop)}"])')
            self._edge(name, hop, f"ingress: {hop.detail}")
        elif hop.kind == RETURN:
            self.answer = hop
        elif _is_news(hop):
            self._between(hop, name)

    def _far_place(self, hop: Hop) -> str:
        """Where the far end of its leg is."""
        return _HERE if hop.segment == 1 else self.second_place

    def _between(self, hop: Hop, name: str) -> None:
        self._flow(
            name, self._far_place(hop), f'{{{{"{_lines([texts_in(self.language).HOPS[hop.kind], *hop.resources])}"}}}}'
        )
        self._edge(name, hop)

    def _end(self, hop: Hop, name: str, place: str) -> None:
        opening, closing = {FUNCTION: ("[", "]"), PROXY_HOP: ("[[", "]]"), DATABASE_HOP: ("[(", ")]")}[hop.kind]
        label = _lines([texts_in(self.language).HOPS[hop.kind], *hop.resources])
        self._flow(name, place, f'{opening}"{label}"{closing}')
        if self.last:
            self._edge(name, hop)
        self.last = name
        # Answers start where the way ends.
        if self.answer is not None and _is_news(self.answer):
            self._between(self.answer, f"{RETURN}_{self.answer.segment}")
        self.last, self.answer = name, None
        # What is wrong with a function is said where the way leaves it.
        self.start = hop if hop.kind == FUNCTION else None

    def _egress(self, hop: Hop, name: str, place: str) -> None:
        leaving = self.start if self.start and self.start.state != OPEN else hop
        if hop.resources:
            self._flow(name, place, f'(["{self._group_label(hop)}"])')
            self._edge(name, self.start or Hop(hop.kind, hop.segment, OPEN))
            leaving = hop
        middle = f"network_{hop.segment}"
        self._flow(middle, self._far_place(hop), '((" "))')
        self._edge(middle, leaving, f"egress: {hop.detail}" if leaving is hop else "")

    def _group_label(self, hop: Hop) -> str:
        return _lines([_GROUP[self.language], *hop.resources])

    def _flow(self, name: str, place: str, shape: str) -> None:
        self.flows.setdefault(place, []).append(f"{name}{shape}")

    def _edge(self, name: str, hop: Hop, text: str = "") -> None:
        told = [text]
        if _is_news(hop):
            causes = [brief(code, self.language) for code in hop.codes[:2]]
            told.append(": ".join(filter(None, [texts_in(self.language).STATES[hop.state], ", ".join(causes)])))
        label = _lines(filter(None, told))
        label = f'|"{label}"|' if label else ""
        if hop.state in _COLOURS:
            self.styles.append(f"linkStyle {len(self.edges)} stroke:{_COLOURS[hop.state]},stroke-width:2px")
        self.edges.append(f"{self.last} {_LINES[hop.state]}{label} {name}")
        self.last = name

    def text(self, vpc_ids: Mapping[str, Optional[str]]) -> str:
        """:param vpc_ids: by place, in the order in which they are drawn"""
        lines = ["flowchart TB", *(f"    {flow}" for flow in self.flows.get(_NOWHERE, []))]
        for place, its_id in vpc_ids.items():
            if place in self.flows:
                lines.append(f'    subgraph {place}["{_escaped(f"VPC {its_id}" if its_id else "VPC")}"]')
                # Otherwise a subgraph without an edge from outside is drawn from left to right.
                lines += [f"        {line}" for line in ("direction TB", *self.flows[place])]
                lines.append("    end")
        return "".join(f"{line}\n" for line in [*lines, *(f"    {line}" for line in (*self.edges, *self.styles))])


def _is_news(hop: Hop) -> bool:
    """Of what no packet comes to, nothing is said."""
    return hop.state in (CLOSED, PARTLY) or (hop.state == UNKNOWN and bool(hop.codes))


def _lines(texts: Iterable[str]) -> str:
    """A label of several lines: what it is, and the first few ids or names."""
    told = list(texts)
    first, left = told[: 1 + _NAMED], len(told) - 1 - _NAMED
    return "<br>".join(_escaped(text) for text in (*first, *([f"+{left}"] if left > 0 else [])))


def _escaped(text: str) -> str:
    return _PLAIN.sub(lambda match: f"#{ord(match[0])};", " ".join(text.split()))
