# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A proxy is creating, then available, and deleting before it is gone.

Creating takes SETTINGS.proxy_create_seconds, deleting SETTINGS.proxy_delete_seconds. SETTINGS.proxy_states can give it
another status.
"""

from __future__ import annotations

import functools
from typing import Any

from moto.rds.models import DBProxy, RDSBackend

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import reads_attribute, replaces_method
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies import proxy_interfaces
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies.proxy_faults import the_proxy, wrong_state
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.clock import CLOCK
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.settings import SETTINGS


def install() -> None:
    @reads_attribute(DBProxy, "status")
    def status(own: str, self: Any) -> str:
        return own if own == "deleting" else SETTINGS.proxy_states.get(self.db_proxy_name, own)

    @replaces_method(RDSBackend, "create_db_proxy")
    def create_db_proxy(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        proxy = original(self, *args, **kwargs)
        be_busy(proxy, "creating", SETTINGS.proxy_create_seconds)
        return proxy

    @replaces_method(RDSBackend, "delete_db_proxy")
    def delete_db_proxy(_original: Any, self: Any, proxy_name: str) -> Any:
        proxy = the_proxy(self, proxy_name)
        if proxy.status in ("creating", "modifying", "deleting"):
            raise wrong_state(proxy)
        proxy.status = "deleting"
        CLOCK.later(SETTINGS.proxy_delete_seconds, functools.partial(_deleted, self, proxy))
        return proxy


def be_busy(proxy: Any, status: str, seconds: float) -> None:
    """It has that status, and is available after so many seconds."""
    proxy.status = status
    CLOCK.later(seconds, functools.partial(_available, proxy))


def _available(proxy: Any) -> None:
    if proxy.status != "deleting":
        proxy.status = "available"


def _deleted(rds: Any, proxy: Any) -> None:
    del rds.db_proxies[proxy.db_proxy_name]
    proxy_interfaces.settle(rds.account_id, rds.region_name)
