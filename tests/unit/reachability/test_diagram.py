# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The flowchart. tests/report/ asks Mermaid itself whether it can be read."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.hops import Hop, Verdict
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.diagram import diagram
from ansible_collections.cloudops.lambda_rds.tests.unit.reachability import paths

# The part of Mermaid's language that is used; a label is quoted, and has nothing in it that would need more care.
LABEL = r'"(?:[\w .,/:+-]|#\d+;|<br>)*"'
NAME = r"[a-z_]+(?:_[12])?"
SHAPE = "|".join(
    rf"{opening}{LABEL}{closing}"
    for opening, closing in ((r"\[", r"\]"), (r"\[\[", r"\]\]"), (r"\[\(", r"\)\]"), (r"\(\[", r"\]\)"))
)
LINE = re.compile(
    rf"flowchart TB| +subgraph {NAME}\[{LABEL}\]| +direction TB| +end"
    rf'| +{NAME}(?:{SHAPE}|\{{\{{{LABEL}\}}\}}|\(\(" "\)\))'
    rf"| +{NAME} (?:-->|-\.-x|-\.->|---)(?:\|{LABEL}\|)? {NAME}"
    r"| +linkStyle \d+ stroke:#[0-9a-f]{6},stroke-width:2px"
)


def edges(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if re.match(r" +\w+ -", line)]


def test_an_open_path() -> None:
    assert diagram(paths.direct(), paths.SHOP, None, "en") == (
        "flowchart TB\n"
        '    subgraph vpc["VPC vpc-1"]\n'
        "        direction TB\n"
        '        function_1["Lambda function<br>orders"]\n'
        '        egress_1(["Security group<br>sg-f"])\n'
        '        network_1((" "))\n'
        '        ingress_1(["Security group<br>sg-d"])\n'
        '        database_1[("Database<br>shop")]\n'
        "    end\n"
        "    function_1 --> egress_1\n"
        '    egress_1 -->|"egress: tcp/5432"| network_1\n'
        '    network_1 -->|"ingress: tcp/5432"| ingress_1\n'
        "    ingress_1 --> database_1\n"
    )


@pytest.mark.parametrize(
    ("language", "label"), [("en", "closed: no inbound rule"), ("ja", "接続不可: インバウンドルールなし")]
)
def test_where_it_ends_is_crossed_and_says_why(language: str, label: str) -> None:
    text = diagram(paths.direct({"ingress": ("closed", "ingress_closed")}), paths.SHOP, None, language)
    assert f'network_1 -.-x|"ingress: tcp/5432<br>{label}"| ingress_1' in edges(text)
    assert "linkStyle 2 stroke:#d1242f,stroke-width:2px" in text


def test_what_lies_between_is_drawn_where_it_is_not_open() -> None:
    wrong = {"route": ("closed", "no_route"), "acl_in": ("partly", "acl_in_closed"), "return": ("unknown", "not_read")}
    text = diagram(paths.direct(wrong), paths.SHOP, None, "en")
    assert edges(text)[2:] == [
        'network_1 -.-x|"closed: no route"| route_1',
        'route_1 -.->|"partly open: network ACL denies, inbound"| acl_in_1',
        'acl_in_1 -->|"ingress: tcp/5432"| ingress_1',
        "ingress_1 --> database_1",
        'database_1 ---|"not known: not readable"| return_1',
    ]
    assert 'route_1{{"Route<br>rtb-1"}}' in text
    assert "acl_out" not in text


def test_a_function_outside_a_vpc_is_drawn_outside() -> None:
    text = diagram(paths.outside(), paths.SHOP, None, "ja")
    assert text.index("function_1[") < text.index("subgraph")
    assert edges(text) == [
        'function_1 -.-x|"接続不可: VPC に未接続"| network_1',
        'network_1 ---|"ingress: tcp/5432"| ingress_1',
        "ingress_1 --> database_1",
    ]


def test_a_function_in_a_peered_vpc_is_drawn_in_it() -> None:
    text = diagram(paths.direct(), paths.SHOP, None, "en", vpc_id="vpc-2")
    assert text.index('function_vpc["VPC vpc-2"]') < text.index("function_1[") < text.index('vpc["VPC vpc-1"]')
    assert diagram(paths.direct(), paths.SHOP, None, "en", vpc_id="vpc-1").count("subgraph") == 1
    nowhere = replace(paths.SHOP, vpc_id=None)
    assert diagram(paths.direct(), nowhere, None, "en", vpc_id="vpc-2").count("subgraph") == 1


def test_both_legs_of_a_proxy() -> None:
    text = diagram(paths.through_proxy({"egress": ("closed", "egress_closed")}), paths.POOL, paths.SHOP, "en")
    assert edges(text)[3:6] == [
        "ingress_1 --> proxy_1",
        "proxy_1 --> egress_2",
        'egress_2 -.-x|"egress: tcp/5432<br>closed: no outbound rule"| network_2',
    ]


def test_behind_an_endpoint_in_another_vpc_the_proxys_vpc_is_drawn_apart() -> None:
    apart = replace(paths.SHOP, vpc_id="vpc-3")
    text = diagram(paths.through_proxy({"route": ("closed", "no_route")}), paths.POOL, apart, "en", vpc_id="vpc-1")
    first, second = text.index('subgraph vpc["VPC vpc-1"]'), text.index('subgraph second_vpc["VPC vpc-3"]')
    assert first < text.index("function_1[") < text.index("proxy_1[[") < second
    assert all(second < text.index(flow) for flow in ("egress_2([", "network_2((", "route_2{{", "database_2[("))
    assert text.index("network_1((") < second
    assert diagram(paths.through_proxy(), paths.POOL, paths.SHOP, "en").count("subgraph") == 1
    assert diagram(paths.through_proxy(), paths.POOL, replace(paths.SHOP, vpc_id=None), "en").count("subgraph") == 1


def test_a_proxy_that_leads_nowhere_ends_there() -> None:
    verdict = paths.through_proxy()
    text = diagram(replace(verdict, hops=verdict.hops[:-1]), paths.POOL, None, "en")
    assert edges(text)[-1] == "ingress_1 --> proxy_1"


def test_no_database_and_many_groups() -> None:
    groups = tuple(f"sg-{number}" for number in range(5))
    verdict = Verdict("f", (Hop("function", 1, "open", ("f",)), Hop("ingress", 1, "open", groups, "tcp/1")), ())
    text = diagram(verdict, None, None, "en")
    assert 'subgraph vpc["VPC"]' in text
    assert "sg-0<br>sg-1<br>sg-2<br>+2" in text


@given(
    verdict=paths.verdicts(),
    ids=st.tuples(paths.words(), st.none() | paths.words()),
    proxy_target=st.sampled_from([None, paths.SHOP]),
    language=st.sampled_from(["en", "ja"]),
)
def test_any_names_make_lines_of_the_language(
    verdict: Verdict, ids: tuple[str, str | None], proxy_target: object, language: str
) -> None:
    database = replace(paths.SHOP, vpc_id=ids[0])
    text = diagram(verdict, database, paths.SHOP if proxy_target else None, language, vpc_id=ids[1])
    assert text.endswith("\n")
    assert [line for line in text[:-1].split("\n") if not LINE.fullmatch(line)] == []
