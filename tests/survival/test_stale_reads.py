# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""For seconds after a write AWS's reads show what was before: the run ends as it would have without that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.survival.jobs import JOBS, LONG, SCOPES, Account
from ansible_collections.cloudops.lambda_rds.tests.survival.runner import run_module
from ansible_collections.cloudops.lambda_rds.tests.survival.undisturbed import Undisturbed, texts

# Longer than the last, a run that has to look twice (run.py) may give up, and the next one completes it.
SECONDS = [0.3, 1, 3, 6]
# By then all reads show all that was written, and Lambda still holds its network interfaces.
SETTLED = 60


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("name", JOBS)
def test_a_run(emulator: Emulator, name: str, scope: str, record_property: Callable[[str, Any], None]) -> None:
    account = Account(emulator)
    job = account.job(name, scope)
    expected = Undisturbed(account, job)
    for seconds in SECONDS:
        emulator.restore(job.start)
        emulator.set(stale_seconds=seconds)
        ended = run_module(emulator, job.task)
        assert ended is not None
        assert not ended.result.get("failed"), (seconds, ended.result["msg"])
        assert (ended.result["changed"], texts(ended.result)) == (True, expected.changes), seconds
        emulator.advance(SETTLED)
        again = run_module(emulator, job.task)
        assert again is not None
        assert not again.result["changed"], (seconds, texts(again.result))
        emulator.set(stale_seconds=0)
        emulator.advance(LONG)
        assert account.look() == expected.state, seconds
    record_property("runs with stale reads survived", len(SECONDS))
