# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page in Chromium: fast, quiet, as narrow as a phone, in the light and in the dark."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.report.browser import Browser
from ansible_collections.cloudops.lambda_rds.tests.report.conftest import Show
from ansible_collections.cloudops.lambda_rds.tests.unit.reachability import samples

LOADED = "return performance.getEntriesByType('navigation')[0].loadEventEnd"
BODY = "return getComputedStyle(document.body)"

# The ids of all that sticks out of the window, opened details too.
TOO_WIDE = """
const wide = document.documentElement.clientWidth;
return [...document.querySelectorAll('body *')]
  .filter(each => each.getBoundingClientRect().right > wide + 1 && getComputedStyle(each).position !== 'absolute')
  .map(each => each.outerHTML.slice(0, 80));
"""

# Every text whose contrast with what is behind it is less than WCAG 2.2 AA wants, https://www.w3.org/TR/WCAG22/
FAINT = """
const parts = colour => colour.match(/[\\d.]+/g).map(Number);
const part = value => value <= 10.31475 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
const luminance = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
const behind = each => {
  for (; each; each = each.parentElement) {
    const colour = parts(getComputedStyle(each).backgroundColor);
    if (colour.length === 3) return colour;
    if (colour[3] !== 0) throw new Error('half transparent: ' + each.outerHTML.slice(0, 80));
  }
  return [255, 255, 255];
};
const faint = [];
let seen = 0;
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const text = walker.currentNode.textContent.trim(), each = walker.currentNode.parentElement;
  if (!text) continue;
  seen += 1;
  const both = [luminance(parts(getComputedStyle(each).color)), luminance(behind(each))];
  const contrast = (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
  if (contrast < 4.5) faint.push([text.slice(0, 40), contrast]);
}
return {faint, seen};
"""


def several(language: str) -> dict[str, Any]:
    """Something of everything: states, severities and both kinds of lists."""
    builders = (samples.broken, samples.one_in_three, samples.outside, samples.working)
    return samples.result([build(f"shop-{build.__name__}") for build in builders], language)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_hundred_functions_load_within_a_second(
    browser: Browser, show: Show, language: str, record_property: Any
) -> None:
    show(samples.result(samples.hundred(), language))
    took = browser.run(LOADED)
    record_property(f"report of 100 functions ({language}): ms to load", round(took))
    assert 0 < took < 1000
    assert browser.run("return document.querySelectorAll('details.function').length") == 100


def test_it_asks_for_nothing_and_says_nothing(browser: Browser, show: Show) -> None:
    show(samples.result(samples.hundred()), opened=True)
    asked = browser.requests()
    assert [address.partition("://")[0] for address in asked] == ["file"]
    assert browser.console() == []


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_sticks_out(browser: Browser, show: Show, language: str, width: int) -> None:
    for result in (several(language), samples.result([samples.through_proxy(reachable=False)], language)):
        show(result, opened=True, width=width)
        assert browser.run("return innerWidth") == width
        assert browser.run("return document.documentElement.scrollWidth") <= width
        assert browser.run(TOO_WIDE) == []


def test_long_names_do_not_stick_out(browser: Browser, show: Show) -> None:
    name = "a" * 64
    result = samples.result([samples.broken(name), samples.working(f"{name[1:]}b")])
    result["database"].update(identifier="d" * 63, endpoint="e" * 200)
    show(result, opened=True, width=360)
    assert browser.run("return document.documentElement.scrollWidth") <= 360
    assert browser.run(TOO_WIDE) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out(browser: Browser, show: Show, scheme: str) -> None:
    show(several("en"), opened=True, scheme=scheme)
    found = browser.run(FAINT)
    assert found["seen"] > 200
    assert found["faint"] == []


def test_light_and_dark_follow_the_reader(browser: Browser, show: Show) -> None:
    colours = {}
    for scheme in ("light", "dark"):
        show(samples.result([samples.working()]), scheme=scheme)
        colours[scheme] = browser.run(f"{BODY}.backgroundColor"), browser.run(f"{BODY}.color")
    assert colours["light"] == ("rgb(246, 247, 249)", "rgb(27, 36, 48)")
    assert colours["dark"] == ("rgb(15, 20, 26)", "rgb(230, 235, 241)")


def test_on_paper_it_is_white_and_nothing_is_folded(browser: Browser, show: Show) -> None:
    show(several("en"), scheme="dark", media="print")
    assert browser.run(f"{BODY}.backgroundColor") == "rgb(255, 255, 255)"
    folded = "document.querySelector('details.function:not([open]) .inside')"
    assert browser.run(f"return {folded}.checkVisibility({{contentVisibilityAuto: true}})")
    browser.show_as(scheme="dark")
    assert not browser.run(f"return {folded}.checkVisibility()")


def test_a_link_to_a_folded_function_unfolds_it(browser: Browser, show: Show) -> None:
    show(samples.result(samples.hundred()))
    last = "document.getElementById('function-100')"
    assert not browser.run(f"return {last}.checkVisibility()")
    browser.run("document.querySelector('a[href=\"#function-100\"]').click()")
    assert browser.run(f"return {last}.checkVisibility()")
    assert browser.run(f"return {last}.getBoundingClientRect().top") < 900


def test_on_a_phone_a_row_of_the_table_is_a_column(browser: Browser, show: Show) -> None:
    across = (
        "return new Set([...document.querySelectorAll('.overview tbody tr > *')]"
        ".map(each => each.getBoundingClientRect().left)).size"
    )
    show(several("en"), width=360)
    assert browser.run(across) == 1
    show(several("en"), width=1280)
    assert browser.run(across) == 3


def test_on_a_phone_the_path_is_a_column(browser: Browser, show: Show) -> None:
    across = (
        "return new Set([...document.querySelectorAll('.station')].map(each => each.getBoundingClientRect().left)).size"
    )
    show(samples.result([samples.broken()]), width=360)
    assert browser.run(across) == 1
    show(samples.result([samples.broken()]), width=1280)
    assert browser.run(across) == 8
