# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The account that every tool starts from, and whether what a tool made of it is what it was to make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.emulator import world

PORT = 5432


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
    network = world.make_network(clients, "shop")
    groups = [world.make_group(clients, network.vpc_id, f"orders-{which}") for which in ("db", "admin")]
    billing = world.make_group(clients, network.vpc_id, "billing")
    world.allow(clients, groups[0], "ingress", billing, PORT, description="the billing team's own rule")
    database = world.make_instance(clients, "orders", network.subnet_ids, groups, port=PORT)
    names = [f"report-{number:04}" for number in range(functions)]
    for name in names:
        world.make_function(clients, name, Timeout=60, MemorySize=512)
    return Account(clients, network.subnet_ids, database, names, world.snapshot(clients))


def variables(account: Account) -> dict[str, Any]:
    """What the playbooks are told of the account."""
    groups = [account.start["groups"][group] for group in account.database.group_ids]
    return {
        "benchmark_database": account.database.identifier,
        "benchmark_database_groups": [{key: group[key] for key in ("name", "description")} for group in groups],
        "benchmark_functions": account.functions,
    }


def faults(account: Account, now: dict[str, Any]) -> list[str]:
    """What is not as it is to be, once the functions are connected; nothing if all is well."""
    return [*_function_faults(account, now), *_group_faults(account, now), *_faults_with_what_was_there(account, now)]


def _function_faults(account: Account, now: dict[str, Any]) -> Iterator[str]:
    clients = list(client_groups(account, now).values())
    for name, function in now["functions"].items():
        vpc = function["vpc_config"] or {}
        if vpc.get("SubnetIds") != sorted(account.subnet_ids):
            yield f"{name} is in the subnets {vpc.get('SubnetIds')}"
        if len(vpc.get("SecurityGroupIds", [])) != 1:
            yield f"{name} has the groups {vpc.get('SecurityGroupIds')}"
        if function["settings"] != account.start["functions"][name]["settings"]:
            yield f"{name} has other settings than before"
    if len(set(clients)) != len(account.functions):
        yield f"{len(account.functions)} functions have {len(set(clients))} client groups"


def _group_faults(account: Account, now: dict[str, Any]) -> Iterator[str]:
    clients = set(client_groups(account, now).values())
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


def _faults_with_what_was_there(account: Account, now: dict[str, Any]) -> Iterator[str]:
    for group, was in account.start["groups"].items():
        for rule in was["rules"].items():
            if rule not in now["groups"].get(group, {"rules": {}})["rules"].items():
                yield f"{group} ({was['name']}) has lost the rule {rule}"


def client_groups(account: Account, now: dict[str, Any]) -> dict[str, str]:
    """The group that each function wears first."""
    worn = {name: (now["functions"][name]["vpc_config"] or {}).get("SecurityGroupIds") for name in account.functions}
    return {name: groups[0] for name, groups in worn.items() if groups}


def _essence(rule: dict[str, Any]) -> tuple[str, str, int, int, str]:
    """What a rule does; descriptions and tags are each tool's own affair."""
    return rule["direction"], rule["protocol"], *rule["ports"], rule["peer"]
