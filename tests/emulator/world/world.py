# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands in the account: all builders over boto3, and the snapshot, under one name."""

from __future__ import annotations

from ansible_collections.cloudops.lambda_rds.tests.emulator.world.clients import Clients
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.databases import (
    Database,
    make_cluster,
    make_instance,
    make_subnet_group,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.endpoints import (
    make_gateway_endpoint,
    make_interface_endpoint,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.functions import make_function
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.groups import allow, make_group, make_prefix_list
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.network_acls import (
    ALLOW_ALL,
    Entry,
    make_network_acl,
    replace_network_acl,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.networks import Network, make_network, peer
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.proxies import (
    Proxy,
    make_proxy,
    make_proxy_endpoint,
    make_secret,
    proxy_targets,
    register,
    wait_for_proxy,
    wait_for_targets,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.roles import (
    limit_role,
    make_proxy_role,
    make_role,
    policy_document,
    put_policy,
    set_boundary,
    take_permissions,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.routes import (
    add_route,
    main_route_table,
    make_internet_gateway,
    make_nat_gateway,
    make_route_table,
    make_transit_gateway,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.snapshot import snapshot

__all__ = [
    "ALLOW_ALL",
    "Clients",
    "Database",
    "Entry",
    "Network",
    "Proxy",
    "add_route",
    "allow",
    "limit_role",
    "main_route_table",
    "make_cluster",
    "make_function",
    "make_gateway_endpoint",
    "make_group",
    "make_instance",
    "make_interface_endpoint",
    "make_internet_gateway",
    "make_nat_gateway",
    "make_network",
    "make_network_acl",
    "make_prefix_list",
    "make_proxy",
    "make_proxy_endpoint",
    "make_proxy_role",
    "make_role",
    "make_route_table",
    "make_secret",
    "make_subnet_group",
    "make_transit_gateway",
    "peer",
    "policy_document",
    "proxy_targets",
    "put_policy",
    "register",
    "replace_network_acl",
    "set_boundary",
    "snapshot",
    "take_permissions",
    "wait_for_proxy",
    "wait_for_targets",
]
