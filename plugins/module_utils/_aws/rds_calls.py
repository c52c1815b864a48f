# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Calls of RDS. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Optional

from .._errors import AwsError
from .calls import Calls, tag_list
from .errors import MISSING


class RdsCalls(Calls):
    """Databases and proxies."""

    def describe_db_instances(self, identifier: Optional[str] = None) -> list[dict[str, Any]]:
        """The instance of that identifier, or all; none where there is no such instance."""
        arguments = {} if identifier is None else {"DBInstanceIdentifier": identifier}
        return self._rds_list(
            "describe_db_instances", "DBInstances", arguments, f"database instance {identifier or 's'}"
        )

    def describe_cluster_members(self, identifier: str) -> list[dict[str, Any]]:
        """The instances of a cluster, in one call; none where there is no such cluster."""
        members = [{"Name": "db-cluster-id", "Values": [identifier]}]
        what = f"members of database cluster {identifier}"
        return self._rds_list("describe_db_instances", "DBInstances", {"Filters": members}, what)

    def describe_db_clusters(self, identifier: Optional[str] = None) -> list[dict[str, Any]]:
        """The cluster of that identifier, or all; none where there is no such cluster."""
        arguments = {} if identifier is None else {"DBClusterIdentifier": identifier}
        return self._rds_list("describe_db_clusters", "DBClusters", arguments, f"database cluster {identifier or 's'}")

    def describe_db_subnet_group(self, name: str) -> Optional[dict[str, Any]]:
        arguments = {"DBSubnetGroupName": name}
        found = self._rds_list("describe_db_subnet_groups", "DBSubnetGroups", arguments, f"DB subnet group {name}")
        return found[0] if found else None

    def describe_proxies(self, name: Optional[str] = None) -> list[dict[str, Any]]:
        """The RDS Proxy of that name, or all; none where there is no such proxy."""
        arguments = {} if name is None else {"DBProxyName": name}
        return self._rds_list("describe_db_proxies", "DBProxies", arguments, f"RDS Proxy {name}" if name else "proxies")

    def describe_proxy_targets(self, name: str) -> list[dict[str, Any]]:
        """What a proxy connects to, with its health; for a cluster also its members. None without such a proxy."""
        arguments = {"DBProxyName": name}
        return self._rds_list("describe_db_proxy_targets", "Targets", arguments, f"targets of RDS Proxy {name}")

    def describe_proxy_target_groups(self, name: str) -> list[dict[str, Any]]:
        """A proxy's target group, the only one, with its connection pool. None without such a proxy."""
        arguments = {"DBProxyName": name}
        return self._rds_list(
            "describe_db_proxy_target_groups", "TargetGroups", arguments, f"target group of RDS Proxy {name}"
        )

    def list_proxy_tags(self, arn: str) -> Optional[dict[str, str]]:
        """The tags of a proxy; None where there is no such proxy."""
        try:
            with self._doing(f"list tags of RDS Proxy {arn}"):
                listed = self._rds.list_tags_for_resource(ResourceName=arn)["TagList"]
                return {tag["Key"]: tag["Value"] for tag in listed}
        except AwsError as error:
            if error.code in MISSING:
                return None
            raise

    def describe_proxy_endpoints(self) -> list[dict[str, Any]]:
        """The endpoints of all proxies, each proxy's own and further ones."""
        return self._rds_list("describe_db_proxy_endpoints", "DBProxyEndpoints", {}, "endpoints of proxies")

    def _rds_list(self, call: str, key: str, arguments: Mapping[str, Any], what: str) -> list[dict[str, Any]]:
        try:
            with self._doing(f"describe {what}"):
                return [item for page in self._rds.get_paginator(call).paginate(**arguments) for item in page[key]]
        except AwsError as error:
            if error.code in MISSING:
                return []
            raise

    def create_proxy(
        self, name: str, family: str, subnet_ids: Sequence[str], settings: Mapping[str, Any], tags: Mapping[str, str]
    ) -> None:
        with self._doing(f"create RDS Proxy {name}"):
            self._rds.create_db_proxy(
                DBProxyName=name,
                EngineFamily=family,
                VpcSubnetIds=list(subnet_ids),
                Tags=tag_list(tags),
                **settings,
            )

    def modify_proxy(self, name: str, settings: Mapping[str, Any]) -> None:
        with self._doing(f"modify RDS Proxy {name}"):
            self._rds.modify_db_proxy(DBProxyName=name, **settings)

    def modify_proxy_pool(self, name: str, settings: Mapping[str, Any]) -> None:
        with self._doing(f"modify the connection pool of RDS Proxy {name}"):
            self._rds.modify_db_proxy_target_group(
                DBProxyName=name, TargetGroupName="default", ConnectionPoolConfig=dict(settings)
            )

    def register_proxy_target(self, name: str, kind: str, identifier: str) -> None:
        """Let a proxy connect to an instance or a cluster."""
        with self._doing(f"register {kind} {identifier} with RDS Proxy {name}"):
            self._rds.register_db_proxy_targets(DBProxyName=name, **_target(kind, identifier))

    def deregister_proxy_target(self, name: str, kind: str, identifier: str) -> None:
        with self._doing(f"deregister {kind} {identifier} from RDS Proxy {name}"):
            self._rds.deregister_db_proxy_targets(DBProxyName=name, **_target(kind, identifier))

    def delete_proxy(self, name: str) -> None:
        """Delete a proxy; that it is gone already is fine."""
        try:
            with self._doing(f"delete RDS Proxy {name}"):
                self._rds.delete_db_proxy(DBProxyName=name)
        except AwsError as error:
            if error.code != "DBProxyNotFoundFault":
                raise

    def tag_proxy(self, arn: str, tags: Mapping[str, str]) -> None:
        with self._doing(f"tag RDS Proxy {arn}"):
            self._rds.add_tags_to_resource(ResourceName=arn, Tags=tag_list(tags))

    def untag_proxy(self, arn: str, keys: Sequence[str]) -> None:
        with self._doing(f"remove tags from RDS Proxy {arn}"):
            self._rds.remove_tags_from_resource(ResourceName=arn, TagKeys=list(keys))


def _target(kind: str, identifier: str) -> dict[str, list[str]]:
    return {"DBClusterIdentifiers" if kind == "cluster" else "DBInstanceIdentifiers": [identifier]}
