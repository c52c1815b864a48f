# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Whether a function is where it can reach the database from, and finds it by its name. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from .._connection.state import Database, Function
from .findings import BLOCKS, RISK, Finding
from .state import Placement, Scene, Vpc


def vpc_of(scene: Scene, subnet_ids: tuple[str, ...]) -> Optional[str]:
    """The VPC that subnets are in, as far as they are known."""
    return next((scene.subnets[subnet].vpc_id for subnet in subnet_ids if subnet in scene.subnets), None)


def database_vpc(scene: Scene) -> Optional[str]:
    """Of a database that is given by its groups, the VPC in which its interfaces were found."""
    return vpc_of(scene, scene.placement.subnet_ids) or (scene.database.vpc_id if scene.database else None)


def place_findings(scene: Scene, function: Function) -> Iterator[Finding]:
    """Nothing is said of the VPC where subnets or peerings could not be read: that is a finding already."""
    database, here, there = scene.database, vpc_of(scene, function.vpc.subnet_ids), database_vpc(scene)
    if not function.vpc.attached:
        yield Finding("not_in_vpc", BLOCKS, function.name)
    elif here is not None and there is not None and database is not None:
        if not joined(scene, here, there) and "ec2:DescribeVpcPeeringConnections" not in _unread(scene):
            values = {"vpc_id": here, "database_vpc_id": there, "database": database.identifier}
            yield Finding("other_vpc", BLOCKS, function.name, values)
        elif database.endpoint is not None:
            yield from _name_findings(scene, database, scene.placement, here, there)


def joined(scene: Scene, here: str, there: str) -> bool:
    """Whether two VPCs are one, or peered."""
    return here == there or any(peering.vpc_ids == {here, there} for peering in scene.peerings)


def _unread(scene: Scene) -> set[str]:
    return {each.action for each in scene.unread}


def _name_findings(scene: Scene, database: Database, placement: Placement, here: str, there: str) -> Iterator[Finding]:
    """https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html and .../vpc/latest/peering/vpc-peering-dns.html"""
    host = database.endpoint or ""
    if scene.vpcs.get(here, Vpc(here)).dns_support is False:
        yield Finding("dns_support_off", BLOCKS, here, {"host": host})
    if here != there and placement.named_publicly:
        for peering in scene.peerings:
            if peering.vpc_ids == {here, there} and there not in peering.resolves:
                yield Finding("public_name_over_peering", BLOCKS, peering.id, {"host": host})


def unread_findings(scene: Scene, name: str) -> Iterator[Finding]:
    """What could not be read: it keeps a path from being proved, or only something else from being told."""
    for each in scene.unread:
        if not each.about or name in each.about:
            code, severity = ("not_read", BLOCKS) if each.hops else ("not_looked_at", RISK)
            yield Finding(code, severity, each.action, {"action": each.action, "answer": each.answer})
