# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Paths for the tests of pictures and reports: built by hand, and any that can be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from hypothesis import strategies as st

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.databases import Database
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.english import (
    FINDINGS,
    HOPS,
    STATES,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.hops import (
    OPEN,
    UNKNOWN,
    Hop,
    Verdict,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.evaluate.segment_verdict import (
    HOPS as BETWEEN,
)

SHOP = Database("instance", "shop", vpc_id="vpc-1", port=5432)
POOL = Database("proxy", "pool", vpc_id="vpc-1", port=5432)

_WORN = {"egress": ("sg-f",), "ingress": ("sg-d",), "route": ("rtb-1",), "acl_out": ("acl-1",), "acl_in": ("acl-2",)}

OPEN_ALL_THE_WAY: Mapping[str, tuple[str, str]] = MappingProxyType({})


def segment(number: int = 1, **wrong: tuple[str, str]) -> tuple[Hop, ...]:
    """The hops between two ends; ``wrong``: state and code of those that are not open."""
    hops = [Hop(kind, number, OPEN, _WORN.get(kind, ("rtb-1", "acl-2")), "tcp/5432") for kind in BETWEEN]
    return tuple(
        replace(hop, state=wrong[hop.kind][0], codes=(wrong[hop.kind][1],)) if hop.kind in wrong else hop
        for hop in hops
    )


def direct(wrong: Mapping[str, tuple[str, str]] = OPEN_ALL_THE_WAY) -> Verdict:
    ends = [Hop(kind, 1, OPEN, (name,)) for kind, name in (("function", "orders"), ("database", "shop"))]
    return Verdict("orders", (ends[0], *segment(1, **wrong), ends[1]), ())


def outside() -> Verdict:
    """A function that is not in a VPC."""
    verdict = direct()
    unknown = [replace(hop, state=UNKNOWN, resources=hop.resources * (hop.kind == "ingress")) for hop in segment()]
    start = Hop("function", 1, "closed", ("orders",), codes=("not_in_vpc",))
    return replace(verdict, hops=(start, *unknown, verdict.hops[-1]))


def through_proxy(wrong: Mapping[str, tuple[str, str]] = OPEN_ALL_THE_WAY) -> Verdict:
    """``wrong`` is in the second leg."""
    verdict = direct()
    proxy = Hop("proxy", 1, OPEN, ("pool",))
    return replace(
        verdict, hops=(*verdict.hops[:-1], proxy, *segment(2, **wrong), replace(verdict.hops[-1], segment=2))
    )


def words(most: int = 12) -> st.SearchStrategy[str]:
    """Names and ids as nobody should have them."""
    hostile = [
        '"',
        "#quot;",
        "]",
        "`",
        "<script>",
        "end",
        "-->",
        "|",
        "%%{",
        "a\nb",
        "&amp;",
        "style: x#1;",
        "()",
        "日本",
    ]
    return st.one_of(st.sampled_from(hostile), st.text(max_size=most))


def verdicts() -> st.SearchStrategy[Verdict]:
    """Any order of hops of any state, through a function, and maybe a proxy, to a database."""
    drawn = st.builds(
        Hop,
        st.sampled_from(sorted(set(HOPS) - {"function", "proxy", "database"})),
        st.sampled_from([1, 2]),
        st.sampled_from(sorted(STATES)),
        st.lists(words(), max_size=5).map(tuple),
        words(),
        st.lists(st.sampled_from(sorted(FINDINGS)), max_size=3).map(tuple),
    )
    ends = st.builds(Hop, st.sampled_from(["proxy", "database"]), st.just(1), st.just(OPEN), st.tuples(words()))
    start = st.builds(Hop, st.just("function"), st.just(1), st.just(OPEN), st.tuples(words()))
    hops = st.tuples(start, st.lists(drawn, max_size=8, unique_by=lambda hop: (hop.kind, hop.segment)), ends)
    return hops.map(lambda hop: Verdict("f", (hop[0], *hop[1], hop[2]), ()))
