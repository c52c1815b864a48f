# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags of a proxy that is not there are refused; moto would answer that it has none."""

from __future__ import annotations

from typing import Any

from moto.rds.exceptions import DBProxyNotFoundFault
from moto.rds.models import RDSBackend

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method


def install() -> None:
    @replaces_method(RDSBackend, "_get_resource_for_tagging")
    def found(original: Any, self: Any, arn: str) -> Any:
        resource = original(self, arn)
        if resource is None and ":db-proxy:" in arn:
            raise DBProxyNotFoundFault(arn)
        return resource
