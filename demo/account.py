# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The account of the demo: a database in a VPC, another team that uses it, and a function outside."""

from __future__ import annotations

from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world

FUNCTION = "nightly-report"
DATABASE = "orders"


def build(clients: world.Clients) -> None:
    network = world.make_network(clients, "shop")
    database_group = world.make_group(clients, network.vpc_id, "orders-db")
    billing = world.make_group(clients, network.vpc_id, "billing")
    world.allow(clients, database_group, "ingress", billing, 5432, description="the billing team's own rule")
    world.make_instance(clients, DATABASE, network.subnet_ids, [database_group])
    # As the article makes it: an image, with settings of its own, and without a VPC.
    world.make_function(clients, FUNCTION, package="Image", Timeout=60, MemorySize=512)
