# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The picture of a path in a report: a box a station, in a row or, on a phone, in a column. PRIVATE to the collection.

As in the article that this collection starts from, a frame is the VPC, and a function outside of it is outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Optional

from .catalogue.hops import CLOSED, EGRESS_HOP, FUNCTION, OPEN, PARTLY, UNKNOWN
from .catalogue.texts import HOPS, STATES, brief
from .diagram import OUTSIDE
from .report_html import Markup, tag
from .report_words import WORDS

MARKS = {OPEN: "✓", CLOSED: "✕", PARTLY: "~", UNKNOWN: "?"}
# So many resources are named in a box; the others are counted.
_NAMED = 2


def mark(state: str) -> Markup:
    """A sign that tells a state without its colour; the word beside it is for those who cannot see it."""
    return tag("span", MARKS.get(state, "?"), class_="mark", data_state=state, aria_hidden="true")


def picture(connection: Mapping[str, Any], database: Mapping[str, Any], language: str) -> Markup:
    """Every leg of the path; the second one starts at the proxy."""
    hops: Sequence[Mapping[str, Any]] = connection["hops"]
    second = [hop for hop in hops if hop["leg"] == 2]
    first = [hop for hop in hops if hop["leg"] != 2]
    parts = [_first(first, connection, database, language)]
    if second:
        row = _row([_frame(second, database.get("vpc_id"), language)], WORDS[language]["leg_2"])
        parts = [_caption("leg_1", language), *parts, _caption("leg_2", language), row]
    return tag("div", *parts, class_="picture")


def _caption(leg: str, language: str) -> Markup:
    return tag("p", WORDS[language][leg], class_="leg")


def _first(
    hops: Sequence[Mapping[str, Any]], connection: Mapping[str, Any], database: Mapping[str, Any], language: str
) -> Markup:
    here, there = connection.get("vpc_id"), database.get("vpc_id")
    codes = {code for hop in hops for code in hop["codes"]}
    near = [hop for hop in hops if hop["kind"] in (FUNCTION, EGRESS_HOP)]
    far = [hop for hop in hops if hop not in near]
    label = WORDS[language]["leg_1"]
    if here and there and here != there:
        return _row([_frame(near, here, language), _frame(far, there, language)], label)
    if codes & OUTSIDE or not here:
        return _row([*(_station(hop, language) for hop in hops[:1]), _frame(hops[1:], there, language)], label)
    return _row([_frame(hops, here, language)], label)


def _row(items: Iterable[Markup], label: str) -> Markup:
    return tag("ol", *items, class_="path", aria_label=label)


def _frame(hops: Sequence[Mapping[str, Any]], vpc_id: Optional[str], language: str) -> Markup:
    name = " ".join(filter(None, [WORDS[language]["vpc"], vpc_id]))
    stations = tag("ol", *(_station(hop, language) for hop in hops), class_="path")
    # As wide as its stations.
    return tag("li", tag("span", name, class_="vpc-name"), stations, class_="vpc", style=f"flex-grow:{len(hops)}")


def _station(hop: Mapping[str, Any], language: str) -> Markup:
    state = hop["state"]
    lines = [tag("strong", HOPS[language].get(hop["kind"], hop["kind"]))]
    lines += [tag("code", text) for text in _named(hop["resources"])]
    lines += [tag("span", hop["detail"], class_="detail")] if hop["detail"] else []
    lines.append(tag("span", mark(state), " ", STATES[language].get(state, state), class_="state"))
    lines += [tag("span", brief(code, language), class_="cause") for code in hop["codes"][:2]]
    return tag("li", *lines, class_="station", data_state=state)


def _named(resources: Sequence[str]) -> list[str]:
    left = len(resources) - _NAMED
    return [*resources[:_NAMED], *([f"+{left}"] if left > 0 else [])]
