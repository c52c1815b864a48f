# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Worlds with exactly one cause broken each, and all findings that have to come of it.

A cause that closes the path for some subnets only is a risk beside `some_pairs`, which blocks; one that closes less
than 1 in 100 connections is a risk, and the path is open.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network

from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import ALLOW_ALL, Entry

from . import healthy_worlds as healthy
from .causes import (
    Cause,
    acl_on_database,
    acl_on_function,
    acl_on_proxy,
    alias_connected,
    alias_not_connected,
    alias_with_a_share,
    another_group_is_said,
    another_group_is_said_and_being_added,
    another_group_lets_in,
    another_port_is_said,
    asked_by_host_name_and_arn,
    asked_by_reader_endpoint,
    both,
    database_deleted,
    database_group_replaced,
    database_stopped,
    detached,
    dns_support_off,
    egress_to,
    egress_to_prefix_list,
    five_groups,
    function_deleted,
    function_pending,
    gateway_endpoint,
    group_that_nobody_wears,
    host_with_one_group_of_two,
    host_with_the_same_group,
    in_the_database_s_subnet,
    ingress_from,
    large_prefix_list,
    many_rules,
    members_deleted,
    more_specific_route,
    names_not_resolved,
    nat_deleted,
    no_free_address,
    no_free_address_any_more,
    no_nat,
    no_way_back,
    no_way_there,
    one_address_elsewhere,
    only_a_host_with_one_group_of_two,
    peering_deleted,
    peering_replaced,
    public_subnets,
    reader_deleted,
    revoked,
    role_gone,
    role_limited,
    role_limited_to_its_vpc,
    role_with_boundary,
    role_without_permissions,
    route_by_prefix_list,
    second_hop_to_another_port,
    setting,
    ssh_and_rdp_denied,
    table_of_its_own,
    target_deregistered,
    through_a_transit_gateway,
    transit_gateway_detached,
    two_client_groups,
    update_failed,
    update_in_progress,
    worn_by_both,
)
from .healthy_worlds import DATABASES, PORT, Ground

DENY_OUT = Entry("egress", "deny", DATABASES, (PORT, PORT))
DENY_IN = Entry("ingress", "deny", "10.0.0.0/23", (5000, 6000))
IN, OUT = ALLOW_ALL
NO_SERVICES = ("no_internet", "services_unreachable")


@dataclass(frozen=True)
class BrokenWorld:
    """Exactly these codes have to come, with these severities."""

    name: str
    cause: Cause
    blocks: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    ground: Ground = healthy.one_vpc

    @property
    def findings(self) -> set[tuple[str, str]]:
        kinds = {"blocks": self.blocks, "risk": self.risks, "note": self.notes}
        return {(code, severity) for severity, codes in kinds.items() for code in codes}


