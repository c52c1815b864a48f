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
            "The function {resource} is in {vpc_id}, but {database} is in {database_vpc_id}, and no active peering"
            " connection joins the two."
        ),
        "Move the function (allow_vpc_change), or peer the two VPCs and route between them.",
    ),
    "function_pending": (
        "The function {resource} is being created and cannot be called yet (State Pending). {reason}",
        "Wait until it is Active.",
    ),
    "function_failed": (
        "The function {resource} cannot be called: its State is Failed. {reason}",
        "Mend what the reason names, and update the function.",
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
            "The last update of the function {resource} failed ({reason_code}), so the configuration of before is in"
            " use. {reason}"
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
            " interfaces. Identity policies, permissions boundary and organization policies were evaluated, as IAM's"
            " policy simulator does."
        ),
        "Attach the managed policy AWSLambdaVPCAccessExecutionRole to the role.",
    ),
    # addresses
    "no_free_addresses": (
        "The subnet {resource} has no free address, and Lambda needs one for a network interface of the function.",
        "Free addresses, or give the function another subnet.",
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
            " {subnets}."
        ),
        "Name the security group {peers} in the rule, or the whole subnet.",
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
            " {subnets}."
        ),
        "Name the security group {peers} in the rule, or the whole subnet.",
    ),
    # network ACLs
    "acl_out_closed": (
        "The network ACL {resource} does not let {protocol}/{port} out of {subnets} to {others} ({entry}).",
        "Add an outbound entry that allows it, with a lower number than the one that denies it.",
    ),
    "acl_in_closed": (
        "The network ACL {resource} does not let {protocol}/{port} into {subnets} from {others} ({entry}).",
        "Add an inbound entry that allows it, with a lower number than the one that denies it.",
    ),
    "acl_return_out_closed": (
        (
            "The network ACL {resource} does not let all answers out of {subnets} to {others}: TCP ports {ports}, of"
            " which each connection uses one ({entry})."
        ),
        "Add an outbound entry that allows TCP 1024-65535, with a lower number than the one that denies it.",
    ),
    "acl_return_in_closed": (
        (
            "The network ACL {resource} does not let all answers into {subnets} from {others}: TCP ports {ports}, of"
            " which each connection uses one ({entry})."
        ),
        "Add an inbound entry that allows TCP 1024-65535, with a lower number than the one that denies it.",
    ),
    "acl_unknown": (
        "AWS shows no network ACL of the subnet {subnets}, so it is not proved that the path is open.",
        "Look again; if it stays so, see that the network ACLs of the whole VPC may be read.",
    ),
    # routes
    "no_route": (
        "The route table {resource} has no route from {subnets} to {others}.",
        "Add a route to the addresses of {others}, through the peering connection.",
    ),
    "route_blackhole": (
        (
            "The route from {subnets} to {others} in {resource} leads to {target}, which does not exist any more"
            " (blackhole)."
        ),
        "Let the route lead to an active peering connection, or remove it.",
    ),
    "route_elsewhere": (
        (
            "The route from {subnets} to {others} in {resource} leads to {target}, which is not the way between the"
            " two, or cannot be looked into."
        ),
        "Check what {target} does with this traffic, or route it directly.",
    ),
    "route_table_unknown": (
        "AWS shows no route table of the subnet {subnets}, so it is not proved that the path is open.",
        "Look again; if it stays so, see that the route tables of the whole VPC may be read.",
    ),
    # pairs of subnets
    "some_pairs": (
        (
            "The path is open between some subnets and closed between others, so that some calls work and some do"
            " not. Closed: {closed}. Open: {open}."
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
    "database_place_unknown": (
        "It is not known in which subnets {resource} is, so it is not proved that the path is open.",
        "Name the database by its identifier, instead of by its groups.",
    ),
    "database_group_adding": (
        "The security group {group} is still being added to {resource}.",
        "Look again in a minute.",
    ),
    "database_group_removing": (
        "The security group {group} is being removed from {resource}; its rules were not counted.",
        "None, if that is meant.",
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
        "The security group {resource} has {count} {direction} rules of {quota}.",
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
    "return": "Way back",
    "proxy": "RDS Proxy",
    "database": "Database",
}

STATES: Mapping[str, str] = {
    "open": "open",
    "closed": "closed",
    "partly": "partly open",
    "unknown": "not known",
}
