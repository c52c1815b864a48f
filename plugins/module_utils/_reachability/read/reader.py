# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads in parallel, and remembers what it was not allowed to read. PRIVATE to the collection."""

from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any, Callable, TypeVar

from ..._errors import AwsError
from ..._process.threads import Pool
from ..snapshot import Unread

_THREADS = 10
# AWS's message names the action, where it names one.
_ACTION = re.compile(r"not authorized to perform: ([a-z0-9-]+:[A-Za-z]+)")

Answer = TypeVar("Answer")


class Reader:
    """A context manager: its threads end with it."""

    def __init__(self) -> None:
        self._pool = Pool(max_workers=_THREADS)
        self._unread: list[Unread] = []

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_error: object) -> None:
        self._pool.shutdown()

    @property
    def unread(self) -> tuple[Unread, ...]:
        """In an order that does not hang on which answer came first, each once."""
        return tuple(sorted(set(self._unread), key=lambda each: (each.action, sorted(each.resource_ids))))

    def read(
        self,
        action: str,
        ask: Callable[[], Answer],
        otherwise: Any,
        hops: Sequence[str] = (),
        resource_ids: Sequence[str] = (),
    ) -> Future[Answer]:
        """Asks AWS in a thread.

        What the path does not hang on is left out after any error of AWS, all else only where AWS does not allow it.

        :param action: the IAM action that it takes
        :param otherwise: the answer where there is none
        :param hops: the kinds of hops that are not known then
        :param about: the ids, of functions or prefix lists, that are not known then
        """

        def allowed() -> Any:
            try:
                return ask()
            except AwsError as error:
                if hops and not error.denied:
                    raise
                told = _ACTION.search(error.aws_message)
                self._unread.append(
                    Unread(told[1] if told else action, error.code, tuple(hops), frozenset(resource_ids))
                )
                return otherwise

        return self._pool.submit(allowed)
