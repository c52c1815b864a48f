# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Verdicts in one line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.names import BY_IDS
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.security_groups import INGRESS
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.state import State
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.hops import Verdict
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.snapshot import Snapshot
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.summary import failure, summary
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.verdict import evaluate

from .snapshots import open_snapshot, verdict, with_database, without_rule


def unplaced(snapshot: Snapshot) -> Verdict:
    """The verdict on `f`, of a database that is given by groups that nobody wears."""
    return verdict(with_database(snapshot, kind=BY_IDS, identifier="vpc-1", subnet_ids=(), endpoint=None, status=""))


def verdicts(count: int, *, is_open: bool) -> tuple[Verdict, ...]:
    snapshot = open_snapshot() if is_open else without_rule(open_snapshot(), "sg-db", INGRESS)
    function = snapshot.state.functions["f"]
    functions = {f"f{number}": replace(function, name=f"f{number}") for number in range(count)}
    return evaluate(replace(snapshot, state=State(functions, snapshot.state.groups, snapshot.state.rules)), functions)


def test_all_is_open() -> None:
    assert summary(verdicts(2, is_open=True), "instance orders", "en") == "2 of 2 functions reach instance orders."


@pytest.mark.parametrize(("language", "names"), [("en", "but not: f0, f1"), ("ja", "到達できない関数: f0, f1")])
def test_of_many_functions_and_causes_the_first_are_named(language: str, names: str) -> None:
    text = summary(verdicts(12, is_open=False), "instance orders", language)
    assert names in text
    assert text.count("(+2)") == 2
    assert text.count("f9") == 2
    assert "f10" not in text


def test_what_functions_share_is_said_once() -> None:
    snapshot = with_database(open_snapshot(), status="stopped")
    functions = {name: replace(snapshot.state.functions["f"], name=name) for name in ("f", "g")}
    found = evaluate(replace(snapshot, state=replace(snapshot.state, functions=functions)), functions)
    text = summary(found, "instance orders", "en")
    assert text.startswith("0 of 2 functions reach instance orders, but not: f, g. orders takes no connections")
    assert text.count("stopped") == 1


@pytest.mark.parametrize(
    ("language", "made", "end"),
    [
        ("en", True, "What was made stays; the same task with state=absent takes it back."),
        ("en", False, "The connection was not changed."),
        ("ja", True, "作成した接続は残っています。同じタスクを state=absent で実行すると元に戻ります。"),
        ("ja", False, "接続は変更していません。"),
    ],
)
def test_a_failure_says_what_it_leaves_behind(language: str, made: bool, end: str) -> None:
    found = verdicts(1, is_open=False)
    assert failure(found, "instance orders", language, made=made) == " ".join(
        [summary(found, "instance orders", language), end]
    )


@pytest.mark.parametrize(
    ("language", "start"),
    [
        ("en", "0 of 1 functions are proved to reach vpc-1. Not known: f. It is not known where"),
        ("ja", "1 個の関数のうち 0 個が vpc-1 に到達できることを確認しました。判定できない関数: f。データベースの"),
    ],
)
def test_what_is_not_known(language: str, start: str) -> None:
    assert summary([unplaced(open_snapshot())], "vpc-1", language).startswith(start)


@pytest.mark.parametrize(
    ("language", "names"), [("en", "but not: f. Not known: f."), ("ja", "関数: f。判定できない関数: f。")]
)
def test_what_is_closed_beside_what_is_not_known(language: str, names: str) -> None:
    found = [unplaced(open_snapshot()), unplaced(without_rule(open_snapshot(), "sg-db", INGRESS))]
    assert names in summary(found, "vpc-1", language)
