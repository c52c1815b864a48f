# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What is around the functions and databases of the account in memory: open, unless a test says otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

OPEN = {"Protocol": "-1", "RuleAction": "allow", "RuleNumber": 100, "CidrBlock": "0.0.0.0/0"}
OPEN_ENTRIES = [{**OPEN, "Egress": egress} for egress in (False, True)]


@dataclass(repr=False)
class FakePaths:
    """One network ACL and one route table a VPC, each subnet a network of its own, every name resolved.

    ``cidrs`` are the subnets' networks, 10.0.N.0/24 in the order in which they were made.
    """

    subnets: dict[str, str] = field(default_factory=dict)
    free: dict[str, int] = field(default_factory=dict)
    zones: dict[str, str] = field(default_factory=dict)
    acl_entries: list[dict[str, Any]] = field(default_factory=lambda: [dict(entry) for entry in OPEN_ENTRIES])
    routes: list[dict[str, Any]] = field(default_factory=lambda: [_local("10.0.0.0/16")])
    endpoints_of_vpcs: list[dict[str, Any]] = field(default_factory=list)
    prefix_lists: dict[str, list[str]] = field(default_factory=dict)
    lambda_interfaces: list[dict[str, Any]] = field(default_factory=list)
    denied: dict[str, str] | None = field(default_factory=dict)
    conditions: tuple[str, ...] = ()

    @property
    def cidrs(self) -> dict[str, str]:
        return {subnet: f"10.0.{number}.0/24" for number, subnet in enumerate(self.subnets)}

    def describe_subnets(self, ids: Iterable[str]) -> list[dict[str, Any]]:
        return [
            {
                "SubnetId": key,
                "VpcId": self.subnets[key],
                "CidrBlock": self.cidrs[key],
                "AvailabilityZone": self.zones.get(key, ""),
                "AvailableIpAddressCount": self.free.get(key, 100),
            }
            for key in ids
            if key in self.subnets
        ]

    def describe_acls(self, subnet_ids: Iterable[str]) -> list[dict[str, Any]]:
        associations = [{"SubnetId": subnet} for subnet in subnet_ids]
        return [{"NetworkAclId": "acl-1", "Associations": associations, "Entries": self.acl_entries}]

    def describe_route_tables(self, vpc_ids: Iterable[str]) -> list[dict[str, Any]]:
        main = [{"Main": True}]
        return [
            {"RouteTableId": f"rtb-{vpc}", "VpcId": vpc, "Associations": main, "Routes": self.routes} for vpc in vpc_ids
        ]

    def describe_endpoints(self, vpc_ids: Iterable[str]) -> list[dict[str, Any]]:
        return [endpoint for endpoint in self.endpoints_of_vpcs if endpoint["VpcId"] in vpc_ids]

    def describe_lambda_interfaces(self, vpc_ids: Iterable[str]) -> list[dict[str, Any]]:
        listed = [{**one, "VpcId": self.subnets[one["SubnetId"]]} for one in self.lambda_interfaces]
        return [one for one in listed if one["VpcId"] in vpc_ids]

    def add_lambda_interface(self, subnet_id: str, *group_ids: str) -> None:
        groups = [{"GroupId": group} for group in group_ids]
        interface = {
            "NetworkInterfaceId": f"eni-{len(self.lambda_interfaces)}",
            "SubnetId": subnet_id,
            "Groups": groups,
        }
        self.lambda_interfaces.append({**interface, "InterfaceType": "lambda"})

    def vpc_attribute(self, vpc_id: str, attribute: str) -> bool | None:
        return True

    def managed_prefix_lists(self, ids: Iterable[str]) -> list[dict[str, Any]]:
        """Each with room for ten entries, if it has no more."""
        return [
            {"PrefixListId": key, "AddressFamily": "IPv4", "MaxEntries": max(10, len(self.prefix_lists[key]))}
            for key in ids
            if key in self.prefix_lists
        ]

    def prefix_list_entries(self, prefix_list_id: str) -> list[str]:
        return self.prefix_lists[prefix_list_id]

    def simulate(
        self, role_arn: str, actions: Sequence[str], resource_arns: Sequence[str], context: Mapping[str, str]
    ) -> list[dict[str, Any]] | None:
        """``denied`` tells the decision on actions that are not allowed, whatever they are about.

        With ``denied`` None there is no such role; ``conditions`` are the keys that its policies hang on.
        """
        if self.denied is None:
            return None
        missing = sorted(set(self.conditions) - context.keys())
        return [
            {
                "EvalActionName": action,
                "EvalResourceName": "*",
                "EvalDecision": decision,
                "ResourceSpecificResults": [
                    {"EvalResourceName": arn, "EvalResourceDecision": decision, "MissingContextValues": missing}
                    for arn in resource_arns
                ],
            }
            for action in actions
            for decision in [self.denied.get(action, "allowed")]
        ]


def _local(cidr: str) -> dict[str, Any]:
    return {"DestinationCidrBlock": cidr, "GatewayId": "local", "State": "active"}
