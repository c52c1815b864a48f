# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Writes a plan to AWS: the only place where anything is written. PRIVATE to the collection."""

from __future__ import annotations

from typing import Callable

from .._aws import Aws
from .._errors import UpdateFailedError
from .._progress import SILENT, Progress
from .changes import Change, DeleteGroup, MoveAlias, PublishVersion, UpdateVpcConfig, renamed
from .doubt import found_ids, is_done
from .group_writer import GroupWriter
from .state import State
from .steps import Plan
from .waits import WaitOptions, Waits


class Writer(GroupWriter[State, Change]):
    """Applies plans in order."""

    def __init__(
        self, options: WaitOptions, aws: Aws, sleep: Callable[[float], None], progress: Progress = SILENT
    ) -> None:
        super().__init__(aws)
        self._waits = Waits(options, aws, sleep, progress)

    def apply(self, plan: Plan) -> None:
        """Write every change of a plan.

        :raises ConflictError: AWS has moved on; observe and plan again
        :raises AwsError: AWS refused
        :raises TimedOutError: a function was still being updated after wait_timeout seconds
        """
        self.pending = []
        self._waits.settle(plan)
        for change in plan.changes:
            if not isinstance(change, UpdateVpcConfig):
                self._wait()
            self._try(change, plan.before)
        self._wait()

    def _wait(self) -> None:
        try:
            self._waits.for_functions()
        except UpdateFailedError as error:
            # The function keeps the configuration of before.
            self.written = [
                change
                for change in self.written
                if not (isinstance(change, UpdateVpcConfig) and change.function.arn == error.resource)
            ]
            raise

    def _is_done(self, change: Change, state: State) -> bool:
        return is_done(change, state)

    def _found_ids(self, change: Change, state: State) -> dict[str, str]:
        return found_ids(change, state)

    def _as_planned(self, change: Change) -> Change:
        """A version's number is a name of something in an alias only."""
        moves = isinstance(change, MoveAlias)
        return renamed(change, {real: planned for planned, real in self.ids.items() if moves or real.startswith("sg-")})

    def _write(self, change: Change, before: State) -> bool:
        if isinstance(change, UpdateVpcConfig):
            self._update(change)
        elif isinstance(change, PublishVersion):
            self._publish(change)
        elif isinstance(change, MoveAlias):
            version = self._id(change.version)
            self._aws.move_alias(change.function.arn, change.alias.name, version, change.alias.revision_id)
        else:
            return self._write_group(change, before)
        return True

    def _update(self, change: UpdateVpcConfig) -> None:
        groups = [self._id(group) for group in change.vpc.security_group_ids]
        answer = self._aws.update_vpc_config(
            change.function.arn,
            change.vpc.subnet_ids,
            groups,
            change.vpc.ipv6_allowed_for_dual_stack,
            change.function.revision_id,
        )
        if answer.get("LastUpdateStatus") != "Successful":
            self._waits.updating(change.function)

    def _publish(self, change: PublishVersion) -> None:
        version = self._aws.publish_version(change.function.arn, change.function.code_sha256)
        self.ids[change.number] = version
        self._waits.publishing(change.function, version)

    def _release(self, change: DeleteGroup) -> None:
        if change.release:
            self._waits.for_release(change.group.id)
