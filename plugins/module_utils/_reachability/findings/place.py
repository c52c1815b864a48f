# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Whether a function is where it can reach the database from, and finds it by its name. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterator

from ..._model.databases import Database
from ..._model.functions import Function
from ..catalogue.findings import BLOCKS, RISK, Finding
from ..evaluate.network_index import NetworkIndex
from ..evaluate.places import joined, subnets_of, vpc_of, vpc_of_database
from ..evaluate.routes import next_hops
from ..evaluate.segments import addresses_in, subnets_with
from ..snapshot import Snapshot

# Without these it is not known which VPCs are joined.
_JOINING = frozenset({"ec2:DescribeRouteTables", "ec2:DescribeVpcPeeringConnections"})


def place_findings(index: NetworkIndex, function: Function) -> Iterator[Finding]:
    """Nothing is said of the VPC where subnets, routes or peerings could not be read: that is a finding already."""
    snapshot = index.snapshot
    database, here = snapshot.database, vpc_of(snapshot, function.vpc.subnet_ids)
    there = vpc_of_database(snapshot, database) if database else None
    if function.capacity_provider is not None:
        yield Finding("on_capacity_provider", BLOCKS, function.name, {"provider": function.capacity_provider})
    elif not function.vpc.attached:
        yield Finding("not_in_vpc", BLOCKS, function.name)
    elif database is not None and here is not None and there is not None:
        known = not _JOINING & {each.action for each in snapshot.unread}
        if known and not joined(snapshot, here, there) and not _leads_on(index, function, database):
            values = {"vpc_id": here, "database_vpc_id": there, "database": database.identifier}
            yield Finding("other_vpc", BLOCKS, function.name, values)
        elif database.endpoint is not None:
            yield from _name_findings(snapshot, database, here, there)


def _leads_on(index: NetworkIndex, function: Function, database: Database) -> bool:
    """Whether a route from the function leads to, or may lead to, a network beyond which the database may be."""
    snapshot = index.snapshot
    ends = (function.vpc.subnet_ids, subnets_of(snapshot, database))
    here, there = (subnets_with(snapshot, end, 4) for end in ends)
    tables = [table for table in map(index.table, here) if table is not None]
    routes = [route for table in tables for subnet in there for route in next_hops(table, 4, addresses_in(subnet, 4))]
    routes += [route for table in tables for route in index.unread_routes(table)]
    return any(route.leads_on for route in routes if route is not None)


def _name_findings(snapshot: Snapshot, database: Database, here: str, there: str) -> Iterator[Finding]:
    """https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html and .../vpc/latest/peering/vpc-peering-dns.html"""
    host = database.endpoint or ""
    if snapshot.dns_support.get(here) is False:
        yield Finding("dns_support_off", BLOCKS, here, {"host": host})
    if here != there and database.public:
        for peering in snapshot.peerings:
            if peering.vpc_ids == {here, there} and there not in peering.resolves:
                yield Finding("public_name_over_peering", BLOCKS, peering.id, {"host": host})


def unread_findings(snapshot: Snapshot, name: str) -> Iterator[Finding]:
    """What could not be read: it keeps a path from being proved, or only something else from being told."""
    for each in snapshot.unread:
        if not each.resource_ids or name in each.resource_ids:
            code, severity = ("not_read", BLOCKS) if each.hops else ("not_looked_at", RISK)
            yield Finding(code, severity, each.action, {"action": each.action, "answer": each.answer})
