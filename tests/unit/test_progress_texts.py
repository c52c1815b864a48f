# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import dataclasses
import string
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process.progress import Phase, Stage
from ansible_collections.cloudops.lambda_rds.plugins.plugin_utils._progress_texts import TEXTS, stage_text, texts_in

ENGLISH, JAPANESE = texts_in("en"), texts_in("ja")


def places(value: object) -> Iterator[tuple[str, set[str]]]:
    """Each text with the names that it has places for."""
    texts = vars(value)
    for name, text in texts.items():
        for key, words in text.items() if isinstance(text, dict) else [("", text)]:
            yield f"{name} {key}", {place for _text, place, _form, _kind in string.Formatter().parse(words) if place}


def test_each_language_says_the_same() -> None:
    assert dict(places(ENGLISH)) == dict(places(JAPANESE))
    assert ENGLISH.plain.keys() == set(Phase) > ENGLISH.counted.keys()
    assert all(words.strip() for words in dataclasses.asdict(JAPANESE).values() if isinstance(words, str))


@pytest.mark.parametrize(
    ("stage", "english", "japanese"),
    [
        (
            Stage(Phase.UPDATE, 120, 1000, limit=15, seconds_left=58),
            "120 of 1000 functions updated, about 58 s left (AWS takes 15 such calls a second)",
            "関数を 1000 個中 120 個更新済み、残り約 58 秒 (AWS が受け付けるこの種の呼び出しは毎秒 15 回まで)",
        ),
        (
            Stage(Phase.SETTLE, 2, 3, at_most=541),
            "Lambda has carried out 2 of 3 updates, at most 10 min more",
            "Lambda による更新の反映は 3 件中 2 件完了、待機は最長であと 10 分",
        ),
        (
            Stage(Phase.RELEASE, what="sg-0a1b", at_most=120),
            "waiting for AWS to delete the network interfaces that hold sg-0a1b, at most 120 s more",
            "sg-0a1b を使用するネットワークインターフェイスを AWS が削除するのを待機中、待機は最長であと 120 秒",
        ),
        (Stage(Phase.LOOK), "looking at what there is", "現状を確認中"),
    ],
    ids=lambda value: value.doing.value if isinstance(value, Stage) else None,
)
def test_a_line(stage: Stage, english: str, japanese: str) -> None:
    assert stage_text(stage, 0, ENGLISH) == english
    assert stage_text(stage, 0, JAPANESE) == japanese


def test_time_goes_by() -> None:
    stage = Stage(Phase.UPDATE, 1, 9, seconds_left=8, at_most=200)
    assert stage_text(stage, 3.5, ENGLISH) == "1 of 9 functions updated, about 5 s left, at most 4 min more"
    assert stage_text(stage, 8, ENGLISH) == "1 of 9 functions updated, at most 4 min more"
    assert stage_text(stage, 200, ENGLISH) == "1 of 9 functions updated"


def test_a_language_that_is_none_of_ours_is_left_to_the_module() -> None:
    assert texts_in(None) is texts_in("fr") is ENGLISH


@given(
    st.sampled_from(list(TEXTS.values())),
    st.builds(Stage, st.sampled_from(Phase), *[st.integers(0, 10**4)] * 2, st.just("sg-1"), st.integers(0, 100)),
)
def test_every_stage_is_one_short_line(texts: object, stage: Stage) -> None:
    line = stage_text(stage, 0, texts)  # type: ignore[arg-type]
    assert line.isprintable()
    assert "{" not in line
    assert len(line) < 150
