# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds a scenario's world, reads it, or makes any one call, by boto3 and never through the collection's modules.

    aws.py URL_FILE EMULATOR_URL_FILE

One process serves all scenarios: importing boto3 and making its clients takes a second. It writes its URL to URL_FILE,
and ends when EMULATOR_URL_FILE is gone. All is asked for by GET, which is what Ansible's lookup can: a module would be
a process of half a second. What is asked, and the answer, is JSON:

/build?{"file": ..., "wanted": ...}   writes the file: ids and names, and the world as it is then, under `before`
/read?{"file": ...}                   answers with the world as it is now
/call?{"service": ..., "method": ..., "parameters": ...}
/emulator?{"method": ..., "parameters": ...}
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import RunningEmulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world


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
        "region": wanted["region"],
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


class Server(HTTPServer):
    """Serves on a free port as long as the file with the emulator's URL is there."""

    def __init__(self, emulator_url_file: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.emulator_url_file = emulator_url_file
        self.emulator = RunningEmulator(emulator_url_file.read_text("utf-8"), region=os.environ["AWS_REGION"])
        self._clients: dict[str, world.Clients] = {}

    def clients(self, region: str) -> world.Clients:
        """Those of a Region, made once."""
        if region not in self._clients:
            self._clients[region] = world.Clients.of(self.emulator.elsewhere(region=region))
        return self._clients[region]

    def service_actions(self) -> None:
        """Called twice a second."""
        if not self.emulator_url_file.exists():
            sys.exit()


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        actions = {"/build": self._build, "/read": self._read, "/call": self._call, "/emulator": self._emulator}
        path, asked = self.path.split("?", 1)
        try:
            status, words, answer = 200, None, actions[path](**json.loads(unquote(asked)))
        except Exception as error:  # noqa: BLE001 - the task that asked fails with it
            # The lookup shows these words, and not the body.
            status, words, answer = 500, " ".join(f"{type(error).__name__}: {error}".split()), traceback.format_exc()
        self.send_response(status, words)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def _read(self, file: str) -> dict[str, Any]:
        built = json.loads(Path(file).read_text("utf-8"))
        return read(self.server.clients(built["region"]), built)

    def _build(self, file: str, wanted: dict[str, Any]) -> None:
        wanted = {"region": self.server.emulator.region, **wanted}
        built = build(self.server.clients(wanted["region"]), wanted)
        Path(file).write_text(json.dumps(built), "utf-8")

    def _call(self, service: str, method: str, parameters: dict[str, Any]) -> None:
        getattr(self.server.emulator.client(service), method)(**parameters)

    def _emulator(self, method: str, parameters: dict[str, Any]) -> None:
        getattr(self.server.emulator, method)(**parameters)

    def log_message(self, *_message: Any) -> None:
        """Not at all: nobody reads it."""


def main() -> None:
    url_file = Path(sys.argv[1])
    with Server(Path(sys.argv[2])) as server:
        unfinished = url_file.with_name(f"{url_file.name}.unfinished")
        unfinished.write_text(f"http://127.0.0.1:{server.server_port}", "utf-8")
        unfinished.replace(url_file)  # at once: a reader sees all of it or nothing
        server.serve_forever()


if __name__ == "__main__":
    main()
