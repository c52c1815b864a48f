# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""How many of many alike a test takes: SURVIVAL_EXAMPLES, which `make soak` raises."""

from __future__ import annotations

import os
from typing import TypeVar

T = TypeVar("T")

EXAMPLES = int(os.environ.get("SURVIVAL_EXAMPLES", "4"))


def spread(cases: list[T], most: int = EXAMPLES) -> list[T]:
    """So many at most, from all over the list."""
    if len(cases) <= most:
        return cases
    return [cases[index * len(cases) // most] for index in range(most)]
