# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Waits until AWS has carried out what was written; every wait is bounded. PRIVATE to the collection."""

from __future__ import annotations

from contextlib import suppress
from typing import Callable, Protocol

from ..._aws.client import Aws
from ..._changes.plan import Plan
from ..._errors import ConflictError, TimedOutError
from ..._model.functions import Function
from ..._model.networks import interface_from
from ..._process.progress import SILENT, Phase, Progress, Stage
from ..function_changes import updated_functions

_POLL_SECONDS = 10
# Before each further look for a version that reads do not show yet.
_UNSEEN_PAUSES = (0.5, 1, 2, 4)


class WaitOptions(Protocol):
    """How long a task lets its writer wait, in seconds."""

    @property
    def wait(self) -> bool: ...

    @property
    def wait_timeout(self) -> int: ...

    @property
    def release_timeout(self) -> int: ...


class Waits:
    """What has been begun and has to end before the next write of another kind."""

    def __init__(
        self, options: WaitOptions, aws: Aws, sleep: Callable[[float], None], progress: Progress = SILENT
    ) -> None:
        self._options = options
        self._aws = aws
        self._sleep = sleep
        self._progress = progress
        self._published: list[tuple[str, str]] = []
        self._release_left = options.release_timeout

    def publishing(self, function: Function, version: str) -> None:
        self._published.append((function.arn, version))

    def settle(self, plan: Plan) -> None:
        """Wait for updates under way: a deployment, or the update of a run that was cut off or did not wait.

        Where the function is to be updated, that ends in a new revision, so look again before any write.

        :raises ConflictError: look again
        """
        updates = updated_functions(plan.changes)
        busy = [function for function in plan.before.functions.values() if function.pending or function.updating]
        for function in busy:
            if self._options.wait or function.name in updates:
                self._progress.tell(Stage(Phase.SETTLE, at_most=self._options.wait_timeout))
                wait = self._aws.wait_until_active if function.pending else self._aws.wait_until_updated
                wait(function.arn, self._options.wait_timeout)
        names = ", ".join(function.name for function in busy if function.name in updates)
        if names:
            raise ConflictError(f"update {names}", "ResourceConflictException", "It was being updated by others.")

    def for_versions(self) -> None:
        """Until the versions can be invoked: an alias may be moved to them next."""
        published, self._published = self._published, []
        for done, (arn, version) in enumerate(published):
            self._progress.tell(Stage(Phase.ACTIVATE, done, len(published), at_most=self._options.wait_timeout))
            self._for_version(arn, version)

    def _for_version(self, arn: str, version: str) -> None:
        """It was published just now, so that there is none may only mean that reads do not show it yet."""
        for pause in _UNSEEN_PAUSES:
            with suppress(ConflictError):
                return self._aws.wait_until_version_active(arn, version, self._options.wait_timeout)
            self._sleep(pause)
        return self._aws.wait_until_version_active(arn, version, self._options.wait_timeout)

    def for_release(self, group_id: str) -> None:
        """Until Lambda has deleted its network interfaces, release_timeout seconds at most for all groups.

        :raises TimedOutError: the group was still held then
        """
        while any(group_id in interface_from(item).group_ids for item in self._aws.describe_interfaces([group_id])):
            if self._release_left <= 0:
                raise TimedOutError(f"Security group {group_id} was still held after release_timeout seconds.")
            self._progress.tell(Stage(Phase.RELEASE, what=group_id, at_most=self._release_left))
            self._sleep(min(_POLL_SECONDS, self._release_left))
            self._release_left -= _POLL_SECONDS
