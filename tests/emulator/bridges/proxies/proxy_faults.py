# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What RDS answers about a proxy that is not there, or that is not in a state for it.

In the words of RDS's service model: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBProxy.html
"""

from __future__ import annotations

from typing import Any

from moto.rds.exceptions import DBProxyNotFoundFault, InvalidParameterValue, RDSClientError


def the_proxy(rds: Any, name: str) -> Any:
    if name not in rds.db_proxies:
        raise DBProxyNotFoundFault(name)
    return rds.db_proxies[name]


def the_target_group(proxy: Any, name: str | None) -> Any:
    """A proxy has one, which is named default."""
    group = proxy.proxy_target_groups.get(name or "default")
    if group is None:
        raise RDSClientError(
            "DBProxyTargetGroupNotFoundFault", f"The specified target group {name} isn't available for the proxy."
        )
    return group


def refuse_unless_available(proxy: Any) -> None:
    if proxy.status != "available":
        raise wrong_state(proxy)


def wrong_state(proxy: Any) -> Exception:
    error: Exception = RDSClientError(
        "InvalidDBProxyStateFault",
        f"The requested operation can't be performed while the proxy {proxy.db_proxy_name} is {proxy.status}.",
    )
    return error


def refuse_out_of_range(name: str, value: int | None, lowest: int, highest: int) -> None:
    if value is not None and not lowest <= int(value) <= highest:
        raise InvalidParameterValue(f"Invalid value {value} for {name}. Must be between {lowest} and {highest}.")
