# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What is shown of a run while it lasts, and when it is interrupted, in both languages. PRIVATE to the collection."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process.progress import Phase, Stage

# A longer time is told in minutes.
_MOST_SECONDS = 120


@dataclass(frozen=True)
class Texts:
    """The words of one language.

    ``plain`` are those of each stage, ``counted`` those of one that knows how many there are.
    """

    counted: Mapping[Phase, str]
    plain: Mapping[Phase, str]
    seconds_left: str
    at_most: str
    limit: str
    seconds: str
    minutes: str
    stopping: str
    going_on: str
    stopped: str
    unchanged: str
    ended: str


_ENGLISH = Texts(
    counted={
        Phase.LOOK: "looking at {total} functions",
        Phase.WRITE: "{done} of {total} changes written",
        Phase.UPDATE: "{done} of {total} functions updated",
        Phase.SETTLE: "Lambda has carried out {done} of {total} updates",
        Phase.ACTIVATE: "{done} of {total} versions can be invoked",
    },
    plain={
        Phase.LOOK: "looking at what there is",
        Phase.WRITE: "writing changes",
        Phase.UPDATE: "updating functions",
        Phase.SETTLE: "waiting for Lambda to carry out updates",
        Phase.ACTIVATE: "waiting until the published versions can be invoked",
        Phase.RELEASE: "waiting for AWS to delete the network interfaces that hold {what}",
        Phase.PROXY: "waiting for AWS to be done with the proxy {what}",
        Phase.TARGETS: "waiting until the proxy {what} reaches its database",
        Phase.VERIFY: "judging the paths",
    },
    seconds_left=", about {time} left",
    at_most=", at most {time} more",
    limit=" (AWS takes {limit} such calls a second)",
    seconds="{number} s",
    minutes="{number} min",
    stopping=(
        "{module} finishes the AWS call that is under way and begins no other."
        " Running the task again completes what is missing."
    ),
    going_on="{module} may go on for a while where it runs. Running the task again completes what is missing.",
    stopped="Stopped after {changes} changes. Running the task again completes what is missing.",
    unchanged="Stopped before anything was changed.",
    ended="The task had come to its end.",
)

_JAPANESE = Texts(
    counted={
        Phase.LOOK: "{total} 個の関数を確認中",
        Phase.WRITE: "変更を {total} 件中 {done} 件適用済み",
        Phase.UPDATE: "関数を {total} 個中 {done} 個更新済み",
        Phase.SETTLE: "Lambda による更新の反映は {total} 件中 {done} 件完了",
        Phase.ACTIVATE: "発行したバージョンは {total} 個中 {done} 個が呼び出し可能",
    },
    plain={
        Phase.LOOK: "現状を確認中",
        Phase.WRITE: "変更を適用中",
        Phase.UPDATE: "関数を更新中",
        Phase.SETTLE: "Lambda による更新の反映を待機中",
        Phase.ACTIVATE: "発行したバージョンが呼び出し可能になるのを待機中",
        Phase.RELEASE: "{what} を使用するネットワークインターフェイスを AWS が削除するのを待機中",
        Phase.PROXY: "プロキシ {what} に対する AWS の処理の完了を待機中",
        Phase.TARGETS: "プロキシ {what} がデータベースに接続できるようになるのを待機中",
        Phase.VERIFY: "経路を判定中",
    },
    seconds_left="、残り約 {time}",
    at_most="、待機は最長であと {time}",
    limit=" (AWS が受け付けるこの種の呼び出しは毎秒 {limit} 回まで)",
    seconds="{number} 秒",
    minutes="{number} 分",
    stopping=(
        "{module} は実行中の AWS 呼び出しを終え、新たな呼び出しは行いません。"
        "タスクをもう一度実行すると、残りの処理が完了します。"
    ),
    going_on=(
        "{module} は実行先でしばらく動き続けることがあります。タスクをもう一度実行すると、残りの処理が完了します。"
    ),
    stopped="{changes} 件の変更を適用した時点で停止しました。タスクをもう一度実行すると、残りの処理が完了します。",
    unchanged="何も変更せずに停止しました。",
    ended="タスクはすでに終わっていました。",
)

TEXTS = {"en": _ENGLISH, "ja": _JAPANESE}


def texts_in(language: object) -> Texts:
    """English where the language is none of ours: the module refuses that."""
    return TEXTS.get(str(language), _ENGLISH)


def stage_text(stage: Stage, age: float, texts: Texts) -> str:
    """One line. ``age``: the seconds since the stage was told."""
    text = (texts.counted.get(stage.doing) if stage.total else None) or texts.plain[stage.doing]
    text = text.format(done=stage.done, total=stage.total, what=stage.what)
    for seconds, words in ((stage.seconds_left, texts.seconds_left), (stage.at_most, texts.at_most)):
        if seconds is not None and seconds > age:
            text += words.format(time=_time(seconds - age, texts))
    return text + (texts.limit.format(limit=stage.limit) if stage.limit else "")


def _time(seconds: float, texts: Texts) -> str:
    if seconds > _MOST_SECONDS:
        return texts.minutes.format(number=math.ceil(seconds / 60))
    return texts.seconds.format(number=math.ceil(seconds))
