# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The free addresses that a proxy should find in its subnets. PRIVATE to the collection.

https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-network-prereqs.html#rds-proxy-network-prereqs.plan-ip-address
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ..._model.databases import Database

# By the number in db.*.Nxlarge, and by the most Aurora capacity units of Serverless v2.
_BY_CLASS = {1: 10, 2: 15, 4: 25, 8: 45, 12: 60, 16: 75, 24: 110}
_BY_UNITS = {16: 10, 32: 15, 64: 25, 96: 30, 128: 40, 160: 50, 192: 55, 224: 65, 256: 75}
# A proxy does not take more.
_MOST = 215


def addresses_needed(database: Database, member_classes: Iterable[str]) -> int:
    """AWS's minimum for a database, with the readers of a cluster."""
    classes = list(member_classes) or [database.instance_class]
    return min(_MOST, sum(_for_class(name, database) for name in classes))


def _for_class(name: str, database: Database) -> int:
    if name == "db.serverless" and database.capacity is not None:
        return _at_least(_BY_UNITS, database.capacity.most)
    size = re.search(r"\.(\d+)xlarge$", name)
    return _at_least(_BY_CLASS, int(size[1]) if size else 1)


def _at_least(table: Mapping[int, int], size: float) -> int:
    return next((count for upto, count in table.items() if size <= upto), max(table.values()))
