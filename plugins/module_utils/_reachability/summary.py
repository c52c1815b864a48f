# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Verdicts in one line: who reaches the database, and what keeps the others from it. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Sequence

from .catalogue.hops import CLOSED, UNKNOWN, Verdict
from .catalogue.texts import ENGLISH, JAPANESE, finding_data

# So many functions, and causes, are named; the others are counted.
_NAMED = 10
# By what else there is than paths that are open.
_TEXTS = {
    ENGLISH: {
        "": "{count} of {all} functions reach {database}.",
        "closed": "{count} of {all} functions reach {database}, but not: {closed}. {causes}",
        "unknown": "{count} of {all} functions are proved to reach {database}. Not known: {unknown}. {causes}",
        "closed unknown": (
            "{count} of {all} functions are proved to reach {database}, but not: {closed}. Not known: {unknown}."
            " {causes}"
        ),
    },
    JAPANESE: {
        "": "{all} 個の関数のうち {count} 個が {database} に到達できます。",
        "closed": "{all} 個の関数のうち {count} 個が {database} に到達できます。到達できない関数: {closed}。{causes}",
        "unknown": (
            "{all} 個の関数のうち {count} 個が {database} に到達できることを確認しました。判定できない関数: {unknown}。"
            "{causes}"
        ),
        "closed unknown": (
            "{all} 個の関数のうち {count} 個が {database} に到達できることを確認しました。到達できない関数: {closed}。"
            "判定できない関数: {unknown}。{causes}"
        ),
    },
}

# What a verdict that fails a task leaves behind.
_LEFT = {
    ENGLISH: ("The connection was not changed.", "What was made stays; the same task with state=absent takes it back."),
    JAPANESE: (
        "接続は変更していません。",
        "作成した接続は残っています。同じタスクを state=absent で実行すると元に戻ります。",
    ),
}


def failure(verdicts: Sequence[Verdict], database: str, language: str, *, made: bool) -> str:
    """The same as the message of a task that fails for it.

    :param made: whether the task has written something
    """
    return f"{summary(verdicts, database, language)} {_LEFT[language][made]}"


def summary(verdicts: Sequence[Verdict], database: str, language: str) -> str:
    """Each cause once, with its remedy, however many functions it concerns."""
    names = {path: [each.function for each in verdicts if each.path == path] for path in (CLOSED, UNKNOWN)}
    causes = (finding_data(cause, language) for each in verdicts if not each.reachable for cause in each.causes)
    told = list(dict.fromkeys(f"{cause['message']} {cause['remedy']}" for cause in causes))
    return _TEXTS[language][" ".join(path for path in names if names[path])].format(
        count=sum(verdict.reachable for verdict in verdicts),
        all=len(verdicts),
        database=database,
        closed=_some(names[CLOSED], ", "),
        unknown=_some(names[UNKNOWN], ", "),
        causes=_some(told, " "),
    )


def _some(texts: Sequence[str], between: str) -> str:
    first = between.join(texts[:_NAMED])
    return first if len(texts) <= _NAMED else f"{first} (+{len(texts) - _NAMED})"