GROUPS_AND_ACLS = (
    BrokenWorld("client egress missing", revoked("egress"), blocks=("egress_closed",)),
    BrokenWorld("database ingress missing", revoked("ingress"), blocks=("ingress_closed",)),
    BrokenWorld("egress on the wrong port", egress_to(port=3306), blocks=("egress_wrong_port",)),
    BrokenWorld("ingress on the wrong port", ingress_from(port=3306), blocks=("ingress_wrong_port",)),
    BrokenWorld("egress to part of the subnet", egress_to("10.0.2.0/25", "10.0.3.0/25"), blocks=("egress_partly",)),
    BrokenWorld(
        "ingress from part of each subnet", ingress_from("10.0.0.0/25", "10.0.1.128/25"), blocks=("ingress_partly",)
    ),
    BrokenWorld(
        "ingress from one subnet of two",
        ingress_from("10.0.0.0/24"),
        blocks=("some_pairs",),
        risks=("ingress_closed",),
    ),
    BrokenWorld("ingress from IPv6 only", ingress_from("::/0"), blocks=("ingress_closed",)),
    BrokenWorld("egress to IPv6 only", egress_to("::/0"), blocks=("egress_closed",)),
    BrokenWorld("ACL denies out before it allows", acl_on_function(DENY_OUT, *ALLOW_ALL), blocks=("acl_out_closed",)),
    BrokenWorld("ACL denies in before it allows", acl_on_database(DENY_IN, *ALLOW_ALL), blocks=("acl_in_closed",)),
    BrokenWorld(
        "ACL without ephemeral ports out",
        acl_on_database(IN, Entry("egress", "allow", ports=(443, 443))),
        blocks=("acl_return_out_closed",),
    ),
    BrokenWorld(
        "ACL without ephemeral ports in",
        acl_on_function(OUT, Entry("ingress", "allow", ports=(PORT, PORT))),
        blocks=("acl_return_in_closed",),
    ),
    BrokenWorld(
        "ACL with some ephemeral ports out",
        acl_on_database(IN, Entry("egress", "allow", ports=(32768, 65535))),
        blocks=("acl_return_out_closed",),
    ),
    BrokenWorld(
        "ACL with some ephemeral ports in",
        acl_on_function(OUT, Entry("ingress", "allow", ports=(1024, 32767))),
        blocks=("acl_return_in_closed",),
    ),
    BrokenWorld(
        "ACL of one of the function's subnets denies",
        acl_on_function(DENY_OUT, *ALLOW_ALL, subnets=slice(1)),
        blocks=("some_pairs",),
        risks=("acl_out_closed",),
    ),
    BrokenWorld(
        "ACL of one of a Multi-AZ database's subnets denies",
        acl_on_database(DENY_IN, *ALLOW_ALL, subnets=slice(1)),
        blocks=("some_pairs",),
        risks=("acl_in_closed",),
        ground=healthy.multi_az,
    ),
    BrokenWorld(
        "ACL of one of a cluster's subnets denies",
        acl_on_database(DENY_IN, *ALLOW_ALL, subnets=slice(1)),
        blocks=("some_pairs",),
        risks=("acl_in_closed",),
        ground=healthy.clustered,
    ),
    BrokenWorld(
        "ACLs do not let IPv6 in",
        acl_on_database(*ALLOW_ALL),
        risks=("ipv6_closed",),
        ground=healthy.dual_stack,
    ),
    BrokenWorld(
        "ingress missing, database named by its group",
        revoked("ingress"),
        blocks=("ingress_closed",),
        ground=healthy.by_hand,
    ),
    BrokenWorld(
        "a group that nobody wears",
        group_that_nobody_wears,
        risks=("database_place_unknown",),
        ground=healthy.by_hand,
    ),
    BrokenWorld(
        "groups that nobody but a host wears, and of these but one",
        only_a_host_with_one_group_of_two,
        risks=("database_place_unknown",),
        ground=healthy.by_hand,
    ),
    BrokenWorld(
        "a group that nobody wears, without its rule",
        both(group_that_nobody_wears, revoked("unworn")),
        blocks=("ingress_closed",),
        risks=("database_place_unknown",),
        ground=healthy.by_hand,
    ),
)

NETWORKS = (
    BrokenWorld("not in a VPC", detached, blocks=("not_in_vpc",)),
    BrokenWorld("another VPC, not peered", peering_deleted, blocks=("other_vpc",), ground=healthy.peered),
    BrokenWorld("peered, no route there", no_way_there, blocks=("route_elsewhere",), ground=healthy.peered),
    BrokenWorld("peered, no route back", no_way_back, blocks=("no_route",), ground=healthy.peered),
    BrokenWorld("peered, route is a blackhole", peering_replaced, blocks=("route_blackhole",), ground=healthy.peered),
    BrokenWorld(
        "peered, database stopped", database_stopped, blocks=("database_not_available",), ground=healthy.peered
    ),
    BrokenWorld("peered, ingress missing", revoked("ingress"), blocks=("ingress_closed",), ground=healthy.peered),
    BrokenWorld(
        "joined by a transit gateway", through_a_transit_gateway, blocks=("route_beyond_view",), ground=healthy.peered
    ),
    BrokenWorld(
        "joined by a transit gateway, ingress missing",
        both(through_a_transit_gateway, revoked("ingress")),
        blocks=("route_beyond_view", "ingress_closed"),
        ground=healthy.peered,
    ),
    BrokenWorld(
        "transit gateway is detached",
        transit_gateway_detached,
        blocks=("route_beyond_view", "route_blackhole"),
        ground=healthy.peered,
    ),
    BrokenWorld("a more specific route leads elsewhere", more_specific_route, blocks=("route_elsewhere",)),
    BrokenWorld("DNS support off", dns_support_off, blocks=("dns_support_off",)),
    BrokenWorld(
        "public name over a peering",
        names_not_resolved,
        blocks=("public_name_over_peering",),
        notes=("database_public",),
        ground=healthy.peered_public,
    ),
    BrokenWorld("no NAT gateway and no endpoint", no_nat, risks=NO_SERVICES),
    BrokenWorld("no egress for HTTPS", revoked("https"), risks=("https_egress_closed",)),
    BrokenWorld(
        "endpoint does not admit the function",
        revoked("to endpoint"),
        risks=("endpoint_closed",),
        ground=healthy.with_endpoint,
    ),
)

