# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What can go wrong, each with what to do about it. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


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
    """An AWS call failed. ``doing`` is a verb phrase that names the resource ("update function x")."""

    def __init__(self, doing: str, code: str, message: str, remedy: str = "") -> None:
        self.doing = doing
        self.code = code
        self.aws_message = message
        self.remedy = remedy
        super().__init__(f"Could not {doing}: {code}: {message}" + (f" {remedy}" if remedy else ""))


class ConflictError(AwsError):
    """AWS has moved on since the state was observed: observe and plan again."""


class HeldError(AwsError):
    """A security group cannot be deleted yet: something still uses it (DependencyViolation)."""


class TimedOutError(LambdaRdsError):
    """A bounded wait ran out."""


class IncompleteError(LambdaRdsError):
    """The run stopped part of the way. ``written`` are the changes made before, each with a "text"."""

    def __init__(self, cause: LambdaRdsError, written: Sequence[Mapping[str, object]]) -> None:
        self.written = written
        done = "; ".join(str(change["text"]) for change in written)
        state = f"Written before: {done}. Running the task again completes it." if written else "Nothing was changed."
        super().__init__(f"{cause} {state}")
