# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An instance or cluster is creating, then available, then deleting; without an endpoint until it is available.

Creating and deleting take SETTINGS.database_create_seconds each. SETTINGS.database_states can give it another status
(https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html#Overview.DBInstance.Status).
"""

from __future__ import annotations

import functools
from typing import Any

from moto.rds.exceptions import InvalidDBClusterStateFault, RDSClientError
from moto.rds.models import DBCluster, DBInstance, DBInstanceClustered, RDSBackend

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.databases import database_interfaces
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import (
    reads_attribute,
    replaces_method,
    replaces_property,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.proxies import proxy_target_health
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.clock import CLOCK
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.settings import SETTINGS

ENDPOINTS = (
    (DBInstance, "endpoint"),
    (DBInstanceClustered, "endpoint"),
    (DBCluster, "endpoint"),
    (DBCluster, "reader_endpoint"),
)


# A database that is not available cannot be modified.
AFTER = (
    "cluster_members_follow_their_cluster",
    "databases_have_a_subnet_group",
)


def install() -> None:
    for owner, name in ENDPOINTS:
        known = getattr(owner, name).fget

        @replaces_property(owner, name)
        def endpoint(self: Any, known: Any = known) -> Any:
            return None if self.status == "creating" else known(self)

    # moto's cluster says creating once, whoever asks.
    @replaces_property(DBCluster, "status")
    def status(self: Any) -> str:
        return _shown(str(self._status), self)

    reads_attribute(DBInstance, "status")(_shown)

    all_members = DBCluster._members.fget

    @replaces_property(DBCluster, "_members")
    def members(self: Any) -> Any:
        return [member for member in all_members(self) if member.status != "deleting"]

    _instances()
    _clusters()


def _shown(own: str, database: Any) -> str:
    return own if own == "deleting" else SETTINGS.database_states.get(database.resource_id, own)


def _instances() -> None:
    @replaces_method(RDSBackend, "create_db_instance")
    def create(original: Any, self: Any, wanted: dict[str, Any]) -> Any:
        return _creating(original(self, wanted))

    @replaces_method(RDSBackend, "modify_db_instance")
    def modify(original: Any, self: Any, db_instance_identifier: str, wanted: dict[str, Any]) -> Any:
        if _is_unfinished(self.databases.get(db_instance_identifier)):
            raise RDSClientError("InvalidDBInstanceState", "Database instance is not in available state.")
        return original(self, db_instance_identifier, wanted)

    @replaces_method(RDSBackend, "delete_db_instance")
    def delete(original: Any, self: Any, db_instance_identifier: str, **how: Any) -> Any:
        if _is_deleting(self.databases.get(db_instance_identifier)):
            message = f"Instance {db_instance_identifier} is already being deleted."
            raise RDSClientError("InvalidDBInstanceState", message)
        return _deleting(self.databases, original(self, db_instance_identifier, **how))


def _clusters() -> None:
    @replaces_method(RDSBackend, "create_db_cluster")
    def create(original: Any, self: Any, wanted: dict[str, Any]) -> Any:
        if wanted["db_cluster_identifier"] in self.clusters:
            raise RDSClientError("DBClusterAlreadyExistsFault", "DB Cluster already exists")
        return _creating(original(self, wanted))

    @replaces_method(RDSBackend, "modify_db_cluster")
    def modify(original: Any, self: Any, wanted: dict[str, Any]) -> Any:
        if _is_unfinished(self.clusters.get(wanted["db_cluster_identifier"])):
            raise InvalidDBClusterStateFault("DB cluster is not in available state.")
        return original(self, wanted)

    @replaces_method(RDSBackend, "delete_db_cluster")
    def delete(original: Any, self: Any, cluster_identifier: str, **how: Any) -> Any:
        if _is_deleting(self.clusters.get(cluster_identifier)):
            raise InvalidDBClusterStateFault(f"Cluster {cluster_identifier} is already being deleted.")
        return _deleting(self.clusters, original(self, cluster_identifier, **how))


def _is_unfinished(database: Any) -> bool:
    return database is not None and database.status in ("creating", "deleting")


def _is_deleting(database: Any) -> bool:
    return database is not None and database.status == "deleting"


def _creating(database: Any) -> Any:
    database.status = "creating"
    CLOCK.later(SETTINGS.database_create_seconds, functools.partial(_created, database))
    return database


def _created(database: Any) -> None:
    if database.status == "creating":
        database.status = "available"
        proxy_target_health.settle(database.account_id)


def _deleting(databases: Any, database: Any) -> Any:
    """It was taken out, and comes back until its time is over."""
    database.status = "deleting"
    databases[database.resource_id] = database
    CLOCK.later(SETTINGS.database_create_seconds, functools.partial(_deleted, databases, database))
    return database


def _deleted(databases: Any, database: Any) -> None:
    del databases[database.resource_id]
    database_interfaces.settle(database.account_id, database.region)