DATABASES_AND_PROXIES = (
    BrokenWorld("database stopped", database_stopped, blocks=("database_not_available",)),
    BrokenWorld(
        "storage full", setting(database_states={"orders": "storage-full"}), blocks=("database_not_available",)
    ),
    BrokenWorld(
        "cluster stopped",
        setting(database_states={"stock": "stopped"}),
        blocks=("database_not_available",),
        ground=healthy.clustered,
    ),
    BrokenWorld("cluster without instances", members_deleted, blocks=("cluster_no_members",), ground=healthy.clustered),
    BrokenWorld(
        "cluster's writer failed",
        setting(database_states={"stock-1": "failed"}),
        blocks=("cluster_writer_not_available",),
        ground=healthy.clustered,
    ),
    BrokenWorld(
        "cluster's writer failed, asked for by the reader endpoint",
        both(asked_by_reader_endpoint, setting(database_states={"stock-1": "failed"})),
        ground=healthy.clustered,
    ),
    BrokenWorld(
        "cluster's reader stopped, asked for by the reader endpoint",
        both(asked_by_reader_endpoint, setting(database_states={"stock-2": "stopped"})),
        blocks=("cluster_reader_not_available",),
        ground=healthy.clustered,
    ),
    BrokenWorld(
        "cluster's writer is modifying",
        setting(database_states={"stock-1": "modifying"}),
        risks=("database_busy",),
        ground=healthy.clustered,
    ),
    BrokenWorld(
        "not allowed: members",
        setting(denied_actions=["rds:DescribeDBInstances"]),
        risks=("not_looked_at",),
        ground=healthy.clustered,
    ),
    BrokenWorld("modifying", setting(database_states={"orders": "modifying"}), risks=("database_busy",)),
    BrokenWorld("no endpoint yet", setting(database_states={"orders": "creating"}), blocks=("database_no_endpoint",)),
    BrokenWorld(
        "the group with the rule is removing",
        database_group_replaced,
        blocks=("egress_closed", "ingress_closed"),
        risks=("database_group_adding",),
        notes=("database_group_removing",),
    ),
    BrokenWorld("a group that is not on it", another_group_is_said, blocks=("group_not_on_database",)),
    BrokenWorld(
        "a group that is about to be on it", another_group_is_said_and_being_added, risks=("database_group_adding",)
    ),
    BrokenWorld("not its port", another_port_is_said, blocks=("not_its_port",)),
    BrokenWorld(
        "a group that is not on the proxy",
        another_group_is_said,
        blocks=("group_not_on_database",),
        ground=healthy.proxied,
    ),
    BrokenWorld("not the proxy's port", another_port_is_said, blocks=("not_its_port",), ground=healthy.proxied),
    BrokenWorld("no such database", database_deleted, blocks=("database_missing",)),
    BrokenWorld("to proxy: ingress", revoked("ingress"), blocks=("ingress_closed",), ground=healthy.proxied),
    BrokenWorld("behind proxy: egress", revoked("proxy egress"), blocks=("egress_closed",), ground=healthy.proxied),
    BrokenWorld(
        "behind proxy: ingress", revoked("database ingress"), blocks=("ingress_closed",), ground=healthy.proxied
    ),
    BrokenWorld(
        "behind proxy: port", second_hop_to_another_port, blocks=("egress_wrong_port",), ground=healthy.proxied
    ),
    BrokenWorld(
        "behind proxy: database stopped", database_stopped, blocks=("database_not_available",), ground=healthy.proxied
    ),
    BrokenWorld(
        "proxy cannot log in",
        setting(failing_proxy_targets={"pool": "AUTH_FAILURE"}),
        blocks=("proxy_target_unhealthy",),
        ground=healthy.proxied,
    ),
    BrokenWorld(
        "proxy finds no way, though there is one",
        setting(failing_proxy_targets={"pool": "UNREACHABLE"}),
        blocks=("proxy_target_unreachable",),
        ground=healthy.proxied,
    ),
    BrokenWorld(
        "proxy waits for capacity",
        setting(failing_proxy_targets={"pool": "PENDING_PROXY_CAPACITY"}),
        risks=("proxy_target_pending",),
        ground=healthy.proxied,
    ),
    BrokenWorld(
        "proxy cannot log in to the writer",
        setting(failing_proxy_targets={"stock-1": "AUTH_FAILURE"}),
        blocks=("proxy_target_unhealthy",),
        ground=healthy.proxied_cluster,
    ),
    BrokenWorld(
        "read-only endpoint: proxy cannot log in to the reader",
        setting(failing_proxy_targets={"stock-2": "AUTH_FAILURE"}),
        blocks=("proxy_target_unhealthy",),
        ground=healthy.by_reader,
    ),
    BrokenWorld("read-only endpoint: no reader", reader_deleted, blocks=("proxy_no_reader",), ground=healthy.by_reader),
    BrokenWorld(
        "further endpoint: ingress", revoked("ingress"), blocks=("ingress_closed",), ground=healthy.by_further_endpoint
    ),
    BrokenWorld(
        "behind a further endpoint: egress of the proxy",
        revoked("proxy egress"),
        blocks=("egress_closed",),
        ground=healthy.by_further_endpoint,
    ),
    BrokenWorld(
        "behind a further endpoint: ingress",
        revoked("database ingress"),
        blocks=("ingress_closed",),
        ground=healthy.by_further_endpoint,
    ),
    BrokenWorld(
        "behind a further endpoint: ACL of the proxy's subnets",
        acl_on_proxy(Entry("egress", "deny"), IN),
        blocks=("acl_out_closed",),
        ground=healthy.by_further_endpoint,
    ),
    BrokenWorld("proxy without target", target_deregistered, blocks=("proxy_no_target",), ground=healthy.proxied),
    BrokenWorld(
        "proxy suspended",
        setting(proxy_states={"pool": "suspended"}),
        blocks=("database_not_available",),
        ground=healthy.proxied,
    ),
)

