# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The codes of all findings, of connections, proxies and verdicts. PRIVATE to the collection.

A new finding is one line here, a ``Text`` in english.py and japanese.py, and the place that finds it. ``make findings``
writes docs/findings.md from this.
"""

from __future__ import annotations

from collections.abc import Mapping

from .findings import BLOCKS, NOTE, RISK

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
_IAM_LOGIN = f"{_RDS}UsingWithRDS.IAMDBAuth.IAMPolicy.html"
_DENIED = "IAM/latest/UserGuide/troubleshoot_access-denied.html"


class Code:
    """The AWS page that a finding rests on, and the severities that it may have: its usual one first."""

    def __init__(self, page: str, *severities: str) -> None:
        self.page = page
        self.severities = severities


CODES: Mapping[str, Code] = {
    "not_read": Code(_DENIED, BLOCKS),
    "not_looked_at": Code(_DENIED, RISK),
    "function_missing": Code("lambda/latest/api/API_GetFunction.html", BLOCKS),
    "not_in_vpc": Code(_IN_VPC, BLOCKS),
    "other_vpc": Code(f"{_RDS}USER_VPC.Scenarios.html", BLOCKS),
    "function_pending": Code(_STATES, BLOCKS, RISK),
    "function_failed": Code(_STATES, BLOCKS),
    "function_deleting": Code(_STATES, BLOCKS),
    "function_deactivated": Code(_STATES, BLOCKS),
    "function_not_invocable": Code(_STATES, BLOCKS),
    "on_capacity_provider": Code(f"{_LAMBDA}lambda-managed-instances-capacity-providers.html", BLOCKS),
    "function_inactive": Code(_STATES, RISK),
    "update_in_progress": Code(_STATES, RISK),
    "update_failed": Code(_STATES, RISK),
    "alias_not_connected": Code(f"{_LAMBDA}configuration-versions.html", RISK),
    "short_timeout": Code(f"{_LAMBDA}configuration-timeout.html", RISK),
    "snap_start": Code(f"{_LAMBDA}snapstart-best-practices.html", NOTE),
    "role_cannot_make_interfaces": Code(f"{_IN_VPC}#configuration-vpc-permissions", BLOCKS, RISK),
    "role_limited_by_conditions": Code("IAM/latest/APIReference/API_SimulatePrincipalPolicy.html", RISK),
    "no_free_addresses": Code(f"{_LAMBDA}troubleshooting-networking.html", BLOCKS, RISK),
    "no_spare_addresses": Code(_IN_VPC, RISK),
    "few_free_addresses": Code(f"{_LAMBDA}troubleshooting-networking.html", NOTE),
    "egress_closed": Code(_GROUP_RULES, BLOCKS, RISK),
    "egress_wrong_port": Code(_GROUP_RULES, BLOCKS, RISK),
    "egress_partly": Code(_GROUP_RULES, BLOCKS, RISK),
    "ingress_closed": Code(_DATABASE_GROUPS, BLOCKS, RISK),
    "ingress_wrong_port": Code(_DATABASE_GROUPS, BLOCKS, RISK),
    "ingress_partly": Code(_DATABASE_GROUPS, BLOCKS, RISK),
    "acl_out_closed": Code(_ACLS, BLOCKS, RISK),
    "acl_in_closed": Code(_ACLS, BLOCKS, RISK),
    "acl_return_out_closed": Code(_PORTS, BLOCKS, RISK),
    "acl_return_in_closed": Code(_PORTS, BLOCKS, RISK),
    "acl_unknown": Code(_ACLS, BLOCKS),
    "subnets_unknown": Code(f"{_VPC}configure-subnets.html", BLOCKS),
    "no_ipv4_addresses": Code("vpc/latest/userguide/subnet-ip-address.html", BLOCKS),
    "route_table_unknown": Code(_ROUTES, BLOCKS),
    "no_route": Code(_ROUTES, BLOCKS, RISK),
    "route_blackhole": Code("vpc/latest/peering/vpc-peering-routing.html", BLOCKS, RISK),
    "route_elsewhere": Code(_ROUTES, BLOCKS, RISK),
    "route_beyond_view": Code("vpc/latest/reachability/what-is-reachability-analyzer.html", BLOCKS),
    "some_pairs": Code(_DATABASE_IN_VPC, BLOCKS),
    "dns_support_off": Code(f"{_VPC}vpc-dns.html", BLOCKS),
    "public_name_over_peering": Code("vpc/latest/peering/vpc-peering-dns.html", BLOCKS),
    "database_missing": Code("AmazonRDS/latest/APIReference/API_DescribeDBInstances.html", BLOCKS),
    "database_no_vpc": Code(_DATABASE_IN_VPC, BLOCKS),
    "database_no_endpoint": Code(_DATABASE_STATES, BLOCKS),
    "database_not_available": Code(_DATABASE_STATES, BLOCKS),
    "database_busy": Code(_DATABASE_STATES, RISK),
    "cluster_no_members": Code("AmazonRDS/latest/AuroraUserGuide/Aurora.Overview.html", BLOCKS),
    "cluster_writer_not_available": Code(_DATABASE_STATES, BLOCKS, RISK),
    "cluster_reader_not_available": Code(_DATABASE_STATES, BLOCKS, RISK),
    "database_place_unknown": Code(_DATABASE_IN_VPC, RISK),
    "database_group_adding": Code(_DATABASE_GROUPS, RISK),
    "database_group_removing": Code(_DATABASE_GROUPS, NOTE),
    "group_not_on_database": Code(_DATABASE_GROUPS, BLOCKS),
    "not_its_port": Code(f"{_RDS}CHAP_CommonTasks.Connect.html", BLOCKS),
    "database_public": Code(_DATABASE_IN_VPC, NOTE),
    "ipv6_closed": Code(f"{_DATABASE_IN_VPC}#USER_VPC.IP_addressing", RISK),
    "proxy_no_target": Code("AmazonRDS/latest/APIReference/API_RegisterDBProxyTargets.html", BLOCKS),
    "proxy_target_unhealthy": Code(_TARGET_HEALTH, BLOCKS, RISK),
    "proxy_target_unreachable": Code(_TARGET_HEALTH, BLOCKS, RISK),
    "proxy_target_pending": Code(_TARGET_HEALTH, RISK),
    "proxy_no_reader": Code("AmazonRDS/latest/AuroraUserGuide/rds-proxy-endpoints.html", BLOCKS, RISK),
    "rules_near_quota": Code(f"{_VPC}amazon-vpc-limits.html", NOTE),
    "groups_near_quota": Code(f"{_LAMBDA}gettingstarted-limits.html", NOTE),
    "interfaces_near_quota": Code(f"{_LAMBDA}gettingstarted-limits.html", NOTE),
    "no_internet": Code(_INTERNET, RISK),
    "services_unreachable": Code("vpc/latest/privatelink/aws-services-privatelink-support.html", RISK),
    "endpoint_closed": Code("vpc/latest/privatelink/create-interface-endpoint.html", RISK),
    "https_egress_closed": Code(_GROUP_RULES, RISK),
    "internet_lost": Code(_IN_VPC, RISK),
    "none_chosen": Code(_IN_VPC, RISK),
    "alias_gets_other_code": Code(f"{_LAMBDA}configuration-versions.html", RISK),
    "not_given_back": Code(_IN_VPC, RISK),
    "left_on": Code(_IN_VPC, NOTE),
    "login_policy_kept": Code(_IAM_LOGIN, NOTE),
    "login_policy_not_ours": Code(_IAM_LOGIN, RISK),
    "login_roles_not_searched": Code(_IAM_LOGIN, RISK),
    "serverless_does_not_pause": Code("AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html", RISK),
    "not_ours": Code(f"{_RDS}rds-proxy.html", NOTE),
}


def source(code: str, language: str) -> str:
    """The address of the page, in Japanese where AWS has it so."""
    return f"{DOCS}{'ja_jp/' if language == 'ja' else ''}{CODES[code].page}"


# Those of rds_db_proxy, of lambda_rds_connection alone, and of it and of verdicts; all others are of verdicts.
OF_PROXIES = ("serverless_does_not_pause", "not_ours")
OF_CONNECTIONS = (
    "internet_lost", "none_chosen", "alias_gets_other_code", "not_given_back", "left_on", "login_policy_kept",
    "login_policy_not_ours", "login_roles_not_searched",
)  # fmt: skip
OF_BOTH = (
    "alias_not_connected", "proxy_target_unhealthy", "proxy_target_unreachable", "proxy_target_pending",
    "proxy_no_reader",
)  # fmt: skip
