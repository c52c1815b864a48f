# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Where runs are killed: before and after each of their API calls.

What AWS has after one call is what it has before the next: a position is tried once, with SURVIVAL_EXAMPLES of a
hundred and more (`make soak`) from both sides.
"""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.survival.jobs import Job
from ansible_collections.cloudops.lambda_rds.tests.survival.runner import Kill, run_module
from ansible_collections.cloudops.lambda_rds.tests.survival.sampling import EXAMPLES


def kills(emulator: Emulator, job: Job) -> Iterator[Kill]:
    """Each position of a run that starts from a kept state, in turn: the state is then that after the kill."""
    emulator.restore(job.start)
    undisturbed = run_module(emulator, job.task, module=job.module)
    assert undisturbed is not None
    assert undisturbed.result["changed"], undisturbed.result
    calls = range(1, undisturbed.calls + 1)
    again = calls if EXAMPLES >= 100 else calls[-1:]
    for kill in [*map(Kill, calls), *(Kill(position, after=True) for position in again)]:
        emulator.restore(job.start)
        assert run_module(emulator, job.task, kill, module=job.module) is None, f"not killed {kill}"
        yield kill
