# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The picture of a path in a report: a box for each hop, in frames that are VPCs. PRIVATE to the collection.

A function outside the VPC is drawn outside the frame.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.hops import (
    EGRESS_HOP,
    FUNCTION,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.diagram import OUTSIDE

from .words import WORDS

Hop = Mapping[str, Any]


@dataclass(frozen=True)
class Frame:
    """A VPC and the hops inside it."""

    name: str
    hops: Sequence[Hop]


@dataclass(frozen=True)
class Row:
    """One leg of a path: what is outside a VPC, then VPCs."""

    name: str
    outside: Sequence[Hop]
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
        return Row(name, hops[:1], (_frame(hops[1:], there, language),))
    return Row(name, (), (_frame(hops, here, language),))


def _frame(hops: Sequence[Hop], vpc_id: Optional[str], language: str) -> Frame:
    return Frame(" ".join(filter(None, [WORDS[language]["vpc"], vpc_id])), hops)
