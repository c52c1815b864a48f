# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The only file that calls boto3. PRIVATE to the collection.

Each method is one call of AWS (or one paged reading), takes and returns plain values, and raises an ``AwsError`` that
says what was being done. Filters are applied once more by the callers, because not every endpoint honours them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, partial
from typing import Any, Optional

from ansible.module_utils.ansible_release import __version__
from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError, WaiterError
    from botocore.parsers import ResponseParserError
except ImportError:
    pass  # AnsibleAWSModule reports it

from ._aws_errors import MISSING, answered, not_answered, wait_failed
from ._errors import AwsError

# DescribeSecurityGroups and DescribeSecurityGroupRules take at most 200 values a filter:
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html
_FILTER_VALUES = 200
# Standard mode backs off when throttled and repeats what failed on the way:
# https://docs.aws.amazon.com/boto3/latest/guide/retries.html
_MAX_ATTEMPTS = 6


@contextmanager
def _doing(what: str) -> Iterator[None]:
    try:
        yield
    except WaiterError:
        raise  # _wait says more
    except ClientError as error:
        raise answered(what, error.response, error.operation_name) from error
    # What botocore makes of an answer that is not one of AWS, and what it lets through when it looks for credentials.
    except (AttributeError, BotoCoreError, LookupError, OSError, ResponseParserError, TypeError, ValueError) as error:
        raise not_answered(what, error) from error


