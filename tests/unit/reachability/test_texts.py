# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The texts of findings and hops, in every language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue import hops, texts
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.codes import (
    CODES as ALL_CODES,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.findings import (
    BLOCKS,
    Finding,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.hops import Hop

CODES = sorted(texts.texts_in("en").FINDINGS)
KINDS = sorted(texts.texts_in("en").HOPS)
LONGEST = 300


def places(text: str) -> set[str]:
    return {place for _text, place, _spec, _conversion in Formatter().parse(text) if place is not None}


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_language_has_the_same_texts(language: str) -> None:
    assert sorted(texts.texts_in(language).FINDINGS) == CODES
    assert sorted(texts.texts_in(language).HOPS) == KINDS
    assert set(texts.texts_in(language).STATES) == {hops.OPEN, hops.CLOSED, hops.PARTLY, hops.UNKNOWN}


def literal_findings() -> Iterator[tuple[str, set[str]]]:
    """The code and the severities of each finding that the code names as such."""
    for path in Path(texts.__file__).parents[2].rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding":
                code, severity = node.args[:2]
                if isinstance(code, ast.Constant):
                    yield (
                        str(code.value),
                        {each.lower() for each in re.findall("BLOCKS|RISK|NOTE", ast.unparse(severity))},
                    )


@pytest.mark.parametrize(("code", "severities"), list(literal_findings()))
def test_a_finding_has_one_of_its_severities(code: str, severities: set[str]) -> None:
    assert severities <= set(ALL_CODES[code].severities)


def test_every_finding_has_a_page_and_a_few_words() -> None:
    assert sorted(ALL_CODES) == CODES
    briefs = [texts.brief(code, language) for code in CODES for language in texts.LANGUAGES]
    assert all(0 < len(brief) <= 40 for brief in briefs)


@pytest.mark.parametrize("code", CODES)
def test_a_text_has_the_same_places_in_both_languages(code: str) -> None:
    english, japanese = texts.texts_in("en").FINDINGS[code], texts.texts_in("ja").FINDINGS[code]
    assert [places(text) for text in english] == [places(text) for text in japanese]


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_a_text_is_short_and_can_be_filled(code: str, language: str) -> None:
    template = texts.texts_in(language).FINDINGS[code]
    values = {place: f"<{place}>" for text in template for place in places(text)}
    data = texts.finding_data(Finding(code, BLOCKS, "<resource>", values), language)
    assert all(0 < len(text) <= LONGEST for text in template)
    assert all(f"<{place}>" in data["message"] for place in places(template.message))
    assert all(f"<{place}>" in data["remedy"] for place in places(template.remedy))
    assert not set("{}") & set(data["message"] + data["remedy"])
    start = "https://docs.aws.amazon.com/"
    assert data["source"].startswith(start)
    assert data["source"].startswith(f"{start}ja_jp/") == (language == "ja")


def test_a_finding_as_data() -> None:
    finding = Finding("not_in_vpc", BLOCKS, "orders")
    assert texts.finding_data(finding, "en") == {
        "code": "not_in_vpc",
        "severity": "blocks",
        "resource": "orders",
        "message": "The function orders is not in a VPC, so it has no way to a database in one.",
        "remedy": "Connect it, for example by the module lambda_rds_connection.",
        "source": "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
    }


@given(reason=st.sampled_from(["", " ", "\n"]), description=st.text(max_size=5))
def test_empty_values_leave_no_gap(reason: str, description: str) -> None:
    values = {"target": "shop", "health": f"UNAVAILABLE{reason}", "description": description}
    message = texts.finding_data(Finding("proxy_target_unhealthy", BLOCKS, "pool", values), "en")["message"]
    assert message == " ".join(message.split())
    assert message.startswith("The RDS Proxy pool does not reach shop: UNAVAILABLE")


def test_a_hop_as_data() -> None:
    hop = Hop(hops.EGRESS_HOP, 1, hops.OPEN, ("sg-1",), "tcp/5432")
    assert texts.hop_data(hop, "en") == {
        "kind": "egress",
        "leg": 1,
        "state": "open",
        "resources": ["sg-1"],
        "detail": "tcp/5432",
        "codes": [],
        "text": "Security group, outbound: open (sg-1, tcp/5432)",
    }
    assert texts.hop_data(Hop(hops.ROUTE_HOP, 1, hops.UNKNOWN), "ja")["text"] == "ルート: 不明"


def test_a_few_words() -> None:
    assert texts.brief("no_route", "en") == "no route"
    assert texts.brief("no_route", "ja") == "ルートなし"
    assert texts.brief("from_the_future", "en") == "from_the_future"
