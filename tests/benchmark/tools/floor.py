# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The same job as a straight-line boto3 script: what no tool can do with less. floor.py TOLD, a file of JSON.

No checks, no messages, no findings; it knows the account to be as the benchmark built it. Safe to run again, as the
others are.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

THREADS = 16
TOLD = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
FUNCTIONS, CLIENT_GROUPS = TOLD["functions"], TOLD["client_groups"]
PERMISSIONS_PER_CALL = 200


def client(service: str) -> Any:
    make: Any = boto3.client  # mypy's stubs know each service by its literal name only
    config = Config(max_pool_connections=THREADS, retries={"mode": "standard", "total_max_attempts": 10})
    return make(service, endpoint_url=os.environ["AWS_URL"], config=config)


class Pace:
    """So many calls a second at most, over all threads; 0 for any number."""

    def __init__(self, a_second: float) -> None:
        self.between = 1 / a_second if a_second else 0.0
        self.next = time.monotonic()
        self.lock = threading.Lock()

    def wait(self) -> None:
        with self.lock:
            turn = self.next = max(time.monotonic(), self.next + self.between)
        time.sleep(max(0.0, turn - time.monotonic()))


updates, looks, changes = (Pace(TOLD["paces"][kind]) for kind in ("updates", "looks", "changes"))
ec2, rds, functions = (client(service) for service in ("ec2", "rds", "lambda"))

instance = rds.describe_db_instances(DBInstanceIdentifier=TOLD["database"])["DBInstances"][0]
port = instance["Endpoint"]["Port"]
vpc_id = instance["DBSubnetGroup"]["VpcId"]
subnet_ids = [subnet["SubnetIdentifier"] for subnet in instance["DBSubnetGroup"]["Subnets"]]
database_groups = [group["VpcSecurityGroupId"] for group in instance["VpcSecurityGroups"]]

in_the_vpc = [{"Name": "vpc-id", "Values": [vpc_id]}]
found = ec2.get_paginator("describe_security_groups").paginate(Filters=in_the_vpc)
groups = {group["GroupName"]: group for page in found for group in page["SecurityGroups"]}
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


def in_batches(change: Callable[..., Any], group: str, which: Iterable[str]) -> None:
    listed = sorted(which)
    for start in range(0, len(listed), PERMISSIONS_PER_CALL):
        changes.wait()
        change(GroupId=group, IpPermissions=permission(listed[start:][:PERMISSIONS_PER_CALL]))


def client_group(name: str) -> str:
    """The client group of that name, with the database as its only way out."""
    if name in groups:
        return str(groups[name]["GroupId"])
    changes.wait()
    made = str(ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc_id)["GroupId"])
    ec2.authorize_security_group_egress(GroupId=made, IpPermissions=permission(database_groups))
    everything = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    ec2.revoke_security_group_egress(GroupId=made, IpPermissions=everything)
    return made


def configure(function: str, subnets: list[str], worn: list[str]) -> bool:
    """Whether the update is still to be waited for."""
    now = settings[function].get("VpcConfig", {})
    if set(now.get("SubnetIds", ())) == set(subnets) and set(now.get("SecurityGroupIds", ())) == set(worn):
        return False
    updates.wait()
    wanted = {"SubnetIds": subnets, "SecurityGroupIds": worn, "Ipv6AllowedForDualStack": False}
    answer = functions.update_function_configuration(FunctionName=function, VpcConfig=wanted)
    return bool(answer.get("LastUpdateStatus") == "InProgress")


def wait(function: str) -> None:
    while True:
        looks.wait()
        status = functions.get_function(FunctionName=function)["Configuration"]["LastUpdateStatus"]
        if status != "InProgress":
            break
        time.sleep(1)
    if status != "Successful":
        sys.exit(f"{function}: {status}")


def each(work: Callable[..., Any], *items: Iterable[Any]) -> list[Any]:
    return list(pool.map(work, *items))


def connect() -> None:
    clients = each(client_group, CLIENT_GROUPS)
    for group in database_groups:
        in_batches(ec2.authorize_security_group_ingress, group, set(clients) - peers(by_id[group]["IpPermissions"]))
    worn = clients if len(clients) == len(FUNCTIONS) else clients * len(FUNCTIONS)
    waiting = each(configure, FUNCTIONS, [subnet_ids] * len(FUNCTIONS), [[group] for group in worn])
    each(wait, [function for function, is_waiting in zip(FUNCTIONS, waiting, strict=True) if is_waiting])


def disconnect() -> None:
    ours = [groups[name]["GroupId"] for name in CLIENT_GROUPS if name in groups]
    for group in database_groups:
        in_batches(ec2.revoke_security_group_ingress, group, peers(by_id[group]["IpPermissions"]).intersection(ours))
    nothing: list[list[str]] = [[]] * len(FUNCTIONS)
    waiting = each(configure, FUNCTIONS, nothing, nothing)
    each(wait, [function for function, is_waiting in zip(FUNCTIONS, waiting, strict=True) if is_waiting])
    each(delete, ours)


def delete(group: str) -> None:
    changes.wait()
    ec2.delete_security_group(GroupId=group)


with ThreadPoolExecutor(THREADS) as pool:
    disconnect() if TOLD["job"] == "detach" else connect()
