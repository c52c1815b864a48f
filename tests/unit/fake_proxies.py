# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The account in memory with RDS proxies, as strict about them as AWS: states, targets, groups in use."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import AwsError, ConflictError

from .fake_aws import OWNER, FakeAws

ZONES = ("eu-central-1a", "eu-central-1b", "eu-central-1c")
HEALTHY = {"State": "AVAILABLE"}


@dataclass(repr=False)
class FakeProxies(FakeAws):
    """``slow``: how many looks a proxy takes to be created, modified or deleted. ``health`` is what targets show that
    have none of their own."""

    proxies: dict[str, dict[str, Any]] = field(default_factory=dict)
    targets: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    pools: dict[str, dict[str, Any]] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    endpoints: list[dict[str, Any]] = field(default_factory=list)
    moves: dict[str, list[str]] = field(default_factory=dict)
    quota_of_proxies: int | None = 20
    slow: int = 0
    health: dict[str, Any] = field(default_factory=lambda: dict(HEALTHY))

    # builders

    def add_subnet(self, vpc_id: str, zone: str, free: int = 100) -> str:
        subnet_id = self.id("subnet")
        self.subnets[subnet_id] = vpc_id
        self.zones[subnet_id], self.free[subnet_id] = zone, free
        return subnet_id

    def add_proxy(self, name: str, family: str, subnet_ids: Sequence[str], **settings: Any) -> None:
        """One that is available, with AWS's defaults."""
        self.proxies[name] = {
            "DBProxyName": name,
            "DBProxyArn": f"arn:aws:rds:eu-central-1:{OWNER}:db-proxy:{self.id('prx')}",
            "Status": "available",
            "EngineFamily": family,
            "VpcId": self.subnets[subnet_ids[0]],
            "VpcSubnetIds": list(subnet_ids),
            "VpcSecurityGroupIds": [],
            "Auth": [],
            "RoleArn": f"arn:aws:iam::{OWNER}:role/proxy",
            "Endpoint": f"{name}.proxy-abc.eu-central-1.rds.amazonaws.com",
            "RequireTLS": False,
            "IdleClientTimeout": 1800,
            "DebugLogging": False,
            **settings,
        }
        most = 10 if family == "SQLSERVER" else 100
        self.pools[name] = {
            "MaxConnectionsPercent": most,
            "MaxIdleConnectionsPercent": most // 2,
            "ConnectionBorrowTimeout": 120,
            "SessionPinningFilters": [],
        }
        self.targets[name], self.tags[name] = [], {}

    def add_target(self, name: str, kind: str, identifier: str) -> None:
        """A cluster shows its members without a hint to it, as in the guide's example."""
        if kind == "instance":
            self.targets[name].append({"Type": "RDS_INSTANCE", "RdsResourceId": identifier, "Port": 5432})
            return
        for member in self.clusters[identifier].get("DBClusterMembers") or ():
            role = "READ_WRITE" if member["IsClusterWriter"] else "READ_ONLY"
            found = {"Type": "RDS_INSTANCE", "RdsResourceId": member["DBInstanceIdentifier"], "Role": role}
            self.targets[name].append(found)
        self.targets[name].append({"Type": "TRACKED_CLUSTER", "RdsResourceId": identifier, "Port": 0})

    def snapshot(self) -> dict[str, Any]:
        proxies = {
            name: {
                **{key: value for key, value in proxy.items() if key != "Status"},
                "Pool": self.pools[name],
                "Targets": self.targets[name],
                "Tags": self.tags[name],
            }
            for name, proxy in self.proxies.items()
        }
        return {**super().snapshot(), "proxies": copy.deepcopy(proxies)}

    def _begin(self, name: str, *states: str) -> None:
        """Each look moves on by one state; the last one stays."""
        self.moves[name] = [state for state in states[:-1] for _look in range(self.slow)] + [states[-1]]

    def _look(self, name: str) -> None:
        if self.moves.get(name):
            state = self.moves[name].pop(0)
            self.proxies[name]["Status"] = state
            if state == "gone":
                for kept in (self.proxies, self.targets, self.pools, self.tags):
                    del kept[name]

    # RDS, reading

    def describe_proxies(self, name: str | None = None) -> list[dict[str, Any]]:
        for key in list(self.proxies):
            self._look(key)
        return [dict(proxy) for key, proxy in self.proxies.items() if name in (None, key)]

    def describe_proxy_target_groups(self, name: str) -> list[dict[str, Any]]:
        pools = [self.pools[name]] if name in self.pools else []
        return [{"TargetGroupName": "default", "ConnectionPoolConfig": dict(pool)} for pool in pools]

    def describe_proxy_targets(self, name: str) -> list[dict[str, Any]]:
        shown = []
        for target in self.targets.get(name, ()):
            has_health = target["Type"] != "TRACKED_CLUSTER"
            shown.append({**({"TargetHealth": dict(self.health)} if has_health else {}), **target})
        return shown

    def describe_proxy_endpoints(self) -> list[dict[str, Any]]:
        return [dict(endpoint) for endpoint in self.endpoints]

    def list_proxy_tags(self, arn: str) -> dict[str, str] | None:
        name = self._name(arn)
        return None if name is None else dict(self.tags[name])

    def _name(self, arn: str) -> str | None:
        return next((name for name, proxy in self.proxies.items() if proxy["DBProxyArn"] == arn), None)

    def proxies_quota(self) -> int | None:
        return self.quota_of_proxies

    # RDS, writing

    def create_proxy(
        self, name: str, family: str, subnet_ids: Sequence[str], settings: Mapping[str, Any], tags: Mapping[str, str]
    ) -> None:
        if name in self.proxies:
            raise ConflictError("create", "DBProxyAlreadyExistsFault", name)
        if len({self.zones[subnet] for subnet in subnet_ids}) < 2:
            raise AwsError("create", "InvalidSubnet", "two zones")
        self._check_groups(settings)
        self.add_proxy(name, family, subnet_ids, **settings)
        self.tags[name] = dict(tags)
        self.proxies[name]["Status"] = "creating"
        self._begin(name, "creating", "available")

    def _check_groups(self, settings: Mapping[str, Any]) -> None:
        wanted = {*settings.get("VpcSecurityGroupIds", ()), *settings.get("SecurityGroups", ())}
        if not self.groups.keys() >= wanted:
            raise ConflictError("create", "InvalidGroup.NotFound", "gone")

    def modify_proxy(self, name: str, settings: Mapping[str, Any]) -> None:
        self._available(name)
        self._check_groups(settings)
        renamed = {"VpcSecurityGroupIds": settings["SecurityGroups"]} if "SecurityGroups" in settings else {}
        self.proxies[name].update({key: value for key, value in settings.items() if key != "SecurityGroups"})
        self.proxies[name].update(renamed)
        self.proxies[name]["Status"] = "modifying"
        self._begin(name, "modifying", "available")

    def modify_proxy_pool(self, name: str, settings: Mapping[str, Any]) -> None:
        self._available(name)
        if "MaxIdleConnectionsPercent" in settings and "MaxConnectionsPercent" not in settings:
            raise AwsError("modify", "InvalidParameterCombination", "both")
        self.pools[name].update(settings)

    def register_proxy_target(self, name: str, kind: str, identifier: str) -> None:
        self._available(name)
        if identifier not in (self.clusters if kind == "cluster" else self.instances):
            raise ConflictError("register", "DBInstanceNotFound", identifier)
        if self.targets[name]:
            raise ConflictError("register", "DBProxyTargetAlreadyRegisteredFault", identifier)
        self.add_target(name, kind, identifier)

    def deregister_proxy_target(self, name: str, kind: str, identifier: str) -> None:
        self._available(name)
        if all(target["RdsResourceId"] != identifier for target in self.targets[name]):
            raise ConflictError("deregister", "DBProxyTargetNotFoundFault", identifier)
        self.targets[name] = []

    def delete_proxy(self, name: str) -> None:
        if name not in self.proxies:
            return
        if self.proxies[name]["Status"] in ("creating", "modifying", "deleting"):
            raise ConflictError("delete", "InvalidDBProxyStateFault", name)
        self.proxies[name]["Status"] = "deleting"
        self._begin(name, "deleting", "gone")

    def _available(self, name: str) -> None:
        if name not in self.proxies:
            raise ConflictError("modify", "DBProxyNotFoundFault", name)
        if self.proxies[name]["Status"] != "available":
            raise ConflictError("modify", "InvalidDBProxyStateFault", self.proxies[name]["Status"])

    def tag_proxy(self, arn: str, tags: Mapping[str, str]) -> None:
        self.tags[self._name(arn) or ""].update(tags)

    def untag_proxy(self, arn: str, keys: Sequence[str]) -> None:
        tags = self.tags[self._name(arn) or ""]
        for key in keys:
            tags.pop(key, None)

    # EC2

    def describe_interfaces(self, group_ids: Iterable[str]) -> list[dict[str, Any]]:
        wanted = set(group_ids)
        return [one for one in self._interfaces() if wanted & {group["GroupId"] for group in one["Groups"]}]

    def _interfaces(self) -> list[dict[str, Any]]:
        """Those that were added, and one for each proxy and subnet."""
        return self.interfaces + [
            {
                "NetworkInterfaceId": f"eni-{name}-{subnet}",
                "Description": f"Network interface for DBProxy {name}",
                "Groups": [{"GroupId": group} for group in proxy["VpcSecurityGroupIds"]],
            }
            for name, proxy in self.proxies.items()
            for subnet in proxy["VpcSubnetIds"]
        ]

    def delete_group(self, group_id: str) -> None:
        kept = self.interfaces
        self.interfaces = self._interfaces()
        try:
            super().delete_group(group_id)
        finally:
            self.interfaces = kept
