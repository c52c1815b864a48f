# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All bridges over moto's gaps. Each file makes true what its name says."""

from __future__ import annotations

from ansible_collections.cloudops.lambda_rds.tests.emulator import (
    access_keys_name_accounts,
    cluster_members_follow_their_cluster,
    databases_have_a_subnet_group,
    few_managed_policies,
    function_lists_are_short,
    function_revisions,
    function_vpc_config,
    groups_in_use_stay,
    instance_ports,
    partial_arns_name_functions,
    rule_details,
    rule_identity,
)


def install(*, plain: bool) -> None:
    """Change moto in this process, for good. `plain` leaves out all that a test could tell from moto."""
    access_keys_name_accounts.install()
    few_managed_policies.install()
    if plain:
        return
    for bridge in (
        cluster_members_follow_their_cluster,
        databases_have_a_subnet_group,
        function_lists_are_short,
        # Before the revisions: an update that is refused must not make a new one.
        function_vpc_config,
        function_revisions,
        groups_in_use_stay,
        instance_ports,
        partial_arns_name_functions,
        rule_details,
        rule_identity,
    ):
        bridge.install()
