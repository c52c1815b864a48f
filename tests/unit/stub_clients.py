# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""boto3's own clients, whose calls an account in memory answers: the real ``Aws`` without a network.

Paginators, waiters and exceptions are botocore's; only what would be sent is answered here.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.exceptions import ClientError

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._aws.calls import tag_list
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._aws.client import Aws

from .fake_aws import FakeAws
from .stub_proxies import PROXY_ANSWERS

Answer = Callable[[FakeAws, Mapping[str, Any]], Any]


@dataclass
class Stub:
    """``fault`` is raised by every call of ``operation`` that follows one of ``after``; ``met`` counts that."""

    world: FakeAws
    operation: str = ""
    fault: Exception | None = None
    after: str = ""
    calls: list[str] = field(default_factory=list)
    met: int = 0

    def aws(self) -> Aws:
        made = Aws(None)
        made.__dict__["_new_client"] = self._client
        return made

    def _client(self, service: str) -> Any:
        client = _real_client(service)
        client._make_api_call = self._answer
        return client

    def _answer(self, operation: str, parameters: dict[str, Any]) -> Any:
        due = operation == self.operation and (not self.after or self.after in self.calls)
        self.calls.append(operation)
        if self.fault is not None and due:
            self.met += 1
            raise self.fault
        return _ANSWERS[operation](self.world, parameters)


@functools.cache
def _real_client(service: str) -> Any:
    keys = {"aws_access_key_id": "AKIAEXAMPLE", "aws_secret_access_key": "example"}
    return boto3.session.Session().client(service, region_name="eu-central-1", **keys)  # type: ignore[call-overload]


def _function(world: FakeAws, asked: Mapping[str, Any]) -> dict[str, Any]:
    """A function, or with a qualifier its published version: both are as they will stay."""
    found = world.get_function(":".join(asked["FunctionName"].split(":")[:7]))
    if found is None:
        raise ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "gone"}}, "GetFunction")
    return {"Configuration": found}


def _update(world: FakeAws, asked: Mapping[str, Any]) -> dict[str, Any]:
    vpc = asked["VpcConfig"]
    return world.update_vpc_config(
        asked["FunctionName"],
        vpc["SubnetIds"],
        vpc["SecurityGroupIds"],
        vpc["Ipv6AllowedForDualStack"],
        asked["RevisionId"],
    )


def _tagged_functions(world: FakeAws, asked: Mapping[str, Any]) -> dict[str, Any]:
    assert asked["ResourceTypeFilters"] == ["lambda:function"]
    found = world.tagged_functions({each["Key"]: value for each in asked["TagFilters"] for value in each["Values"]})
    listed = [{"ResourceARN": arn, "Tags": tag_list(tags)} for arn, tags in found.items()]
    return {"ResourceTagMappingList": listed}


def _role_policy(world: FakeAws, asked: Mapping[str, Any]) -> dict[str, Any]:
    document = world.get_role_policy(asked["RoleName"], asked["PolicyName"])
    if document is None:
        raise ClientError({"Error": {"Code": "NoSuchEntity", "Message": "none"}}, "GetRolePolicy")
    return {"PolicyDocument": document}


def _roles(world: FakeAws) -> dict[str, Any]:
    listed = [
        {"RoleName": role, "RolePolicyList": [{"PolicyName": name, "PolicyDocument": document}]}
        for (role, name), document in world.role_policies.items()
    ]
    return {"RoleDetailList": [*listed, {"RoleName": "other"}]}


def _filtered(asked: Mapping[str, Any]) -> tuple[str, list[str]]:
    return asked["Filters"][0]["Name"], asked["Filters"][0]["Values"]


