# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A snapshot of all that a connection may touch."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.emulator.world.clients import Clients
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.proxies import proxy_targets

# What AWS changes by itself, or says where the snapshot has a place of its own for it.
NOT_A_SETTING = ("LastModified", "LastUpdateStatus", "ResponseMetadata", "RevisionId", "State", "VpcConfig")
# Of a proxy, the same, and its times.
CHANGING_OF_A_PROXY = ("CreatedDate", "Status", "UpdatedDate", "VpcSecurityGroupIds")


def snapshot(clients: Clients) -> dict[str, Any]:
    """Functions, groups with their rules, databases and, where there are some, proxies.

    As dicts and lists in one order: equal means unchanged.
    """
    groups = _all_pages(clients.ec2, "describe_security_groups", "SecurityGroups")
    rules = _all_pages(clients.ec2, "describe_security_group_rules", "SecurityGroupRules")
    functions = _all_pages(clients.functions, "list_functions", "Functions")
    instances = _all_pages(clients.rds, "describe_db_instances", "DBInstances")
    clusters = _all_pages(clients.rds, "describe_db_clusters", "DBClusters")
    seen = {
        "functions": {
            function["FunctionName"]: {
                # A function that was detached and one that never was attached are the same to a user.
                "vpc_config": _in_order(function["VpcConfig"]) if function.get("VpcConfig", {}).get("VpcId") else None,
                "settings": {key: value for key, value in function.items() if key not in NOT_A_SETTING},
            }
            for function in functions
        },
        "groups": {
            group["GroupId"]: {
                "name": group["GroupName"],
                "description": group["Description"],
                "vpc_id": group["VpcId"],
                "tags": _as_dict(group.get("Tags", [])),
                "rules": {
                    rule["SecurityGroupRuleId"]: _rule(rule) for rule in rules if rule["GroupId"] == group["GroupId"]
                },
            }
            for group in groups
        },
        "databases": {
            database.get("DBInstanceIdentifier", database.get("DBClusterIdentifier")): sorted(
                group["VpcSecurityGroupId"] for group in database["VpcSecurityGroups"]
            )
            for database in (*instances, *clusters)
        },
    }
    if proxies := _all_pages(clients.rds, "describe_db_proxies", "DBProxies"):
        seen["proxies"] = {proxy["DBProxyName"]: _proxy(clients, proxy) for proxy in proxies}
    ordered: dict[str, Any] = json.loads(json.dumps(seen, sort_keys=True))
    return ordered


def _proxy(clients: Clients, proxy: dict[str, Any]) -> dict[str, Any]:
    (group,) = clients.rds.describe_db_proxy_target_groups(DBProxyName=proxy["DBProxyName"])["TargetGroups"]
    endpoints = clients.rds.describe_db_proxy_endpoints(DBProxyName=proxy["DBProxyName"])["DBProxyEndpoints"]
    return {
        "settings": {key: value for key, value in proxy.items() if key not in CHANGING_OF_A_PROXY},
        "groups": sorted(proxy["VpcSecurityGroupIds"]),
        "pool": group["ConnectionPoolConfig"],
        "targets": sorted(target["RdsResourceId"] for target in proxy_targets(clients, proxy["DBProxyName"])),
        "endpoints": {each["DBProxyEndpointName"]: sorted(each["VpcSecurityGroupIds"]) for each in endpoints},
        "tags": _as_dict(clients.rds.list_tags_for_resource(ResourceName=proxy["DBProxyArn"])["TagList"]),  # type: ignore[arg-type]
    }


def _rule(rule: dict[str, Any]) -> dict[str, Any]:
    peer = rule.get("ReferencedGroupInfo", {}).get("GroupId")
    return {
        "direction": "egress" if rule["IsEgress"] else "ingress",
        "protocol": rule["IpProtocol"],
        "ports": [rule["FromPort"], rule["ToPort"]],
        "peer": peer or rule.get("CidrIpv4") or rule.get("CidrIpv6") or rule.get("PrefixListId"),
        "description": rule.get("Description", ""),
        "tags": _as_dict(rule.get("Tags", [])),
    }


def _all_pages(client: Any, action: str, key: str) -> list[dict[str, Any]]:
    return [found for page in client.get_paginator(action).paginate() for found in page[key]]


def _in_order(config: dict[str, Any]) -> dict[str, Any]:
    return {key: sorted(value) if isinstance(value, list) else value for key, value in config.items()}


def _as_dict(tags: list[dict[str, str]]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}
