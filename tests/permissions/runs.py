# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the modules are made to do under a policy. A run that needs a new action of the README's policy goes into RUNS.

A run is a generator: it changes the account as another team would, and yields the tasks to run. ministack is less
faithful than tests/emulator, so some things cannot be shown here:

- Lambda makes no network interfaces, and a group in use can be deleted: `absent` ends at once, nothing is pending;
- filters of groups, but for VPC, name and tags, and of interfaces are ignored: the modules filter once more themselves;
- an instance's endpoint is `localhost`, so `db_hostname` searches clusters and instances instead of reading the name;
- cluster members show no groups, so only the cluster is named;
- tags that a group or a rule is created with are not held against ec2:CreateTags, tags that are added later are;
- what it does not refuse at all is in played.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from ansible_collections.cloudops.lambda_rds.plugins.modules import (
    lambda_rds_cleanup,
    lambda_rds_connection,
    rds_db_proxy,
    rds_db_proxy_info,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import (
    Proxy,
    make_cluster,
    make_function,
    make_group,
    make_instance,
    make_network,
    make_proxy,
    make_proxy_role,
    make_secret,
    peer,
)
from ansible_collections.cloudops.lambda_rds.tests.module.conftest import Account

ORDERS = {"db_instance_identifier": "orders"}


@dataclass(frozen=True)
class Task:
    """One task: its options, in check mode or not, and whether it changes something where all is allowed."""

    options: dict[str, Any]
    check: bool = False
    changed: bool = True
    module: ModuleType = lambda_rds_connection


@dataclass(frozen=True)
class _Connection:
    """The tasks of one connection. Without functions it is among what is named how they are chosen."""

    named: dict[str, Any] = field(default_factory=lambda: dict(ORDERS))
    functions: tuple[str, ...] = ("f",)

    def task(self, *, check: bool = False, changed: bool = True, **more: Any) -> Task:
        functions = {"function_names": list(self.functions)} if self.functions else {}
        return Task({**functions, **self.named, **more}, check=check, changed=changed)

    def there_and_back(self) -> Iterator[Task]:
        yield self.task(check=True)
        yield self.task()
        yield self.task(changed=False)
        yield self.task(state="absent", check=True)
        yield self.task(state="absent")
        yield self.task(state="absent", changed=False)


Run = Callable[[Account], Iterator[Task]]


def by_instance_identifier(account: Account) -> Iterator[Task]:
    yield from _Connection().there_and_back()


def _add_function(account: Account, name: str, **settings: Any) -> None:
    make_function(account.clients, name, **settings)
    account.clients.functions.get_waiter("function_active_v2").wait(FunctionName=name)


def with_a_shared_group(account: Account) -> Iterator[Task]:
    _add_function(account, "g")
    both = _Connection({**ORDERS, "security_group_scope": "database"}, ("f", "g"))
    yield both.task()
    yield both.task(changed=False)
    yield _Connection(both.named, ("g",)).task(state="absent")
    yield _Connection(both.named, ("f",)).task(state="absent")
    yield both.task(state="absent", changed=False)


def of_all_functions_with_a_tag(account: Account) -> Iterator[Task]:
    for name, team in (("g", "shop"), ("h", "stock")):
        _add_function(account, name, Tags={"team": team})
    yield from _Connection({**ORDERS, "function_tags": {"team": "shop"}}, ()).there_and_back()


def by_cluster_identifier(account: Account) -> Iterator[Task]:
    make_cluster(account.clients, "stock", account.network.subnet_ids, account.groups)
    yield from _Connection({"db_cluster_identifier": "stock"}).there_and_back()


def by_host_name(account: Account) -> Iterator[Task]:
    yield from _Connection({"db_hostname": account.database.hostname}).there_and_back()


def by_ids(account: Account) -> Iterator[Task]:
    yield from _Connection(account.by_hand).there_and_back()


def _add_proxy(account: Account) -> Proxy:
    group = make_group(account.clients, account.network.vpc_id, "pool")
    subnets = account.network.subnet_ids
    return make_proxy(account.clients, "pool", subnets, [group], target=account.database)


def through_a_proxy(account: Account) -> Iterator[Task]:
    _add_proxy(account)
    yield from _Connection({"db_proxy_name": "pool"}).there_and_back()


def by_the_host_name_of_a_proxy(account: Account) -> Iterator[Task]:
    yield from _Connection({"db_hostname": _add_proxy(account).hostname}).there_and_back()


def making_a_proxy(account: Account) -> Iterator[Task]:
    """Made, changed in every way that has a call of its own, moved to another database, and taken back."""
    secret = make_secret(account.clients, "pool-secret")
    role = make_proxy_role(account.clients, "pool-role", [secret])
    make_instance(account.clients, "stock", account.network.subnet_ids, account.groups)
    named = {"name": "pool", **ORDERS}
    new = {**named, "auth": [{"secret_arn": secret}], "role_arn": role, "tags": {"Team": "a"}}
    yield Task(new, module=rds_db_proxy, check=True)
    yield Task(new, module=rds_db_proxy)
    yield Task(new, module=rds_db_proxy, changed=False)
    other = {"debug_logging": True, "connection_pool": {"max_connections_percent": 50}, "tags": {"Team": "b"}}
    yield Task({**named, **other}, module=rds_db_proxy)
    yield Task({**named, "tags": {}}, module=rds_db_proxy)
    yield Task({"name": "pool", "db_instance_identifier": "stock"}, module=rds_db_proxy)
    yield Task({}, module=rds_db_proxy_info, changed=False)
    yield Task({"name": "pool", "state": "absent"}, module=rds_db_proxy, check=True)
    yield Task({"name": "pool", "state": "absent"}, module=rds_db_proxy)
    yield Task({"name": "pool", "state": "absent"}, module=rds_db_proxy, changed=False)


def with_users_who_log_in_by_iam(account: Account) -> Iterator[Task]:
    yield from _Connection({**ORDERS, "db_users": ["report"]}).there_and_back()


def with_drift(account: Account) -> Iterator[Task]:
    connection = _Connection()
    yield connection.task()
    _drift(account)
    yield connection.task(check=True)
    yield connection.task()
    yield connection.task(changed=False)


def _drift(account: Account) -> None:
    """Somebody revokes a rule, allows everything again and takes the group off the function."""
    ec2 = account.clients.ec2
    groups = [{"Name": "group-name", "Values": ["f-lambda-sg"]}]
    client = ec2.describe_security_groups(Filters=groups)["SecurityGroups"][0]["GroupId"]  # type: ignore[arg-type]
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": account.groups[:1]}])
    paired = [
        rule["SecurityGroupRuleId"]
        for rule in rules["SecurityGroupRules"]
        if rule.get("ReferencedGroupInfo", {}).get("GroupId") == client
    ]
    ec2.revoke_security_group_ingress(GroupId=account.groups[0], SecurityGroupRuleIds=paired)
    ec2.authorize_security_group_egress(
        GroupId=client, IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    )
    account.clients.functions.update_function_configuration(
        FunctionName="f", VpcConfig={"SubnetIds": [], "SecurityGroupIds": []}
    )
    account.clients.functions.get_waiter("function_updated_v2").wait(FunctionName="f")


def with_other_tags(account: Account) -> Iterator[Task]:
    connection = _Connection()
    yield connection.task(tags={"Team": "a", "Stage": "test"})
    yield connection.task(tags={"Team": "b"}, check=True)
    yield connection.task(tags={"Team": "b"})
    yield connection.task(tags={"Team": "b"}, changed=False)
    yield connection.task(state="absent")


def with_another_port(account: Account) -> Iterator[Task]:
    connection = _Connection()
    yield connection.task()
    yield connection.task(port=6432)
    yield connection.task(port=6432, changed=False)


def from_another_vpc(account: Account) -> Iterator[Task]:
    other = make_network(account.clients, "other", cidr="10.1.0.0/16")
    own = make_group(account.clients, other.vpc_id, "own")
    _add_function(account, "g", subnet_ids=other.subnet_ids, group_ids=[own])
    yield from _Connection({**ORDERS, "allow_vpc_change": True}, ("g",)).there_and_back()


def from_a_peered_vpc(account: Account) -> Iterator[Task]:
    other = make_network(account.clients, "other", cidr="10.1.0.0/16")
    peer(account.clients, account.network.vpc_id, other.vpc_id)
    yield from _Connection({**ORDERS, "vpc_id": other.vpc_id, "subnet_ids": other.subnet_ids}).there_and_back()


def with_an_existing_group(account: Account) -> Iterator[Task]:
    group = make_group(account.clients, account.network.vpc_id, "given")
    yield from _Connection({**ORDERS, "security_group_id": group}).there_and_back()


def with_too_many_rules_by_default(account: Account) -> Iterator[Task]:
    """A group of the database has more rules than AWS's default, ours among them, so that the account's quota is asked
    for. ministack does not have it: AWS's default counts."""
    yield _Connection().task()
    network = {"IpRanges": [{"CidrIp": "10.9.0.0/16"}]}
    permissions: Any = [
        {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **network} for port in range(1000, 1060)
    ]
    account.clients.ec2.authorize_security_group_ingress(GroupId=account.groups[0], IpPermissions=permissions)
    yield _Connection().task(changed=False)


def with_an_alias(account: Account) -> Iterator[Task]:
    version = account.clients.functions.publish_version(FunctionName="f")["Version"]
    account.clients.functions.create_alias(FunctionName="f", Name="live", FunctionVersion=version)
    yield from _Connection({**ORDERS, "publish": True, "alias": "live"}).there_and_back()


def cleanup_after_a_function(account: Account) -> Iterator[Task]:
    now = {"grace_period": 0}
    yield _Connection().task()
    account.clients.functions.delete_function(FunctionName="f")
    yield Task(now, module=lambda_rds_cleanup, check=True)
    yield Task(now, module=lambda_rds_cleanup)
    yield Task(now, module=lambda_rds_cleanup, changed=False)


RUNS: tuple[Run, ...] = (
    by_instance_identifier,
    with_a_shared_group,
    of_all_functions_with_a_tag,
    by_cluster_identifier,
    by_host_name,
    by_ids,
    through_a_proxy,
    by_the_host_name_of_a_proxy,
    making_a_proxy,
    with_users_who_log_in_by_iam,
    with_drift,
    with_other_tags,
    with_another_port,
    from_another_vpc,
    from_a_peered_vpc,
    with_an_existing_group,
    with_too_many_rules_by_default,
    with_an_alias,
    cleanup_after_a_function,
)
