# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""RDS Proxy in the account in memory, as far as a connection through one reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(repr=False)
class FakeProxies:
    """``proxy_targets`` by the proxy's name."""

    proxies: dict[str, dict[str, Any]] = field(default_factory=dict)
    proxy_targets: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    proxy_endpoints: list[dict[str, Any]] = field(default_factory=list)

    def add_proxy(
        self, name: str, vpc_id: str, subnet_ids: Sequence[str], group_ids: Sequence[str], *, family: str = "POSTGRESQL"
    ) -> None:
        self.proxies[name] = {
            "DBProxyName": name,
            "Status": "available",
            "EngineFamily": family,
            "VpcId": vpc_id,
            "VpcSubnetIds": list(subnet_ids),
            "VpcSecurityGroupIds": list(group_ids),
            "Endpoint": f"{name}.proxy-abc.eu-central-1.rds.amazonaws.com",
        }
        self.proxy_targets[name] = []

    def add_proxy_endpoint(self, proxy: str, name: str, group_ids: Sequence[str]) -> None:
        """A further endpoint, with groups of its own."""
        host = f"{name}.endpoint.proxy-abc.eu-central-1.rds.amazonaws.com"
        copied = {key: self.proxies[proxy][key] for key in ("DBProxyName", "Status", "VpcId", "VpcSubnetIds")}
        endpoint = {**copied, "DBProxyEndpointName": name, "Endpoint": host, "VpcSecurityGroupIds": list(group_ids)}
        self.proxy_endpoints.append(endpoint)

    def add_target(self, proxy: str, identifier: str, kind: str = "RDS_INSTANCE", **health: str) -> None:
        known = {"State": "AVAILABLE", **health}
        target = {"RdsResourceId": identifier, "Type": kind}
        self.proxy_targets[proxy].append(target if kind == "TRACKED_CLUSTER" else {**target, "TargetHealth": known})

    def describe_proxies(self, name: str | None = None) -> list[dict[str, Any]]:
        return [dict(proxy) for key, proxy in self.proxies.items() if name is None or key.lower() == name.lower()]

    def describe_proxy_targets(self, name: str) -> list[dict[str, Any]]:
        return [dict(target) for target in self.proxy_targets.get(name, ())]

    def describe_proxy_endpoints(self) -> list[dict[str, Any]]:
        return [dict(endpoint) for endpoint in self.proxy_endpoints]
