# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter, as a template calls it, and its documentation."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError

from ansible_collections.cloudops.lambda_rds.plugins.filter import reachability_report as plugin
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.texts import LANGUAGES
from ansible_collections.cloudops.lambda_rds.tests.unit.reachability import samples

FILTER = plugin.FilterModule().filters()["reachability_report"]


def test_the_language_is_that_of_the_result() -> None:
    result = samples.result([samples.working()], "ja")
    assert '<html lang="ja">' in FILTER(result)
    assert '<html lang="en">' in FILTER(result, language="en")
    del result["language"]
    assert '<html lang="en">' in FILTER(result)


def test_the_time_is_now_unless_it_is_given() -> None:
    result = samples.result([samples.working()])
    assert re.search(r"As of \d{4}-\d\d-\d\d \d\d:\d\d UTC", FILTER(result))
    assert "As of noon" in FILTER(result, generated="noon")
    assert "As of" not in FILTER(result, generated="")


def test_the_heading_can_be_given() -> None:
    assert '<h1 id="top">A &amp; B</h1>' in FILTER(samples.result([samples.working()]), title="A & B")


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({}, "has no connections and no database"),
        ({"connections": []}, "has no database"),
        ([], "has no connections and no database"),
        ("text", "has no connections and no database"),
    ],
)
def test_anything_else_is_refused(given: Any, text: str) -> None:
    with pytest.raises(AnsibleFilterError, match=text):
        FILTER(given)


def test_another_language_is_refused() -> None:
    with pytest.raises(AnsibleFilterError, match="language is fr, but has to be one of: en, ja"):
        FILTER(samples.result([]), language="fr")


def test_every_option_is_documented() -> None:
    documented = yaml.safe_load(plugin.DOCUMENTATION)["options"]
    assert set(documented) == {"_input", *list(inspect.signature(FILTER).parameters)[1:]}
    assert documented["language"]["choices"] == list(LANGUAGES)
