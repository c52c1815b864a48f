# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands in the account: small builders over boto3, and a snapshot of all that a connection may touch."""

from __future__ import annotations

import io
import itertools
import json
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_rds import RDSClient

    from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import RunningEmulator

# What a proxy listens on, whatever the port of its database
# (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html#rds-proxy.limitations).
LISTENER_PORTS = {"POSTGRESQL": 5432, "MYSQL": 3306, "SQLSERVER": 1433}
DEFAULT_PORTS = {
    "postgres": 5432,
    "mysql": 3306,
    "mariadb": 3306,
    "aurora-postgresql": 5432,
    "aurora-mysql": 3306,
    "oracle-se2": 1521,
    "sqlserver-ex": 1433,
}
# What AWS changes by itself, or says where the snapshot has a place of its own for it.
NOT_A_SETTING = ("LastModified", "LastUpdateStatus", "ResponseMetadata", "RevisionId", "State", "VpcConfig")
# Of a proxy, the same, and its times.
CHANGING_OF_A_PROXY = ("CreatedDate", "Status", "UpdatedDate", "VpcSecurityGroupIds")


class Clients:
    """The boto3 clients that build and read a world, each made when it is first used: that takes a while."""

    def __init__(self, emulator: RunningEmulator) -> None:
        self._emulator = emulator

    @classmethod
    def of(cls, emulator: RunningEmulator) -> Clients:
        return cls(emulator)

    @property
    def ec2(self) -> EC2Client:
        client: EC2Client = self._emulator.client("ec2")
        return client

    @property
    def rds(self) -> RDSClient:
        client: RDSClient = self._emulator.client("rds")
        return client

    @property
    def functions(self) -> LambdaClient:
        client: LambdaClient = self._emulator.client("lambda")
        return client

    @property
    def iam(self) -> Any:
        return self._emulator.client("iam")

    @property
    def secrets(self) -> Any:
        return self._emulator.client("secretsmanager")


@dataclass(frozen=True)
class Network:
    """A VPC and its subnets, one an Availability Zone."""

    vpc_id: str
    subnet_ids: list[str]


@dataclass(frozen=True)
class Database:
    """An RDS instance, or an Aurora or Multi-AZ cluster with its members."""

    identifier: str
    hostname: str
    port: int
    group_ids: list[str]
    members: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Proxy:
    """An RDS Proxy, and the port that it listens on."""

    name: str
    hostname: str
    port: int
    group_ids: list[str]


def make_network(clients: Clients, name: str, *, subnets: int = 2, cidr: str = "10.0.0.0/16") -> Network:
    """A VPC named `name`; more subnets than Availability Zones share them."""
    ec2 = clients.ec2
    vpc_id = ec2.create_vpc(CidrBlock=cidr, TagSpecifications=_named("vpc", name))["Vpc"]["VpcId"]
    zones = [str(zone["ZoneName"]) for zone in ec2.describe_availability_zones()["AvailabilityZones"]]
    prefix = ".".join(cidr.split(".")[:2])
    made = [
        ec2.create_subnet(
            VpcId=vpc_id,
            CidrBlock=f"{prefix}.{number}.0/24",
            AvailabilityZone=zone,
            TagSpecifications=_named("subnet", f"{name}-{number}"),
        )["Subnet"]["SubnetId"]
        for number, zone in zip(range(subnets), itertools.cycle(zones), strict=False)
    ]
    return Network(vpc_id, made)


def peer(clients: Clients, vpc_id: str, other_vpc_id: str, *, other: Clients | None = None) -> str:
    """An accepted peering with another VPC, of this account or of the `other`; its id."""
    other = other or clients
    owner = other.ec2.describe_vpcs(VpcIds=[other_vpc_id])["Vpcs"][0]["OwnerId"]
    made = clients.ec2.create_vpc_peering_connection(VpcId=vpc_id, PeerVpcId=other_vpc_id, PeerOwnerId=owner)
    peering_id = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    other.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering_id)
    return peering_id


def make_group(clients: Clients, vpc_id: str, name: str, *, tags: dict[str, str] | None = None) -> str:
    """A security group as AWS makes it, with its allow-all egress; its id."""
    specification = [{"ResourceType": "security-group", "Tags": _tags(tags)}] if tags else []
    made = clients.ec2.create_security_group(
        GroupName=name,
        Description=f"made for {name}",
        VpcId=vpc_id,
        TagSpecifications=specification,  # type: ignore[arg-type]  # a literal's TypedDict is not inferred
    )
    return made["GroupId"]


