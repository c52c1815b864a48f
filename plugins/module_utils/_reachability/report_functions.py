# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Functions in a report: an overview of all, and the path and findings of each. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .catalogue.findings import BLOCKS
from .catalogue.hops import CLOSED, OPEN, UNKNOWN
from .catalogue.texts import HOPS, STATES, brief
from .report_findings import Findings, anchor_of, badge, cards_of, links_to
from .report_html import Markup, joined, tag
from .report_picture import mark, picture
from .report_words import WORDS

Connection = Mapping[str, Any]


# What is wrong comes first.
_VERDICTS = {CLOSED: "not_reachable", UNKNOWN: "maybe_reachable", OPEN: "reachable"}
_PATHS = tuple(_VERDICTS)


def path_of(connection: Connection) -> str:
    """OPEN, CLOSED or UNKNOWN."""
    path = connection["path"]
    return path if path in _PATHS else UNKNOWN


def broken_first(connections: Sequence[Connection]) -> list[int]:
    """The numbers of the functions, in the order in which they are shown."""
    return sorted(range(len(connections)), key=lambda number: _PATHS.index(path_of(connections[number])))


def overview(connections: Sequence[Connection], language: str) -> Markup:
    """The functions that do not, or perhaps not, reach the database in tables, the others as a list to open."""
    words = WORDS[language]
    numbers = {path: [n for n, each in enumerate(connections) if path_of(each) == path] for path in _PATHS}
    parts = list[Markup]()
    for path, word in ((CLOSED, "broken"), (UNKNOWN, "unproved")):
        if numbers[path]:
            title = tag("h3", words[word].format(count=len(numbers[path])))
            parts += [title, _table(numbers[path], connections, language)]
    if numbers[OPEN]:
        title = tag("summary", tag("h3", words["working"].format(count=len(numbers[OPEN]))))
        parts.append(tag("details", title, links_to(numbers[OPEN], connections), open="" if parts else "open"))
    return tag("section", tag("h2", words["functions"]), *parts, class_="overview")


def _table(numbers: Iterable[int], connections: Sequence[Connection], language: str) -> Markup:
    words = WORDS[language]
    head = tag("tr", *(tag("th", words[word], scope="col") for word in ("function", "causes", "found")))
    rows = (_table_row(number, connections[number], language) for number in numbers)
    return tag("table", tag("thead", head), tag("tbody", *rows), class_="table")


def _table_row(number: int, connection: Connection, language: str) -> Markup:
    found = connection["findings"]
    hiding = {code for hop in connection["hops"] if hop["state"] == UNKNOWN for code in hop["codes"]}
    told = (each["code"] for each in found if each["severity"] == BLOCKS or each["code"] in hiding)
    causes = dict.fromkeys(brief(code, language) for code in told)
    counts = dict.fromkeys(each["severity"] for each in found)
    badges = [
        tag("span", badge(severity, language), f" {sum(each['severity'] == severity for each in found)}")
        for severity in counts
    ]
    name = tag("a", connection["function_name"], href=f"#{anchor_of(number)}")
    return tag(
        "tr",
        tag("th", mark(path_of(connection)), " ", name, scope="row"),
        tag("td", *(tag("span", cause, class_="cause") for cause in causes)),
        tag("td", *badges, class_="counts"),
    )


def details(number: int, connection: Connection, result: Mapping[str, Any], findings: Findings) -> Markup:
    """Everything about one function, to be opened; what does not reach the database is open already.

    The anchor is inside, so that a browser opens it for whoever follows a link there.
    """
    path = path_of(connection)
    verdict = WORDS[findings.language][_VERDICTS[path]]
    title = tag("h3", mark(path), " ", connection["function_name"])
    summary = tag("summary", title, " ", tag("span", verdict, class_="verdict"))
    inside = tag("div", _body(connection, result, findings, ("h4", "h5")), id=anchor_of(number), class_="inside")
    return tag("details", summary, inside, open="" if path == OPEN else "open", class_="function")


def only(connection: Connection, result: Mapping[str, Any], findings: Findings) -> Markup:
    """The same of the only function: nothing to open."""
    return tag("section", _body(connection, result, findings, ("h2", "h3")), class_="only", id=anchor_of(0))


def _body(connection: Connection, result: Mapping[str, Any], findings: Findings, headings: tuple[str, str]) -> Markup:
    language = findings.language
    words = WORDS[language]
    return joined(
        [
            tag(headings[0], words["path"], class_="small"),
            picture(connection, result["database"], language),
            tag(headings[0], words["findings"], class_="small"),
            cards_of(findings, connection, headings[1]),
            tag("details", tag("summary", words["more"]), _more(connection, language), class_="more"),
        ]
    )


def _more(connection: Connection, language: str) -> Markup:
    words = WORDS[language]
    diagram = connection.get("diagram") or ""
    chart = [tag("p", words["diagram"]), tag("pre", diagram, tabindex="0")] if diagram else []
    return joined([_facts(connection, language), _hops(connection, language), *chart])


def _facts(connection: Connection, language: str) -> Markup:
    words = WORDS[language]
    managed = connection.get("managed")
    known = "not_known" if managed is None else "yes" if managed else "no"
    facts = (
        ("ARN", connection.get("function_arn")),
        (words["state"], connection.get("state")),
        (words["last_update"], connection.get("last_update_status")),
        (words["vpc"], connection.get("vpc_id") or words["no_vpc"]),
        (words["subnets"], ", ".join(connection.get("subnet_ids") or ())),
        (words["groups"], ", ".join(connection.get("security_group_ids") or ())),
        (words["managed"], words[known]),
    )
    return facts_list(facts)


def facts_list(facts: Iterable[tuple[str, Any]]) -> Markup:
    """Names and values; what is not known is left out."""
    items = (tag("div", tag("dt", name), tag("dd", str(value))) for name, value in facts if value)
    return tag("dl", *items, class_="facts")


def _hops(connection: Connection, language: str) -> Markup:
    words = WORDS[language]
    return tag(
        "table",
        tag("caption", words["hops"]),
        tag("tbody", *(_hop(hop, language) for hop in connection["hops"])),
        class_="table",
    )


def _hop(hop: Mapping[str, Any], language: str) -> Markup:
    told = ", ".join(filter(None, [*hop["resources"], hop["detail"]]))
    causes = (tag("span", brief(code, language), class_="cause") for code in hop["codes"])
    return tag(
        "tr",
        tag("th", HOPS[language].get(hop["kind"], hop["kind"]), scope="row"),
        tag("td", mark(hop["state"]), " ", STATES[language].get(hop["state"], hop["state"]), *causes),
        tag("td", told),
    )
