# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The account that every tool starts from, and whether what a tool made of it is what it was to make."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world

PORT = 5432
# As the option security_group_scope has them: a client group for each function, or one for all.
FUNCTION, DATABASE = "function", "database"


@dataclass(frozen=True)
class Account:
    """A database with two security groups, and functions outside any VPC. `start` is its snapshot."""

    clients: world.Clients
    subnet_ids: list[str]
    database: world.Database
    functions: list[str]
    start: dict[str, Any]


def build(clients: world.Clients, functions: int) -> Account:
    """An account with so many functions; another team has a rule on one of the database's groups."""
    # Room for a network interface of each function.
    network = world.make_network(clients, "shop", bits=20)
    groups = [world.make_group(clients, network.vpc_id, f"orders-{which}") for which in ("db", "admin")]
    billing = world.make_group(clients, network.vpc_id, "billing")
    world.allow(clients, groups[0], "ingress", billing, PORT, description="the billing team's own rule")
    database = world.make_instance(clients, "orders", network.subnet_ids, groups, port=PORT)
    names = [f"report-{number:04}" for number in range(functions)]
    role = world.make_role(clients, "reports")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: world.make_function(clients, name, Timeout=60, MemorySize=512, Role=role), names))
    return Account(clients, network.subnet_ids, database, names, world.snapshot(clients))


def client_group_names(account: Account, scope: str) -> list[str]:
    """As all tools name them; ours by default."""
    if scope == DATABASE:
        return [f"{account.database.identifier}-lambda-clients"]
    return [f"{function}-lambda-sg" for function in account.functions]


def variables(account: Account, scope: str) -> dict[str, Any]:
    """What the playbooks are told of the account."""
    groups = [account.start["groups"][group] for group in account.database.group_ids]
    return {
        "benchmark_database": account.database.identifier,
        "benchmark_database_groups": [{key: group[key] for key in ("name", "description")} for group in groups],
        "benchmark_functions": account.functions,
        "benchmark_scope": scope,
        "benchmark_client_groups": client_group_names(account, scope),
        # ec2_security_group takes one rule away by being told all that stay.
        "benchmark_foreign_rules": {group["name"]: _foreign_rules(account, group) for group in groups},
    }


def _foreign_rules(account: Account, group: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "proto": rule["protocol"],
            "from_port": rule["ports"][0],
            "to_port": rule["ports"][1],
            "group_id": rule["peer"],
            "rule_desc": rule["description"],
        }
        for rule in group["rules"].values()
        if rule["direction"] == "ingress"
    ]


def faults(account: Account, scope: str, now: dict[str, Any]) -> list[str]:
    """What is not as it is to be, once the functions are connected; nothing if all is well."""
    return [*_function_faults(account, scope, now), *_group_faults(account, now), *_lost_rules(account, now)]


def faults_of_detached(account: Account, now: dict[str, Any]) -> list[str]:
    """What is not as it was before; nothing if all is well."""
    return [
        f"{kind}: {name} is {now[kind].get(name)}, and was {account.start[kind].get(name)}"
        for kind in ("functions", "groups", "databases")
        for name in account.start[kind].keys() | now[kind].keys()
        if now[kind].get(name) != account.start[kind].get(name)
    ]


def _function_faults(account: Account, scope: str, now: dict[str, Any]) -> Iterator[str]:
    for name, function in now["functions"].items():
        vpc = function["vpc_config"] or {}
        if vpc.get("SubnetIds") != sorted(account.subnet_ids):
            yield f"{name} is in the subnets {vpc.get('SubnetIds')}"
        if len(vpc.get("SecurityGroupIds", [])) != 1:
            yield f"{name} has the groups {vpc.get('SecurityGroupIds')}"
        if function["settings"] != account.start["functions"][name]["settings"]:
            yield f"{name} has other settings than before"
    clients, wanted = len(_client_groups(account, now)), len(client_group_names(account, scope))
    if clients != wanted:
        yield f"{len(account.functions)} functions have {clients} client groups, not {wanted}"


def _group_faults(account: Account, now: dict[str, Any]) -> Iterator[str]:
    clients = _client_groups(account, now)
    for group, is_now in now["groups"].items():
        rules = {_essence(rule) for rule in is_now["rules"].values()}
        if group in clients:
            wanted = {("egress", "tcp", PORT, PORT, peer) for peer in account.database.group_ids}
        elif group in account.start["groups"]:
            wanted = {_essence(rule) for rule in account.start["groups"][group]["rules"].values()}
            if group in account.database.group_ids:
                wanted |= {("ingress", "tcp", PORT, PORT, client) for client in clients}
        else:
            wanted = set()
            yield f"there is one more group, {group}"
        if rules != wanted:
            yield f"{group} ({is_now['name']}) has the rules {sorted(rules)}, not {sorted(wanted)}"


def _lost_rules(account: Account, now: dict[str, Any]) -> Iterator[str]:
    for group, was in account.start["groups"].items():
        for rule in was["rules"].items():
            if rule not in now["groups"].get(group, {"rules": {}})["rules"].items():
                yield f"{group} ({was['name']}) has lost the rule {rule}"


def _client_groups(account: Account, now: dict[str, Any]) -> set[str]:
    """The groups that functions wear first."""
    worn = [(now["functions"][name]["vpc_config"] or {}).get("SecurityGroupIds") for name in account.functions]
    return {groups[0] for groups in worn if groups}


def _essence(rule: dict[str, Any]) -> tuple[str, str, int, int, str]:
    """What a rule does; descriptions and tags are each tool's own affair."""
    return rule["direction"], rule["protocol"], *rule["ports"], rule["peer"]