class Aws:
    """AWS through an ``AnsibleAWSModule``'s clients, each made when it is first needed."""

    def __init__(self, module: Any) -> None:
        self._module = module

    @cached_property
    def _ec2(self) -> Any:
        return self._client("ec2")

    @cached_property
    def _lambda(self) -> Any:
        return self._client("lambda")

    @cached_property
    def _rds(self) -> Any:
        return self._client("rds")

    def _client(self, service: str) -> Any:
        with _doing(f"connect to {service}"):
            try:
                return self._new_client(service)
            except TypeError as error:  # the option of Config that there is not
                raise ValueError(f"aws_config: {error}") from error

    @cached_property
    def _new_client(self) -> Callable[..., Any]:
        """Makes clients of one session, with the connection as amazon.aws reads it from options and environment.

        ``AnsibleAWSModule.client`` makes a session for each, which reads botocore's endpoint data anew: 0.1 s a client.
        """
        region, endpoint_url, options = get_aws_connection_info(self._module)
        config = Config(
            user_agent=f"APN/1.0 Ansible/{__version__} cloudops.lambda_rds",
            retries={"mode": "standard", "max_attempts": _MAX_ATTEMPTS},
        ).merge(options.pop("aws_config", Config()))
        session = boto3.session.Session(profile_name=options.pop("profile_name", None))
        return partial(session.client, region_name=region, endpoint_url=endpoint_url, config=config, **options)

    # Lambda

    def get_function(self, name: str) -> Optional[dict[str, Any]]:
        """The function's configuration; None where there is no such function.

        GetFunction may be called 100 times a second, GetFunctionConfiguration shares 15 a second with all others
        (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
        """
        try:
            with _doing(f"get function {name}"):
                configuration: dict[str, Any] = self._lambda.get_function(FunctionName=name)["Configuration"]
                return configuration
        except AwsError as error:
            if error.code in MISSING:
                return None
            raise

    def list_versions(self, name: str) -> list[dict[str, Any]]:
        """Every version of a function, $LATEST among them; none where there is no such function."""
        return self._lambda_list("list_versions_by_function", "Versions", f"versions of function {name}", name)

    def list_all_versions(self) -> list[dict[str, Any]]:
        """Every version of every function of the account and Region."""
        with _doing("list functions"):
            pages = self._lambda.get_paginator("list_functions").paginate(FunctionVersion="ALL")
            return [version for page in pages for version in page["Functions"]]

    def list_aliases(self, name: str) -> list[dict[str, Any]]:
        """Every alias of a function; none where there is no such function."""
        return self._lambda_list("list_aliases", "Aliases", f"aliases of function {name}", name)

    def _lambda_list(self, call: str, key: str, what: str, name: str) -> list[dict[str, Any]]:
        try:
            with _doing(f"list {what}"):
                return [
                    item for page in self._lambda.get_paginator(call).paginate(FunctionName=name) for item in page[key]
                ]
        except AwsError as error:
            if error.code in MISSING:
                return []
            raise

    def publish_version(self, name: str, code_sha256: str) -> str:
        """Publish $LATEST if its code is still the one that was seen; the number of the version.

        Without a change since the last one, AWS answers with that one:
        https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
        """
        code = {"CodeSha256": code_sha256} if code_sha256 else {}
        with _doing(f"publish a version of function {name}"):
            return str(self._lambda.publish_version(FunctionName=name, **code)["Version"])

    def move_alias(self, name: str, alias: str, version: str, revision_id: Optional[str]) -> None:
        """Let an alias point to another version, if it is still as it was seen. Its weights stay."""
        revision = {} if revision_id is None else {"RevisionId": revision_id}
        with _doing(f"move alias {alias} of function {name} to version {version}"):
            self._lambda.update_alias(FunctionName=name, Name=alias, FunctionVersion=version, **revision)

    def update_vpc_config(
        self, name: str, subnet_ids: Sequence[str], group_ids: Sequence[str], ipv6: bool, revision_id: Optional[str]
    ) -> dict[str, Any]:
        """Write VpcConfig alone, if the function's revision is still the one that was seen.

        Ipv6AllowedForDualStack is always sent: without it AWS refuses to detach a dual-stack function.
        """
        vpc = {"SubnetIds": list(subnet_ids), "SecurityGroupIds": list(group_ids), "Ipv6AllowedForDualStack": ipv6}
        revision = {} if revision_id is None else {"RevisionId": revision_id}
        with _doing(f"update the VPC configuration of function {name}"):
            answer: dict[str, Any] = self._lambda.update_function_configuration(
                FunctionName=name, VpcConfig=vpc, **revision
            )
            return answer

    def wait_until_active(self, name: str, timeout: int) -> None:
        """Wait while a new function is Pending."""
        self._wait("function_active_v2", name, timeout)

    def wait_until_updated(self, name: str, timeout: int) -> None:
        """Wait while an update is InProgress."""
        self._wait("function_updated_v2", name, timeout)

    def wait_until_version_active(self, name: str, version: str, timeout: int) -> None:
        """Wait while a published version is Pending, as one with SnapStart is for minutes."""
        self._wait("function_active_v2", f"{name}:{version}", timeout)

    def _wait(self, waiter: str, name: str, timeout: int) -> None:
        delay = 1
        try:
            with _doing(f"wait for the update of function {name}"):
                self._lambda.get_waiter(waiter).wait(
                    FunctionName=name, WaiterConfig={"Delay": delay, "MaxAttempts": max(1, timeout // delay)}
                )
        except WaiterError as error:
            raise wait_failed(name, timeout, error.last_response, str(error)) from error

    # RDS

    def describe_db_instances(self, identifier: Optional[str] = None) -> list[dict[str, Any]]:
        """The instance of that identifier, or all; none where there is no such instance."""
        arguments = {} if identifier is None else {"DBInstanceIdentifier": identifier}
        return self._rds_list(
            "describe_db_instances", "DBInstances", arguments, f"database instance {identifier or 's'}"
        )

    def describe_db_clusters(self, identifier: Optional[str] = None) -> list[dict[str, Any]]:
        """The cluster of that identifier, or all; none where there is no such cluster."""
        arguments = {} if identifier is None else {"DBClusterIdentifier": identifier}
        return self._rds_list("describe_db_clusters", "DBClusters", arguments, f"database cluster {identifier or 's'}")

    def describe_db_subnet_group(self, name: str) -> Optional[dict[str, Any]]:
        arguments = {"DBSubnetGroupName": name}
        found = self._rds_list("describe_db_subnet_groups", "DBSubnetGroups", arguments, f"DB subnet group {name}")
        return found[0] if found else None

    def describe_proxies(self, name: Optional[str] = None) -> list[dict[str, Any]]:
        """The RDS Proxy of that name, or all; none where there is no such proxy."""
        arguments = {} if name is None else {"DBProxyName": name}
        return self._rds_list("describe_db_proxies", "DBProxies", arguments, f"RDS Proxy {name}" if name else "proxies")

    def describe_proxy_targets(self, name: str) -> list[dict[str, Any]]:
        """What a proxy connects to, with its health; for a cluster also its members. None without such a proxy."""
        arguments = {"DBProxyName": name}
        return self._rds_list("describe_db_proxy_targets", "Targets", arguments, f"targets of RDS Proxy {name}")

    def describe_proxy_target_groups(self, name: str) -> list[dict[str, Any]]:
        """A proxy's target group, the only one, with its connection pool. None without such a proxy."""
        arguments = {"DBProxyName": name}
        return self._rds_list(
            "describe_db_proxy_target_groups", "TargetGroups", arguments, f"target group of RDS Proxy {name}"
        )

    def list_proxy_tags(self, arn: str) -> Optional[dict[str, str]]:
        """The tags of a proxy; None where there is no such proxy."""
        try:
            with _doing(f"list tags of RDS Proxy {arn}"):
                listed = self._rds.list_tags_for_resource(ResourceName=arn)["TagList"]
                return {tag["Key"]: tag["Value"] for tag in listed}
        except AwsError as error:
            if error.code in MISSING:
                return None
            raise

    def describe_proxy_endpoints(self) -> list[dict[str, Any]]:
        """The endpoints of all proxies that were made besides each proxy's own."""
        return self._rds_list("describe_db_proxy_endpoints", "DBProxyEndpoints", {}, "endpoints of proxies")

    def _rds_list(self, call: str, key: str, arguments: dict[str, str], what: str) -> list[dict[str, Any]]:
        try:
            with _doing(f"describe {what}"):
                return [item for page in self._rds.get_paginator(call).paginate(**arguments) for item in page[key]]
        except AwsError as error:
            if error.code in MISSING:
                return []
            raise

    def create_proxy(
        self, name: str, family: str, subnet_ids: Sequence[str], settings: Mapping[str, Any], tags: Mapping[str, str]
    ) -> None:
        with _doing(f"create RDS Proxy {name}"):
            self._rds.create_db_proxy(
                DBProxyName=name,
                EngineFamily=family,
                VpcSubnetIds=list(subnet_ids),
                Tags=_tag_list(tags),
                **settings,
            )

    def modify_proxy(self, name: str, settings: Mapping[str, Any]) -> None:
        with _doing(f"modify RDS Proxy {name}"):
            self._rds.modify_db_proxy(DBProxyName=name, **settings)

    def modify_proxy_pool(self, name: str, settings: Mapping[str, Any]) -> None:
        with _doing(f"modify the connection pool of RDS Proxy {name}"):
            self._rds.modify_db_proxy_target_group(
                DBProxyName=name, TargetGroupName="default", ConnectionPoolConfig=dict(settings)
            )

    def register_proxy_target(self, name: str, kind: str, identifier: str) -> None:
        """Let a proxy connect to an instance or a cluster."""
        with _doing(f"register {kind} {identifier} with RDS Proxy {name}"):
            self._rds.register_db_proxy_targets(DBProxyName=name, **_target(kind, identifier))

    def deregister_proxy_target(self, name: str, kind: str, identifier: str) -> None:
        with _doing(f"deregister {kind} {identifier} from RDS Proxy {name}"):
            self._rds.deregister_db_proxy_targets(DBProxyName=name, **_target(kind, identifier))

    def delete_proxy(self, name: str) -> None:
        """Delete a proxy; that it is gone already is fine."""
        try:
            with _doing(f"delete RDS Proxy {name}"):
                self._rds.delete_db_proxy(DBProxyName=name)
        except AwsError as error:
            if error.code != "DBProxyNotFoundFault":
                raise

    def tag_proxy(self, arn: str, tags: Mapping[str, str]) -> None:
        with _doing(f"tag RDS Proxy {arn}"):
            self._rds.add_tags_to_resource(ResourceName=arn, Tags=_tag_list(tags))

    def untag_proxy(self, arn: str, keys: Sequence[str]) -> None:
        with _doing(f"remove tags from RDS Proxy {arn}"):
            self._rds.remove_tags_from_resource(ResourceName=arn, TagKeys=list(keys))

    # EC2, reading

    def describe_groups(self, name: str, values: Iterable[str], vpc_id: Optional[str] = None) -> list[dict[str, Any]]:
        """The security groups that match a filter (group-id, tag:KEY, ip-permission.group-id ...)."""
        more = [] if vpc_id is None else [{"Name": "vpc-id", "Values": [vpc_id]}]
        return self._ec2_list("describe_security_groups", "SecurityGroups", name, values, "security groups", more)

    def describe_rules(self, name: str, values: Iterable[str]) -> list[dict[str, Any]]:
        """The rules that match a filter (group-id, tag:KEY)."""
        return self._ec2_list(
            "describe_security_group_rules", "SecurityGroupRules", name, values, "security group rules"
        )

    def describe_subnets(self, ids: Iterable[str]) -> list[dict[str, Any]]:
        return self._ec2_list("describe_subnets", "Subnets", "subnet-id", ids, "subnets")

    def describe_vpcs(self, ids: Iterable[str]) -> list[dict[str, Any]]:
        return self._ec2_list("describe_vpcs", "Vpcs", "vpc-id", ids, "VPCs")

    def describe_interfaces(self, group_ids: Iterable[str]) -> list[dict[str, Any]]:
        """The network interfaces that wear one of these groups."""
        return self._ec2_list(
            "describe_network_interfaces", "NetworkInterfaces", "group-id", group_ids, "network interfaces"
        )

    def describe_peerings(self, side: str, vpc_id: str) -> list[dict[str, Any]]:
        """The active peering connections of a VPC on one side: requester or accepter."""
        active = [{"Name": "status-code", "Values": ["active"]}]
        name = f"{side}-vpc-info.vpc-id"
        return self._ec2_list(
            "describe_vpc_peering_connections",
            "VpcPeeringConnections",
            name,
            [vpc_id],
            "VPC peering connections",
            active,
        )

    def _ec2_list(
        self, call: str, key: str, name: str, values: Iterable[str], what: str, more: Iterable[Mapping[str, Any]] = ()
    ) -> list[dict[str, Any]]:
        ordered = sorted(set(values))
        found = []
        for start in range(0, len(ordered), _FILTER_VALUES):
            filters = [{"Name": name, "Values": ordered[start : start + _FILTER_VALUES]}, *more]
            with _doing(f"describe {what}"):
                for page in self._ec2.get_paginator(call).paginate(Filters=filters):
                    found += page[key]
        return found

    def rules_quota(self) -> Optional[int]:
        """The rules that a security group may have in this account; None where that may not be read."""
        return self._quota("vpc", "L-0EA8095F", "rules per security group")

    def proxies_quota(self) -> Optional[int]:
        """The proxies that this account may have in the Region; None where that may not be read."""
        return self._quota("rds", "L-D94C7EA3", "proxies")

    def _quota(self, service: str, code: str, what: str) -> Optional[int]:
        try:
            with _doing(f"get the quota of {what}"):
                quota = self._client("service-quotas").get_service_quota(ServiceCode=service, QuotaCode=code)
                return int(quota["Quota"]["Value"])
        except AwsError:
            return None

    # EC2, writing

    def create_group(self, name: str, description: str, vpc_id: str, tags: Mapping[str, str]) -> str:
        with _doing(f"create security group {name} in {vpc_id}"):
            created = self._ec2.create_security_group(
                GroupName=name, Description=description, VpcId=vpc_id, TagSpecifications=_tagged("security-group", tags)
            )
            return str(created["GroupId"])

    def delete_group(self, group_id: str) -> None:
        """Delete a group; that it is gone already is fine."""
        try:
            with _doing(f"delete security group {group_id}"):
                self._ec2.delete_security_group(GroupId=group_id)
        except AwsError as error:
            if error.code != "InvalidGroup.NotFound":
                raise

    def authorize(
        self, direction: str, group_id: str, permissions: Sequence[Mapping[str, Any]], tags: Mapping[str, str]
    ) -> None:
        with _doing(f"authorize {direction} on security group {group_id}"):
            getattr(self._ec2, f"authorize_security_group_{direction}")(
                GroupId=group_id, IpPermissions=permissions, TagSpecifications=_tagged("security-group-rule", tags)
            )

    def revoke(self, direction: str, group_id: str, rule_ids: Sequence[str]) -> None:
        """Revoke by rule id: by permission, a default VPC answers 200 to rules that are not there."""
        with _doing(f"revoke {direction} on security group {group_id}"):
            getattr(self._ec2, f"revoke_security_group_{direction}")(
                GroupId=group_id, SecurityGroupRuleIds=list(rule_ids)
            )

    def set_tags(self, resource_ids: Sequence[str], tags: Mapping[str, str]) -> None:
        with _doing(f"tag {', '.join(resource_ids)}"):
            self._ec2.create_tags(Resources=list(resource_ids), Tags=_tag_list(tags))

    def remove_tags(self, resource_ids: Sequence[str], keys: Sequence[str]) -> None:
        with _doing(f"remove tags from {', '.join(resource_ids)}"):
            self._ec2.delete_tags(Resources=list(resource_ids), Tags=[{"Key": key} for key in keys])


def _target(kind: str, identifier: str) -> dict[str, list[str]]:
    return {"DBClusterIdentifiers" if kind == "cluster" else "DBInstanceIdentifiers": [identifier]}


def _tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": str(value)} for key, value in tags.items()]


def _tagged(resource: str, tags: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"ResourceType": resource, "Tags": _tag_list(tags)}] if tags else []
