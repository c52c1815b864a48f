# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""How many of many alike a test takes: SURVIVAL_EXAMPLES, which `make soak` raises."""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from typing import Any, TypeVar

T = TypeVar("T")

EXAMPLES = int(os.environ.get("SURVIVAL_EXAMPLES", "3"))
EVERYTHING = EXAMPLES >= 100


def spread(cases: list[T], most: int = EXAMPLES) -> list[T]:
    """So many at most, from all over the list."""
    if len(cases) <= most:
        return cases
    return [cases[index * len(cases) // most] for index in range(most)]


def now_and_then(number: int) -> bool:
    """Whether it is the turn of one of many alike, by its number: every fourth, beginning with the third."""
    return EVERYTHING or number % 4 == 2


def crossed(*axes: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All combinations; with few examples half of them, in which any values of two axes still meet."""
    every = itertools.product(*map(enumerate, axes))
    return [
        tuple(value for _number, value in values)
        for values in every
        if EVERYTHING or sum(number for number, _value in values) % 2 == 0
    ]
