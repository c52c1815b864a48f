# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Roles of functions and of proxies."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Literal

from botocore.exceptions import ClientError

from ansible_collections.cloudops.lambda_rds.tests.emulator.world.clients import Clients

NETWORK_INTERFACES = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"


def make_role(clients: Clients, name: str) -> str:
    """An execution role that may make network interfaces; its ARN. One that is there already serves as well."""
    arn = _make_role(clients, name, "lambda.amazonaws.com")
    clients.iam.attach_role_policy(RoleName=name, PolicyArn=NETWORK_INTERFACES)
    return arn


def take_permissions(clients: Clients, name: str) -> None:
    """A role of `make_role` may nothing any more."""
    clients.iam.detach_role_policy(RoleName=name, PolicyArn=NETWORK_INTERFACES)


def put_policy(
    clients: Clients, name: str, effect: Literal["Allow", "Deny"], *actions: str, policy_name: str = "more"
) -> None:
    """An inline policy of a role."""
    document = policy_document(effect, *actions)
    clients.iam.put_role_policy(RoleName=name, PolicyName=policy_name, PolicyDocument=document)


def limit_role(clients: Clients, name: str, subnets: str, condition: Mapping[str, Mapping[str, str]]) -> None:
    """A role of `make_role` may make network interfaces in these subnets only, and where the condition holds."""
    take_permissions(clients, name)
    kinds = ("network-interface/*", "security-group/*", f"subnet/{subnets}")
    make = {
        "Effect": "Allow",
        "Action": [f"ec2:{verb}" for verb in ("*NetworkInterface", "*PrivateIpAddresses")],
        "Resource": [f"arn:aws:ec2:*:*:{kind}" for kind in kinds],
        "Condition": condition,
    }
    look = {"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [make, look]})
    clients.iam.put_role_policy(RoleName=name, PolicyName="limited", PolicyDocument=document)


def set_boundary(clients: Clients, name: str, *actions: str) -> None:
    """Limit a role to these actions, whatever else its policies allow."""
    made = clients.iam.create_policy(PolicyName=f"{name}-boundary", PolicyDocument=policy_document("Allow", *actions))
    clients.iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=made["Policy"]["Arn"])


def policy_document(effect: Literal["Allow", "Deny"], *actions: str) -> str:
    statement = {"Effect": effect, "Action": list(actions), "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def make_proxy_role(clients: Clients, name: str, secret_arns: Sequence[str]) -> str:
    """A role with which a proxy may read these secrets; its ARN."""
    arn = _make_role(clients, name, "rds.amazonaws.com")
    if not secret_arns:
        return arn
    read = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": list(secret_arns)}
    policy = {"Version": "2012-10-17", "Statement": [read]}
    clients.iam.put_role_policy(RoleName=name, PolicyName="read-secrets", PolicyDocument=json.dumps(policy))
    return arn


def _make_role(clients: Clients, name: str, service: str) -> str:
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}],
    }
    try:
        role = clients.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
    except ClientError as error:
        if error.response["Error"]["Code"] != "EntityAlreadyExists":
            raise
        role = clients.iam.get_role(RoleName=name)
    return str(role["Role"]["Arn"])
