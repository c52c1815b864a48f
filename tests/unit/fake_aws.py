# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""An account in memory, behind the same methods as ``_aws.Aws``: fast enough for thousands of random worlds.

It is strict where AWS is: equivalent rules, names in use, stale revisions, groups that are held.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._aws.client import Aws
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import AwsError, ConflictError, HeldError

from .fake_paths import FakePaths

OWNER = "123456789012"
_LOCK = threading.RLock()
READS = (
    "describe", "get", "interfaces_quota", "is_", "list", "managed_prefix_lists", "prefix_list_entries",
    "proxies_quota", "rules_quota", "simulate", "tagged_", "vpc_attribute",
)  # fmt: skip


@dataclass(repr=False)
class FakeAws(FakePaths, Aws):
    """``calls`` is what was asked; ``fail`` maps a method to the errors that it raises first.

    ``lose`` maps a method to the errors that it raises although it has done its work: its answer was lost.
    """

    functions: dict[str, dict[str, Any]] = field(default_factory=dict)
    versions: list[dict[str, Any]] = field(default_factory=list)
    aliases: list[dict[str, Any]] = field(default_factory=list)
    groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    rules: dict[str, dict[str, Any]] = field(default_factory=dict)
    vpcs: dict[str, dict[str, Any]] = field(default_factory=dict)
    peerings: list[tuple[str, str]] = field(default_factory=list)
    instances: dict[str, dict[str, Any]] = field(default_factory=dict)
    clusters: dict[str, dict[str, Any]] = field(default_factory=dict)
    subnet_groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    interfaces: list[dict[str, Any]] = field(default_factory=list)
    role_policies: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    quota: int | None = 60
    interface_quota: int | None = 500
    update_status: str = "Successful"
    page: int = 50
    calls: list[str] = field(default_factory=list)
    fail: dict[str, list[Exception]] = field(default_factory=dict)
    lose: dict[str, list[Exception]] = field(default_factory=dict)
    numbers: Iterable[int] = field(default_factory=itertools.count)

    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        if name.startswith(("_", "seconds_for")) or not callable(value) or not hasattr(Aws, name):
            return value
        self.calls.append(name)
        errors = self.fail.get(name)
        if errors:
            raise errors.pop(0)
        # What a test has put in place of a method may run other tasks.
        value = value if name in vars(self) else _one_by_one(value)
        return _losing(value, self.lose[name].pop(0)) if self.lose.get(name) else value

    # builders

    def id(self, prefix: str) -> str:
        return f"{prefix}-{next(iter(self.numbers)):017x}"

    def add_vpc(self, *, subnets: int = 2, tenancy: str = "default", ipv6: bool = False) -> tuple[str, list[str]]:
        vpc_id = self.id("vpc")
        blocks = [{"Ipv6CidrBlock": "2001:db8::/56"}] if ipv6 else []
        self.vpcs[vpc_id] = {"VpcId": vpc_id, "InstanceTenancy": tenancy, "Ipv6CidrBlockAssociationSet": blocks}
        made = [self.id("subnet") for _number in range(subnets)]
        self.subnets.update(dict.fromkeys(made, vpc_id))
        return vpc_id, made

    def add_group(self, vpc_id: str, name: str, tags: Mapping[str, str] | None = None) -> str:
        group_id = self.id("sg")
        self.groups[group_id] = {"GroupId": group_id, "GroupName": name, "VpcId": vpc_id, "OwnerId": OWNER}
        self.groups[group_id].update(Description=name, Tags=_listed(tags or {}))
        everything = [{"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
        if self.vpcs[vpc_id]["Ipv6CidrBlockAssociationSet"]:
            everything.append({"Ipv6Ranges": [{"CidrIpv6": "::/0"}]})
        for peers in everything:
            self.add_rule("egress", group_id, {"IpProtocol": "-1", **peers}, {})
        return group_id

    def add_rule(
        self, direction: str, group_id: str, permission: Mapping[str, Any], tags: Mapping[str, str] | None = None
    ) -> str:
        rule = _rule(direction, group_id, permission, tags or {})
        rule["SecurityGroupRuleId"] = self.id("sgr")
        self.rules[rule["SecurityGroupRuleId"]] = rule
        return str(rule["SecurityGroupRuleId"])

    def allow(self, direction: str, group_id: str, peer: str, port: int, **tags: str) -> str:
        pair = {"UserIdGroupPairs": [{"GroupId": peer}]} if peer.startswith("sg-") else {"IpRanges": [{"CidrIp": peer}]}
        return self.add_rule(direction, group_id, {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **pair}, tags)

    def add_function(self, name: str, subnet_ids: Sequence[str] = (), group_ids: Sequence[str] = ()) -> None:
        self.functions[name] = {
            "FunctionName": name,
            "FunctionArn": f"arn:aws:lambda:eu-central-1:{OWNER}:function:{name}",
            "Version": "$LATEST",
            "RevisionId": self.id("revision"),
            "State": "Active",
            "LastUpdateStatus": "Successful",
            "CodeSha256": f"code of {name}",
        }
        if subnet_ids:
            self.functions[name]["VpcConfig"] = {"SubnetIds": list(subnet_ids), "SecurityGroupIds": list(group_ids)}

    def add_version(self, name: str, number: int = 1, **settings: Any) -> None:
        """What the function is by now, published."""
        self.versions.append({**self.functions[name], "Version": str(number), **settings})

    def add_alias(self, function: str, name: str, version: str, **shares: float) -> None:
        routing = {"AdditionalVersionWeights": {key[1:]: share for key, share in shares.items()}}
        alias = {"FunctionName": function, "Name": name, "FunctionVersion": version, "RoutingConfig": routing}
        self.aliases.append({**alias, "RevisionId": self.id("revision")})

    def add_subnet_group(self, name: str, vpc_id: str, subnet_ids: Sequence[str]) -> dict[str, Any]:
        zones = itertools.cycle("abc")
        listed = [
            {"SubnetIdentifier": subnet, "SubnetAvailabilityZone": {"Name": f"eu-central-1{zone}"}}
            for subnet, zone in zip(subnet_ids, zones, strict=False)
        ]
        self.subnet_groups[name] = {"DBSubnetGroupName": name, "VpcId": vpc_id, "Subnets": listed}
        return self.subnet_groups[name]

    def add_instance(self, name: str, vpc_id: str, subnet_ids: Sequence[str], group_ids: Sequence[str]) -> None:
        self.instances[name] = {
            "DBInstanceIdentifier": name,
            "DBInstanceStatus": "available",
            "DbInstancePort": 0,
            "Endpoint": {"Address": f"{name}.abc.eu-central-1.rds.amazonaws.com", "Port": 5432},
            "DBSubnetGroup": self.add_subnet_group(name, vpc_id, subnet_ids),
            "VpcSecurityGroups": [{"VpcSecurityGroupId": group, "Status": "active"} for group in group_ids],
        }

    def add_cluster(self, name: str, vpc_id: str, subnet_ids: Sequence[str], group_ids: Sequence[str]) -> None:
        self.add_subnet_group(name, vpc_id, subnet_ids)
        self.clusters[name] = {
            "DBClusterIdentifier": name,
            "Status": "available",
            "Port": 3306,
            "Endpoint": f"{name}.cluster-abc.eu-central-1.rds.amazonaws.com",
            "ReaderEndpoint": f"{name}.cluster-ro-abc.eu-central-1.rds.amazonaws.com",
            "CustomEndpoints": ["reports.cluster-custom-abc.eu-central-1.rds.amazonaws.com"],
            "DBSubnetGroup": name,
            "VpcSecurityGroups": [{"VpcSecurityGroupId": group, "Status": "active"} for group in group_ids],
        }

    def add_members(self, cluster: str, *names: str, **settings: Any) -> None:
        """Instances of a cluster, the first of them its writer."""
        made = self.clusters[cluster]
        group = self.subnet_groups[cluster]
        subnets = [subnet["SubnetIdentifier"] for subnet in group["Subnets"]]
        for name in names:
            self.add_instance(name, group["VpcId"], subnets, [])
            self.instances[name].update(DBClusterIdentifier=cluster, **settings)
        made["DBClusterMembers"] = [
            {"DBInstanceIdentifier": name, "IsClusterWriter": name == names[0]} for name in names
        ]

    # looking

    def written(self) -> list[str]:
        return [call for call in self.calls if not call.startswith((*READS, "wait"))]

    def snapshot(self) -> dict[str, Any]:
        """What a user would compare: attachments, groups, rules with their ids and tags."""
        return {
            "functions": {name: _attachment(function) for name, function in self.functions.items()},
            "groups": {key: {**group, "Tags": _tags(group)} for key, group in self.groups.items()},
            "rules": {key: {**rule, "Tags": _tags(rule)} for key, rule in self.rules.items()},
            "role_policies": dict(self.role_policies),
        }

    # Lambda

    def get_function(self, name: str) -> dict[str, Any] | None:
        found = self.functions.get(_plain(name))
        return None if found is None else dict(found)

    def list_functions(self) -> Iterator[list[dict[str, Any]]]:
        settled = ("State", "LastUpdateStatus")
        listed = [{key: one[key] for key in one if key not in settled} for one in self.functions.values()]
        return (listed[start : start + self.page] for start in range(0, len(listed), self.page))

    def tagged_functions(self, tags: Mapping[str, str]) -> dict[str, dict[str, str]]:
        all_of_them = {one["FunctionArn"]: one.get("Tags", {}) for one in self.functions.values()}
        return {arn: has for arn, has in all_of_them.items() if tags.items() <= has.items()}

    def list_versions(self, name: str) -> list[dict[str, Any]]:
        return [one for one in self.list_all_versions() if one["FunctionName"] == _plain(name)]

    def list_all_versions(self) -> list[dict[str, Any]]:
        return [dict(one) for one in [*self.functions.values(), *self.versions]]

    def list_aliases(self, name: str) -> list[dict[str, Any]]:
        return [dict(alias) for alias in self.aliases if alias["FunctionName"] == _plain(name)]

    def publish_version(self, name: str, code_sha256: str) -> str:
        function = self.functions[_plain(name)]
        if function["CodeSha256"] != code_sha256:
            raise ConflictError("publish", "InvalidParameterValueException", "CodeSHA256 is different")
        numbers = [int(one["Version"]) for one in self.list_versions(name) if one["Version"] != "$LATEST"]
        self.add_version(function["FunctionName"], max(numbers, default=0) + 1)
        return str(self.versions[-1]["Version"])

    def move_alias(self, name: str, alias: str, version: str, revision_id: str | None) -> None:
        found = next(one for one in self.aliases if (one["FunctionName"], one["Name"]) == (_plain(name), alias))
        if found["RevisionId"] != revision_id:
            raise ConflictError("move alias", "PreconditionFailedException", "stale")
        found.update(FunctionVersion=version, RevisionId=self.id("revision"))

    def update_vpc_config(
        self, name: str, subnet_ids: Sequence[str], group_ids: Sequence[str], ipv6: bool, revision_id: str | None
    ) -> dict[str, Any]:
        function = self.functions[_plain(name)]
        if function["RevisionId"] != revision_id:
            raise ConflictError("update", "PreconditionFailedException", "stale")
        if not self.groups.keys() >= set(group_ids):
            raise ConflictError("update", "InvalidGroup.NotFound", "gone")
        vpcs = {self.subnets[subnet] for subnet in subnet_ids} | {self.groups[group]["VpcId"] for group in group_ids}
        if bool(subnet_ids) != bool(group_ids) or len(vpcs) > 1 or len(group_ids) > 5 or len(subnet_ids) > 16:
            raise AwsError("update", "InvalidParameterValueException", "not one VPC, or too many")
        function["VpcConfig"] = {"SubnetIds": list(subnet_ids), "SecurityGroupIds": list(group_ids), "VpcId": ""}
        function["VpcConfig"]["Ipv6AllowedForDualStack"] = ipv6
        function.update(RevisionId=self.id("revision"), LastUpdateStatus=self.update_status)
        return dict(function)

    def seconds_for_updates(self, number: int) -> float:
        return number / 15

    def is_updated(self, name: str) -> bool:
        self.functions[_plain(name)].update(LastUpdateStatus="Successful", RevisionId=self.id("revision"))
        return True

    def wait_until_active(self, name: str, timeout: int) -> None:
        self.functions[_plain(name)]["State"] = "Active"

    def wait_until_updated(self, name: str, timeout: int) -> None:
        self.functions[_plain(name)].update(LastUpdateStatus="Successful", RevisionId=self.id("revision"))

    def wait_until_version_active(self, name: str, version: str, timeout: int) -> None:
        assert any(one["Version"] == version for one in self.list_versions(name))

    # IAM

    def get_role_policy(self, role: str, name: str) -> dict[str, Any] | None:
        return self.role_policies.get((role, name))

    def list_roles_with_policy(self, name: str) -> dict[str, dict[str, Any]]:
        return {role: document for (role, named), document in self.role_policies.items() if named == name}

    def put_role_policy(self, role: str, name: str, document: Mapping[str, Any]) -> None:
        self.role_policies[role, name] = dict(document)

    def delete_role_policy(self, role: str, name: str) -> None:
        self.role_policies.pop((role, name), None)

    # RDS

    def describe_db_instances(self, identifier: str | None = None) -> list[dict[str, Any]]:
        return [one for key, one in self.instances.items() if identifier in (None, key)]

    def describe_cluster_members(self, identifier: str) -> list[dict[str, Any]]:
        return [one for one in self.instances.values() if one.get("DBClusterIdentifier") == identifier]

    def describe_db_clusters(self, identifier: str | None = None) -> list[dict[str, Any]]:
        return [one for key, one in self.clusters.items() if identifier in (None, key)]

    def describe_db_subnet_group(self, name: str) -> dict[str, Any] | None:
        return self.subnet_groups.get(name)

    # EC2, reading

    def describe_groups(self, name: str, values: Iterable[str], vpc_id: str | None = None) -> list[dict[str, Any]]:
        return [
            {**group, **self._permissions(group["GroupId"])}
            for group in self.groups.values()
            if vpc_id in (None, group["VpcId"]) and self._matches(group, name, set(values))
        ]

    def _matches(self, group: Mapping[str, Any], name: str, values: set[str]) -> bool:
        if name.startswith("tag:"):
            return _tags(group).get(name[4:]) in values
        if name == "tag-key":
            return not values.isdisjoint(_tags(group))
        if name == "group-name":
            return group["GroupName"] in values or any(
                value.endswith("*") and group["GroupName"].startswith(value[:-1]) for value in values
            )
        if name == "group-id":
            return group["GroupId"] in values
        direction = name.startswith("egress.")
        return any(
            rule["IsEgress"] == direction and rule.get("ReferencedGroupInfo", {}).get("GroupId") in values
            for rule in self._rules_of(group["GroupId"])
        )

    def _rules_of(self, group_id: str) -> list[dict[str, Any]]:
        return [rule for rule in self.rules.values() if rule["GroupId"] == group_id]

    def _permissions(self, group_id: str) -> dict[str, Any]:
        shown: dict[str, Any] = {"IpPermissions": [], "IpPermissionsEgress": []}
        for rule in self._rules_of(group_id):
            peer = rule.get("ReferencedGroupInfo")
            permission = {key: rule.get(key) for key in ("IpProtocol", "FromPort", "ToPort")}
            key = "IpPermissionsEgress" if rule["IsEgress"] else "IpPermissions"
            shown[key].append({**permission, "UserIdGroupPairs": [peer] if peer else []})
        return shown

    def describe_rules(self, name: str, values: Iterable[str]) -> list[dict[str, Any]]:
        wanted = set(values)
        return [
            dict(rule)
            for rule in self.rules.values()
            if (rule["GroupId"] if name == "group-id" else _tags(rule).get(name[4:])) in wanted
        ]

    def describe_vpcs(self, ids: Iterable[str]) -> list[dict[str, Any]]:
        return [self.vpcs[key] for key in ids if key in self.vpcs]

    def describe_interfaces(self, group_ids: Iterable[str]) -> list[dict[str, Any]]:
        wanted = set(group_ids)
        return [one for one in self.interfaces if wanted & {group["GroupId"] for group in one["Groups"]}]

    def describe_peerings(self, side: str, vpc_id: str) -> list[dict[str, Any]]:
        return [
            {
                "VpcPeeringConnectionId": f"pcx-{number}",
                "Status": {"Code": "active"},
                "RequesterVpcInfo": {"VpcId": one},
                "AccepterVpcInfo": {"VpcId": other},
            }
            for number, (one, other) in enumerate(self.peerings)
            if vpc_id == (one if side == "requester" else other)
        ]

    def interfaces_quota(self) -> int | None:
        return self.interface_quota

    def rules_quota(self) -> int | None:
        return self.quota

    # EC2, writing

    def create_group(self, name: str, description: str, vpc_id: str, tags: Mapping[str, str]) -> str:
        if any(group["GroupName"] == name and group["VpcId"] == vpc_id for group in self.groups.values()):
            raise ConflictError("create", "InvalidGroup.Duplicate", name)
        return self.add_group(vpc_id, name, tags)

    def delete_group(self, group_id: str) -> None:
        versions = [*self.functions.values(), *self.versions]
        worn = {group for one in versions for group in _attachment(one)["SecurityGroupIds"]}
        others = [rule for rule in self.rules.values() if rule["GroupId"] != group_id]
        referenced = {rule.get("ReferencedGroupInfo", {}).get("GroupId") for rule in others}
        held = {group["GroupId"] for one in self.interfaces for group in one["Groups"]}
        if group_id in worn | referenced | held:
            raise HeldError("delete", "DependencyViolation", group_id)
        self.groups.pop(group_id, None)
        self.rules = {key: rule for key, rule in self.rules.items() if rule["GroupId"] != group_id}

    def authorize(
        self, direction: str, group_id: str, permissions: Sequence[Mapping[str, Any]], tags: Mapping[str, str]
    ) -> None:
        rules = [_rule(direction, group_id, permission, tags) for permission in permissions]
        named = {rule["ReferencedGroupInfo"]["GroupId"] for rule in rules if "ReferencedGroupInfo" in rule}
        if not self.groups.keys() >= named:
            raise ConflictError("authorize", "InvalidGroup.NotFound", group_id)
        there = [_identity(rule) for rule in self.rules.values()]
        if group_id not in self.groups or any(_identity(rule) in there for rule in rules):
            raise ConflictError("authorize", "InvalidPermission.Duplicate", group_id)
        for permission in permissions:
            self.add_rule(direction, group_id, permission, tags)

    def revoke(self, direction: str, group_id: str, rule_ids: Sequence[str]) -> None:
        if not self.rules.keys() >= set(rule_ids):
            raise ConflictError("revoke", "InvalidSecurityGroupRuleId.NotFound", group_id)
        for rule_id in rule_ids:
            rule = self.rules.pop(rule_id)
            assert (rule["GroupId"], rule["IsEgress"]) == (group_id, direction == "egress")

    def set_tags(self, resource_ids: Sequence[str], tags: Mapping[str, str]) -> None:
        for resource in self._tagged(resource_ids):
            resource["Tags"] = _listed({**_tags(resource), **tags})

    def remove_tags(self, resource_ids: Sequence[str], keys: Sequence[str]) -> None:
        for resource in self._tagged(resource_ids):
            resource["Tags"] = _listed({key: value for key, value in _tags(resource).items() if key not in keys})

    def _tagged(self, resource_ids: Sequence[str]) -> list[dict[str, Any]]:
        there = {**self.groups, **self.rules}
        if not there.keys() >= set(resource_ids):
            raise ConflictError("tag", "InvalidSecurityGroupID.NotFound", ", ".join(resource_ids))
        return [there[resource_id] for resource_id in resource_ids]


def _one_by_one(method: Callable[..., Any]) -> Callable[..., Any]:
    """Each call as a whole, though a run makes many side by side."""

    def called(*args: Any) -> Any:
        with _LOCK:
            return method(*args)

    return called


def _losing(method: Callable[..., Any], error: Exception) -> Callable[..., Any]:
    def lost(*args: Any) -> Any:
        method(*args)
        raise error

    return lost


def _plain(name: str) -> str:
    return name.rpartition(":")[2]


def _attachment(function: Mapping[str, Any]) -> dict[str, Any]:
    vpc = function.get("VpcConfig") or {}
    return {
        "SubnetIds": sorted(vpc.get("SubnetIds", ())),
        "SecurityGroupIds": sorted(vpc.get("SecurityGroupIds", ())),
        "Ipv6AllowedForDualStack": bool(vpc.get("Ipv6AllowedForDualStack")),
    }


def _rule(direction: str, group_id: str, permission: Mapping[str, Any], tags: Mapping[str, str]) -> dict[str, Any]:
    rule = {
        "GroupId": group_id,
        "IsEgress": direction == "egress",
        "IpProtocol": permission["IpProtocol"],
        "FromPort": permission.get("FromPort", -1),
        "ToPort": permission.get("ToPort", -1),
        "Tags": _listed(tags),
    }
    for key, field_, shown in (
        ("UserIdGroupPairs", "GroupId", "ReferencedGroupInfo"),
        ("IpRanges", "CidrIp", "CidrIpv4"),
        ("Ipv6Ranges", "CidrIpv6", "CidrIpv6"),
        ("PrefixListIds", "PrefixListId", "PrefixListId"),
    ):
        for peer in permission.get(key, ()):
            rule[shown] = {"GroupId": peer[field_]} if shown == "ReferencedGroupInfo" else peer[field_]
            rule["Description"] = peer.get("Description", "")
    return rule


def _identity(rule: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(
        repr(value) for key, value in sorted(rule.items()) if key not in ("Description", "Tags", "SecurityGroupRuleId")
    )


def _tags(resource: Mapping[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in resource["Tags"]}


def _listed(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
