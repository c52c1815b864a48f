# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A plan for a proxy, and what collects its changes. PRIVATE to the collection."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Optional

from .._connection.findings import Finding
from .._connection.pending import Pending
from .._connection.steps import GroupSteps
from .._errors import Refusal
from .changes import Change, ProxyChange
from .state import ProxyState


@dataclass(frozen=True)
class Plan:
    """Ordered changes and the states before and after them. Empty means unchanged; with refusals nothing is applied.

    ``later`` are the changes that wait for the proxy, where the task does not. ``group_ids`` are the groups that the
    proxy wears in the end, ``security_group_id`` is the one of them that is ours.
    """

    before: ProxyState
    after: ProxyState
    changes: tuple[Change, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    later: tuple[Change, ...] = ()
    pending: tuple[Pending, ...] = ()
    security_group_id: Optional[str] = None
    findings: tuple[Finding, ...] = field(default=())


class ProxySteps(GroupSteps[ProxyState, ProxyChange]):
    """``state`` is what all changes make of the observed one, ``after`` what those of this run do."""

    def __init__(self, state: ProxyState, *, wait: bool) -> None:
        super().__init__(state)
        self._wait = wait
        self._halted = False
        self.after = state
        self.later: list[Change] = []

    def await_proxy(self) -> None:
        """What follows can be done only when AWS is done with the proxy."""
        self._halted = self._halted or not self._wait

    def add(self, change: Change) -> None:
        if self._halted:
            self.later.append(change)
            self.state = change.apply_to(self.state)
        else:
            super().add(change)
            self.after = self.state
