# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Findings and hops in English: of each finding what is wrong, and what to do. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping

from .findings import Text

FINDINGS: Mapping[str, Text] = {
    # what could not be read
    "not_read": Text(
        "not readable",
        "AWS refused {action} ({answer}), so it is not proved that the path is open.",
        "Allow {action}, and look again.",
    ),
    "not_looked_at": Text(
        "not looked at",
        "AWS refused {action} ({answer}), so nothing is said of what it tells.",
        "Allow {action}, if you want to know.",
    ),
    # the function
    "function_missing": Text(
        "no such function",
        "There is no function {resource} in this account and Region.",
        "Check the name and the option region.",
    ),
    "not_in_vpc": Text(
        "not in a VPC",
        "The function {resource} is not in a VPC, so it has no way to a database in one.",
        "Connect it, for example by the module lambda_rds_connection.",
    ),
    "other_vpc": Text(
        "another VPC, not peered",
        (
            "The function {resource} is in {vpc_id}, but {database} is in {database_vpc_id}. No active peering"
            " connection joins the two, and no route leads there through a transit gateway or Cloud WAN."
        ),
        "Move the function (allow_vpc_change), or peer the two VPCs and route between them.",
    ),
    "function_pending": Text(
        "function is Pending",
        "Lambda is making the function {resource} ready, and it cannot be called yet (State Pending). {reason}",
        "Wait until it is Active.",
    ),
    "function_failed": Text(
        "function has Failed",
        "The function {resource} cannot be called: its State is Failed. {reason}",
        "Mend what the reason names, and update the function.",
    ),
    "function_deleting": Text(
        "function is Deleting",
        "The function {resource} is being deleted, and cannot be called any more (State Deleting). {reason}",
        "Create it anew once it is gone, or ask about another one.",
    ),
    "function_deactivated": Text(
        "function is deactivated",
        "The function {resource} has been deactivated and cannot be called (State {state}). {reason}",
        "Activate it, and look again when its State is Active.",
    ),
    "function_not_invocable": Text(
        "function cannot be invoked",
        "The function {resource} cannot be called: Lambda invokes active ones only, and its State is {state}. {reason}",
        "See that it becomes Active. On Lambda Managed Instances, publish a version: that one is invoked.",
    ),
    "on_capacity_provider": Text(
        "on a capacity provider",
        (
            "The function {resource} runs on Lambda Managed Instances: the capacity provider {provider} has its subnets"
            " and security groups, which are not looked at, so it is not proved that the path is open."
        ),
        "Check the path from the subnets and security groups of the capacity provider.",
    ),
    "function_inactive": Text(
        "function is Inactive",
        (
            "The function {resource} was idle for so long that Lambda took its network interfaces away (State"
            " Inactive). Its first call fails, and starts to make them anew."
        ),
        "Call it once, and again when its State is Active.",
    ),
    "update_in_progress": Text(
        "update in progress",
        "An update of the function {resource} is in progress; until it is done, the configuration of before is in use.",
        "Look again when LastUpdateStatus is Successful.",
    ),
    "update_failed": Text(
        "last update failed",
        (
            "The last update of the function {resource} failed ({reason_code}). The configuration of before is still in"
            " use, and it is this one that was judged, not what the update was to make. {reason}"
        ),
        "Mend what the reason names, and update the function again.",
    ),
    "alias_not_connected": Text(
        "alias not connected",
        (
            "The alias {alias} of the function {function} leads to version {version}, which keeps the VPC"
            " configuration that it was published with, and that is not the function's."
        ),
        "Publish a version and move the alias to it, for example by publish=true and alias={alias}.",
    ),
    "short_timeout": Text(
        "short timeout",
        "The function {resource} is stopped after {timeout} s, which a first connection to a database may take.",
        "Raise the function's timeout, to 10 s or more.",
    ),
    "snap_start": Text(
        "SnapStart",
        (
            "The function {resource} uses SnapStart, which takes a snapshot when a version is published: connections"
            " in it are dead when it is restored."
        ),
        (
            "Open the connection anew after the restore, and publish a version after every change of the VPC"
            " configuration."
        ),
    ),
    "role_cannot_make_interfaces": Text(
        "role lacks permissions",
        (
            "The execution role {resource} may not do {actions} ({why}); Lambda needs that for the function's network"
            " interfaces. So says IAM's policy simulator of these subnets and groups, by the role's policies, its"
            " boundary and the organization's policies."
        ),
        "Attach the managed policy AWSLambdaVPCAccessExecutionRole to the role, and lift what denies it.",
    ),
    "role_limited_by_conditions": Text(
        "role's permissions hang on conditions",
        (
            "The execution role {resource} is limited by conditions ({conditions}) that could not be evaluated, so it"
            " is not known whether it may do {actions}, which Lambda needs for the function's network interfaces."
        ),
        "See that the conditions hold for what Lambda does as this role, or attach AWSLambdaVPCAccessExecutionRole.",
    ),
    # addresses
    "no_free_addresses": Text(
        "no free address",
        (
            "The subnet {resource} has no free address, and Lambda is not known to have a network interface with the"
            " function's security groups there, so it needs an address for one."
        ),
        "Free addresses, or give the function another subnet.",
    ),
    "no_spare_addresses": Text(
        "no spare address",
        (
            "The subnet {resource} has no free address. The function shares a network interface that Lambda has there"
            " already; for more connections than that one carries, or for other security groups, there is no room."
        ),
        "Free addresses, or give the function another subnet, before it needs more.",
    ),
    "few_free_addresses": Text(
        "few free addresses",
        "The subnet {resource} has {free} free addresses left.",
        "Watch it, or give the function a larger subnet.",
    ),
    # security groups
    "egress_closed": Text(
        "no outbound rule",
        "The security groups of {source} ({groups}) let nothing out to {target} on {protocol}/{port}.",
        "Add an egress rule for {protocol}/{port} to {peers}.",
    ),
    "egress_wrong_port": Text(
        "outbound rule has another port",
        "The security groups of {source} let {rules} out to {target}, but not {protocol}/{port}, on which it listens.",
        "Change the port of the rule, or add one for {protocol}/{port} to {peers}.",
    ),
    "egress_partly": Text(
        "outbound rule is too narrow",
        (
            "The egress rules of {source} ({rules}) reach only a part of the addresses that {target} may have in"
            " {subnets}. {effect}"
        ),
        "Add an egress rule for {protocol}/{port} to the security group {peers}, or to {cidrs}.",
    ),
    "ingress_closed": Text(
        "no inbound rule",
        "The security groups of {target} ({groups}) let nothing in from {source} on {protocol}/{port}.",
        "Add an ingress rule for {protocol}/{port} from {peers}.",
    ),
    "ingress_wrong_port": Text(
        "inbound rule has another port",
        "The security groups of {target} let {rules} in from {source}, but not {protocol}/{port}, on which it listens.",
        "Change the port of the rule, or add one for {protocol}/{port} from {peers}.",
    ),
    "ingress_partly": Text(
        "inbound rule is too narrow",
        (
            "The ingress rules of {target} ({rules}) admit only a part of the addresses that {source} may have in"
            " {subnets}. {effect}"
        ),
        "Add an ingress rule for {protocol}/{port} from the security group {peers}, or from {cidrs}.",
    ),
    # network ACLs
    "acl_out_closed": Text(
        "network ACL denies, outbound",
        "The network ACL {resource} blocks {protocol}/{port} out of {subnets} to {others} ({entry}). {effect}",
        "Add an outbound rule to {resource} ahead of rule number {number}: allow TCP {ports} to {cidrs}.",
    ),
    "acl_in_closed": Text(
        "network ACL denies, inbound",
        "The network ACL {resource} blocks {protocol}/{port} into {subnets} from {others} ({entry}). {effect}",
        "Add an inbound rule to {resource} ahead of rule number {number}: allow TCP {ports} from {cidrs}.",
    ),
    "acl_return_out_closed": Text(
        "ACL blocks return traffic, outbound",
        (
            "The network ACL {resource} blocks return traffic out of {subnets} to {others}: TCP {ports} of the"
            " ephemeral ports 1024-65535 ({entry}). {effect}"
        ),
        "Add an outbound rule to {resource} ahead of rule number {number}: allow TCP {ports} to {cidrs}.",
    ),
    "acl_return_in_closed": Text(
        "ACL blocks return traffic, inbound",
        (
            "The network ACL {resource} blocks return traffic into {subnets} from {others}: TCP {ports} of the"
            " ephemeral ports 1024-65535 ({entry}). {effect}"
        ),
        "Add an inbound rule to {resource} ahead of rule number {number}: allow TCP {ports} from {cidrs}.",
    ),
    "acl_unknown": Text(
        "network ACL not known",
        "AWS shows no network ACL of the subnet {subnets}, so it is not proved that the path is open.",
        "Look again; if it stays so, see that the network ACLs of the whole VPC may be read.",
    ),
    # routes
    "no_route": Text(
        "no route",
        "The route table {resource} has no route from {subnets} to {others}. {effect}",
        "Add a route to {cidrs} to {resource}, through the peering connection.",
    ),
    "route_blackhole": Text(
        "route is a blackhole",
        (
            "The route from {subnets} to {others} in {resource} leads to {target}, which does not exist any more"
            " (blackhole). {effect}"
        ),
        "For {cidrs}, let the route lead to an active peering connection, or remove it.",
    ),
    "route_elsewhere": Text(
        "route leads elsewhere",
        (
            "The route from {subnets} to {others} in {resource} leads to {target}, which is not the way between the"
            " two, or cannot be looked into. {effect}"
        ),
        "Check what {target} does with traffic to {cidrs}, or route it directly.",
    ),
    "no_ipv4_addresses": Text(
        "no IPv4 addresses",
        "The subnets of {resource} have IPv6 addresses only, and a path by IPv4 is what is judged, so none is open.",
        "Use subnets that have IPv4 addresses too.",
    ),
    "subnets_unknown": Text(
        "subnets not known",
        "AWS shows none of the subnets of {resource}, so it is not proved that the path is open.",
        "Look again; if it stays so, see that the subnets still exist and may be read.",
    ),
    "route_beyond_view": Text(
        "not known beyond the route",
        (
            "The route from {subnets} to {others} in {resource} leads to {target}. Its own routes and attachments, and"
            " what is beyond them, are not looked into, so it is not proved that the path is open."
        ),
        "Check {target} there and back, for example with VPC Reachability Analyzer.",
    ),
    "route_table_unknown": Text(
        "route table not known",
        "AWS shows no route table of the subnet {subnets}, so it is not proved that the path is open.",
        "Look again; if it stays so, see that the route tables of the whole VPC may be read.",
    ),
    # pairs of subnets
    "some_pairs": Text(
        "only some subnets work",
        (
            "The path is open between some subnets and closed between others, so that some calls work and some do"
            " not. {effect} Closed: {closed}. Open: {open}."
        ),
        "Mend what the other findings name for these subnets, or take the function out of them.",
    ),
    # names
    "dns_support_off": Text(
        "DNS is off in the VPC",
        "The VPC {resource} does not resolve names (enableDnsSupport is off), so the function cannot find {host}.",
        "Set enableDnsSupport on the VPC.",
    ),
    "public_name_over_peering": Text(
        "public address over peering",
        (
            "{host} has a public address outside its VPC, and the peering connection {resource} does not resolve it"
            " to its private one."
        ),
        "Allow DNS resolution from the other VPC on the peering connection, or make the database private.",
    ),
    # the database
    "database_missing": Text(
        "no such database",
        "There is no {resource} in this account and Region.",
        "Check the name and the option region.",
    ),
    "database_no_vpc": Text(
        "database not in a VPC",
        "{resource} is not in a VPC.",
        "Reach it by its public endpoint, or create it in a VPC.",
    ),
    "database_no_endpoint": Text(
        "no endpoint yet",
        "{resource} has no endpoint yet (status {status}).",
        "Wait until it is available.",
    ),
    "database_not_available": Text(
        "database not available",
        "{resource} takes no connections: its status is {status}.",
        "Start it, or mend what keeps it from being available.",
    ),
    "database_busy": Text(
        "database is at work",
        "{resource} is at work (status {status}), and may break connections off for a moment.",
        "Look again when its status is available.",
    ),
    "cluster_no_members": Text(
        "cluster without instances",
        "The cluster {resource} has no instances, so its endpoints lead nowhere, though its status is available.",
        "Create an instance in the cluster, and wait until that is available.",
    ),
    "cluster_writer_not_available": Text(
        "writer not available",
        "The writer of the cluster {resource}, {member}, takes no connections: its status is {status}.",
        "Start it or mend what keeps it from being available, or fail over to a reader.",
    ),
    "cluster_reader_not_available": Text(
        "reader not available",
        "The reader {member} of the cluster {resource} takes no connections: its status is {status}.",
        "Start it, or mend what keeps it from being available.",
    ),
    "database_place_unknown": Text(
        "place not known",
        (
            "It is not known where the database is, because no network interface that can be seen here wears its"
            " security groups ({groups}). What these groups and those of the function let through was judged, but not"
            " routes, network ACLs and return traffic."
        ),
        "Look again when the database is there, or name it by its identifier.",
    ),
    "database_group_adding": Text(
        "group being added",
        "The security group {group} is still being added to {resource}.",
        "Look again in a minute.",
    ),
    "database_group_removing": Text(
        "group being removed",
        "The security group {group} is being removed from {resource}; its rules were not counted.",
        "None, if that is meant.",
    ),
    "group_not_on_database": Text(
        "given group is not on it",
        "The security groups {groups} were given for {resource}, but are not on it, so their rules admit nobody to it.",
        "Leave rds_security_group_ids out, so that those on it are opened, or put these groups on it.",
    ),
    "not_its_port": Text(
        "listens on another port",
        "{resource} listens on port {port}, not on port {given}, which was given.",
        "Leave port out, or give {port}.",
    ),
    "database_public": Text(
        "publicly accessible",
        "{resource} is publicly accessible; this looks at the private path only.",
        "Make it private, if nobody reaches it from the internet.",
    ),
    "ipv6_closed": Text(
        "IPv6 is closed",
        (
            "{resource} has IPv6 addresses too, and the function may use IPv6, but that path is closed. Clients that"
            " try it first lose time, or fail."
        ),
        "Open the path for IPv6 too, or set ipv6_allowed_for_dual_stack to false.",
    ),
    # the proxy
    "proxy_no_target": Text(
        "proxy has no target",
        "The RDS Proxy {resource} has no target, so it leads nowhere.",
        "Register a database with it, for example by the module rds_db_proxy.",
    ),
    "proxy_target_unhealthy": Text(
        "proxy's target unhealthy",
        "The RDS Proxy {resource} does not reach {target}: {health} {description}",
        "Look at it with the module rds_db_proxy_info, which says what to do.",
    ),
    "proxy_target_unreachable": Text(
        "AWS finds no way to the target",
        "AWS says that the RDS Proxy {resource} finds no way to {target} ({health}). {description}",
        (
            "If rules, network ACLs or routes were changed just now, look again in some minutes: AWS tries again only"
            " after a while. If it stays so, see what else is in the way, and that {target} is available."
        ),
    ),
    "proxy_target_pending": Text(
        "proxy is not ready yet",
        "The RDS Proxy {resource} is not ready to use {target} yet: {health} {description}",
        "Look again in some minutes. If it stays so, see that the proxy's subnets have free addresses.",
    ),
    "proxy_no_reader": Text(
        "no reader behind the endpoint",
        (
            "The endpoint of the RDS Proxy {resource} is read-only, and {target} has no reader, so that it refuses"
            " every connection."
        ),
        "Add a reader to {target}, or connect to an endpoint of the proxy for reading and writing.",
    ),
    # quotas
    "rules_near_quota": Text(
        "rules near quota",
        (
            "The {direction} rules of the security group {resource} count as {count}, of {quota} that it may have. A"
            " rule that names a prefix list counts as the maximum of entries of that."
        ),
        "Remove rules, have the quota L-0EA8095F raised, or share one client group (security_group_scope=database).",
    ),
    "groups_near_quota": Text(
        "groups near quota",
        "The function {resource} has {count} security groups of {quota}.",
        "Take off the groups that it does not need.",
    ),
    "interfaces_near_quota": Text(
        "interfaces near quota",
        "The VPC {resource} has {count} network interfaces of Lambda, of {quota} by AWS's default quota.",
        "Share one client group (security_group_scope=database), or have the quota raised.",
    ),
    # what else the function reaches
    "no_internet": Text(
        "no internet",
        "The function {resource} has no way to the internet from {subnets}.",
        (
            "Route 0.0.0.0/0 of these subnets to a NAT gateway, or do without. An internet gateway does not serve"
            " functions."
        ),
    ),
    "services_unreachable": Text(
        "AWS services out of reach",
        "The function {resource} has no way to {services}: no internet, and no VPC endpoint.",
        "Add VPC endpoints for those of them that the function calls.",
    ),
    "endpoint_closed": Text(
        "VPC endpoint is closed",
        (
            "The VPC endpoint {endpoint} for {service} does not admit the function {resource}: its security groups"
            " ({groups}) let nothing in from it on tcp/443."
        ),
        "Add an ingress rule for tcp/443 from {peers} to the endpoint's security group.",
    ),
    "https_egress_closed": Text(
        "no outbound HTTPS",
        "The security groups of the function {resource} let nothing out on tcp/443, so it does not reach {services}.",
        "If the function calls these, add an egress rule (option egress_rules, tcp/443).",
    ),
    # connecting and disconnecting
    "internet_lost": Text(
        "no way out of the VPC",
        (
            "Until now outside any VPC: {functions}. In a VPC, a function reaches the internet and AWS services such"
            " as Secrets Manager only by a NAT route or VPC endpoints."
        ),
        "See that the subnets have what the functions call.",
    ),
    "none_chosen": Text(
        "no function selected",
        "{parameter} ({value}): no function of this account and Region is chosen by that.",
        "Check the value and the option region, or skip the task where there may be none.",
    ),
    "alias_gets_other_code": Text(
        "alias moves to other code",
        (
            "The code of the function {function} has changed since version {version}, so that its alias {alias}"
            " moves to other code too."
        ),
        "See that this code is meant to be in use.",
    ),
    "not_given_back": Text(
        "previous VPC configuration is gone",
        "What the function {resource} had before it was connected is gone ({saved}), so it could not be given back.",
        "Attach the function by hand if it still needs a VPC.",
    ),
    "left_on": Text(
        "group stays attached",
        "The function {resource} wears {group}, which is not ours and was not put on it by this module; it stays.",
        "Take it off by hand if it is no longer needed.",
    ),
    "login_policy_kept": Text(
        "IAM policy still needed",
        (
            "The role {resource} keeps its inline policy {policy}, because other functions of the role stay"
            " connected: {functions}."
        ),
        "It is deleted when the last of them is disconnected.",
    ),
    "login_policy_not_ours": Text(
        "IAM policy is not ours",
        "The inline policy {policy} of the role {resource} is not as this module writes it, and was left alone.",
        "Delete it if it is no longer needed.",
    ),
    "login_roles_not_searched": Text(
        "IAM roles not searched",
        (
            "No longer in Lambda: {resource}. Their execution roles may still have a policy to log in to the"
            " database, but this identity may not search the account's roles for it."
        ),
        "Allow iam:GetAccountAuthorizationDetails, and run the task again.",
    ),
    "serverless_does_not_pause": Text(
        "cluster does not pause",
        (
            "The cluster {resource} can scale to zero, but with a proxy it does not pause: the proxy keeps"
            " connections open."
        ),
        "Expect it to be billed all the time, or connect without a proxy.",
    ),
    "not_ours": Text(
        "proxy is not ours",
        (
            "The proxy {resource} was not made by this module: only what the task names is changed, and its tags are"
            " not purged."
        ),
        "Where it is to be deleted too, do so by whatever made it.",
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
