# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The result of lambda_rds_connection_info as an HTML page to read, print and forward. PRIVATE to the collection.

One file that needs no network and no script. Python prepares the data, the templates make the HTML.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.hops import (
    CLOSED,
    OPEN,
    UNKNOWN,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.texts import (
    brief,
    texts_in,
)

from .findings import SEVERITIES, Connection, FindingGroup, group_findings
from .functions import Facts, Function, function_data
from .words import WORDS

# The worst path comes first. The words are those for one function, and for several.
_ONE = {CLOSED: "one_closed", UNKNOWN: "one_unknown", OPEN: "one"}
_SEVERAL = {CLOSED: "some", UNKNOWN: "some_known", OPEN: "all"}
_PATHS = tuple(_ONE)

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters["brief"] = brief


@dataclass(frozen=True)
class Page:
    """What the page shows; ``path`` is the worst of all paths, None without functions."""

    title: str
    generated: str
    path: Optional[str]
    answer: str
    counts: Mapping[str, int]
    database: Facts
    groups: Sequence[FindingGroup]
    functions: Sequence[Function]


def report(result: Mapping[str, Any], language: str, title: str = "", generated: str = "") -> str:
    """The whole page.

    :param result: what the module returned
    :param title: the heading, in place of the default one
    :param generated: a time, as the page shows it
    """
    page = _page(result, language, title or WORDS[language]["title"], generated)
    return _TEMPLATES.get_template("page.html.j2").render(
        page=page,
        language=language,
        words=WORDS[language],
        hop_names=texts_in(language).HOPS,
        state_names=texts_in(language).STATES,
    )


def _page(result: Mapping[str, Any], language: str, title: str, generated: str) -> Page:
    connections: Sequence[Connection] = result["connections"]
    groups = group_findings(connections, language)
    database, words = result["database"], WORDS[language]
    functions = [
        function_data(number, connection, database, groups, language) for number, connection in enumerate(connections)
    ]
    paths = [function.path for function in functions]
    found = Counter(finding.severity for finding in groups)
    return Page(
        title=title,
        generated=generated,
        path=_worst(paths),
        answer=_answer(paths, connections, database, words),
        counts={severity: found[severity] for severity in SEVERITIES},
        database=_database(database, words),
        groups=[group for group in groups.values() if group.shared],
        functions=sorted(functions, key=lambda function: _PATHS.index(function.path)),
    )


def _worst(paths: Sequence[str]) -> Optional[str]:
    return min(paths, key=_PATHS.index, default=None)


def _answer(
    paths: Sequence[str], connections: Sequence[Connection], database: Mapping[str, Any], words: Mapping[str, str]
) -> str:
    """The one sentence that everybody reads."""
    worst = _worst(paths)
    if worst is None:
        return words["none"]
    return words[(_ONE if len(paths) == 1 else _SEVERAL)[worst]].format(
        function=connections[0]["function_name"],
        open=paths.count(OPEN),
        total=len(paths),
        database=database.get("identifier") or words["no_database"],
    )


def _database(database: Mapping[str, Any], words: Mapping[str, str]) -> Facts:
    return (
        (words["database"], _named(database)),
        (words["endpoint"], ":".join(str(database[key]) for key in ("endpoint", "port") if database.get(key))),
        (words["status"], database.get("status")),
        (words["vpc"], database.get("vpc_id")),
        (words["groups"], ", ".join(database.get("security_group_ids") or ())),
        (words["behind"], _named(database.get("target") or {})),
    )


def _named(database: Mapping[str, Any]) -> str:
    return " ".join(str(database[key]) for key in ("kind", "identifier") if database.get(key))