FUNCTIONS = (
    BrokenWorld("no such function", function_deleted, blocks=("function_missing",)),
    BrokenWorld("function failed", setting(failed_functions={"f": "InvalidSubnet"}), blocks=("function_failed",)),
    *(
        BrokenWorld(f"function {state}", setting(function_states={"f": state}), blocks=(code,))
        for state, code in (
            ("Deleting", "function_deleting"),
            ("Deactivating", "function_deactivated"),
            ("Deactivated", "function_deactivated"),
            ("ActiveNonInvocable", "function_not_invocable"),
        )
    ),
    BrokenWorld(
        "function on a capacity provider",
        both(detached, setting(capacity_providers={"f": "arn:aws:lambda:eu-central-1:1:capacity-provider:big"})),
        blocks=("on_capacity_provider",),
    ),
    BrokenWorld("function pending", function_pending, blocks=("function_pending",)),
    BrokenWorld("update failed", update_failed, risks=("update_failed",)),
    BrokenWorld("update in progress", update_in_progress, risks=("update_in_progress",)),
    BrokenWorld("inactive", setting(inactive_functions=["f"]), risks=("function_inactive",)),
    BrokenWorld("alias to an unattached version", alias_not_connected, risks=("alias_not_connected",)),
    BrokenWorld("short time-out", lambda made: made.configure(Timeout=3), risks=("short_timeout",)),
    BrokenWorld("no free address but for the interface that is there", no_free_address, risks=("no_spare_addresses",)),
    BrokenWorld(
        "no free address for an inactive function",
        no_free_address_any_more,
        risks=("function_inactive", "no_free_addresses"),
    ),
    BrokenWorld("role without permissions", role_without_permissions, risks=("role_cannot_make_interfaces",)),
    BrokenWorld("role gone", role_gone, risks=("role_cannot_make_interfaces",)),
    BrokenWorld("role of other subnets", role_limited(subnets="subnet-0*"), risks=("role_cannot_make_interfaces",)),
    BrokenWorld(
        "role under a condition",
        role_limited(StringEquals={"aws:PrincipalTag/team": "shop"}),
        risks=("role_limited_by_conditions",),
    ),
    BrokenWorld("role within a boundary", role_with_boundary, risks=("role_cannot_make_interfaces",)),
    BrokenWorld(
        "role of an organization",
        setting(organization_denies=["ec2:CreateNetworkInterface"]),
        risks=("role_cannot_make_interfaces",),
    ),
    BrokenWorld(
        "SnapStart", lambda made: made.configure(SnapStart={"ApplyOn": "PublishedVersions"}), notes=("snap_start",)
    ),
    BrokenWorld("five groups", five_groups, notes=("groups_near_quota",)),
    BrokenWorld("close to the quota of rules", many_rules, notes=("rules_near_quota",)),
    BrokenWorld("close to the quota of rules by a prefix list", large_prefix_list, notes=("rules_near_quota",)),
)


