# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An account has at most SETTINGS.proxies_per_region proxies in a Region.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html#rds-proxy.limitations
"""

from __future__ import annotations

from typing import Any

from moto.rds.exceptions import RDSClientError
from moto.rds.models import RDSBackend

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.settings import SETTINGS

# A proxy that is refused is not creating.
AFTER = ("proxies_take_time",)


def install() -> None:
    @replaces_method(RDSBackend, "create_db_proxy")
    def create_db_proxy(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
        if len(self.db_proxies) >= SETTINGS.proxies_per_region:
            raise RDSClientError(
                "DBProxyQuotaExceededFault",
                "Your Amazon Web Services account already has the maximum number of proxies in the specified Amazon Web"
                " Services Region.",
            )
        return original(self, *args, **kwargs)
