# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What can go wrong, each with what to do about it. PRIVATE to the collection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

_DENIED = re.compile("AccessDenied|UnauthorizedOperation|NotAuthorized")
_MOST_TEXTS = 50
_WHEN_ALONE = "Run the task again when nobody else changes the same."


@dataclass(frozen=True)
class Refusal:
    """One reason not to begin: the parameter (an option or what was found by it), its value, why, and the remedy."""

    parameter: str
    value: object
    reason: str
    remedy: str

    @property
    def text(self) -> str:
        value = ", ".join(str(item) for item in self.value) if isinstance(self.value, (tuple, list)) else self.value
        return f"{self.parameter} ({value}): {self.reason} {self.remedy}"

    @property
    def data(self) -> dict[str, object]:
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        return {"parameter": self.parameter, "value": value, "reason": self.reason, "remedy": self.remedy}


class LambdaRdsError(Exception):
    """The base of all that this collection raises; ``str()`` is the message for the user."""


class RefusedError(LambdaRdsError):
    """The task was refused before anything was written; carries every reason at once."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__(" ".join(refusal.text for refusal in self.refusals))


class AwsError(LambdaRdsError):
    """An AWS call failed. ``doing`` is a verb phrase that names the resource ("update function x").

    ``answer_lost``: the call may have taken effect all the same, because an answer was lost.
    """

    def __init__(self, doing: str, code: str, message: str, remedy: str = "", *, answer_lost: bool = False) -> None:
        self.doing = doing
        self.code = code
        self.aws_message = message
        self.remedy = remedy
        self.answer_lost = answer_lost
        super().__init__(f"Could not {doing}: {code}: {message}" + (f" {remedy}" if remedy else ""))

    @property
    def denied(self) -> bool:
        """Whether the identity lacks the permission for the call."""
        return _DENIED.search(self.code) is not None


class ConflictError(AwsError):
    """AWS has moved on since the state was observed: observe and plan again."""

    def __init__(
        self, doing: str, code: str, message: str, remedy: str = _WHEN_ALONE, *, answer_lost: bool = False
    ) -> None:
        super().__init__(doing, code, message, remedy, answer_lost=answer_lost)


class HeldError(AwsError):
    """A security group cannot be deleted yet: something still uses it (DependencyViolation)."""


class UpdateFailedError(AwsError):
    """AWS took an update of ``resource``, an ARN, and could not carry it out: the configuration of before stays."""

    def __init__(self, resource: str, doing: str, code: str, message: str, remedy: str = "") -> None:
        self.resource = resource
        super().__init__(doing, code, message, remedy)


class FunctionsFailedError(LambdaRdsError):
    """Some of a task's functions are given up; ``failed`` has the reason of each. The others go on.

    ``result`` is the task's, once the others are done; ``unconfirmed`` are changes that may have been made.
    """

    def __init__(
        self,
        failed: Mapping[str, Exception],
        of: int = 0,
        result: Optional[Mapping[str, Any]] = None,
        unconfirmed: Sequence[Mapping[str, object]] = (),
    ) -> None:
        self.failed = failed
        self.result = result or {}
        super().__init__(" ".join([*_failures(failed, of), *_so_far(self.result.get("changes", ()), unconfirmed)]))


def _failures(failed: Mapping[str, Exception], of: int) -> Iterator[str]:
    """All names; each reason once, as it is of the first of the functions that share it."""
    yield f"{len(failed)} of {of} functions failed."
    reasons: dict[str, list[str]] = {}
    for name, error in sorted(failed.items()):
        reasons.setdefault(str(error).replace(name, "FUNCTION"), []).append(name)
    for names in reasons.values():
        yield f"{', '.join(names)}: {failed[names[0]]}"
    if of > len(failed):
        yield "The others are done."


class TimedOutError(LambdaRdsError):
    """A bounded wait ran out."""


class StuckError(LambdaRdsError):
    """AWS shows something in a state that it does not leave by itself."""


class StoppedError(LambdaRdsError):
    """The run was told to end, by a signal, and begins nothing more."""

    def __init__(self, signal: str) -> None:
        super().__init__(f"Stopped by {signal} before the next call of AWS.")


class UnreachableError(LambdaRdsError):
    """All is as the task asks for, or would be, but the path to the database is not open; carries the result."""

    def __init__(self, message: str, result: Mapping[str, Any]) -> None:
        self.result = result
        super().__init__(message)


class IncompleteError(LambdaRdsError):
    """The run stopped part of the way.

    ``written`` are the changes made before, ``unconfirmed`` those that may have been made; each has a "text".
    """

    def __init__(
        self,
        cause: LambdaRdsError,
        written: Sequence[Mapping[str, object]],
        unconfirmed: Sequence[Mapping[str, object]] = (),
    ) -> None:
        self.written = written
        self.unconfirmed = unconfirmed
        super().__init__(" ".join([str(cause), *_so_far(written, unconfirmed)]))


def _so_far(written: Sequence[Mapping[str, object]], unconfirmed: Sequence[Mapping[str, object]]) -> list[str]:
    """What was written before a failure, and what follows."""
    state = [f"Written before: {_texts(written)}."] if written else []
    state += [f"Perhaps written, the answer was lost: {_texts(unconfirmed)}."] if unconfirmed else []
    return [*state, "Running the task again completes it." if state else "Nothing was changed."]


def _texts(changes: Sequence[Mapping[str, object]]) -> str:
    """Those of the first ones: nobody reads a thousand in a message, and the result has all."""
    texts = [str(change["text"]) for change in changes[:_MOST_TEXTS]]
    return "; ".join(texts) + (f"; and {len(changes) - _MOST_TEXTS} more" if len(changes) > _MOST_TEXTS else "")
