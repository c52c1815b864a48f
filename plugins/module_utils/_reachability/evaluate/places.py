# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Where the ends of a path are. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Optional

from ..._model.databases import Database
from ..snapshot import Snapshot


def vpc_of(snapshot: Snapshot, subnet_ids: Iterable[str]) -> Optional[str]:
    """The VPC that subnets are in, as far as they are known."""
    return next((snapshot.subnets[subnet].vpc_id for subnet in subnet_ids if subnet in snapshot.subnets), None)


def vpc_of_database(snapshot: Snapshot, database: Database) -> Optional[str]:
    """Of a database that is given by its groups, the VPC in which its interfaces were found."""
    return vpc_of(snapshot, database.subnet_ids) or database.vpc_id


def subnets_of(snapshot: Snapshot, database: Database) -> tuple[str, ...]:
    """The subnets that it is in, or may be in after a failover.

    What stays in one Availability Zone is in the subnets that its subnet group has there; all else in any of them
    (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html).
    """
    known = [snapshot.subnets[subnet] for subnet in database.subnet_ids if subnet in snapshot.subnets]
    there = tuple(subnet.id for subnet in known if subnet.availability_zone == database.zone)
    return there or database.subnet_ids


def joined(snapshot: Snapshot, here: str, there: str) -> bool:
    """Whether two VPCs are one, or peered."""
    return here == there or any(peering.vpc_ids == {here, there} for peering in snapshot.peerings)
