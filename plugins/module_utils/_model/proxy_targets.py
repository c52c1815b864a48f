# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a proxy connects to: what of it decides for whom, and what is wrong with that. PRIVATE to the collection.

Pure, and the one place that evaluates a target's health.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBProxyTarget.html (Type, Role) and
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_TargetHealth.html (State, Reason)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

TRACKED_CLUSTER = "TRACKED_CLUSTER"
RDS_INSTANCE = "RDS_INSTANCE"

# Of a target, and of an endpoint of the proxy; a target that the proxy has not been to yet has neither.
READ_WRITE = "READ_WRITE"
READ_ONLY = "READ_ONLY"

_AVAILABLE = "AVAILABLE"
_UNAVAILABLE = "UNAVAILABLE"
_UNUSED = "UNUSED"

# What can be wrong, by the codes of the findings that tell of it.
UNHEALTHY = "proxy_target_unhealthy"
UNREACHABLE = "proxy_target_unreachable"
PENDING = "proxy_target_pending"
NO_READER = "proxy_no_reader"
TROUBLES = (UNHEALTHY, UNREACHABLE, PENDING, NO_READER)


@dataclass(frozen=True)
class Target:
    """What a proxy connects to, with its health. A registered cluster shows its members too."""

    type: str
    identifier: str
    cluster: Optional[str] = None
    role: Optional[str] = None
    endpoint: Optional[str] = None
    port: Optional[int] = None
    state: Optional[str] = None
    reason: Optional[str] = None
    description: Optional[str] = None

    @property
    def health(self) -> str:
        """In AWS's words: UNAVAILABLE (AUTH_FAILURE)."""
        state = self.state or "without a state yet"
        return f"{state} ({self.reason})" if self.reason else state


@dataclass(frozen=True)
class Trouble:
    """What is wrong, and with which target."""

    code: str
    target: Target


def target_from(target: Mapping[str, Any]) -> Target:
    """A target as DescribeDBProxyTargets gives it."""
    health = target.get("TargetHealth") or {}
    return Target(
        target.get("Type") or "",
        target.get("RdsResourceId") or "",
        target.get("TrackedClusterId") or None,
        target.get("Role") or None,
        target.get("Endpoint") or None,
        target.get("Port") or None,
        health.get("State") or None,
        health.get("Reason") or None,
        health.get("Description") or None,
    )


def trouble(targets: Sequence[Target], role: str = READ_WRITE) -> Optional[Trouble]:
    """What keeps, or may keep, an endpoint of that role from the database; None where nothing is known to.

    A read-only endpoint of a cluster without a reader refuses every connection at once
    (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-endpoints.html).
    """
    chosen = decider(targets, role)
    if chosen is None:
        return None
    alone = role == READ_ONLY and all(target.role == READ_WRITE for target in _members(targets))
    code = NO_READER if alone else _code(chosen)
    return Trouble(code, chosen) if code else None


def decider(targets: Sequence[Target], role: str = READ_WRITE) -> Optional[Target]:
    """The target to go by: the worst where all count, the best of several readers, of which an available one will do.

    What is unavailable comes before what is only being registered, because AWS says why.
    """
    choose = max if role == READ_ONLY else min
    return choose(_deciding(targets, role), key=_soundness, default=None)


def may_be_unreachable(target: Target) -> bool:
    """Users report that AWS shows a blocked path without a reason too, as an internal error."""
    return _code(target) == UNREACHABLE


def is_available(target: Target) -> bool:
    return target.state == _AVAILABLE


def _members(targets: Sequence[Target]) -> Sequence[Target]:
    """Of a cluster AWS tells the health of the members, where it shows them."""
    return [target for target in targets if target.type != TRACKED_CLUSTER] or targets


def _deciding(targets: Sequence[Target], role: str) -> Sequence[Target]:
    """The writer for a read/write endpoint, the readers for a read-only one; those of unknown role where there is none.

    What the proxy does not use (UNUSED) counts only where there is nothing else.
    """
    members, other = _members(targets), READ_WRITE if role == READ_ONLY else READ_ONLY
    exact = [target for target in members if target.role == role]
    serving = exact or [target for target in members if target.role != other] or members
    return [target for target in serving if target.state != _UNUSED] or serving


def _code(target: Target) -> Optional[str]:
    if target.state in (None, _AVAILABLE):
        return None
    if target.state != _UNAVAILABLE or target.reason == "PENDING_PROXY_CAPACITY":
        return PENDING
    return UNREACHABLE if target.reason in (None, "UNREACHABLE") else UNHEALTHY


def _soundness(target: Target) -> tuple[int, bool, bool]:
    code = _code(target)
    rank = TROUBLES.index(code) if code else len(TROUBLES)
    return rank, target.state != _UNAVAILABLE, is_available(target)
