# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Results have the keys that are told of them: in the documents, and as return values of the modules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from .conftest import Play
from .documents import Place, documents
from .examples import EXAMPLES, README, ROLE
from .specifications import ROLE_NAME, module_documentation
from .stage import Attempt

CONNECTION, INFO = "lambda_rds_connection", "lambda_rds_connection_info"
CLEANUP, PROXY, PROXY_INFO = "lambda_rds_cleanup", "rds_db_proxy", "rds_db_proxy_info"
# Of Ansible itself; `diff` is shown where it is asked for.
ANSIBLES = {"action", "changed", "diff", "failed", "failed_when_result", "invocation", "msg", "warnings"}


@dataclass(frozen=True)
class Returned:
    """Examples with which a module returns all that it can."""

    module: str
    places: tuple[Place, ...]


RETURNED = (
    Returned(CONNECTION, (Place(ROLE, "Example"), Place(README, "Published versions and aliases"))),
    Returned(INFO, (Place(ROLE, "Verdict and report"),)),
    Returned(CLEANUP, (Place(ROLE, "Nightly cleanup"),)),
    Returned(PROXY, (Place(ROLE, "Through an RDS Proxy"),)),
    Returned(PROXY_INFO, (Place(ROLE, "Through an RDS Proxy"),)),
)


@dataclass(frozen=True)
class Told:
    """A sentence that lists keys of `connect_lambda_rds_result`, and an example that has them."""

    heading: str
    begins: str
    module: str
    place: Place


TOLD = (
    Told("Result", "holds what the module returned", CONNECTION, Place(ROLE, "Example")),
    Told("Nightly cleanup", "then has", CLEANUP, Place(ROLE, "Nightly cleanup")),
)


@pytest.mark.parametrize("told", TOLD, ids=lambda told: told.heading)
def test_the_role_returns_what_its_readme_lists(play: Play, told: Told) -> None:
    (prose,) = (
        section.prose
        for document in documents()
        for section in document.sections
        if (document.file, section.heading) == (ROLE, told.heading)
    )
    sentence = re.search(rf"`{ROLE_NAME}_result` {told.begins}[^.;]*", prose)
    assert sentence, "this sentence is no longer there"
    listed = set(re.findall(r"`(\w+)`", sentence[0])) - {f"{ROLE_NAME}_result"}
    assert listed
    for result in _results(play, told.module, told.place):
        missing = sorted(listed - result.keys())
        assert not missing


def test_parts_of_results_are_there(play: Play) -> None:
    """As in `connect_lambda_rds_result.database.endpoint`."""
    text = " ".join(code for document in documents() for section in document.sections for code, _text in section.code())
    paths = set(re.findall(rf"\b{ROLE_NAME}(?:_\w+)?_result((?:\.\w+)+)", text))
    results = [each for part in RETURNED for place in part.places for each in _results(play, part.module, place)]
    assert paths
    missing = [path for path in paths if not any(_has(result, path) for result in results)]
    assert not missing


@pytest.mark.parametrize("part", RETURNED, ids=lambda part: part.module)
def test_modules_return_what_is_documented(play: Play, part: Returned) -> None:
    documented = module_documentation()[part.module]["return"]
    results = [result for place in part.places for result in _results(play, part.module, place)]
    assert results
    wrong = [each for result in results for each in _differences(documented, result, ANSIBLES)]
    assert not wrong


def _results(play: Play, module: str, place: Place) -> list[dict[str, Any]]:
    (example,) = (example for example in EXAMPLES if example.place == place)
    attempt: Attempt = play(example)
    return [result for outcome in attempt.outcomes for result in outcome.of(module)]


def _has(result: Any, path: str) -> bool:
    for key in path.strip(".").split("."):
        if not isinstance(result, Mapping) or key not in result:
            return False
        result = result[key]
    return True


def _differences(documented: Mapping[str, Any], result: Any, more: set[str]) -> Iterator[str]:
    """Keys that are documented and not there, and the other way round, in all depths that are documented."""
    always = {key for key, part in documented.items() if part.get("returned") in (None, "success")} - more
    yield from (f"{key} is documented and not returned" for key in always - result.keys())
    surplus = {key for key in result if not key.startswith("_ansible_")} - documented.keys() - more
    yield from (f"{key} is returned and not documented" for key in surplus)
    for key, part in documented.items():
        if part.get("contains") and key != "changes":  # each kind of change has details of its own
            value = result.get(key)
            for each in value if isinstance(value, list) else [value] if value else []:
                yield from (f"{key}: {wrong}" for wrong in _differences(part["contains"], each, set()))
