# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The same job as a straight-line boto3 script: what no tool can do with less. floor.py DATABASE FUNCTION...

No checks, no messages, no way back; it knows the account to be as the benchmark built it. Safe to run again, as the
others are.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3

DATABASE, FUNCTIONS = sys.argv[1], sys.argv[2:]


def client(service: str) -> Any:
    make: Any = boto3.client  # mypy's stubs know each service by its literal name only
    return make(service, endpoint_url=os.environ["AWS_URL"])


ec2, rds, functions = (client(service) for service in ("ec2", "rds", "lambda"))

instance = rds.describe_db_instances(DBInstanceIdentifier=DATABASE)["DBInstances"][0]
port = instance["Endpoint"]["Port"]
vpc_id = instance["DBSubnetGroup"]["VpcId"]
subnet_ids = [subnet["SubnetIdentifier"] for subnet in instance["DBSubnetGroup"]["Subnets"]]
database_groups = [group["VpcSecurityGroupId"] for group in instance["VpcSecurityGroups"]]

in_the_vpc = [{"Name": "vpc-id", "Values": [vpc_id]}]
groups = {group["GroupName"]: group for group in ec2.describe_security_groups(Filters=in_the_vpc)["SecurityGroups"]}
by_id = {group["GroupId"]: group for group in groups.values()}

if len(FUNCTIONS) == 1:
    settings = {FUNCTIONS[0]: functions.get_function(FunctionName=FUNCTIONS[0])["Configuration"]}
else:
    pages = functions.get_paginator("list_functions").paginate()
    settings = {function["FunctionName"]: function for page in pages for function in page["Functions"]}


def permission(peers: Iterable[str]) -> list[dict[str, Any]]:
    pairs = [{"GroupId": peer} for peer in peers]
    return [{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "UserIdGroupPairs": pairs}]


def peers(permissions: list[dict[str, Any]]) -> set[str]:
    return {pair["GroupId"] for one in permissions for pair in one.get("UserIdGroupPairs", ())}


def client_group(function: str) -> str:
    """The function's client group, with the database as its only way out."""
    name = f"{function}-lambda-sg"
    if name in groups:
        return str(groups[name]["GroupId"])
    made = str(ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc_id)["GroupId"])
    ec2.authorize_security_group_egress(GroupId=made, IpPermissions=permission(database_groups))
    everything = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    ec2.revoke_security_group_egress(GroupId=made, IpPermissions=everything)
    return made


def attach(function: str) -> None:
    wanted = {"SubnetIds": subnet_ids, "SecurityGroupIds": [clients[function]]}
    now = settings[function].get("VpcConfig", {})
    if any(set(now.get(key, ())) != set(value) for key, value in wanted.items()):
        answer = functions.update_function_configuration(FunctionName=function, VpcConfig=wanted)
        if answer.get("LastUpdateStatus") == "InProgress":
            functions.get_waiter("function_updated_v2").wait(FunctionName=function)


def let_in(group: str) -> None:
    missing = set(clients.values()) - peers(by_id[group]["IpPermissions"])
    if missing:
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=permission(sorted(missing)))


def each(work: Callable[[str], Any], items: Iterable[str]) -> list[Any]:
    return list(pool.map(work, items))


with ThreadPoolExecutor(8) as pool:
    clients: dict[str, str] = dict(zip(FUNCTIONS, each(client_group, FUNCTIONS), strict=True))
    each(let_in, database_groups)
    each(attach, FUNCTIONS)
