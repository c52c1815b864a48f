# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Findings and hops in English: of each finding what is wrong, and what to do. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping

FINDINGS: Mapping[str, tuple[str, str]] = {
    # what could not be read
    "not_read": (
        "AWS refused {action} ({answer}), so it is not proved that the path is open.",
        "Allow {action}, and look again.",
    ),
    "not_looked_at": (
        "AWS refused {action} ({answer}), so nothing is said of what it tells.",
        "Allow {action}, if you want to know.",
    ),
    # the function
    "function_missing": (
        "There is no function {resource} in this account and Region.",
        "Check the name and the option region.",
    ),
    "not_in_vpc": (
        "The function {resource} is not in a VPC, so it has no way to a database in one.",
        "Connect it, for example by the module lambda_rds_connection.",
    ),
    "other_vpc": (
        (
            "The function {resource} is in {vpc_id}, but {database} is in {database_vpc_id}. No active peering"
            " connection joins the two, and no route leads there through a transit gateway or Cloud WAN."
        ),
        "Move the function (allow_vpc_change), or peer the two VPCs and route between them.",
    ),
    "function_pending": (
        "Lambda is making the function {resource} ready, and it cannot be called yet (State Pending). {reason}",
        "Wait until it is Active.",
    ),
    "function_failed": (
        "The function {resource} cannot be called: its State is Failed. {reason}",
        "Mend what the reason names, and update the function.",
    ),
    "function_deleting": (
        "The function {resource} is being deleted, and cannot be called any more (State Deleting). {reason}",
        "Create it anew once it is gone, or ask about another one.",
    ),
    "function_deactivated": (
        "The function {resource} has been deactivated and cannot be called (State {state}). {reason}",
        "Activate it, and look again when its State is Active.",
    ),
    "function_not_invocable": (
        "The function {resource} cannot be called: Lambda invokes active ones only, and its State is {state}. {reason}",
        "See that it becomes Active. On Lambda Managed Instances, publish a version: that one is invoked.",
    ),
    "on_capacity_provider": (
        (
            "The function {resource} runs on Lambda Managed Instances: the capacity provider {provider} has its subnets"
            " and security groups, which are not looked at, so it is not proved that the path is open."
        ),
        "Check the path from the subnets and security groups of the capacity provider.",
    ),
    "function_inactive": (
        (
            "The function {resource} was idle for so long that Lambda took its network interfaces away (State"
            " Inactive). Its first call fails, and starts to make them anew."
        ),
        "Call it once, and again when its State is Active.",
    ),
    "update_in_progress": (
        "An update of the function {resource} is in progress; until it is done, the configuration of before is in use.",
        "Look again when LastUpdateStatus is Successful.",
    ),
    "update_failed": (
        (
            "The last update of the function {resource} failed ({reason_code}). The configuration of before is still in"
            " use, and it is this one that was judged, not what the update was to make. {reason}"
        ),
        "Mend what the reason names, and update the function again.",
    ),
    "alias_not_connected": (
        (
            "The alias {alias} of the function {function} leads to version {version}, which keeps the VPC"
            " configuration that it was published with, and that is not the function's."
        ),
        "Publish a version and move the alias to it, for example by publish=true and alias={alias}.",
    ),
    "short_timeout": (
        "The function {resource} is stopped after {timeout} s, which a first connection to a database may take.",
        "Raise the function's timeout, to 10 s or more.",
    ),
    "runtime_deprecated": (
        (
            "The runtime {runtime} of the function {resource} is deprecated; Lambda may refuse to update it, and so"
            " to attach it to a VPC."
        ),
        "Move the function to a runtime that is supported.",
    ),
    "snap_start": (
        (
            "The function {resource} uses SnapStart, which takes a snapshot when a version is published: connections"
            " in it are dead when it is restored."
        ),
        (
            "Open the connection anew after the restore, and publish a version after every change of the VPC"
            " configuration."
        ),
    ),
    "role_cannot_make_interfaces": (
        (
            "The execution role {resource} may not do {actions} ({why}); Lambda needs that for the function's network"
            " interfaces. So says IAM's policy simulator of these subnets and groups, by the role's policies, its"
            " boundary and the organization's policies."
        ),
        "Attach the managed policy AWSLambdaVPCAccessExecutionRole to the role, and lift what denies it.",
    ),
    "role_limited_by_conditions": (
        (
            "The execution role {resource} is limited by conditions ({conditions}) that could not be evaluated, so it"
            " is not known whether it may do {actions}, which Lambda needs for the function's network interfaces."
        ),
        "See that the conditions hold for what Lambda does as this role, or attach AWSLambdaVPCAccessExecutionRole.",
    ),
    # addresses
    "no_free_addresses": (
        (
            "The subnet {resource} has no free address, and Lambda is not known to have a network interface with the"
            " function's security groups there, so it needs an address for one."
        ),
        "Free addresses, or give the function another subnet.",
    ),
    "no_spare_addresses": (
        (
            "The subnet {resource} has no free address. The function shares a network interface that Lambda has there"
            " already; for more connections than that one carries, or for other security groups, there is no room."
        ),
        "Free addresses, or give the function another subnet, before it needs more.",
    ),
    "few_free_addresses": (
        "The subnet {resource} has {free} free addresses left.",
        "Watch it, or give the function a larger subnet.",
    ),
    # security groups
    "egress_closed": (
        "The security groups of {source} ({groups}) let nothing out to {target} on {protocol}/{port}.",
        "Add an egress rule for {protocol}/{port} to {peers}.",
    ),
    "egress_wrong_port": (
        "The security groups of {source} let {rules} out to {target}, but not {protocol}/{port}, on which it listens.",
        "Change the port of the rule, or add one for {protocol}/{port} to {peers}.",
    ),
    "egress_partly": (
        (
            "The egress rules of {source} ({rules}) reach only a part of the addresses that {target} may have in"
            " {subnets}. {effect}"
        ),
        "Add an egress rule for {protocol}/{port} to the security group {peers}, or to {cidrs}.",
    ),
    "ingress_closed": (
        "The security groups of {target} ({groups}) let nothing in from {source} on {protocol}/{port}.",
        "Add an ingress rule for {protocol}/{port} from {peers}.",
    ),
    "ingress_wrong_port": (
        "The security groups of {target} let {rules} in from {source}, but not {protocol}/{port}, on which it listens.",
        "Change the port of the rule, or add one for {protocol}/{port} from {peers}.",
    ),
    "ingress_partly": (
        (
            "The ingress rules of {target} ({rules}) admit only a part of the addresses that {source} may have in"
            " {subnets}. {effect}"
        ),
        "Add an ingress rule for {protocol}/{port} from the security group {peers}, or from {cidrs}.",
    ),
    # network ACLs
    "acl_out_closed": (
        "The network ACL {resource} blocks {protocol}/{port} out of {subnets} to {others} ({entry}). {effect}",
        "Add an outbound rule to {resource} ahead of rule number {number}: allow TCP {ports} to {cidrs}.",
    ),
    "acl_in_closed": (
        "The network ACL {resource} blocks {protocol}/{port} into {subnets} from {others} ({entry}). {effect}",
        "Add an inbound rule to {resource} ahead of rule number {number}: allow TCP {ports} from {cidrs}.",
    ),
    "acl_return_out_closed": (
        (
            "The network ACL {resource} blocks return traffic out of {subnets} to {others}: TCP {ports} of the"
            " ephemeral ports 1024-65535 ({entry}). {effect}"
        ),
        "Add an outbound rule to {resource} ahead of rule number {number}: allow TCP {ports} to {cidrs}.",
    ),
    "acl_return_in_closed": (
        (
            "The network ACL {resource} blocks return traffic into {subnets} from {others}: TCP {ports} of the"
            " ephemeral ports 1024-65535 ({entry}). {effect}"
        ),
        "Add an inbound rule to {resource} ahead of rule number {number}: allow TCP {ports} from {cidrs}.",
    ),
    "acl_unknown": (
        "AWS shows no network ACL of the subnet {subnets}, so it is not proved that the path is open.",
        "Look again; if it stays so, see that the network ACLs of the whole VPC may be read.",
    ),
    # routes
    "no_route": (
        "The route table {resource} has no route from {subnets} to {others}. {effect}",
        "Add a route to {cidrs} to {resource}, through the peering connection.",
    ),
    "route_blackhole": (
        (
            "The route from {subnets} to {others} in {resource} leads to {target}, which does not exist any more"
            " (blackhole). {effect}"
        ),
        "For {cidrs}, let the route lead to an active peering connection, or remove it.",
    ),
    "route_elsewhere": (
        (
            "The route from {subnets} to {others} in {resource} leads to {target}, which is not the way between the"
            " two, or cannot be looked into. {effect}"
        ),
        "Check what {target} does with traffic to {cidrs}, or route it directly.",
    ),
    "no_ipv4_addresses": (
        "The subnets of {resource} have IPv6 addresses only, and a path by IPv4 is what is judged, so none is open.",
        "Use subnets that have IPv4 addresses too.",
    ),
    "subnets_unknown": (
        "AWS shows none of the subnets of {resource}, so it is not proved that the path is open.",
        "Look again; if it stays so, see that the subnets still exist and may be read.",
    ),
    "route_beyond_view": (
        (
            "The route from {subnets} to {others} in {resource} leads to {target}. Its own routes and attachments, and"
            " what is beyond them, are not looked into, so it is not proved that the path is open."
        ),
        "Check {target} there and back, for example with VPC Reachability Analyzer.",
    ),
    "route_table_unknown": (
        "AWS shows no route table of the subnet {subnets}, so it is not proved that the path is open.",
        "Look again; if it stays so, see that the route tables of the whole VPC may be read.",
    ),
    # pairs of subnets
    "some_pairs": (
        (
            "The path is open between some subnets and closed between others, so that some calls work and some do"
            " not. {effect} Closed: {closed}. Open: {open}."
        ),
        "Mend what the other findings name for these subnets, or take the function out of them.",
    ),
    # names
    "dns_support_off": (
        "The VPC {resource} does not resolve names (enableDnsSupport is off), so the function cannot find {host}.",
        "Set enableDnsSupport on the VPC.",
    ),
    "public_name_over_peering": (
        (
            "{host} has a public address outside its VPC, and the peering connection {resource} does not resolve it"
            " to its private one."
        ),
        "Allow DNS resolution from the other VPC on the peering connection, or make the database private.",
    ),
    # the database
    "database_missing": (
        "There is no {resource} in this account and Region.",
        "Check the name and the option region.",
    ),
    "database_no_vpc": (
        "{resource} is not in a VPC.",
        "Reach it by its public endpoint, or create it in a VPC.",
    ),
    "database_no_endpoint": (
        "{resource} has no endpoint yet (status {status}).",
        "Wait until it is available.",
    ),
    "database_not_available": (
        "{resource} takes no connections: its status is {status}.",
        "Start it, or mend what keeps it from being available.",
    ),
    "database_busy": (
        "{resource} is at work (status {status}), and may break connections off for a moment.",
        "Look again when its status is available.",
    ),
    "cluster_no_members": (
        "The cluster {resource} has no instances, so its endpoints lead nowhere, though its status is available.",
        "Create an instance in the cluster, and wait until that is available.",
    ),
    "cluster_writer_not_available": (
        "The writer of the cluster {resource}, {member}, takes no connections: its status is {status}.",
        "Start it or mend what keeps it from being available, or fail over to a reader.",
    ),
    "cluster_reader_not_available": (
        "The reader {member} of the cluster {resource} takes no connections: its status is {status}.",
        "Start it, or mend what keeps it from being available.",
    ),
    "database_place_unknown": (
        (
            "It is not known where the database is, because no network interface that can be seen here wears its"
            " security groups ({groups}). What these groups and those of the function let through was judged, but not"
            " routes, network ACLs and return traffic."
        ),
        "Look again when the database is there, or name it by its identifier.",
    ),
    "database_group_adding": (
        "The security group {group} is still being added to {resource}.",
        "Look again in a minute.",
    ),
    "database_group_removing": (
        "The security group {group} is being removed from {resource}; its rules were not counted.",
        "None, if that is meant.",
    ),
    "group_not_on_database": (
        "The security groups {groups} were given for {resource}, but are not on it, so their rules admit nobody to it.",
        "Leave rds_security_group_ids out, so that those on it are opened, or put these groups on it.",
    ),
    "not_its_port": (
        "{resource} listens on port {port}, not on port {given}, which was given.",
        "Leave port out, or give {port}.",
    ),
    "database_public": (
        "{resource} is publicly accessible; this looks at the private path only.",
        "Make it private, if nobody reaches it from the internet.",
    ),
    "ipv6_closed": (
        (
            "{resource} has IPv6 addresses too, and the function may use IPv6, but that path is closed. Clients that"
            " try it first lose time, or fail."
        ),
        "Open the path for IPv6 too, or set ipv6_allowed_for_dual_stack to false.",
    ),
    # the proxy
    "proxy_no_target": (
        "The RDS Proxy {resource} has no target, so it leads nowhere.",
        "Register a database with it, for example by the module rds_db_proxy.",
    ),
    "proxy_target_unhealthy": (
        "The RDS Proxy {resource} does not reach {target}: {health} {description}",
        "Look at it with the module rds_db_proxy_info, which says what to do.",
    ),
    "proxy_target_unreachable": (
        (
            "AWS says that the RDS Proxy {resource} finds no way to {target} ({health}), though nothing that is looked"
            " at here closes it. {description}"
        ),
        (
            "If rules, network ACLs or routes were changed just now, look again in some minutes: AWS tries again only"
            " after a while. If it stays so, see what else is in the way, and that {target} is available."
        ),
    ),
    "proxy_target_pending": (
        "The RDS Proxy {resource} is not ready to use {target} yet: {health} {description}",
        "Look again in some minutes. If it stays so, see that the proxy's subnets have free addresses.",
    ),
    "proxy_no_reader": (
        (
            "The endpoint of the RDS Proxy {resource} is read-only, and {target} has no reader, so that it refuses"
            " every connection."
        ),
        "Add a reader to {target}, or connect to an endpoint of the proxy for reading and writing.",
    ),
    # quotas
    "rules_near_quota": (
        (
            "The {direction} rules of the security group {resource} count as {count}, of {quota} that it may have. A"
            " rule that names a prefix list counts as the maximum of entries of that."
        ),
        "Remove rules, have the quota L-0EA8095F raised, or share one client group (security_group_scope=database).",
    ),
    "groups_near_quota": (
        "The function {resource} has {count} security groups of {quota}.",
        "Take off the groups that it does not need.",
    ),
    "interfaces_near_quota": (
        "The VPC {resource} has {count} network interfaces of Lambda, of {quota} by AWS's default quota.",
        "Share one client group (security_group_scope=database), or have the quota raised.",
    ),
    # what else the function reaches
    "no_internet": (
        "The function {resource} has no way to the internet from {subnets}.",
        (
            "Route 0.0.0.0/0 of these subnets to a NAT gateway, or do without. An internet gateway does not serve"
            " functions."
        ),
    ),
    "services_unreachable": (
        "The function {resource} has no way to {services}: no internet, and no VPC endpoint.",
        "Add VPC endpoints for those of them that the function calls.",
    ),
    "endpoint_closed": (
        (
            "The VPC endpoint {endpoint} for {service} does not admit the function {resource}: its security groups"
            " ({groups}) let nothing in from it on tcp/443."
        ),
        "Add an ingress rule for tcp/443 from {peers} to the endpoint's security group.",
    ),
    "https_egress_closed": (
        "The security groups of the function {resource} let nothing out on tcp/443, so it does not reach {services}.",
        "If the function calls these, add an egress rule (option egress_rules, tcp/443).",
    ),
}

HOPS: Mapping[str, str] = {
    "function": "Lambda function",
    "egress": "Security group, outbound",
    "route": "Route",
    "acl_out": "Network ACL, outbound",
    "acl_in": "Network ACL, inbound",
    "ingress": "Security group, inbound",
    "return": "Return traffic",
    "proxy": "RDS Proxy",
    "database": "Database",
}

# What a share of the connections means: a few of them, a few because of their addresses, some, most.
EFFECTS: Mapping[str, str] = {
    "few": "About 1 connection in {count} fails; a retry usually works.",
    "few_addresses": "This affects about 1 in {count} of the possible addresses; the path works with all others.",
    "some": "About 1 connection in {count} fails.",
    "most": "About {count} of 100 connections fail.",
}

STATES: Mapping[str, str] = {
    "open": "open",
    "closed": "closed",
    "partly": "partly open",
    "unknown": "not known",
}
