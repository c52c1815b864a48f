# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The account in which the flows are run."""

from __future__ import annotations

from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import RunningEmulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import (
    Clients,
    allow,
    make_function,
    make_group,
    make_instance,
    make_network,
    make_secret,
    snapshot,
)

# AWS's minutes as seconds.
QUICK = {
    "proxy_create_seconds": 2,
    "proxy_modify_seconds": 1,
    "proxy_delete_seconds": 1,
    "proxy_register_seconds": 0.5,
    "proxy_capacity_seconds": 0.5,
    "proxy_health_seconds": 0.1,
    "proxy_interface_release_seconds": 1,
    "interface_release_seconds": 1200,
}
# Longer than anything that AWS does by itself.
LONG = 3600


class Account:
    """A database `orders` with a rule of another team, a secret, and functions outside any VPC."""

    functions = ("api", "report", "audit")

    def __init__(self, emulator: RunningEmulator) -> None:
        self.emulator = emulator
        emulator.reset()
        self.clients = Clients.of(emulator)
        network = make_network(self.clients, "main")
        group = make_group(self.clients, network.vpc_id, "orders")
        allow(self.clients, group, "ingress", "10.9.0.0/16", 6432, description="another team")
        make_instance(self.clients, "orders", network.subnet_ids, [group], port=6432)
        for name in self.functions:
            make_function(self.clients, name, package="Image", Timeout=30)
        self.secret = make_secret(self.clients, "orders")
        self.keep("bare")
        self.bare = self.look()

    def keep(self, name: str) -> None:
        self.emulator.checkpoint(name)

    def restore(self, name: str) -> None:
        self.emulator.restore(name)
        self.emulator.set(**QUICK)
        self.emulator.clear_calls()

    def look(self) -> dict[str, Any]:
        """All that a connection may touch."""
        return {**snapshot(self.clients), "roles": self._roles()}

    def release(self) -> None:
        """Time passes, and AWS deletes the network interfaces that are no longer used."""
        self.emulator.advance(LONG)

    def written(self) -> list[str]:
        """The writes since the account was restored."""
        return [f"{call.service}:{call.action}" for call in self.emulator.calls() if not call.is_read]

    def connected(self, function: str) -> bool:
        """Whether the function's only group and one of the database or of its proxy let each other in."""
        seen = self.look()
        config = seen["functions"][function]["vpc_config"]
        if config is None:
            return False
        (client,) = config["SecurityGroupIds"]
        leads_to = {rule["peer"] for rule in seen["groups"][client]["rules"].values() if rule["direction"] == "egress"}
        return any(
            rule["peer"] == client and rule["direction"] == "ingress"
            for group in leads_to & seen["groups"].keys()
            for rule in seen["groups"][group]["rules"].values()
        )

    def _roles(self) -> dict[str, Any]:
        iam = self.clients.iam
        return {
            role["RoleName"]: sorted(iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"])
            for role in iam.list_roles()["Roles"]
        }
