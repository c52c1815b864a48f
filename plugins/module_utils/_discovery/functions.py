# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads the functions, few or many, in as few calls as will do. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Optional

from .._aws.client import Aws
from .._model.functions import Function, function_from
from .._model.names import FunctionName
from .._options.function_selection import Selection
from .._process.concurrency import call_all

# Up to so many functions are asked for one by one: GetFunction may be called 100 times a second, ListFunctions not.
FEW = 3
_PAGE = 50
# A further page of the list, which has to wait for the page before, is worth so many calls that need not wait.
_WORTH = 2


def read_functions(wanted: Sequence[FunctionName], aws: Aws, closely: Collection[str] = ()) -> dict[str, Function]:
    """Those of them that there are, by name.

    :param closely: functions of which the state matters, which lists do not show
    """
    listed = {} if len(wanted) <= FEW else _listed(wanted, aws)
    known = {each.name: listed[each.name] for each in wanted if _is_it(each, listed.get(each.name))}
    rest = [each for each in wanted if each.name not in known or each.name in closely]
    found = zip(rest, call_all(lambda each: aws.get_function(each.given), rest))
    return {**known, **{each.name: function_from(answer) for each, answer in found if answer is not None}}


def _listed(wanted: Sequence[FunctionName], aws: Aws) -> dict[str, Function]:
    """From the account's list, as long as that is worth it: there may be far more functions than are asked for."""
    names = {each.name for each in wanted}
    found: dict[str, Function] = {}
    least = -(-len(names) // _PAGE)
    for pages, functions in enumerate(_pages(aws), start=1):
        found.update({each.name: each for each in functions if each.name in names})
        if len(found) == len(names) or (pages >= least and len(found) < pages * _WORTH):
            break
    return found


def _pages(aws: Aws) -> Iterator[Iterable[Function]]:
    for page in aws.list_functions():
        yield map(function_from, page)


def _is_it(wanted: FunctionName, found: Optional[Function]) -> bool:
    """Whether what the list has under that name is meant: an ARN may be one of another account."""
    return found is not None and (wanted.given == wanted.name or found.arn.endswith(wanted.given))


def chosen_functions(selection: Selection, aws: Aws) -> tuple[list[FunctionName], dict[str, Function]]:
    """The functions that a selection takes, in the order of their names; by tags alone without their settings."""
    if not selection.tags:
        pages = (function for page in _pages(aws) for function in page)
        found = {each.name: each for each in pages if selection.takes(each.name)}
        return [FunctionName(name, name) for name in sorted(found)], found
    tagged = aws.tagged_functions(selection.tags).items()
    names = (arn.rpartition(":")[2] for arn, tags in tagged if selection.tags.items() <= tags.items())
    return [FunctionName(name, name) for name in sorted(names) if selection.takes(name)], {}
