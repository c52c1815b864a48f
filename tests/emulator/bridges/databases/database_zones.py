# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An instance is in an Availability Zone of its subnet group, a Multi-AZ one has its standby in another.

Members of a cluster are spread over the zones; a cluster that is no Aurora one is a Multi-AZ one.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html
"""

from __future__ import annotations

from typing import Any

from moto.rds.exceptions import InvalidParameterCombination, RDSClientError
from moto.rds.models import DBCluster, DBInstance, RDSBackend

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import (
    adds_property,
    replaces_method,
    replaces_property,
)


def install() -> None:
    @replaces_method(RDSBackend, "create_db_instance")
    def created(original: Any, self: Any, wanted: dict[str, Any]) -> Any:
        zones = _zones(self, wanted)
        if wanted.get("multi_az") and wanted.get("availability_zone"):
            raise InvalidParameterCombination(
                "Requesting a specific availability zone is not valid for Multi-AZ instances."
            )
        if zones and wanted.get("availability_zone") not in (None, *zones):
            # The fault is the service model's; its text is ours.
            raise RDSClientError(
                "InvalidVPCNetworkStateFault", f"No subnet of the group is in {wanted['availability_zone']}."
            )
        zone = wanted.get("availability_zone") or (zones[_members(self, wanted) % len(zones)] if zones else None)
        return original(self, {**wanted, "availability_zone": zone})

    @adds_property(DBInstance, "secondary_availability_zone")
    def standby(self: Any) -> str | None:
        group = self.db_subnet_group
        if not self.multi_az or group is None:
            return None
        others = sorted({subnet.availability_zone for subnet in group._subnets} - {self.availability_zone})
        return others[0] if others else None

    known = DBCluster.multi_az.fget

    @replaces_property(DBCluster, "multi_az")
    def multi_az(self: Any) -> bool:
        return not self.engine.startswith("aurora") or bool(known(self))


def _zones(rds: Any, wanted: dict[str, Any]) -> list[str]:
    """Those of the subnet group, or of the cluster's; none where there is no such group, which moto refuses."""
    cluster = rds.clusters.get(wanted.get("db_cluster_identifier") or "")
    name = wanted.get("db_subnet_group_name") if cluster is None else cluster.db_subnet_group_name
    group = rds.subnet_groups.get(name or "")
    return sorted({subnet.availability_zone for subnet in group._subnets}) if group is not None else []


def _members(rds: Any, wanted: dict[str, Any]) -> int:
    cluster = rds.clusters.get(wanted.get("db_cluster_identifier") or "")
    return 0 if cluster is None else len(cluster._members)
