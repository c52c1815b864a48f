# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A plan for a proxy, and what collects its changes. PRIVATE to the collection."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Optional

from ..._changes import plan
from ..._changes.changes import Change
from ..._changes.plan import PlanBuilder
from ..._reachability.catalogue.findings import Finding
from ..observed import ProxyState
from ..resolve import Resolution


@dataclass(frozen=True)
class Plan(plan.Plan):
    """``later`` are the changes that wait for the proxy, where the task does not.
    ``security_group_id`` is the group of ours that the proxy has in the end.
    """

    before: ProxyState
    after: ProxyState
    resolution: Resolution = field(default_factory=Resolution)
    later: tuple[Change, ...] = ()
    security_group_id: Optional[str] = None
    findings: tuple[Finding, ...] = ()


class ProxyPlanBuilder(PlanBuilder[ProxyState]):
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
