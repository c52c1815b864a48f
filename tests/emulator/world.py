# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands in the account: all builders over boto3, and the snapshot, under one name."""

from __future__ import annotations

from ansible_collections.cloudops.lambda_rds.tests.emulator.world_clients import Clients
from ansible_collections.cloudops.lambda_rds.tests.emulator.world_databases import (
    Database,
    make_cluster,
    make_instance,
    make_subnet_group,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.world_functions import make_function
from ansible_collections.cloudops.lambda_rds.tests.emulator.world_groups import allow, make_group
from ansible_collections.cloudops.lambda_rds.tests.emulator.world_networks import Network, make_network, peer
from ansible_collections.cloudops.lambda_rds.tests.emulator.world_proxies import (
    Proxy,
    make_proxy,
    make_secret,
    proxy_targets,
    register,
    wait_for_proxy,
    wait_for_targets,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.world_roles import make_proxy_role, make_role
from ansible_collections.cloudops.lambda_rds.tests.emulator.world_snapshot import snapshot

__all__ = [
    "Clients",
    "Database",
    "Network",
    "Proxy",
    "allow",
    "make_cluster",
    "make_function",
    "make_group",
    "make_instance",
    "make_network",
    "make_proxy",
    "make_proxy_role",
    "make_role",
    "make_secret",
    "make_subnet_group",
    "peer",
    "proxy_targets",
    "register",
    "snapshot",
    "wait_for_proxy",
    "wait_for_targets",
]
