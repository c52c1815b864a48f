# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The stations of a packet, in order, and the verdict that they lead to. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Optional

from .findings import BLOCKS, Finding

OPEN = "open"
CLOSED = "closed"
PARTLY = "partly"
UNKNOWN = "unknown"

FUNCTION = "function"
EGRESS_HOP = "egress"
ROUTE_HOP = "route"
ACL_OUT = "acl_out"
ACL_IN = "acl_in"
INGRESS_HOP = "ingress"
# Answers: network ACLs and routes only, because security groups remember connections.
RETURN = "return"
PROXY_HOP = "proxy"
DATABASE_HOP = "database"


@dataclass(frozen=True)
class Hop:
    """One station. ``segment`` is 1 from the function, 2 from a proxy to the database behind it.

    ``resources`` are ids or names; ``detail`` needs no language (tcp/5432); ``codes`` are those of the findings on it.
    """

    kind: str
    segment: int
    state: str
    resources: tuple[str, ...] = ()
    detail: str = ""
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """Whether one function reaches the database, with less than BLOCKING_SHARE of its connections closed (findings.py).

    That is proved (``reachable``), or something closes the path, or it is not known (``path``). ``blocked``: something
    is wrong that the user can mend, be it only that something may not be read.
    """

    function: str
    hops: tuple[Hop, ...]
    findings: tuple[Finding, ...]
    managed: Optional[bool] = None

    @property
    def blocked(self) -> bool:
        return any(finding.severity == BLOCKS for finding in self.findings)

    @property
    def reachable(self) -> bool:
        return not self.blocked and all(hop.state == OPEN for hop in self.hops)

    @property
    def path(self) -> str:
        """OPEN, CLOSED or UNKNOWN, as a whole."""
        if any(hop.state in (CLOSED, PARTLY) for hop in self.hops):
            return CLOSED
        return OPEN if self.reachable else UNKNOWN

    @property
    def causes(self) -> tuple[Finding, ...]:
        """What keeps it from being reachable: also what closes some pairs of subnets only, or hides something."""
        closing = {code for hop in self.hops for code in hop.codes}
        return tuple(finding for finding in self.findings if finding.severity == BLOCKS or finding.code in closing)


def path_of_all(verdicts: Iterable[Verdict]) -> str:
    """OPEN only if every path is; one that is closed is told before one that is not known."""
    paths = {verdict.path for verdict in verdicts}
    return next((path for path in (CLOSED, UNKNOWN) if path in paths), OPEN)