def denied(action: str, *, blocks: tuple[str, ...] = (), risks: tuple[str, ...] = ()) -> BrokenWorld:
    return BrokenWorld(f"not allowed: {action}", setting(denied_actions=[action]), blocks=blocks, risks=risks)


# What the verdict on the path does not hang on is a risk.
DENIALS = (
    *(
        denied(action, blocks=("not_read",))
        for action in (
            "ec2:DescribeNetworkAcls",
            "ec2:DescribeRouteTables",
            "ec2:DescribeSecurityGroupRules",
            "ec2:DescribeSubnets",
            "lambda:GetFunction",
            "rds:DescribeDBInstances",
        )
    ),
    *(
        denied(action, risks=("not_looked_at",))
        for action in (
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeVpcEndpoints",
            "iam:SimulatePrincipalPolicy",
            "lambda:ListAliases",
        )
    ),
)

OTHER_DENIALS = (
    BrokenWorld(
        "not allowed: peerings",
        setting(denied_actions=["ec2:DescribeVpcPeeringConnections"]),
        blocks=("not_read",),
        ground=healthy.peered,
    ),
    BrokenWorld(
        "not allowed: a prefix list's entries",
        both(egress_to_prefix_list(DATABASES), setting(denied_actions=["ec2:GetManagedPrefixListEntries"])),
        blocks=("not_read",),
    ),
    BrokenWorld(
        "not allowed: entries of a prefix list that is of no use here",
        both(ingress_from("10.0.0.0/23"), setting(denied_actions=["ec2:GetManagedPrefixListEntries"])),
    ),
    BrokenWorld(
        "not allowed: entries of the prefix list of a route",
        both(route_by_prefix_list, setting(denied_actions=["ec2:GetManagedPrefixListEntries"])),
        blocks=("not_read",),
        ground=healthy.peered,
    ),
    BrokenWorld(
        "not allowed: entries of the prefix list of a gateway endpoint",
        both(gateway_endpoint, setting(denied_actions=["ec2:GetManagedPrefixListEntries"])),
    ),
    BrokenWorld(
        "not allowed: prefix lists",
        both(egress_to_prefix_list(DATABASES), setting(denied_actions=["ec2:DescribeManagedPrefixLists"])),
        risks=("not_looked_at",),
    ),
    BrokenWorld(
        "not allowed: attributes of VPCs",
        setting(denied_actions=["ec2:DescribeVpcAttribute"]),
        risks=("not_looked_at",),
    ),
    BrokenWorld(
        "not allowed: versions",
        both(alias_not_connected, setting(denied_actions=["lambda:ListVersionsByFunction"])),
        risks=("not_looked_at",),
    ),
    BrokenWorld(
        "not allowed: cluster",
        setting(denied_actions=["rds:DescribeDBClusters"]),
        blocks=("not_read",),
        ground=healthy.clustered,
    ),
    BrokenWorld(
        "not allowed: subnet group",
        setting(denied_actions=["rds:DescribeDBSubnetGroups"]),
        blocks=("not_read",),
        ground=healthy.clustered,
    ),
    BrokenWorld(
        "not allowed: proxy",
        setting(denied_actions=["rds:DescribeDBProxies"]),
        blocks=("not_read",),
        ground=healthy.proxied,
    ),
    BrokenWorld(
        "not allowed: targets",
        setting(denied_actions=["rds:DescribeDBProxyTargets"]),
        blocks=("not_read",),
        ground=healthy.proxied,
    ),
)