def allow(
    clients: Clients,
    group_id: str,
    direction: Literal["ingress", "egress"],
    peer: str,
    port: int,
    *,
    description: str = "",
    tags: dict[str, str] | None = None,
) -> str:
    """A TCP rule of one port, to or from a group or an IPv4 range; the rule's id."""
    said = {"Description": description} if description else {}
    to = {"UserIdGroupPairs": [{"GroupId": peer, **said}]} if peer.startswith("sg-") else {}
    permission = {
        "IpProtocol": "tcp",
        "FromPort": port,
        "ToPort": port,
        **(to or {"IpRanges": [{"CidrIp": peer, **said}]}),
    }
    authorize: Any = getattr(clients.ec2, f"authorize_security_group_{direction}")
    specification = [{"ResourceType": "security-group-rule", "Tags": _tags(tags)}] if tags else []
    made = authorize(GroupId=group_id, IpPermissions=[permission], TagSpecifications=specification)
    return str(made["SecurityGroupRules"][0]["SecurityGroupRuleId"])


def make_subnet_group(clients: Clients, name: str, subnet_ids: Sequence[str]) -> str:
    """A database's subnet group; its name."""
    made = clients.rds.create_db_subnet_group(
        DBSubnetGroupName=name, DBSubnetGroupDescription=name, SubnetIds=subnet_ids
    )
    return made["DBSubnetGroup"]["DBSubnetGroupName"]


def make_instance(
    clients: Clients,
    identifier: str,
    subnet_ids: Sequence[str],
    group_ids: Sequence[str],
    *,
    engine: str = "postgres",
    port: int | None = None,
    wait: bool = True,
) -> Database:
    """An RDS instance in its own subnet group, available unless nobody waits: then it has no host name yet."""
    # moto knows a version to take by default of each engine but this.
    version: dict[str, Any] = {"EngineVersion": "10.6.20"} if engine == "mariadb" else {}
    clients.rds.create_db_instance(
        DBInstanceIdentifier=identifier,
        Engine=engine,
        DBInstanceClass="db.t4g.micro",
        AllocatedStorage=20,
        MasterUsername="admin_user",
        MasterUserPassword="not-a-secret",
        DBSubnetGroupName=make_subnet_group(clients, identifier, subnet_ids),
        VpcSecurityGroupIds=group_ids,
        Port=port or DEFAULT_PORTS[engine],
        **version,
    )
    if wait:
        clients.rds.get_waiter("db_instance_available").wait(DBInstanceIdentifier=identifier)
    (made,) = clients.rds.describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"]
    hostname = made.get("Endpoint", {}).get("Address", "")
    return Database(made["DBInstanceIdentifier"], hostname, port or DEFAULT_PORTS[engine], list(group_ids))


def make_cluster(
    clients: Clients,
    identifier: str,
    subnet_ids: Sequence[str],
    group_ids: Sequence[str],
    *,
    engine: str = "aurora-postgresql",
    port: int | None = None,
    members: int = 1,
    wait: bool = True,
) -> Database:
    """An Aurora cluster with members `<identifier>-1` and so on; any other engine makes a Multi-AZ cluster.

    It is available unless nobody waits: then it has no host name yet.
    """
    own_storage: dict[str, Any] = {"DBClusterInstanceClass": "db.m5d.large", "AllocatedStorage": 100}
    clients.rds.create_db_cluster(
        DBClusterIdentifier=identifier,
        Engine=engine,
        MasterUsername="admin_user",
        MasterUserPassword="not-a-secret",
        DBSubnetGroupName=make_subnet_group(clients, identifier, subnet_ids),
        VpcSecurityGroupIds=group_ids,
        Port=port or DEFAULT_PORTS[engine],
        **({} if engine.startswith("aurora") else own_storage),
    )
    instances = [
        clients.rds.create_db_instance(
            DBInstanceIdentifier=f"{identifier}-{number}",
            Engine=engine,
            DBInstanceClass="db.r6g.large",
            DBClusterIdentifier=identifier,
        )["DBInstance"]["DBInstanceIdentifier"]
        for number in range(1, members + 1)
    ]
    if wait:
        clients.rds.get_waiter("db_cluster_available").wait(DBClusterIdentifier=identifier)
    (made,) = clients.rds.describe_db_clusters(DBClusterIdentifier=identifier)["DBClusters"]
    return Database(made["DBClusterIdentifier"], made.get("Endpoint", ""), made["Port"], list(group_ids), instances)


