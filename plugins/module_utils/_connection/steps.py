# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The plan of a connection. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .._changes import plan
from .findings import Finding


@dataclass(frozen=True)
class Plan(plan.Plan):
    """``clients`` is each function's client group. ``findings`` are things that the user should know."""

    clients: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
