# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What earlier tasks of a play would have changed, from what they returned in check mode. PRIVATE to the collection.

Published versions and aliases are left out: no later task of a play goes by them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Callable, Optional

from .._errors import Refusal, RefusedError
from .._model.security_groups import EGRESS, INGRESS, Group, Peer, Rule, default_egress

_PEERS = {"group_id": "group", "cidr_ip": "cidr_ip", "cidr_ipv6": "cidr_ipv6", "ip_prefix": "ip_prefix"}

Data = Mapping[str, Any]


class EarlierTasks:
    """``groups`` and ``rules`` are new ones, ``gone`` and ``revoked`` those that go; ``tags`` has None for a tag that
    goes. ``attachments`` are VpcConfigs by the function's name, ``proxies`` and ``targets`` as AWS would show them.

    :param has_ipv6: whether a VPC has IPv6, which tells what AWS puts into a new group
    """

    def __init__(self, has_ipv6: Callable[[str], bool]) -> None:
        self._has_ipv6 = has_ipv6
        self.groups: dict[str, Group] = {}
        self.gone: set[str] = set()
        self.rules: dict[tuple[object, ...], Rule] = {}
        self.revoked: set[tuple[object, ...]] = set()
        self.tags: dict[str, dict[str, Optional[str]]] = {}
        self.attachments: dict[str, dict[str, Any]] = {}
        self.proxies: dict[str, dict[str, Any]] = {}
        self.targets: dict[str, list[dict[str, Any]]] = {}
        self.gone_proxies: set[str] = set()
        self._actions: dict[str, Callable[[Data], None]] = {
            "create_security_group": self._create_group,
            "delete_security_group": self._delete_group,
            "create_tags": lambda change: self._tag(change, change["tags"]),
            "delete_tags": lambda change: self._tag(change, dict.fromkeys(change["tags"])),
            "update_function_configuration": self._attach,
            "delete_db_proxy": lambda change: self.gone_proxies.add(change["db_proxy_name"]),
        }
        for direction in (INGRESS, EGRESS):
            self._actions[f"authorize_security_group_{direction}"] = self._ruling(direction, self._authorize)
            self._actions[f"revoke_security_group_{direction}"] = self._ruling(direction, self._revoke)

    def add(self, result: Data) -> None:
        """What one task returned. One that was skipped changes nothing."""
        for change in result.get("changes") or ():
            self._actions.get(change["action"], _nothing)(change)
        if result.get("proxy"):
            self._proxy(result["proxy"], result["targets"])

    def _create_group(self, change: Data) -> None:
        group = Group(
            change["security_group_id"], change["security_group_name"], change["vpc_id"], tags=dict(change["tags"])
        )
        self.groups[group.id] = group
        for rule in default_egress(group, ipv6=self._has_ipv6(group.vpc_id)):
            self._authorize(rule)

    def _delete_group(self, change: Data) -> None:
        self.gone.add(change["security_group_id"])

    def _tag(self, change: Data, tags: Mapping[str, Optional[str]]) -> None:
        for resource in change["resource_ids"]:
            self.tags.setdefault(resource, {}).update(tags)

    def _attach(self, change: Data) -> None:
        vpc = change["vpc_config"]
        self.attachments[change["function_name"]] = {
            "SubnetIds": vpc["subnet_ids"],
            "SecurityGroupIds": vpc["security_group_ids"],
            "Ipv6AllowedForDualStack": vpc["ipv6_allowed_for_dual_stack"],
        }

    def _ruling(self, direction: str, each: Callable[[Rule], None]) -> Callable[[Data], None]:
        def rule_all(change: Data) -> None:
            for rule in change["rules"]:
                each(_rule(change, direction, rule))

        return rule_all

    def _authorize(self, rule: Rule) -> None:
        self.rules[rule.identity] = rule

    def _revoke(self, rule: Rule) -> None:
        """One that comes again after it was revoked is a new one."""
        if self.rules.pop(rule.identity, None) is None:
            self.revoked.add(rule.identity)

    def _proxy(self, proxy: Data, targets: Iterable[Data]) -> None:
        """The task that makes a proxy waits until its target is healthy, so that no health is bad news."""
        self.proxies[proxy["name"]] = {
            "DBProxyName": proxy["name"],
            "DBProxyArn": proxy["arn"] or f":(new proxy {proxy['name']})",
            "EngineFamily": proxy["engine_family"],
            "Endpoint": proxy["endpoint"] or "",
            "Status": "available",
            "VpcId": proxy["vpc_id"],
            "VpcSubnetIds": proxy["subnet_ids"],
            "VpcSecurityGroupIds": proxy["security_group_ids"],
        }
        self.targets[proxy["name"]] = [
            {"Type": target["type"], "RdsResourceId": target["identifier"]} for target in targets
        ]


def _nothing(_change: Data) -> None:
    """A change that no later task goes by."""


def _rule(change: Data, direction: str, rule: Data) -> Rule:
    """Back from ``changes.rule_data``. A stand-in serves as its id."""
    option = next(option for option in _PEERS if option in rule)
    first, last = (-1 if rule[end] is None else rule[end] for end in ("from_port", "to_port"))
    group_id, peer = change["security_group_id"], Peer(_PEERS[option], rule[option])
    planned = f"(new: {direction} of {group_id}, {rule['proto']}/{first} {peer.value})"
    tags = dict(change.get("tags") or {})
    return Rule(group_id, direction, rule["proto"], first, last, peer, rule["rule_desc"], planned, tags)


def read_results(results: Iterable[Data], has_ipv6: Callable[[str], bool]) -> EarlierTasks:
    """What tasks returned, in their order.

    :raises RefusedError: they are not what tasks of this collection return
    """
    foresight = EarlierTasks(has_ipv6)
    for index, result in enumerate(results):
        _read(foresight, index, result)
    return foresight


def _read(foresight: EarlierTasks, index: int, result: Data) -> None:
    try:
        foresight.add(result)
    except (AttributeError, KeyError, StopIteration, TypeError) as error:
        reason = f"is not what a task of this collection returned ({type(error).__name__}: {error})."
        remedy = "Give the variable that the earlier task registers, whole."
        raise RefusedError([Refusal(f"preview_after[{index}]", "malformed", reason, remedy)]) from error
