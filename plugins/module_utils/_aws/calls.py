# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the calls of each service share: clients, errors, paging, filters and tags. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any


class Calls:
    """``_aws.py`` fills the places: the clients, each made when it is first needed, and boto3's exceptions as ours."""

    _ec2: Any
    _iam: Any
    _lambda: Any
    _rds: Any
    _quotas: Any
    _tagging: Any

    def _doing(self, what: str) -> AbstractContextManager[None]:
        raise NotImplementedError

    def _wait(self, waiter: str, name: str, timeout: int) -> None:
        raise NotImplementedError


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


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": str(value)} for key, value in tags.items()]


def tagged(resource: str, tags: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"ResourceType": resource, "Tags": tag_list(tags)}] if tags else []
