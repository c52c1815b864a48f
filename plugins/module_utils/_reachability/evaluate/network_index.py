# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What is on the ground, found once however many functions ask for it. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Optional

from ..._model.network_acls import Acl
from ..._model.networks import Subnet
from ..._model.routes import Route, RouteTable
from ..._model.security_groups import Rule
from ..snapshot import Snapshot, Unread
from .routes import table_of
from .segments import Blocker, Pair


class NetworkIndex:
    """A scene with its rules by group, and its network ACLs and route tables by subnet.

    ``between`` keeps what routes and network ACLs do between two subnets, for a port and a family.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.between: dict[tuple[Pair, int, int], tuple[Blocker, ...]] = {}
        self._rules: dict[tuple[str, str], list[Rule]] = {}
        for rule in snapshot.state.rules:
            if rule.protocol in ("tcp", "-1"):
                self._rules.setdefault((rule.group_id, rule.direction), []).append(rule)
        self._acls = {subnet: acl for acl in snapshot.acls for subnet in acl.subnet_ids}
        subnets = snapshot.subnets.values()
        # What these lead to are public addresses of AWS's services.
        self._gateways = {endpoint.id for endpoint in snapshot.endpoints if endpoint.kind == "Gateway"}
        self._tables = {each.id: table_of(snapshot.route_tables, each.id, each.vpc_id) for each in subnets}

    def rules(self, group_ids: Iterable[str], direction: str) -> list[Rule]:
        """The rules of these groups for TCP, in one direction."""
        return [rule for group_id in group_ids for rule in self._rules.get((group_id, direction), ())]

    def acl(self, subnet: Subnet) -> Optional[Acl]:
        """None where it could not be read."""
        return self._acls.get(subnet.id)

    def table(self, subnet: Subnet) -> Optional[RouteTable]:
        """None where it could not be read, or it is not known which subnet that is."""
        return self._tables.get(subnet.id)

    def unread_routes(self, table: RouteTable) -> list[Route]:
        """Those that may lead to any address, because their prefix list could not be read."""
        return [route for route in table.routes if route.unread and route.target not in self._gateways]

    def unread(self, ids: Iterable[str]) -> Optional[Unread]:
        """Why the first of these prefix lists is not known."""
        wanted = frozenset(ids)
        return next((each for each in self.snapshot.unread if each.resource_ids & wanted), None)