def make_function(
    clients: Clients,
    name: str,
    *,
    package: Literal["Image", "Zip"] = "Zip",
    subnet_ids: Sequence[str] = (),
    group_ids: Sequence[str] = (),
    **settings: Any,
) -> str:
    """A Lambda function, outside any VPC unless subnets and groups are given; its ARN. It is never run."""
    code: dict[str, Any] = (
        {"PackageType": "Image", "Code": {"ImageUri": f"123456789012.dkr.ecr.eu-central-1.amazonaws.com/{name}:1"}}
        if package == "Image"
        else {
            "PackageType": "Zip",
            "Code": {"ZipFile": _zip("def handler(event, context):\n    return event\n")},
            "Handler": "handler.handler",
            "Runtime": "python3.13",
        }
    )
    if subnet_ids or group_ids:
        settings["VpcConfig"] = {"SubnetIds": subnet_ids, "SecurityGroupIds": group_ids}
    return clients.functions.create_function(
        FunctionName=name, Role=make_role(clients, f"{name}-role"), **code, **settings
    )["FunctionArn"]


def make_role(clients: Clients, name: str) -> str:
    """An execution role that may make network interfaces; its ARN. One that is there already serves as well."""
    arn = _make_role(clients, name, "lambda.amazonaws.com")
    clients.iam.attach_role_policy(
        RoleName=name, PolicyArn="arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
    )
    return arn


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


def make_secret(clients: Clients, name: str) -> str:
    """A secret as a proxy needs it; its ARN."""
    value = {"username": "admin_user", "password": "not-a-secret"}
    return str(clients.secrets.create_secret(Name=name, SecretString=json.dumps(value))["ARN"])


def make_proxy(
    clients: Clients,
    name: str,
    subnet_ids: Sequence[str],
    group_ids: Sequence[str],
    *,
    target: Database | None = None,
    engine_family: Literal["MYSQL", "POSTGRESQL", "SQLSERVER"] = "POSTGRESQL",
    wait: bool = True,
    **settings: Any,
) -> Proxy:
    """An RDS Proxy, available unless nobody waits; with a target, once the proxy knows whether it is healthy.

    Without Auth and RoleArn among the settings it has the secret `<name>-secret` and the role `<name>-proxy-role`.
    """
    if "Auth" not in settings:
        secret_arn = make_secret(clients, f"{name}-secret")
        settings["Auth"] = [{"AuthScheme": "SECRETS", "SecretArn": secret_arn, "IAMAuth": "DISABLED"}]
    if "RoleArn" not in settings:
        secret_arns = [item["SecretArn"] for item in settings["Auth"]]
        settings["RoleArn"] = make_proxy_role(clients, f"{name}-proxy-role", secret_arns)
    made = clients.rds.create_db_proxy(
        DBProxyName=name,
        EngineFamily=engine_family,
        VpcSubnetIds=subnet_ids,
        VpcSecurityGroupIds=group_ids,
        **settings,
    )["DBProxy"]
    if wait or target:
        wait_for_proxy(clients, name)
    if target:
        register(clients, name, target)
    if wait:
        wait_for_targets(clients, name)
    return Proxy(name, made["Endpoint"], LISTENER_PORTS[engine_family], list(group_ids))


def register(clients: Clients, proxy_name: str, database: Database) -> None:
    """The proxy's target is this instance, or this cluster with its members."""
    kind = "DBClusterIdentifiers" if database.members else "DBInstanceIdentifiers"
    named: Any = {kind: [database.identifier]}
    clients.rds.register_db_proxy_targets(DBProxyName=proxy_name, **named)


def wait_for_proxy(clients: Clients, name: str) -> None:
    """Until it is available."""
    _wait(lambda: clients.rds.describe_db_proxies(DBProxyName=name)["DBProxies"][0]["Status"] == "available")


def wait_for_targets(clients: Clients, name: str) -> None:
    """Until it is known whether they are healthy."""
    _wait(lambda: all(_is_settled(target) for target in proxy_targets(clients, name)))


def proxy_targets(clients: Clients, name: str) -> list[Any]:
    return list(clients.rds.describe_db_proxy_targets(DBProxyName=name)["Targets"])


def _is_settled(target: Any) -> bool:
    health: dict[str, str] = target.get("TargetHealth", {})
    return health.get("State") != "REGISTERING" and health.get("Reason") != "PENDING_PROXY_CAPACITY"


def _wait(is_over: Callable[[], bool]) -> None:
    for _time in range(120):
        if is_over():
            return
        time.sleep(10)
    raise TimeoutError("the proxy is not ready after twenty minutes")


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


def _tags(tags: dict[str, str] | None) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in (tags or {}).items()]


def _named(kind: str, name: str) -> Any:
    return [{"ResourceType": kind, "Tags": _tags({"Name": name})}]


def _zip(source: str) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        # A fixed date, so that the same source has the same digest.
        package.writestr(zipfile.ZipInfo("handler.py", (2026, 1, 1, 0, 0, 0)), source)
    return archive.getvalue()
