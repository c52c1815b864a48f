# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Quotas of the account, and AWS's defaults. PRIVATE to the collection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class Quota:
    """A limit of the account; ``known`` is false where AWS's default stands in for one that could not be read."""

    value: int
    known: bool = True

    def as_read(self, found: Optional[int]) -> Quota:
        """The account's own; this one, AWS's default, where that could not be read."""
        return Quota(self.value, known=False) if found is None else Quota(found)


@dataclass(frozen=True)
class Room:
    """How many there are of what a quota limits."""

    used: int
    quota: Quota


# https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html (quota L-0EA8095F)
RULES_PER_GROUP = Quota(60)
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (quota L-9FEE3D26)
INTERFACES_PER_VPC = Quota(500)
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html#rds-proxy.limitations (quota L-D94C7EA3)
PROXIES = Quota(20)
