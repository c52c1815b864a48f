# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Calls of EC2 that read and write groups and rules, and read what these are in. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Optional

from .._errors import AwsError
from .calls import Ec2Lists, tag_list, tagged


class NetworkCalls(Ec2Lists):
    """Security groups, their rules, and the networks that they are in."""

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
        """The network interfaces that have one of these groups."""
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

    def create_group(self, name: str, description: str, vpc_id: str, tags: Mapping[str, str]) -> str:
        with self._doing(f"create security group {name} in {vpc_id}"):
            created = self._ec2.create_security_group(
                GroupName=name, Description=description, VpcId=vpc_id, TagSpecifications=tagged("security-group", tags)
            )
            return str(created["GroupId"])

    def delete_group(self, group_id: str) -> None:
        """Delete a group; that it is gone already is fine."""
        try:
            with self._doing(f"delete security group {group_id}"):
                self._ec2.delete_security_group(GroupId=group_id)
        except AwsError as error:
            if error.code != "InvalidGroup.NotFound":
                raise

    def authorize(
        self, direction: str, group_id: str, permissions: Sequence[Mapping[str, Any]], tags: Mapping[str, str]
    ) -> None:
        with self._doing(f"authorize {direction} on security group {group_id}"):
            getattr(self._ec2, f"authorize_security_group_{direction}")(
                GroupId=group_id, IpPermissions=permissions, TagSpecifications=tagged("security-group-rule", tags)
            )

    def revoke(self, direction: str, group_id: str, rule_ids: Sequence[str]) -> None:
        """Revoke by rule id: by permission, a default VPC answers 200 to rules that are not there."""
        with self._doing(f"revoke {direction} on security group {group_id}"):
            getattr(self._ec2, f"revoke_security_group_{direction}")(
                GroupId=group_id, SecurityGroupRuleIds=list(rule_ids)
            )

    def set_tags(self, resource_ids: Sequence[str], tags: Mapping[str, str]) -> None:
        with self._doing(f"tag {', '.join(resource_ids)}"):
            self._ec2.create_tags(Resources=list(resource_ids), Tags=tag_list(tags))

    def remove_tags(self, resource_ids: Sequence[str], keys: Sequence[str]) -> None:
        with self._doing(f"remove tags from {', '.join(resource_ids)}"):
            self._ec2.delete_tags(Resources=list(resource_ids), Tags=[{"Key": key} for key in keys])
