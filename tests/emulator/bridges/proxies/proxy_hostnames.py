# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A proxy's endpoint is NAME.proxy-HASH.REGION.rds.amazonaws.com, a further one NAME.endpoint.proxy-HASH and so on.

https://docs.aws.amazon.com/cli/latest/reference/rds/describe-db-proxy-endpoints.html#examples
"""

from __future__ import annotations

from typing import Any

from moto.rds.models import DBProxy

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import reads_attribute


def install() -> None:
    @reads_attribute(DBProxy, "endpoint")
    def endpoint(_set: str, self: Any) -> str:
        return f"{self.db_proxy_name}.{_domain(self)}"


def further_endpoint(proxy: Any, name: str) -> str:
    return f"{name}.endpoint.{_domain(proxy)}"


def _domain(proxy: Any) -> str:
    return f"proxy-{proxy.url_identifier}.{proxy.region}.rds.amazonaws.com"
