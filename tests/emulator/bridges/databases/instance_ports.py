# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The port of an instance is Endpoint.Port. DbInstancePort is 0, as it is on AWS for most engines."""

from __future__ import annotations

from typing import Any

from moto.rds.models import DBInstance

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_property


def install() -> None:
    @replaces_property(DBInstance, "db_instance_port")
    def db_instance_port(_self: Any) -> int:
        return 0
