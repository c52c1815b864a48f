# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The account in which rds_db_proxy is killed and disturbed, and its tasks."""

from __future__ import annotations

from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import (
    Clients,
    allow,
    make_group,
    make_instance,
    make_network,
    make_proxy_role,
    make_secret,
    snapshot,
)
from ansible_collections.cloudops.lambda_rds.tests.survival.jobs import LONG, Job, named
from ansible_collections.cloudops.lambda_rds.tests.survival.runner import Ended, run_module

# AWS's minutes as seconds: a run looks so often as is good for a test of each of its calls.
QUICK = {
    "proxy_create_seconds": 3,
    "proxy_modify_seconds": 3,
    "proxy_delete_seconds": 3,
    "proxy_register_seconds": 1,
    "proxy_capacity_seconds": 3,
    "proxy_health_seconds": 1,
    "proxy_interface_release_seconds": 3,
}
NEW_EACH_TIME = ("DBProxyArn", "Endpoint")


class Shop:
    """A database with two groups and a rule of others, a secret, and a role for a proxy; kept as "bare"."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        emulator.set(**QUICK)
        self.clients = Clients.of(emulator)
        network = make_network(self.clients, "main")
        self.groups = [make_group(self.clients, network.vpc_id, name) for name in ("db-a", "db-b")]
        allow(self.clients, self.groups[0], "ingress", "10.9.0.0/16", 6432, description="another team")
        make_instance(self.clients, "orders", network.subnet_ids, self.groups, port=6432)
        self.secret = make_secret(self.clients, "orders")
        self.role = make_proxy_role(self.clients, "pool-role", [self.secret])
        self.built: dict[str, Any] = snapshot(self.clients)["groups"]
        self.keep("bare")

    def keep(self, name: str) -> None:
        self.emulator.advance(LONG)
        self.emulator.checkpoint(name)

    def task(self, **more: Any) -> dict[str, Any]:
        auth = [{"secret_arn": self.secret}]
        return {"name": "pool", "db_instance_identifier": "orders", "auth": auth, "role_arn": self.role, **more}

    def job(self, name: str) -> Job:
        if name == "making":
            return Job("bare", self.task(), "proxy")
        self.run(self.task())
        self.keep("made")
        if name == "taking back":
            return Job("made", {"name": "pool", "state": "absent"}, "proxy")
        self._spoil()
        self.keep("spoilt")
        pool = {"max_connections_percent": 60, "connection_borrow_timeout": 30}
        changed = self.task(idle_client_timeout=600, connection_pool=pool, tags={"Team": "a"})
        return Job("spoilt", changed, "proxy")

    def _spoil(self) -> None:
        """Our rules on one of the database's groups are gone."""
        rules: Any = self.clients.ec2.describe_security_group_rules(
            Filters=[{"Name": "group-id", "Values": self.groups[1:]}]
        )["SecurityGroupRules"]
        gone = [rule["SecurityGroupRuleId"] for rule in rules if not rule["IsEgress"]]
        self.clients.ec2.revoke_security_group_ingress(GroupId=self.groups[1], SecurityGroupRuleIds=gone)

    def run(self, task: dict[str, Any]) -> Ended:
        ended = run_module(self.emulator, task, module="proxy")
        assert ended is not None
        assert not ended.result.get("failed"), ended.result["msg"]
        return ended

    def look(self) -> Any:
        """All that there is, without what is new each time, and with names for the ids of new groups."""
        seen = snapshot(self.clients)
        for proxy in seen.get("proxies", {}).values():
            for key in NEW_EACH_TIME:
                proxy["settings"].pop(key, None)
        names = {key: group["name"] for key, group in seen["groups"].items() if key not in self.built}
        return named(seen, names)
