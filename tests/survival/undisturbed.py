# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A run that nothing disturbs: what the others are measured by."""

from __future__ import annotations

from typing import Any, Protocol

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.survival.faults import in_order
from ansible_collections.cloudops.lambda_rds.tests.survival.jobs import LONG, Job
from ansible_collections.cloudops.lambda_rds.tests.survival.runner import run_module


class Lookable(Protocol):
    """An account in an emulator, and all that there is in it."""

    emulator: Emulator

    def look(self) -> Any: ...


class Undisturbed:
    """What a job calls, says and leaves behind when nothing goes wrong."""

    def __init__(self, account: Lookable, job: Job) -> None:
        account.emulator.restore(job.start)
        ended = run_module(account.emulator, job.task, module=job.module)
        assert ended is not None
        assert ended.result["changed"], ended.result
        self.calls = in_order(account.emulator.calls())
        self.changes = texts(ended.result)
        account.emulator.advance(LONG)
        self.state = account.look()


def texts(result: dict[str, Any]) -> list[str]:
    """The changes that a run says it made, order aside."""
    return sorted(change["text"] for change in result.get("changes", ()))
