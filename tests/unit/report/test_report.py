# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page about a result. tests/report/ opens it in a browser."""

from __future__ import annotations

import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cloudops.lambda_rds.plugins.plugin_utils._report import report as module
from ansible_collections.cloudops.lambda_rds.plugins.plugin_utils._report.report import report
from ansible_collections.cloudops.lambda_rds.plugins.plugin_utils._report.words import WORDS
from ansible_collections.cloudops.lambda_rds.tests.unit.reachability import samples

VOID = {"meta", "br"}
INLINE = {"a", "b", "code", "span", "strong"}
TAGS = (
    "a article b body caption code dd details div dl dt footer h1 h2 h3 h4 h5 head header html li main meta ol p pre"
    " section span strong style summary table tbody td th thead title tr ul"
)


class Page(HTMLParser):
    """A page as a browser reads it: elements, text, and whether every end tag closes what was open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str]] = []
        self.headings: list[int] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self._gap(tag)
        self.attributes += [(key, value or "") for key, value in attrs]
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("h1", "h2", "h3", "h4", "h5"):
            self.headings.append(int(tag[1]))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self._gap(tag)

    def _gap(self, tag: str) -> None:
        if tag not in INLINE:
            self.texts.append(" ")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())

    def values(self, attribute: str) -> list[str]:
        return [value for key, value in self.attributes if key == attribute]


def page(result: dict[str, Any], language: str = "en", **options: str) -> Page:
    return Page(report(result, language, **options))


EVERY = (
    samples.working,
    samples.broken,
    samples.without_rule,
    samples.one_in_three,
    samples.outside,
    samples.through_proxy,
    samples.unplaced,
)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("count", [1, 3, 7])
def test_a_page_is_sound(language: str, count: int) -> None:
    shown = page(
        samples.result([build(f"f{number}") for number, build in enumerate(EVERY[:count])], language), language
    )
    assert set(shown.tags) <= set(TAGS.split())
    assert shown.values("lang") == [language]
    # No step of a heading's level is left out, and there is one title.
    assert shown.headings[0] == 1
    assert all(below - above <= 1 for above, below in zip(shown.headings, shown.headings[1:], strict=False))
    assert shown.headings.count(1) == 1
    ids = shown.values("id")
    assert len(ids) == len(set(ids))
    local = {address[1:] for address in shown.values("href") if address.startswith("#")}
    assert local <= set(ids)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_nothing_is_fetched(language: str) -> None:
    html = report(samples.result(samples.hundred(), language), language)
    assert not set(Page(html).tags) & {"script", "link", "img", "iframe", "object"}
    assert "url(" not in html
    assert "@import" not in html
    assert "src=" not in html


def test_a_single_function_needs_no_overview() -> None:
    shown = page(samples.result([samples.broken()]), generated="2026-11-25 07:30 UTC")
    assert "orders does not reach shop" in shown.text
    assert "As of 2026-11-25 07:30 UTC" in shown.text
    assert "Add an ingress rule for tcp/5432 from" in shown.text
    assert WORDS["en"]["details"] not in shown.text
    assert "orders reaches shop" in page(samples.result([samples.working()])).text


def test_many_functions_broken_ones_first() -> None:
    shown = page(samples.result(samples.hundred()))
    assert "93 of 100 functions reach shop" in shown.text
    assert "Not reachable: 7" in shown.text
    details = shown.text[shown.text.index(WORDS["en"]["details"]) :]
    assert details.index("shop-092-service Not reachable") < details.index("shop-000-service Reachable")
    # Those that do not reach it are open, with one list of functions for each thing that few have in common.
    assert len(shown.values("open")) == 7 + 2


def test_what_is_not_known_is_neither_open_nor_closed() -> None:
    shown = page(samples.result([samples.unplaced()]))
    assert "? It is not known whether orders reaches shop" in shown.text
    assert "Route ? not known" in shown.text
    several = page(samples.result([samples.working("a"), samples.unplaced("b")]))
    assert "? 1 of 2 functions are proved to reach shop" in several.text
    assert "Not known: 1 Function What is in the way Found ? b place not known" in several.text
    assert "Not reachable" not in several.text
    assert "? b Not known" in several.text
    worst = page(samples.result([samples.unplaced("b"), samples.without_rule("c")]))
    assert "✕ 0 of 2 functions reach shop" in worst.text


def test_what_many_have_in_common_is_said_once() -> None:
    shown = page(samples.result(samples.hundred()))
    assert shown.text.count("has no way to the internet from") == 1
    assert "The function ⟨function⟩ has no way to the internet from" in shown.text
    assert "Concerns 98 functions" in shown.text
    everyone = page(samples.result([samples.working("a"), samples.working("b")]))
    assert "Concerns all 2 functions" in everyone.text
    assert "All 2 functions reach shop" in everyone.text


def test_what_closes_a_path_is_said_with_every_function() -> None:
    shown = page(samples.result([samples.without_rule("a"), samples.without_rule("b")]))
    assert "let nothing in from a on tcp/5432. (in 2 functions)" in shown.text
    assert "No inbound rule" not in shown.text
    assert "Reachable:" not in shown.text


def test_a_name_within_a_word_is_not_the_function() -> None:
    """Both have the same findings but for the name, which occurs in other words too."""
    shown = page(samples.result([samples.working("no"), samples.working("way")]))
    assert "⟨function⟩ has ⟨function⟩ way" not in shown.text
    shown = page(samples.result([samples.working("f"), samples.working("g")]))
    assert "The function ⟨function⟩ has no way to the internet from subnet" in shown.text


def test_nothing_found() -> None:
    assert WORDS["en"]["nothing"] in page(samples.result([samples.through_proxy()])).text


def test_no_functions() -> None:
    assert "No functions were looked at" in page(samples.result([])).text


def test_a_proxy_has_two_legs() -> None:
    shown = page(samples.result([samples.through_proxy(reachable=False)], "ja"), "ja")
    assert "プロキシの接続先 instance shop" in shown.text
    assert shown.text.index("関数から") < shown.text.index("プロキシからデータベースまで")


def test_a_function_outside_a_vpc_is_drawn_before_the_frame() -> None:
    html = report(samples.result([samples.outside()]), "en")
    assert html.index('class="station"') < html.index('class="vpc"')
    inside = report(samples.result([samples.working()]), "en")
    assert inside.index('class="vpc"') < inside.index('class="station"')
    assert "VPC not in a VPC" in Page(html).text


def test_a_peered_vpc_has_a_frame_of_its_own() -> None:
    result = samples.result([samples.working()])
    result["connections"][0]["vpc_id"] = "vpc-2"
    shown = page(result)
    assert shown.values("class").count("vpc") == 2
    assert shown.text.index("VPC vpc-2") < shown.text.index(f"VPC {samples.VPC} Route")


def test_many_resources_are_counted() -> None:
    result = samples.result([samples.working()])
    result["connections"][0]["hops"][1]["resources"] = ["sg-1", "sg-2", "sg-3", "sg-4"]
    assert "sg-1sg-2+2" in page(result).text


def test_what_is_not_known_is_left_out() -> None:
    result = samples.result([samples.working()])
    result["database"] = {}
    del result["connections"][0]["diagram"]
    result["connections"][0]["managed"] = None
    shown = page(result, title="Ours")
    assert "orders reaches the database" in shown.text
    assert shown.text.startswith("Ours Ours")
    assert "None" not in shown.text
    assert "Mermaid" not in shown.text
    assert "Made by this collection not known" in shown.text


def test_a_newer_result_is_shown_as_it_is() -> None:
    """Kinds, states, severities and codes of a later release."""
    result = samples.result([samples.broken()])
    result["connections"][0]["hops"][1].update(kind="firewall", state="sleepy")
    result["connections"][0]["findings"][0].update(code="asleep", severity="odd")
    shown = page(result)
    assert {"firewall", "sleepy", "asleep", "odd"} <= set(" ".join(shown.texts).split())


HOSTILE = st.sampled_from(
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "' onclick='x",
        "</style>",
        "<!--",
        "&lt;",
        "{}",
        "日本",
    ]
) | st.text(max_size=8)


def poisoned(value: Any, text: str) -> Any:
    """All texts, but for the words that choose what is drawn, with ``text`` added."""
    if isinstance(value, dict):
        return {key: poisoned(part, text) for key, part in value.items()}
    if isinstance(value, list):
        return [poisoned(part, text) for part in value]
    return value + text if isinstance(value, str) else value


@given(text=HOSTILE, title=HOSTILE)
def test_no_value_becomes_an_element(text: str, title: str) -> None:
    clean = samples.result([samples.broken("a"), samples.one_in_three("b"), samples.working("c"), samples.working("d")])
    dirty = page(poisoned(clean, text), title=f"t{title}", generated=f"g{title}")
    assert set(dirty.tags) <= set(TAGS.split())
    assert not [key for key, _value in dirty.attributes if key.startswith("on") or key == "src"]
    assert " ".join(text.split()) in dirty.text
    assert f"t{title}" in "".join(dirty.texts)


TEMPLATES = sorted(Path(module.__file__).with_name("templates").iterdir())
HOSTILE_NAMES = [
    "<script>alert(1)</script>",
    '"><b onclick="x">',
    "' onmouseover='x",
    "</style></title></pre>",
    "{{ 7 * 7 }}",
    "{% raw %}",
]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_is_text_wherever_it_stands(name: str) -> None:
    """As the name of a function that is alone, or one of several that share findings; of a database, group and rule."""
    for builders in ([samples.broken], [samples.broken, samples.working, samples.through_proxy, samples.unplaced]):
        clean = samples.result([build("f") for build in builders])
        named = samples.result([build("f" + name.replace("{", "{{").replace("}", "}}")) for build in builders])
        dirty = page({**poisoned(clean, name), "connections": poisoned(named, name)["connections"]}, title=name)
        usual = page(clean, title="T")
        assert set(dirty.tags) == set(usual.tags)
        assert {key for key, _value in dirty.attributes} == {key for key, _value in usual.attributes}
        assert dirty.text.count(name) > 20
        assert f"shop{name}" in dirty.text


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_goes_round_the_escaping(template: Path) -> None:
    assert template.name.endswith(".j2")
    assert not {"safe", "autoescape", "Markup"} & set(re.findall(r"\w+", template.read_text()))


@pytest.mark.parametrize("address", ["javascript:alert(1)", "http://docs.aws.amazon.com/", "data:text/html,x", ""])
def test_only_a_page_on_the_web_is_a_link(address: str) -> None:
    result = samples.result([samples.broken()])
    assert all(link.startswith("https://docs.aws.amazon.com/") for link in page(result).values("href"))
    count = len(result["connections"][0]["findings"])
    assert len(page(result).values("href")) == count
    for finding in result["connections"][0]["findings"]:
        finding["source"] = address
    assert page(result).values("href") == []
    assert page(result).text.count(WORDS["en"]["source"]) == count


def test_attributes_that_are_empty_are_left_out() -> None:
    shown = page(samples.result([samples.broken("a"), samples.working("b")]))
    assert all(shown.values(attribute).count("") == 0 for attribute in ("id", "open", "data-state", "data-severity"))


def test_both_languages_have_the_same_words() -> None:
    assert WORDS["en"].keys() == WORDS["ja"].keys()


def test_the_page_of_a_hundred_functions_is_small() -> None:
    result = samples.result(samples.hundred())
    assert len(report(result, "en").encode()) < 3 * len(json.dumps(result))