def _peerings(world: FakeAws, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    name, values = _filtered(asked)
    return world.describe_peerings(name.partition("-")[0], values[0])


def _create_group(world: FakeAws, asked: Mapping[str, Any]) -> dict[str, str]:
    tags = _tags(asked["TagSpecifications"][0]["Tags"])
    return {"GroupId": world.create_group(asked["GroupName"], asked["Description"], asked["VpcId"], tags)}


def _authorize(world: FakeAws, direction: str, asked: Mapping[str, Any]) -> None:
    tags = _tags(asked["TagSpecifications"][0]["Tags"])
    world.authorize(direction, asked["GroupId"], asked["IpPermissions"], tags)


def _revoke(world: FakeAws, direction: str, asked: Mapping[str, Any]) -> None:
    world.revoke(direction, asked["GroupId"], asked["SecurityGroupRuleIds"])


def _tags(listed: list[dict[str, str]]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in listed}


def _instances(world: FakeAws, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    for each in asked.get("Filters", ()):
        return world.describe_cluster_members(each["Values"][0])
    return world.describe_db_instances(asked.get("DBInstanceIdentifier"))


_ANSWERS: dict[str, Answer] = {
    **PROXY_ANSWERS,
    "GetFunction": _function,
    "ListVersionsByFunction": lambda world, asked: {"Versions": world.list_versions(asked["FunctionName"])},
    "ListFunctions": lambda world, asked: {"Functions": world.list_all_versions()},
    "ListAliases": lambda world, asked: {"Aliases": world.list_aliases(asked["FunctionName"])},
    "GetResources": _tagged_functions,
    "UpdateFunctionConfiguration": _update,
    "PublishVersion": lambda world, asked: {
        "Version": world.publish_version(asked["FunctionName"], asked["CodeSha256"])
    },
    "UpdateAlias": lambda world, asked: world.move_alias(
        asked["FunctionName"], asked["Name"], asked["FunctionVersion"], asked["RevisionId"]
    ),
    "GetRolePolicy": _role_policy,
    "GetAccountAuthorizationDetails": lambda world, asked: _roles(world),
    "PutRolePolicy": lambda world, asked: world.put_role_policy(
        asked["RoleName"], asked["PolicyName"], json.loads(asked["PolicyDocument"])
    ),
    "DeleteRolePolicy": lambda world, asked: world.delete_role_policy(asked["RoleName"], asked["PolicyName"]),
    "DescribeDBInstances": lambda world, asked: {"DBInstances": _instances(world, asked)},
    "DescribeDBClusters": lambda world, asked: {
        "DBClusters": world.describe_db_clusters(asked.get("DBClusterIdentifier"))
    },
    "DescribeDBSubnetGroups": lambda world, asked: {
        "DBSubnetGroups": [world.describe_db_subnet_group(asked["DBSubnetGroupName"])]
    },
    "DescribeSecurityGroups": lambda world, asked: {"SecurityGroups": world.describe_groups(*_filtered(asked))},
    "DescribeSecurityGroupRules": lambda world, asked: {"SecurityGroupRules": world.describe_rules(*_filtered(asked))},
    "DescribeSubnets": lambda world, asked: {"Subnets": world.describe_subnets(_filtered(asked)[1])},
    "DescribeVpcs": lambda world, asked: {"Vpcs": world.describe_vpcs(_filtered(asked)[1])},
    "DescribeNetworkInterfaces": lambda world, asked: {
        "NetworkInterfaces": world.describe_interfaces(_filtered(asked)[1])
    },
    "DescribeVpcPeeringConnections": lambda world, asked: {"VpcPeeringConnections": _peerings(world, asked)},
    "GetServiceQuota": lambda world, asked: {"Quota": {"Value": world.rules_quota()}},
    "CreateSecurityGroup": _create_group,
    "AuthorizeSecurityGroupEgress": lambda world, asked: _authorize(world, "egress", asked),
    "AuthorizeSecurityGroupIngress": lambda world, asked: _authorize(world, "ingress", asked),
    "RevokeSecurityGroupEgress": lambda world, asked: _revoke(world, "egress", asked),
    "RevokeSecurityGroupIngress": lambda world, asked: _revoke(world, "ingress", asked),
    "DeleteSecurityGroup": lambda world, asked: world.delete_group(asked["GroupId"]),
    "CreateTags": lambda world, asked: world.set_tags(asked["Resources"], _tags(asked["Tags"])),
    "DeleteTags": lambda world, asked: world.remove_tags(asked["Resources"], [tag["Key"] for tag in asked["Tags"]]),
}
