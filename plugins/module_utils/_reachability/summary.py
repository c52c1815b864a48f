# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Verdicts in one line: who reaches the database, and what keeps the others from it. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Sequence

from .hops import Verdict
from .texts import ENGLISH, JAPANESE, finding_data

# So many functions, and causes, are named; the others are counted.
_NAMED = 10
_OPEN = {
    ENGLISH: "{count} of {all} functions reach {database}.",
    JAPANESE: "{all} 個の関数のうち {count} 個が {database} に到達できます。",
}
_CLOSED = {
    ENGLISH: "{count} of {all} functions reach {database}, but not: {names}. {causes}",
    JAPANESE: "{all} 個の関数のうち {count} 個が {database} に到達できます。到達できない関数: {names}。{causes}",
}


def summary(verdicts: Sequence[Verdict], database: str, language: str) -> str:
    """Each cause once, with its remedy, however many functions it concerns."""
    closed = [verdict for verdict in verdicts if not verdict.reachable]
    causes = (finding_data(cause, language) for verdict in closed for cause in verdict.causes)
    texts = list(dict.fromkeys(f"{cause['message']} {cause['remedy']}" for cause in causes))
    return (_CLOSED if closed else _OPEN)[language].format(
        count=len(verdicts) - len(closed),
        all=len(verdicts),
        database=database,
        names=_some([verdict.function for verdict in closed], ", "),
        causes=_some(texts, " "),
    )


def _some(texts: Sequence[str], between: str) -> str:
    first = between.join(texts[:_NAMED])
    return first if len(texts) <= _NAMED else f"{first} (+{len(texts) - _NAMED})"
