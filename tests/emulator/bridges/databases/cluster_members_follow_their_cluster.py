# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A member of a cluster has the cluster's port and subnet group."""

from __future__ import annotations

from typing import Any

from moto.rds.models import DBInstanceClustered

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import adds_property, replaces_property


def install() -> None:
    @adds_property(DBInstanceClustered, "db_subnet_group")
    def db_subnet_group(self: Any) -> Any:
        return self.backend.describe_db_subnet_groups(self.cluster.db_subnet_group_name)[0]

    @replaces_property(DBInstanceClustered, "endpoint")
    def endpoint(self: Any) -> dict[str, Any]:
        return {"Address": self.address, "Port": self.cluster.port, "HostedZoneId": self.cluster.hosted_zone_id}