# All of a subnet but one of the 251 addresses that AWS gives out.
ALL_BUT_ONE = tuple(str(each) for each in IPv4Network("10.0.3.0/24").address_exclude(IPv4Network("10.0.3.9/32")))

FEW = (
    BrokenWorld("ACLs deny SSH and RDP", ssh_and_rdp_denied, risks=("acl_return_in_closed",)),
    BrokenWorld(
        "ACLs deny SSH and RDP, by a proxy", ssh_and_rdp_denied, risks=("acl_return_in_closed",), ground=healthy.proxied
    ),
    BrokenWorld(
        "ACLs deny SSH and RDP, by a further endpoint",
        ssh_and_rdp_denied,
        risks=("acl_return_in_closed",),
        ground=healthy.by_further_endpoint,
    ),
    BrokenWorld(
        "ACLs deny SSH and RDP, peered", ssh_and_rdp_denied, risks=("acl_return_in_closed",), ground=healthy.peered
    ),
    BrokenWorld(
        "ACL without one ephemeral port out",
        acl_on_database(IN, Entry("egress", "deny", ports=(65535, 65535)), OUT),
        risks=("acl_return_out_closed",),
    ),
    BrokenWorld(
        "ACL denies one address of the database",
        acl_on_function(Entry("egress", "deny", "10.0.3.9/32"), *ALLOW_ALL),
        risks=("acl_out_closed",),
    ),
    BrokenWorld(
        "ACL denies one address of the function",
        acl_on_database(Entry("ingress", "deny", "10.0.0.9/32"), *ALLOW_ALL),
        risks=("acl_in_closed",),
    ),
    BrokenWorld("egress to all addresses but one", egress_to(*ALL_BUT_ONE), risks=("egress_partly",)),
    BrokenWorld(
        "egress by a prefix list with all addresses but one",
        egress_to_prefix_list(*ALL_BUT_ONE),
        risks=("egress_partly",),
    ),
    BrokenWorld(
        "ingress from all addresses but one",
        ingress_from("10.0.0.0/24", *(each.replace("10.0.3.", "10.0.1.") for each in ALL_BUT_ONE)),
        risks=("ingress_partly",),
    ),
    BrokenWorld(
        "peered, one address leads elsewhere",
        one_address_elsewhere,
        risks=("route_elsewhere",),
        ground=healthy.peered,
    ),
)

HARMLESS = (
    BrokenWorld("egress by a prefix list", egress_to_prefix_list("10.0.0.0/24", DATABASES)),
    BrokenWorld("egress by the database's range", egress_to(DATABASES)),
    BrokenWorld("ingress by two halves of each subnet", ingress_from("10.0.0.0/24", "10.0.1.0/25", "10.0.1.128/25")),
    BrokenWorld("a group of both", worn_by_both),
    BrokenWorld("two client groups", two_client_groups),
    BrokenWorld("one subnet, and an ACL that denies all", in_the_database_s_subnet),
    BrokenWorld("ACL denies after it allows", acl_on_function(*ALLOW_ALL, DENY_OUT)),
    BrokenWorld("ACL denies other ports", acl_on_database(Entry("ingress", "deny", ports=(1, PORT - 1)), *ALLOW_ALL)),
    BrokenWorld(
        "ACL with just what is needed",
        acl_on_database(
            Entry("ingress", "allow", "10.0.0.0/23", (PORT, PORT)),
            Entry("egress", "allow", "10.0.0.0/23", (1024, 65535)),
        ),
    ),
    BrokenWorld("a table of its own", table_of_its_own(0, 1, everywhere="nat")),
    BrokenWorld("a route by a prefix list", route_by_prefix_list, ground=healthy.peered),
    BrokenWorld(
        "peered, rules by ranges", both(egress_to("10.1.0.0/16"), ingress_from("10.0.0.0/16")), ground=healthy.peered
    ),
    BrokenWorld("an alias to an attached version", alias_connected),
    BrokenWorld("a role that is limited to its VPC and Region", role_limited_to_its_vpc),
    BrokenWorld(
        "proxy cannot log in to the reader, and nobody reads there",
        setting(failing_proxy_targets={"stock-2": "AUTH_FAILURE"}),
        ground=healthy.proxied_cluster,
    ),
    BrokenWorld(
        "proxy finds no way to the reader, and nobody reads there",
        setting(failing_proxy_targets={"stock-2": "UNREACHABLE"}),
        ground=healthy.proxied_cluster,
    ),
    BrokenWorld(
        "read-only endpoint: proxy cannot log in to the writer",
        setting(failing_proxy_targets={"stock-1": "AUTH_FAILURE"}),
        ground=healthy.by_reader,
    ),
    BrokenWorld("asked for by host name and ARN", asked_by_host_name_and_arn),
    BrokenWorld("a host with the database's group", host_with_the_same_group, ground=healthy.by_hand),
    BrokenWorld("a host with one group of the database's", host_with_one_group_of_two, ground=healthy.by_hand),
    BrokenWorld("a group that the task does not name", another_group_lets_in, ground=healthy.by_hand),
)

