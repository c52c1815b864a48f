# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Which changes of a plan can be written side by side. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TypeVar

from .changes import DeleteGroup

Kind = TypeVar("Kind")


def waves(changes: Iterable[Kind]) -> list[Sequence[Kind]]:
    """Changes of one kind that follow each other: each is of another resource, so none waits for another.

    Groups that are waited for are deleted one by one: they share the time that the task allows for that.
    """
    grouped = groupby(enumerate(changes), key=lambda item: (type(item[1]), _alone(item[1]) and item[0]))
    return [[change for _number, change in wave] for _key, wave in grouped]


def _alone(change: object) -> bool:
    return isinstance(change, DeleteGroup) and change.release
