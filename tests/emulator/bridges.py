# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All bridges over moto's gaps. Each file makes true what its name says."""

from __future__ import annotations

from ansible_collections.cloudops.lambda_rds.tests.emulator import (
    access_keys_name_accounts,
    cluster_members_follow_their_cluster,
    database_groups,
    database_interfaces,
    database_states,
    databases_have_a_subnet_group,
    execution_roles_need_permissions,
    few_managed_policies,
    free_addresses,
    function_aliases,
    function_lists_are_short,
    function_revisions,
    function_states,
    function_updates_take_time,
    function_vpc_config,
    functions_settle_interfaces,
    groups_in_use_stay,
    inactive_functions,
    instance_ports,
    interface_filters,
    lambda_interfaces,
    new_functions_are_pending,
    pages,
    partial_arns_name_functions,
    peering_filters,
    proxies_are_checked,
    proxies_can_be_modified,
    proxies_can_have_endpoints,
    proxies_take_time,
    proxy_endpoints,
    proxy_hostnames,
    proxy_interfaces,
    proxy_quota,
    proxy_tags,
    proxy_target_groups,
    proxy_target_health,
    proxy_targets,
    published_versions_stay,
    rule_copies,
    rule_details,
    rule_identity,
    rule_peers,
    rule_permissions,
    rule_quota,
    rule_revocations,
    rule_tags,
    service_interfaces_cannot_be_changed,
    subnets_in_use_stay,
)


def install(*, plain: bool) -> None:
    """Change moto in this process, for good. `plain` leaves out all that a test could tell from moto."""
    access_keys_name_accounts.install()
    few_managed_policies.install()
    if plain:
        return
    for bridge in (
        cluster_members_follow_their_cluster,
        # Before the states: a database that is not available cannot be modified.
        database_groups,
        database_interfaces,
        databases_have_a_subnet_group,
        database_states,
        free_addresses,
        function_lists_are_short,
        # A request passes these from the last to the first: what it may not do is refused before anything is changed.
        function_states,
        function_updates_take_time,
        new_functions_are_pending,
        execution_roles_need_permissions,
        function_vpc_config,
        function_revisions,
        published_versions_stay,
        inactive_functions,
        function_aliases,
        functions_settle_interfaces,
        groups_in_use_stay,
        instance_ports,
        interface_filters,
        lambda_interfaces,
        partial_arns_name_functions,
        peering_filters,
        proxies_take_time,
        # Before the states: a proxy that is refused is not creating.
        proxy_quota,
        proxies_are_checked,
        proxies_can_be_modified,
        proxies_can_have_endpoints,
        proxy_endpoints,
        proxy_hostnames,
        proxy_tags,
        proxy_target_groups,
        proxy_targets,
        # After each call the interfaces come first: what a proxy reaches depends on them.
        proxy_interfaces,
        proxy_target_health,
        rule_copies,
        rule_details,
        rule_identity,
        rule_peers,
        rule_permissions,
        rule_quota,
        rule_revocations,
        rule_tags,
        service_interfaces_cannot_be_changed,
        subnets_in_use_stay,
        # Last: what the other bridges list comes in pages, too.
        pages,
    ):
        bridge.install()
