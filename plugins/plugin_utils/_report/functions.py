# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The functions in a report: path, findings and details of each. PRIVATE to the collection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.findings import BLOCKS
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.hops import (
    CLOSED,
    OPEN,
    UNKNOWN,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.texts import brief

from .findings import Connection, Finding, FindingGroup, FindingGroups, findings_of, link_to, without_name
from .picture import Hop, Row, picture
from .words import WORDS

# Names and values; the page leaves out the empty ones.
Facts = Sequence[tuple[str, Any]]


@dataclass(frozen=True)
class Function:
    """What the page shows about one function: ``findings`` are its own, ``shared`` those it has in common with others.

    ``causes`` are the findings, in a few words, that close the path or keep it from being known.
    """

    name: str
    anchor: str
    path: str
    causes: Sequence[str]
    counts: Mapping[str, int]
    picture: Sequence[Row]
    findings: Sequence[Finding]
    shared: Sequence[tuple[Finding, FindingGroup]]
    facts: Facts
    hops: Sequence[Hop]
    diagram: str


def function_data(
    number: int, connection: Connection, database: Mapping[str, Any], groups: FindingGroups, language: str
) -> Function:
    link = link_to(number, connection)
    findings = [
        (finding, groups[without_name(finding, connection, language)]) for finding in findings_of(connection, language)
    ]
    return Function(
        name=link.name,
        anchor=link.anchor,
        path=_path(connection),
        causes=_causes(connection, language),
        counts=Counter(data["severity"] for data in connection["findings"]),
        picture=picture(connection, database, language),
        findings=[finding for finding, group in findings if not group.shared],
        shared=[(finding, group) for finding, group in findings if group.shared],
        facts=_facts(connection, WORDS[language]),
        hops=connection["hops"],
        diagram=connection.get("diagram") or "",
    )


def _path(connection: Connection) -> str:
    """OPEN, CLOSED or UNKNOWN, also for the result of a newer release."""
    path: str = connection["path"]
    return path if path in (OPEN, CLOSED) else UNKNOWN


def _causes(connection: Connection, language: str) -> list[str]:
    hiding = {code for hop in connection["hops"] if hop["state"] == UNKNOWN for code in hop["codes"]}
    found: Iterable[Mapping[str, Any]] = connection["findings"]
    codes = (data["code"] for data in found if data["severity"] == BLOCKS or data["code"] in hiding)
    return list(dict.fromkeys(brief(code, language) for code in codes))


def _facts(connection: Connection, words: Mapping[str, str]) -> Facts:
    managed = connection.get("managed")
    known = "not_known" if managed is None else "yes" if managed else "no"
    return (
        ("ARN", connection.get("function_arn")),
        (words["state"], connection.get("state")),
        (words["last_update"], connection.get("last_update_status")),
        (words["vpc"], connection.get("vpc_id") or words["no_vpc"]),
        (words["subnets"], ", ".join(connection.get("subnet_ids") or ())),
        (words["groups"], ", ".join(connection.get("security_group_ids") or ())),
        (words["managed"], words[known]),
    )
