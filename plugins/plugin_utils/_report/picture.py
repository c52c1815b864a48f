# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The picture of a path in a report: a box for each hop, in frames that are VPCs. PRIVATE to the collection.

A function outside the VPC is drawn outside the frame.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.diagram import OUTSIDE
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.hops import EGRESS_HOP, FUNCTION
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.texts import HOPS, STATES, brief

from .words import WORDS

Hop = Mapping[str, Any]


@dataclass(frozen=True)
class Station:
    """A hop in the words of the page."""

    name: str
    state: str
    state_name: str
    resources: Sequence[str]
    detail: str
    causes: Sequence[str]


@dataclass(frozen=True)
class Frame:
    """A VPC with the stations inside it."""

    name: str
    stations: Sequence[Station]


@dataclass(frozen=True)
class Row:
    """One leg of a path: what is outside a VPC, then VPCs."""

    name: str
    outside: Sequence[Station]
    frames: Sequence[Frame]


def picture(connection: Mapping[str, Any], database: Mapping[str, Any], language: str) -> list[Row]:
    """Every leg of the path; the second one starts at the proxy."""
    hops: Sequence[Hop] = connection["hops"]
    second = [hop for hop in hops if hop["leg"] == 2]
    rows = [_first_leg([hop for hop in hops if hop["leg"] != 2], connection.get("vpc_id"), database, language)]
    if second:
        rows.append(Row(WORDS[language]["leg_2"], (), (_frame(second, database.get("vpc_id"), language),)))
    return rows


def _first_leg(hops: Sequence[Hop], here: Optional[str], database: Mapping[str, Any], language: str) -> Row:
    there = database.get("vpc_id")
    name = WORDS[language]["leg_1"]
    if here and there and here != there:
        near = [hop for hop in hops if hop["kind"] in (FUNCTION, EGRESS_HOP)]
        far = [hop for hop in hops if hop["kind"] not in (FUNCTION, EGRESS_HOP)]
        return Row(name, (), (_frame(near, here, language), _frame(far, there, language)))
    if not here or OUTSIDE.intersection(code for hop in hops for code in hop["codes"]):
        return Row(name, stations(hops[:1], language), (_frame(hops[1:], there, language),))
    return Row(name, (), (_frame(hops, here, language),))


def _frame(hops: Iterable[Hop], vpc_id: Optional[str], language: str) -> Frame:
    return Frame(" ".join(filter(None, [WORDS[language]["vpc"], vpc_id])), stations(hops, language))


def stations(hops: Iterable[Hop], language: str) -> list[Station]:
    return [_station(hop, language) for hop in hops]


def _station(hop: Hop, language: str) -> Station:
    return Station(
        name=HOPS[language].get(hop["kind"], hop["kind"]),
        state=hop["state"],
        state_name=STATES[language].get(hop["state"], hop["state"]),
        resources=hop["resources"],
        detail=hop["detail"],
        causes=[brief(code, language) for code in hop["codes"]],
    )