SUBTLE = (
    BrokenWorld(
        "egress by a prefix list without the subnet", egress_to_prefix_list("10.0.0.0/24"), blocks=("egress_closed",)
    ),
    BrokenWorld(
        "egress by a prefix list with half the subnet", egress_to_prefix_list("10.0.3.0/25"), blocks=("egress_partly",)
    ),
    BrokenWorld("public subnets", public_subnets, risks=NO_SERVICES),
    BrokenWorld("NAT gateway deleted", nat_deleted, risks=NO_SERVICES),
    BrokenWorld("an alias with a share of an unattached version", alias_with_a_share, risks=("alias_not_connected",)),
    BrokenWorld("no internet from one subnet of two", table_of_its_own(0), risks=NO_SERVICES),
    BrokenWorld(
        "peered, no route from one subnet of two",
        table_of_its_own(0, everywhere="nat"),
        blocks=("some_pairs",),
        risks=("route_elsewhere",),
        ground=healthy.peered,
    ),
    BrokenWorld(
        "peered, without NAT, no route there",
        table_of_its_own(0, 1),
        blocks=("no_route",),
        risks=NO_SERVICES,
        ground=healthy.peered,
    ),
    BrokenWorld(
        "ACL lets answers out to one subnet of two",
        acl_on_database(IN, Entry("egress", "allow", "10.0.0.0/24")),
        blocks=("some_pairs",),
        risks=("acl_return_out_closed",),
    ),
)

WORLDS = {
    each.name: each
    for each in (
        *GROUPS_AND_ACLS,
        *NETWORKS,
        *DATABASES_AND_PROXIES,
        *FUNCTIONS,
        *DENIALS,
        *OTHER_DENIALS,
        *SUBTLE,
        *FEW,
        *HARMLESS,
    )
}

# Causes that have nothing to do with each other: what comes of both is what comes of each.
PAIRS = (
    ("client egress missing", "database ingress missing"),
    ("client egress missing", "ACLs deny SSH and RDP"),
    ("ACLs deny SSH and RDP", "egress to all addresses but one"),
    ("egress on the wrong port", "database ingress missing"),
    ("client egress missing", "ACL denies in before it allows"),
    ("database ingress missing", "ACL denies out before it allows"),
    ("ingress on the wrong port", "ACL without ephemeral ports in"),
    ("egress to part of the subnet", "ACL without ephemeral ports out"),
    ("ACL denies out before it allows", "ACL denies in before it allows"),
    ("ACL denies out before it allows", "ACL with some ephemeral ports out"),
    ("database stopped", "database ingress missing"),
    ("function failed", "client egress missing"),
    ("DNS support off", "ingress from IPv6 only"),
    ("a more specific route leads elsewhere", "database ingress missing"),
    ("short time-out", "client egress missing"),
    ("role without permissions", "ACL denies in before it allows"),
    ("no NAT gateway and no endpoint", "ingress on the wrong port"),
    ("not allowed: ec2:DescribeNetworkAcls", "database ingress missing"),
    ("not in a VPC", "database stopped"),
    ("update failed", "storage full"),
    ("alias to an unattached version", "inactive"),
    ("another VPC, not peered", "peered, database stopped"),
    ("peered, no route back", "peered, ingress missing"),
    ("peered, no route there", "peered, no route back"),
    ("to proxy: ingress", "behind proxy: egress"),
    ("to proxy: ingress", "proxy without target"),
    ("behind proxy: ingress", "behind proxy: port"),
    ("proxy cannot log in", "to proxy: ingress"),
)
