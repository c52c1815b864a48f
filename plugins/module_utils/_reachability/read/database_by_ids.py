# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A database that is given by its security groups: what it is found by. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..._model.databases import Database
from ..._model.networks import Interface

# What RDS calls the interfaces of databases and of proxies, and as whom it makes them
# (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html).
_RDS = "amazon-rds"
_RDS_DESCRIPTIONS = ("RDSNetworkInterface", "Network interface for DBProxy ")


def found_by_groups(database: Database, listed: Iterable[Interface]) -> Database:
    """The database with the subnets of its network interfaces, and all the groups that these have together.

    Its interfaces are those that have every group given, which a host with one of several groups does not, but for
    those of functions; where RDS made some of them, these alone. Without any its place stays unknown.
    """
    given = set(database.security_group_ids)
    candidates = [each for each in listed if given.issubset(each.group_ids) and each.type != "lambda"]
    found = [each for each in candidates if _made_by_rds(each)] or candidates
    if not found:
        return database
    # Another group of it lets packets through just as well.
    more = set.intersection(*(set(each.group_ids) for each in found)) - given
    return replace(
        database,
        subnet_ids=tuple(sorted({each.subnet_id for each in found})),
        security_group_ids=(*database.security_group_ids, *sorted(more)),
    )


def _made_by_rds(interface: Interface) -> bool:
    return interface.requester_id == _RDS or interface.description.startswith(_RDS_DESCRIPTIONS)
