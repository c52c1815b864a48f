# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Lists of EC2, by filters. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .base import Calls

# DescribeSecurityGroups and DescribeSecurityGroupRules take at most 200 values a filter:
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html
_FILTER_VALUES = 200


class Ec2Lists(Calls):
    """What every list of EC2 is read by."""

    def _ec2_list(
        self, call: str, key: str, name: str, values: Iterable[str], what: str, more: Iterable[Mapping[str, Any]] = ()
    ) -> list[dict[str, Any]]:
        ordered = sorted(set(values))
        found = []
        for start in range(0, len(ordered), _FILTER_VALUES):
            filters = [{"Name": name, "Values": ordered[start : start + _FILTER_VALUES]}, *more]
            with self._doing(f"describe {what}"):
                for page in self._ec2.get_paginator(call).paginate(Filters=filters):
                    found += page[key]
        return found
