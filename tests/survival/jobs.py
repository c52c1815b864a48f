# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The account and the tasks that are disturbed: connecting, repairing and taking back, in every scope.

The scope "proxy" is a connection through an RDS Proxy with client groups of scope function.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import (
    Clients,
    allow,
    make_function,
    make_group,
    make_instance,
    make_network,
    make_proxy,
    snapshot,
)
from ansible_collections.cloudops.lambda_rds.tests.survival.runner import run_module

SCOPES = ["function", "database", "existing", "proxy"]
JOBS = ["connecting", "repairing", "taking back"]
# Lambda has let go of all network interfaces by then, in seconds.
LONG = 4000


@dataclass(frozen=True)
class Job:
    """A task, the kept state that it starts from, and the module that runs it."""

    start: str
    task: dict[str, Any]
    module: str = "connection"


@dataclass
class Account:
    """A database with two groups and a proxy; `f` outside any VPC, `g` in it with its own group. Kept as "built"."""

    emulator: Emulator

    def __post_init__(self) -> None:
        self.clients = Clients.of(self.emulator)
        self.network = make_network(self.clients, "main")
        vpc_id = self.network.vpc_id
        self.groups = [make_group(self.clients, vpc_id, name) for name in ("db-a", "db-b")]
        allow(self.clients, self.groups[0], "ingress", "10.9.0.0/16", 6432, description="another team")
        self.given = make_group(self.clients, vpc_id, "given")
        own = make_group(self.clients, vpc_id, "own")
        database = make_instance(self.clients, "orders", self.network.subnet_ids, self.groups, port=6432)
        pool = make_group(self.clients, vpc_id, "pool")
        make_proxy(self.clients, "pool", self.network.subnet_ids, [pool], target=database)
        make_function(self.clients, "f", package="Image", Timeout=77)
        make_function(self.clients, "g", subnet_ids=self.network.subnet_ids[:1], group_ids=[own])
        self.keep_built()

    def keep_built(self) -> None:
        self.emulator.advance(LONG)
        self.built: dict[str, Any] = snapshot(self.clients)["groups"]
        self.emulator.checkpoint("built")

    def task(self, scope: str, **options: Any) -> dict[str, Any]:
        ways: dict[str, dict[str, Any]] = {
            "proxy": {"db_proxy_name": "pool"},
            "existing": {"db_instance_identifier": "orders", "security_group_id": self.given},
        }
        direct = {"db_instance_identifier": "orders", "security_group_scope": scope}
        return {"function_names": ["f", "g"], **ways.get(scope, direct), **options}

    def job(self, name: str, scope: str) -> Job:
        """One of JOBS, with the state that it needs."""
        if name == "connecting":
            return Job("built", self.task(scope))
        self.connect(scope)
        if name == "taking back":
            return Job("connected", self.task(scope, state="absent"))
        self.spoil(scope)
        return Job("spoilt", self.task(scope))

    def connect(self, scope: str) -> None:
        """Connected, and kept as "connected"."""
        done = self.run(scope)
        assert done["changed"], done
        self.emulator.advance(LONG)
        self.emulator.checkpoint("connected")

    def spoil(self, scope: str) -> None:
        """Each kind of drift at once, kept as "spoilt": rules gone, one of AWS's back, a function taken out."""
        ours = [
            rule
            for rule in self.clients.ec2.describe_security_group_rules()["SecurityGroupRules"]
            if "cloudops.lambda_rds:database" in {tag["Key"] for tag in rule.get("Tags", ())}
        ]
        first = {rule["IsEgress"]: rule for rule in ours}
        for egress, rule in first.items():
            revoke: Any = getattr(self.clients.ec2, f"revoke_security_group_{'egress' if egress else 'ingress'}")
            revoke(GroupId=rule["GroupId"], SecurityGroupRuleIds=[rule["SecurityGroupRuleId"]])
        if scope != "existing":
            shared = {"Key": "cloudops.lambda_rds:scope", "Value": "behind-proxy"}
            client = next(rule["GroupId"] for rule in ours if rule["IsEgress"] and shared not in rule["Tags"])
            everything: Any = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
            self.clients.ec2.authorize_security_group_egress(GroupId=client, IpPermissions=everything)
        nowhere: Any = {"SubnetIds": [], "SecurityGroupIds": []}
        self.clients.functions.update_function_configuration(FunctionName="f", VpcConfig=nowhere)
        self.emulator.advance(LONG)
        self.emulator.checkpoint("spoilt")

    def run(self, scope: str, **options: Any) -> dict[str, Any]:
        """A run that nothing disturbs."""
        ended = run_module(self.emulator, self.task(scope, **options))
        assert ended is not None
        assert not ended.result.get("failed"), ended.result["msg"]
        return ended.result

    def take_back(self, scope: str) -> None:
        """Everything, also what Lambda's network interfaces hold for a while."""
        self.run(scope, state="absent")
        self.emulator.advance(LONG)
        self.run(scope, state="absent")
        self.emulator.advance(LONG)

    def look(self) -> Any:
        """All that there is, with names for the ids that differ from run to run."""
        seen = snapshot(self.clients)
        new = seen["groups"].keys() - self.built.keys()
        names = {group_id: seen["groups"][group_id]["name"] for group_id in new}
        interfaces = self.clients.ec2.describe_network_interfaces()["NetworkInterfaces"]
        seen["interfaces"] = [
            [interface["SubnetId"], sorted(group["GroupId"] for group in interface["Groups"])]
            for interface in interfaces
        ]
        return named(seen, names)


def named(value: Any, names: dict[str, str]) -> Any:
    """Rules become lists, without their ids; order does not count."""
    if isinstance(value, dict):
        if value and all(key.startswith("sgr-") for key in value):
            return sorted((named(item, names) for item in value.values()), key=str)
        return {names.get(key, key): named(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return sorted((named(item, names) for item in value), key=str)
    return names.get(value, value) if isinstance(value, str) else value
