# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""AWS as earlier tasks of a play would leave it, for the preview of a later one. PRIVATE to the collection.

Reads go to AWS, and what was foreseen is put into the answers. A stand-in is never sent to AWS.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, Optional, cast

from .._aws.client import Aws
from .._changes.changes import is_new
from .._discovery.security_groups import read_vpc
from .._model.functions import LATEST
from .._model.ownership import tags_from
from .._model.security_groups import EGRESS, INGRESS, Group, Rule, permission_to, references_from, rule_from
from .earlier_tasks import Data, EarlierTasks, read_results

Answer = dict[str, Any]


def previewed_aws(aws: Aws, results: Optional[Sequence[Data]]) -> Aws:
    """
    :param results: what the earlier tasks returned, in their order
    :raises RefusedError: they are not what tasks of this collection return
    """
    if not results:
        return aws
    foresight = read_results(results, has_ipv6=lambda vpc_id: read_vpc(aws, vpc_id).ipv6)
    return cast(Aws, _PreviewedAws(aws, foresight))


class _PreviewedAws:
    """The reads that a preview makes. What is not here is as AWS has it."""

    def __init__(self, aws: Aws, foresight: EarlierTasks) -> None:
        self._aws = aws
        self._foresight = foresight

    def __getattr__(self, name: str) -> Any:
        return getattr(self._aws, name)

    # Lambda

    def get_function(self, name: str) -> Optional[Answer]:
        function = self._aws.get_function(name)
        return None if function is None else self._attached(function)

    def list_functions(self) -> Iterator[list[Answer]]:
        return ([self._attached(function) for function in page] for page in self._aws.list_functions())

    def list_versions(self, name: str) -> list[Answer]:
        return [self._attached(version) for version in self._aws.list_versions(name)]

    def list_all_versions(self) -> list[Answer]:
        return [self._attached(version) for version in self._aws.list_all_versions()]

    def _attached(self, function: Answer) -> Answer:
        vpc = self._foresight.attachments.get(function["FunctionName"])
        is_latest = function.get("Version", LATEST) == LATEST
        return {**function, "VpcConfig": vpc} if vpc is not None and is_latest else function

    # RDS

    def describe_proxies(self, name: Optional[str] = None) -> list[Answer]:
        there = {proxy["DBProxyName"]: proxy for proxy in self._aws.describe_proxies(name)}
        new = {key: proxy for key, proxy in self._foresight.proxies.items() if name in (None, key)}
        gone = self._foresight.gone_proxies
        return [{**there.get(key, {}), **new.get(key, {})} for key in {**there, **new} if key not in gone]

    def describe_proxy_targets(self, name: str) -> list[Answer]:
        planned = self._foresight.targets.get(name)
        return self._aws.describe_proxy_targets(name) if planned is None else planned

    # EC2

    def describe_groups(self, name: str, values: Iterable[str], vpc_id: Optional[str] = None) -> list[Answer]:
        wanted = set(values)
        there = self._aws.describe_groups(name, _real(wanted), vpc_id)
        naming = {rule.group_id for rule in self._foresight.rules.values() if _names(rule, name, wanted)}
        known = {group["GroupId"] for group in there}
        there = there + self._aws.describe_groups("group-id", _real(naming - known), vpc_id)
        new = [
            _described(group)
            for group in self._foresight.groups.values()
            if vpc_id in (None, group.vpc_id) and (group.id in naming or _matches(group, name, wanted))
        ]
        return [self._as_foreseen(group) for group in there + new if group["GroupId"] not in self._foresight.gone]

    def _as_foreseen(self, group: Answer) -> Answer:
        """With its tags, and of its rules those that name groups: no others are looked for here."""
        rules = [rule for rule in references_from(group) if rule.identity not in self._foresight.revoked]
        rules += [
            rule
            for rule in self._foresight.rules.values()
            if rule.group_id == group["GroupId"] and rule.peer.kind == "group"
        ]
        named = {
            direction: [permission_to(rule) for rule in rules if rule.direction == direction]
            for direction in (INGRESS, EGRESS)
        }
        return {
            **self._retagged(group, group["GroupId"]),
            "IpPermissions": named[INGRESS],
            "IpPermissionsEgress": named[EGRESS],
        }

    def describe_rules(self, name: str, values: Iterable[str]) -> list[Answer]:
        """Ours are revoked before their group is deleted, so that none of a group that goes is found here."""
        wanted = set(values)
        there = [
            rule
            for rule in self._aws.describe_rules(name, _real(wanted))
            if rule_from(rule).identity not in self._foresight.revoked and rule["GroupId"] not in self._foresight.gone
        ]
        new = [
            _described_rule(rule)
            for rule in self._foresight.rules.values()
            if (rule.group_id if name == "group-id" else rule.tags.get(name[len("tag:") :])) in wanted
        ]
        return [self._retagged(rule, rule["SecurityGroupRuleId"]) for rule in there + new]

    def describe_interfaces(self, group_ids: Iterable[str]) -> list[Answer]:
        return self._aws.describe_interfaces(_real(group_ids))

    def _retagged(self, resource: Answer, resource_id: str) -> Answer:
        tags = {**tags_from(resource.get("Tags")), **self._foresight.tags.get(resource_id, {})}
        return {**resource, "Tags": _listed(tags)}


def _real(ids: Iterable[str]) -> list[str]:
    return sorted(each for each in ids if not is_new(each))


def _names(rule: Rule, name: str, wanted: set[str]) -> bool:
    """Whether a rule is one that a filter for groups with rules that name another one finds."""
    filters = {INGRESS: "ip-permission.group-id", EGRESS: "egress.ip-permission.group-id"}
    return name == filters[rule.direction] and rule.peer.value in wanted


def _matches(group: Group, name: str, wanted: set[str]) -> bool:
    if name == "group-id":
        return group.id in wanted
    if name == "group-name":
        return any(fnmatchcase(group.name, pattern) for pattern in wanted)
    return name.startswith("tag:") and group.tags.get(name[len("tag:") :]) in wanted


def _described(group: Group) -> Answer:
    return {"GroupId": group.id, "GroupName": group.name, "VpcId": group.vpc_id, "Tags": _listed(group.tags)}


def _described_rule(rule: Rule) -> Answer:
    peers: dict[str, tuple[str, object]] = {
        "group": ("ReferencedGroupInfo", {"GroupId": rule.peer.value}),
        "cidr_ip": ("CidrIpv4", rule.peer.value),
        "cidr_ipv6": ("CidrIpv6", rule.peer.value),
        "ip_prefix": ("PrefixListId", rule.peer.value),
    }
    key, peer = peers[rule.peer.kind]
    return {
        "SecurityGroupRuleId": rule.id,
        "GroupId": rule.group_id,
        "IsEgress": rule.direction == EGRESS,
        "IpProtocol": rule.protocol,
        "FromPort": rule.from_port,
        "ToPort": rule.to_port,
        "Description": rule.description,
        "Tags": _listed(rule.tags),
        key: peer,
    }


def _listed(tags: Mapping[str, Optional[str]]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items() if value is not None]
