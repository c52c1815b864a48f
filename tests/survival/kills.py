# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Where runs are killed: before and after each of their API calls.

What AWS has after one call is what it has before the next, and a call that reads changes nothing: so a run is killed
once wherever AWS has something new, and with SURVIVAL_EXAMPLES of a hundred and more (`make soak`) before and after
every call.
"""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.survival.jobs import Job
from ansible_collections.cloudops.lambda_rds.tests.survival.runner import Kill, run_module
from ansible_collections.cloudops.lambda_rds.tests.survival.sampling import EVERYTHING


def kills(emulator: Emulator, job: Job) -> Iterator[Kill]:
    """Each position of a run that starts from a kept state, in turn: the state is then that after the kill."""
    emulator.restore(job.start)
    undisturbed = run_module(emulator, job.task, module=job.module)
    assert undisturbed is not None
    assert undisturbed.result["changed"], undisturbed.result
    for kill in _all(undisturbed.calls) if EVERYTHING else _distinct(emulator):
        emulator.restore(job.start)
        assert run_module(emulator, job.task, kill, module=job.module) is None, f"not killed {kill}"
        yield kill


def _all(calls: int) -> list[Kill]:
    return [Kill(position, after) for position in range(1, calls + 1) for after in (False, True)]


def _distinct(emulator: Emulator) -> list[Kill]:
    """Before the first call, and after each that writes."""
    return [
        Kill(1),
        *(Kill(position, after=True) for position, call in enumerate(emulator.calls(), 1) if not call.is_read),
    ]
