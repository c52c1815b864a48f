# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Another group of an instance or cluster is adding, and one that it no longer has removing, for a while.

That is SETTINGS.database_group_seconds; members of a cluster show what the cluster does.
"""

from __future__ import annotations

import functools
from typing import Any

from moto.rds.exceptions import InvalidParameterCombination
from moto.rds.models import DBCluster, DBInstance, RDSBackend

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import (
    replaces_method,
    replaces_property,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.clock import CLOCK
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.settings import SETTINGS

Changes = dict[str, str]


def install() -> None:
    for owner, name in ((DBInstance, "vpc_security_group_membership_list"), (DBCluster, "vpc_security_groups")):

        @replaces_property(owner, name)
        def memberships(self: Any) -> list[dict[str, str]]:
            changes = _changes(getattr(self, "cluster", self))
            group_ids = [*self.vpc_security_group_ids, *(each for each in changes if changes[each] == "removing")]
            return [{"VpcSecurityGroupId": each, "Status": changes.get(each, "active")} for each in group_ids]

    @replaces_method(RDSBackend, "modify_db_instance")
    def modify_instance(original: Any, self: Any, db_instance_identifier: str, wanted: dict[str, Any]) -> Any:
        database = self.describe_db_instances(db_instance_identifier)[0]
        if hasattr(database, "cluster") and wanted.get("vpc_security_group_ids"):
            raise InvalidParameterCombination("The DB cluster manages the VPC security groups of its instances.")
        before = list(database.vpc_security_group_ids)
        answered = original(self, db_instance_identifier, wanted)
        _change(before, database)
        return answered

    @replaces_method(RDSBackend, "modify_db_cluster")
    def modify_cluster(original: Any, self: Any, wanted: dict[str, Any]) -> Any:
        cluster = self.describe_db_clusters(wanted["db_cluster_identifier"])[0]
        before = list(cluster.vpc_security_group_ids)
        answered = original(self, wanted)  # a copy
        _change(before, cluster)
        answered.group_changes = _changes(cluster)
        return answered


def _changes(database: Any) -> Changes:
    """Group id: adding or removing."""
    changes: Changes = getattr(database, "group_changes", {})
    return changes


def _change(before: list[str], database: Any) -> None:
    """What was not over yet goes on with this change."""
    after, earlier = database.vpc_security_group_ids, _changes(database)
    if set(before) == set(after):
        return
    gone = [group_id for group_id in (*before, *earlier) if group_id not in after]
    new = [group_id for group_id in after if group_id not in before or earlier.get(group_id) == "adding"]
    database.group_changes = dict.fromkeys(gone, "removing") | dict.fromkeys(new, "adding")
    CLOCK.later(SETTINGS.database_group_seconds, functools.partial(_changed, database, database.group_changes))


def _changed(database: Any, changes: Changes) -> None:
    if _changes(database) is changes:
        database.group_changes = {}
