# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The AWS page that each finding rests on. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping

DOCS = "https://docs.aws.amazon.com/"

_LAMBDA = "lambda/latest/dg/"
_RDS = "AmazonRDS/latest/UserGuide/"
_VPC = "vpc/latest/userguide/"
_STATES = f"{_LAMBDA}functions-states.html"
_IN_VPC = f"{_LAMBDA}configuration-vpc.html"
_INTERNET = f"{_LAMBDA}configuration-vpc-internet.html"
_GROUP_RULES = f"{_VPC}security-group-rules.html"
_DATABASE_GROUPS = f"{_RDS}Overview.RDSSecurityGroups.html"
_DATABASE_STATES = f"{_RDS}accessing-monitoring.html"
_DATABASE_IN_VPC = f"{_RDS}USER_VPC.WorkingWithRDSInstanceinaVPC.html"
_TARGET_HEALTH = "AmazonRDS/latest/APIReference/API_TargetHealth.html"
_ACLS = f"{_VPC}vpc-network-acls.html"
_PORTS = f"{_VPC}custom-network-acl.html#nacl-ephemeral-ports"
_ROUTES = f"{_VPC}VPC_Route_Tables.html"
_DENIED = "IAM/latest/UserGuide/troubleshoot_access-denied.html"

SOURCES: Mapping[str, str] = {
    "not_read": _DENIED,
    "not_looked_at": _DENIED,
    "function_missing": "lambda/latest/api/API_GetFunction.html",
    "not_in_vpc": _IN_VPC,
    "other_vpc": f"{_RDS}USER_VPC.Scenarios.html",
    "function_pending": _STATES,
    "function_failed": _STATES,
    "function_deleting": _STATES,
    "function_deactivated": _STATES,
    "function_not_invocable": _STATES,
    "on_capacity_provider": f"{_LAMBDA}lambda-managed-instances-capacity-providers.html",
    "function_inactive": _STATES,
    "update_in_progress": _STATES,
    "update_failed": _STATES,
    "alias_not_connected": f"{_LAMBDA}configuration-versions.html",
    "short_timeout": f"{_LAMBDA}configuration-timeout.html",
    "runtime_deprecated": f"{_LAMBDA}lambda-runtimes.html",
    "snap_start": f"{_LAMBDA}snapstart-best-practices.html",
    "role_cannot_make_interfaces": f"{_IN_VPC}#configuration-vpc-permissions",
    "role_limited_by_conditions": "IAM/latest/APIReference/API_SimulatePrincipalPolicy.html",
    "no_free_addresses": f"{_LAMBDA}troubleshooting-networking.html",
    "no_spare_addresses": _IN_VPC,
    "few_free_addresses": f"{_LAMBDA}troubleshooting-networking.html",
    "egress_closed": _GROUP_RULES,
    "egress_wrong_port": _GROUP_RULES,
    "egress_partly": _GROUP_RULES,
    "ingress_closed": _DATABASE_GROUPS,
    "ingress_wrong_port": _DATABASE_GROUPS,
    "ingress_partly": _DATABASE_GROUPS,
    "acl_out_closed": _ACLS,
    "acl_in_closed": _ACLS,
    "acl_return_out_closed": _PORTS,
    "acl_return_in_closed": _PORTS,
    "acl_unknown": _ACLS,
    "subnets_unknown": f"{_VPC}configure-subnets.html",
    "no_ipv4_addresses": "vpc/latest/userguide/subnet-ip-address.html",
    "route_table_unknown": _ROUTES,
    "no_route": _ROUTES,
    "route_blackhole": "vpc/latest/peering/vpc-peering-routing.html",
    "route_elsewhere": _ROUTES,
    "route_beyond_view": "vpc/latest/reachability/what-is-reachability-analyzer.html",
    "some_pairs": _DATABASE_IN_VPC,
    "dns_support_off": f"{_VPC}vpc-dns.html",
    "public_name_over_peering": "vpc/latest/peering/vpc-peering-dns.html",
    "database_missing": "AmazonRDS/latest/APIReference/API_DescribeDBInstances.html",
    "database_no_vpc": _DATABASE_IN_VPC,
    "database_no_endpoint": _DATABASE_STATES,
    "database_not_available": _DATABASE_STATES,
    "database_busy": _DATABASE_STATES,
    "cluster_no_members": "AmazonRDS/latest/AuroraUserGuide/Aurora.Overview.html",
    "cluster_writer_not_available": _DATABASE_STATES,
    "cluster_reader_not_available": _DATABASE_STATES,
    "database_place_unknown": _DATABASE_IN_VPC,
    "database_group_adding": _DATABASE_GROUPS,
    "database_group_removing": _DATABASE_GROUPS,
    "group_not_on_database": _DATABASE_GROUPS,
    "not_its_port": f"{_RDS}CHAP_CommonTasks.Connect.html",
    "database_public": _DATABASE_IN_VPC,
    "ipv6_closed": f"{_DATABASE_IN_VPC}#USER_VPC.IP_addressing",
    "proxy_no_target": "AmazonRDS/latest/APIReference/API_RegisterDBProxyTargets.html",
    "proxy_target_unhealthy": _TARGET_HEALTH,
    "proxy_target_unreachable": _TARGET_HEALTH,
    "proxy_target_pending": _TARGET_HEALTH,
    "proxy_no_reader": "AmazonRDS/latest/AuroraUserGuide/rds-proxy-endpoints.html",
    "rules_near_quota": f"{_VPC}amazon-vpc-limits.html",
    "groups_near_quota": f"{_LAMBDA}gettingstarted-limits.html",
    "interfaces_near_quota": f"{_LAMBDA}gettingstarted-limits.html",
    "no_internet": _INTERNET,
    "services_unreachable": "vpc/latest/privatelink/aws-services-privatelink-support.html",
    "endpoint_closed": "vpc/latest/privatelink/create-interface-endpoint.html",
    "https_egress_closed": _GROUP_RULES,
}


def source(code: str, language: str) -> str:
    """The address of the page, in Japanese where AWS has it so."""
    return f"{DOCS}{'ja_jp/' if language == 'ja' else ''}{SOURCES[code]}"
