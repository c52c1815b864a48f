# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Somebody else writes between two API calls of a run: both get what they want, and nothing is left over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.survival.jobs import LONG, Job
from ansible_collections.cloudops.lambda_rds.tests.survival.runner import Meanwhile, run_module
from ansible_collections.cloudops.lambda_rds.tests.survival.sampling import crossed, spread
from ansible_collections.cloudops.lambda_rds.tests.survival.writers import WRITERS, Neighbourhood, Writer


class Race:
    """A job, and another writer who comes in between."""

    def __init__(self, account: Neighbourhood, name: str, writer: Writer, scope: str) -> None:
        self.account = account
        self.emulator = account.emulator
        self.writer = writer
        self.scope = scope
        self.given_back = self._untouched()
        self.emulator.restore("untouched")
        if writer.has_h_connected:
            account.finish(account.for_h(scope))
            self.emulator.advance(LONG)
            self.emulator.checkpoint("built")
        self.job = account.job(name, scope)
        self.ends = [self._in_order(self._write, self._run), self._in_order(self._run, self._write)]

    def _untouched(self) -> Any:
        """What is left when everything of ours is taken back: the other tool's change alone."""
        if self.writer.is_of_others:
            self._write(Job("untouched", {}))
        return self._settled()

    def _write(self, job: Job | None = None) -> None:
        self.writer.write(self.account, job or self.job, self.scope)

    def _run(self) -> None:
        self.account.finish(self.job.task)

    def _settled(self) -> Any:
        self.emulator.advance(LONG)
        return self.account.look()

    def _in_order(self, *steps: Callable[[], None]) -> Any:
        """One after the other, without a race."""
        self.emulator.restore(self.job.start)
        for step in steps:
            step()
        return self._settled()

    @property
    def positions(self) -> list[int]:
        self.emulator.restore(self.job.start)
        alone = run_module(self.emulator, self.job.task)
        assert alone is not None
        return list(range(1, alone.calls + 1))

    def run(self, position: int) -> bool:
        """Whether it needed nobody to run again."""
        self.emulator.restore(self.job.start)
        ended = run_module(self.emulator, self.job.task, meanwhile=Meanwhile(position, self._write))
        assert ended is not None
        failed, message = ended.result.get("failed"), ended.result.get("msg", "")
        assert not failed or "Nothing was changed." in message, (position, message)
        end = self._settled()
        if not failed and end in self.ends:
            return True
        self._run()
        if not self.writer.is_of_others:
            self._write()
        assert self._settled() in self.ends, position
        return False

    def take_back(self) -> None:
        self.account.take_all_back(self.scope)
        assert self.account.look() == self.given_back


@pytest.mark.parametrize(
    ("name", "writer", "scope"),
    crossed(["connecting", "taking back"], WRITERS, ["function", "database", "proxy"]),
    ids=str,
)
def test_a_race(
    emulator: Emulator, name: str, writer: Writer, scope: str, record_property: Callable[[str, Any], None]
) -> None:
    race = Race(Neighbourhood(emulator), name, writer, scope)
    alone = {position: race.run(position) for position in spread(race.positions)}
    race.take_back()
    repeated = [position for position, was_enough in alone.items() if not was_enough]
    assert not repeated
    record_property("races survived", len(alone))
