# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The result of lambda_rds_connection_info as a page to read, to print and to forward. PRIVATE to the collection.

One file that needs no network and no script. What closes a path comes first; what many functions share is said once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .catalogue.hops import CLOSED, OPEN, UNKNOWN
from .report_findings import SEVERITIES, Findings, badge, collect, shared_card
from .report_functions import broken_first, details, facts_list, only, overview, path_of
from .report_html import Markup, joined, tag
from .report_picture import mark
from .report_styles import STYLES
from .report_words import WORDS

# The words for one function, and for several: by the worst of their paths.
_ONE = {CLOSED: "one_closed", UNKNOWN: "one_unknown", OPEN: "one"}
_SEVERAL = {CLOSED: "some", UNKNOWN: "some_known", OPEN: "all"}


def report(result: Mapping[str, Any], language: str, title: str = "", generated: str = "") -> str:
    """The whole page.

    :param result: what the module returned
    :param title: its heading, if another one is wanted
    :param generated: a time, as it is to be shown
    """
    words = WORDS[language]
    heading = title or words["title"]
    findings = collect(result["connections"], language)
    body = [_header(result, findings, heading, generated), tag("main", *_main(result, findings))]
    body.append(tag("footer", tag("p", words["legend"]), tag("p", words["closing"])))
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name_="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name_="color-scheme", content="light dark"),
        tag("title", heading),
        tag("style", Markup(STYLES)),
    )
    return f"<!DOCTYPE html>\n{tag('html', head, tag('body', *body), lang=language)}\n"


def _header(result: Mapping[str, Any], findings: Findings, heading: str, generated: str) -> Markup:
    words = WORDS[findings.language]
    when = [tag("p", words["generated"].format(time=generated), class_="when")] if generated else []
    return tag(
        "header",
        tag("h1", heading, id="top"),
        *when,
        _answer(result, words),
        _counts(findings),
        _database(result["database"], words),
    )


def _answer(result: Mapping[str, Any], words: Mapping[str, str]) -> Markup:
    """The one sentence that everybody reads."""
    connections: Sequence[Mapping[str, Any]] = result["connections"]
    database = result["database"].get("identifier") or words["no_database"]
    paths = list(map(path_of, connections))
    if not connections:
        return tag("p", words["none"], class_="answer")
    state = next(path for path in _ONE if path in paths)
    word = (_ONE if len(paths) == 1 else _SEVERAL)[state]
    text = words[word].format(
        function=connections[0]["function_name"], open=paths.count(OPEN), total=len(paths), database=database
    )
    return tag("p", mark(state), " ", text, class_="answer", data_state=state)


def _counts(findings: Findings) -> Markup:
    counts = (
        tag("li", badge(severity, findings.language), " ", tag("b", str(findings.count(severity))))
        for severity in SEVERITIES
    )
    return tag("ul", *counts, class_="tiles")


def _database(database: Mapping[str, Any], words: Mapping[str, str]) -> Markup:
    target = database.get("target") or {}
    return facts_list(
        (
            (words["database"], _named(database)),
            (
                words["endpoint"],
                ":".join(str(part) for part in (database.get("endpoint"), database.get("port")) if part),
            ),
            (words["status"], database.get("status")),
            (words["vpc"], database.get("vpc_id")),
            (words["groups"], ", ".join(database.get("security_group_ids") or ())),
            (words["behind"], _named(target)),
        )
    )


def _named(database: Mapping[str, Any]) -> str:
    return " ".join(str(database[key]) for key in ("kind", "identifier") if database.get(key))


def _main(result: Mapping[str, Any], findings: Findings) -> Sequence[Markup]:
    connections: Sequence[Mapping[str, Any]] = result["connections"]
    if not connections:
        return ()
    if len(connections) == 1:
        return (only(connections[0], result, findings),)
    words = WORDS[findings.language]
    cards = [shared_card(findings, group, connections) for group in findings.shared]
    shared = [tag("section", tag("h2", words["shared"]), *cards)] if cards else []
    each = (details(number, connections[number], result, findings) for number in broken_first(connections))
    return (
        overview(connections, findings.language),
        *shared,
        tag("section", tag("h2", words["details"]), joined(each), tag("p", tag("a", words["top"], href="#top"))),
    )
