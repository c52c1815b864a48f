# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The plan of a connection. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..._changes import plan
from ..._errors import Refusal
from ..._model.state import State
from ..._reachability.catalogue.findings import Finding
from ..resolve.resolution import Resolution


@dataclass(frozen=True)
class Plan(plan.Plan):
    """``clients`` is each function's client group. ``findings`` are things that the user should know."""

    resolution: Resolution = field(default_factory=Resolution)
    clients: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def refused(state: State, refusals: Iterable[Refusal]) -> Plan:
    """A plan that changes nothing, with every reason for that."""
    return Plan(state, state, refusals=tuple(refusals))
