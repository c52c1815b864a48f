# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A call takes as long among a thousand resources as among ten: what moto looks for one by one is found by its key.

Nothing else changes. Without it the emulator, and not the tool that is measured, decides how long a run takes.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Sequence
from typing import Any

import moto.backends
import moto.core.responses
from moto.awslambda.models import LambdaStorage
from moto.ec2.models import EC2Backend
from moto.ec2.models.core import TaggedEC2Resource
from moto.ec2.models.security_groups import SecurityGroup, SecurityGroupRule
from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE, get_prefix

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method

# Of EC2's filters: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
WILDCARDS = "*?\\"


def install() -> None:
    _remember_what_moto_consists_of()

    @replaces_method(TaggedEC2Resource, "get_tags")
    def get_tags(_original: Any, self: Any) -> list[dict[str, str]]:
        kind = EC2_PREFIX_TO_RESOURCE.get(get_prefix(self.id), "") if self.id else ""
        return [
            {"resource_id": self.id, "key": key, "value": value, "resource_type": kind}
            for key, value in (self.ec2_backend.tags.get(self.id) or {}).items()
        ]

    @replaces_method(EC2Backend, "get_security_group_from_id")
    def get_security_group_from_id(_original: Any, self: Any, group_id: str) -> Any:
        return next((groups[group_id] for groups in self.groups.values() if group_id in groups), None)

    # moto copies each function with its code.
    @replaces_method(LambdaStorage, "all")
    def all_versions(_original: Any, self: Any) -> list[Any]:
        listed: list[Any] = []
        for function in self._functions.values():
            latest = copy.copy(function["latest"])
            latest.function_arn = f"{latest.function_arn}:$LATEST"
            listed += [latest, *function["versions"]]
        return listed

    for resource in (SecurityGroup, SecurityGroupRule):

        @replaces_method(resource, "matches_filter")
        def matches_filter(original: Any, self: Any, key: str, values: Any) -> Any:
            if key.startswith("tag:") and isinstance(values, list) and _all_plain(tuple(values)):
                return (self.ec2_backend.tags.get(self.id) or {}).get(key.removeprefix("tag:")) in values
            return original(self, key, values)

    for owner, name, attribute in (
        (SecurityGroup, "filter_group_id", "group_id"),
        (SecurityGroup, "filter_group_name", "group_name"),
        (SecurityGroupRule, "filter_group_id", "group_id"),
        (SecurityGroupRule, "filter_id", "id"),
    ):

        @replaces_method(owner, name)
        def filtered(original: Any, self: Any, values: Sequence[str], attribute: str = attribute) -> bool:
            return getattr(self, attribute) in values or (not _all_plain(tuple(values)) and original(self, values))


def _remember_what_moto_consists_of() -> None:
    """Which services there are, and which actions each has: moto looks into its folders and classes at each call."""
    modules = tuple(moto.backends.list_of_moto_modules())
    moto.backends.list_of_moto_modules = lambda: modules
    moto.core.responses.method_names_from_class = functools.cache(moto.core.responses.method_names_from_class)


@functools.lru_cache(maxsize=64)
def _all_plain(values: tuple[str, ...]) -> bool:
    """Has a filter no value that matches others than itself?"""
    return not any(character in value for value in values for character in WILDCARDS)
