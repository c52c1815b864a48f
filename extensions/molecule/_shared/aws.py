# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds a scenario's world, reads it, or makes any one call, by boto3 and never through the collection's modules.

build WORLD < WANTED      writes the file WORLD: ids and names, and the world as it is then, under `before`
read WORLD                prints the world as it is now
call SERVICE ACTION < PARAMETERS
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.emulator import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import RunningEmulator


def build(clients: world.Clients, wanted: dict[str, Any]) -> dict[str, Any]:
    """`name` begins every name of this world; `functions` are settings by the rest of their names."""
    name = wanted["name"]
    network = world.make_network(clients, name, subnets=wanted.get("subnets", 2))
    groups = [
        world.make_group(clients, network.vpc_id, f"{name}-database-{number}")
        for number in range(wanted.get("database_groups", 1))
    ]
    # A rule of somebody else, for the database's port, which must stay as it is.
    for group in groups:
        world.allow(clients, group, "ingress", "10.0.250.0/24", wanted.get("port", 5432), description="jump host")
    make = world.make_cluster if wanted.get("cluster") else world.make_instance
    database = make(
        clients, f"{name}-database", network.subnet_ids, groups, engine=wanted["engine"], port=wanted.get("port")
    )
    for rest, settings in wanted["functions"].items():
        inside: dict[str, Any] = {}
        if settings.pop("in_vpc", False):
            worn = world.make_group(clients, network.vpc_id, f"{name}-{rest}-own")
            inside = {"subnet_ids": network.subnet_ids[:1], "group_ids": [worn]}
        world.make_function(clients, f"{name}-{rest}", **inside, **settings)
    secret_arn = world.make_secret(clients, f"{name}-secret") if wanted.get("secret") else None
    built = {
        "name": name,
        "secret_arn": secret_arn,
        "vpc_id": network.vpc_id,
        "subnet_ids": network.subnet_ids,
        "database": database.identifier,
        "hostname": database.hostname,
        "port": database.port,
        "database_groups": groups,
        "functions": [f"{name}-{rest}" for rest in wanted["functions"]],
    }
    return {**built, "before": read(clients, built)}


def read(clients: world.Clients, built: dict[str, Any]) -> dict[str, Any]:
    """This world's part of a snapshot, with the rules of each group as `lines` besides."""
    seen = world.snapshot(clients)
    groups = {
        group_id: {**group, "lines": sorted(line(rule) for rule in group["rules"].values())}
        for group_id, group in seen["groups"].items()
        if group["vpc_id"] == built["vpc_id"]
    }
    ours = {kind: {k: v for k, v in seen[kind].items() if k.startswith(built["name"])} for kind in seen}
    return {"proxies": {}, **ours, "groups": groups, "roles": roles(clients, built["name"])}


def roles(clients: world.Clients, name: str) -> dict[str, Any]:
    """The inline policies of IAM roles: those of this world, and of the role that all functions have."""
    listed = [role["RoleName"] for role in clients.iam.list_roles()["Roles"]]
    return {
        role: {
            policy: clients.iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
            for policy in clients.iam.list_role_policies(RoleName=role)["PolicyNames"]
            if name in (role[: len(name)], *policy.split("-"))
        }
        for role in listed
    }


def line(rule: dict[str, Any]) -> str:
    """As in `egress tcp 5432 sg-0123`."""
    first, last = rule["ports"]
    ports = "all" if first == -1 else str(first) if first == last else f"{first}-{last}"
    return f"{rule['direction']} {rule['protocol'].replace('-1', 'all')} {ports} {rule['peer']}"


def main() -> None:
    """One subcommand."""
    emulator = RunningEmulator(os.environ["AWS_URL"], region=os.environ["AWS_REGION"])
    match sys.argv[1:]:
        case ["build", file]:
            built = build(world.Clients.of(emulator), json.load(sys.stdin))
            Path(file).write_text(json.dumps(built), encoding="utf-8")
        case ["read", file]:
            print(json.dumps(read(world.Clients.of(emulator), json.loads(Path(file).read_text(encoding="utf-8")))))
        case ["call", service, action]:
            getattr(emulator.client(service), action)(**json.load(sys.stdin))


if __name__ == "__main__":
    main()
