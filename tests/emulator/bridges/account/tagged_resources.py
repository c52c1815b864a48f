# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""GetResources comes in pages of SETTINGS.page_size at most, whose tokens say where the next one begins.

What it may not be asked for together is refused
(https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html).
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from moto.resourcegroupstaggingapi.exceptions import ResourceGroupsTaggingAPIError
from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend
from moto.resourcegroupstaggingapi.responses import ResourceGroupsTaggingAPIResponse

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.settings import SETTINGS

MOST_KEYS, MOST_VALUES, MOST_ARNS = 50, 20, 100
NOT_WITH_ARNS = ("TagFilters", "ResourceTypeFilters", "ResourcesPerPage", "TagsPerPage", "PaginationToken")


def install() -> None:
    @replaces_method(ResourceGroupsTaggingAPIResponse, "get_resources")
    def checked(original: Any, self: Any) -> Any:
        filters, arns = self._get_param("TagFilters", []), self._get_param("ResourceARNList", [])
        if arns and any(self._get_param(name) for name in NOT_WITH_ARNS):
            raise _refused("ResourceARNList cannot be combined with other parameters")
        if len(arns) > MOST_ARNS or len(filters) > MOST_KEYS:
            raise _refused(f"At most {MOST_ARNS} ARNs, and {MOST_KEYS} tag filters")
        if any(len(each.get("Values") or []) > MOST_VALUES for each in filters):
            raise _refused(f"At most {MOST_VALUES} values for a tag key")
        return original(self)

    # moto keeps what is left to list, which cannot be copied for a checkpoint, and takes each token once.
    @replaces_method(ResourceGroupsTaggingAPIBackend, "get_resources")
    def get_resources(
        _original: Any,
        self: Any,
        pagination_token: str | None = None,
        resources_per_page: int = 50,
        tags_per_page: int = 100,
        **filters: Any,
    ) -> tuple[str, list[Any]]:
        resources = sorted(self._get_resources_generator(**filters), key=lambda resource: str(resource.arn))
        start = _start(pagination_token)
        page: list[Any] = []
        tags = 0
        for resource in resources[start:][: min(resources_per_page, SETTINGS.page_size)]:
            tags += max(1, len(resource.tags))
            if page and tags > tags_per_page:
                break
            page.append(resource)
        end = start + len(page)
        return _token(end) if end < len(resources) else "", page


def _token(start: int) -> str:
    return base64.b64encode(f"from {start}".encode()).decode()


def _start(token: str | None) -> int:
    if not token:
        return 0
    try:
        word, _space, start = base64.b64decode(token, validate=True).decode().partition(" ")
        if word == "from":
            return int(start)
    except (binascii.Error, ValueError):
        pass
    raise ResourceGroupsTaggingAPIError("PaginationTokenExpiredException", "The pagination token has expired")


def _refused(message: str) -> Exception:
    error: Exception = ResourceGroupsTaggingAPIError("InvalidParameterException", message)
    return error
