# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many API calls a look at paths takes: of one function, and of a hundred that share an execution role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ansible_collections.cloudops.lambda_rds.tests.benchmark.account import DATABASE, PORT, Account
from ansible_collections.cloudops.lambda_rds.tests.benchmark.contenders import Call, Task, Tool, playbook
from ansible_collections.cloudops.lambda_rds.tests.benchmark.measure import Bench, Case, Sample, WrongResultError
from ansible_collections.cloudops.lambda_rds.tests.benchmark.modes import BARE
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world

LOOK = "look"
# So many calls for all functions together, and one for each of many.
MOST = {1: 18, 100: 140}


@dataclass(frozen=True)
class Looked:
    """One look, with what is promised of it."""

    sample: Sample

    @property
    def limit(self) -> int:
        return MOST[self.sample.functions]

    @property
    def kept(self) -> bool:
        return self.sample.reads <= self.limit and self.sample.writes == 0


def measure_looks(bench: Bench) -> Iterator[Looked]:
    """Nothing that was built before is left.

    :raises WrongResultError: the path is not found to be open, or something was written
    """
    for functions in MOST:
        bench.emulator.reset()
        bench.emulator.set(throttling=False)
        account = _build(world.Clients.of(bench.emulator), functions)
        sample = bench.run(Case(Tool(LOOK, "", _call), BARE, DATABASE, functions), account, LOOK)
        if sample.writes:
            raise WrongResultError(f"A look wrote something: {dict(sample.calls)}")
        yield Looked(sample)


def _call(task: Task) -> Call:
    told = {"benchmark_database": task.account.database.identifier, "benchmark_functions": task.account.functions}
    return playbook("look.yml", task, told)


def _build(clients: world.Clients, functions: int) -> Account:
    """Functions in the database's VPC, all with one client group and one execution role."""
    network = world.make_network(clients, "shop")
    database_group = world.make_group(clients, network.vpc_id, "orders-db")
    client_group = world.make_group(clients, network.vpc_id, "orders-clients")
    world.allow(clients, database_group, "ingress", client_group, PORT)
    database = world.make_instance(clients, "orders", network.subnet_ids, [database_group], port=PORT)
    role = world.make_role(clients, "shared")
    names = [f"report-{number:04}" for number in range(functions)]
    for name in names:
        world.make_function(clients, name, subnet_ids=network.subnet_ids, group_ids=[client_group], Role=role)
    return Account(clients, network.subnet_ids, database, names, world.snapshot(clients))
