# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Writes plans to AWS, and keeps account of all that is written: the base of all writers. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import groupby
from typing import Any, Callable, Optional

from .._aws.client import Aws
from .._errors import AwsError
from .._model.state import State
from .._process.concurrency import Clock, Finished, executor_for
from .._process.progress import SILENT, Phase, Progress, Stage
from .blocked_deletion import BlockedDeletion
from .changes import Change, Outcome, renamed
from .plan import Plan
from .session import Session

# How long to wait for the next of several writes before asking again.
_POLL_SECONDS = 1.0


class Writer:
    """What has been written so far can be read at any time, also after a failure.

    ``written`` are the changes that took effect, with the stand-ins of what was planned; ``unconfirmed`` are those of
    which that is not known, because AWS's answer was lost.
    """

    def __init__(
        self, aws: Aws, sleep: Callable[[float], None], progress: Progress = SILENT, waits: Any = None
    ) -> None:
        self._progress = progress
        self._clock = Clock(sleep)
        self._session = Session(aws, waits)
        self._known: set[str] = set()
        self.written: list[Change] = []
        self.unconfirmed: list[Change] = []

    @property
    def ids(self) -> dict[str, str]:
        """The stand-ins of what was planned, and the real ids."""
        return self._session.ids

    @property
    def blocked(self) -> list[BlockedDeletion]:
        """The groups that turned out to be held when they were to be deleted, of the last plan."""
        return self._session.blocked

    def apply(self, plan: Plan) -> None:
        """Write every change of a plan, those that do not wait for each other side by side.

        :raises ConflictError: AWS has moved on; observe and plan again
        :raises AwsError: AWS refused
        """
        self._begin(plan)
        for batch in _batches(plan.changes):
            self._write_batch(batch)

    def _begin(self, plan: Plan) -> None:
        self._session.before = plan.before
        self._session.blocked = []

    def confirm(self, state: State) -> None:
        """Count the writes of which the answer was lost, as far as the state of now has them."""
        for change in tuple(self.unconfirmed):
            self.ids.update(change.made_ids(state))
            if renamed(change, self.ids).is_in_effect(state):
                self._count(change)

    def _write(self, change: Change) -> bool:
        """Whether the change took effect."""
        return change.write(self._session) is not Outcome.BLOCKED

    def _write_batch(self, changes: Sequence[Change]) -> None:
        """Write changes that do not wait for each other. After an error nothing more is begun; the first is raised."""
        planned = [self._as_planned(change) for change in changes]
        finished: dict[int, Finished] = {}
        executor, began = executor_for(len(changes), self._clock), self._clock.now()
        try:
            for number, change in enumerate(changes):
                executor.submit(number, partial(self._write, change))
            while len(finished) < len(changes) and not any(one.error for one in finished.values()):
                self._report(len(finished), len(changes), self._clock.now() - began)
                one = executor.next(_POLL_SECONDS)
                finished.update({one.subject: one} if one else {})
        finally:
            finished.update({one.subject: one for one in executor.close()})
            self._count_finished(planned, finished)
        error = next((finished[number].error for number in sorted(finished) if finished[number].error), None)
        if error is not None:
            raise error

    def _report(self, done: int, total: int, seconds: float) -> None:
        """What the rest takes is estimated from the pace so far."""
        left = seconds / done * (total - done) if done else None
        self._progress.tell(Stage(Phase.WRITE, done, total, seconds_left=left))

    def _count_finished(self, planned: Sequence[Change], finished: dict[int, Finished]) -> None:
        for number in sorted(finished):
            if finished[number].error is not None:
                self._note_lost_answer(planned[number], finished[number].error)
            elif finished[number].answer:
                self._count(planned[number])

    def _note_lost_answer(self, planned: Change, error: Optional[Exception]) -> None:
        if isinstance(error, AwsError) and error.answer_lost and planned not in self.unconfirmed:
            self.unconfirmed.append(planned)

    def _as_planned(self, change: Change) -> Change:
        """With the stand-ins of what this run made."""
        named = change.names_versions
        return renamed(change, {real: planned for planned, real in self.ids.items() if named or real.startswith("sg-")})

    def _count(self, change: Change) -> None:
        """Once, though what reads did not show yet may have been written again without an error: tags, versions."""
        known = "" if change.recurs else repr(change.data)
        if known not in self._known:
            self.written.append(change)
        self._known.update(filter(None, [known]))
        self.unconfirmed = [one for one in self.unconfirmed if one != change]

    def _discount(self, change: Change) -> None:
        """Of what was counted as written, AWS has said that it could not be carried out."""
        self.written = [one for one in self.written if one != change]
        self._known.discard(repr(change.data))


def _batches(changes: Iterable[Change]) -> list[Sequence[Change]]:
    """Changes of one kind that follow each other: each is of another resource, so none waits for another."""
    grouped = groupby(enumerate(changes), key=lambda item: (type(item[1]), item[1].alone and item[0]))
    return [[change for _number, change in batch] for _key, batch in grouped]
