# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Calls of EC2 that read what a packet meets on its way. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Optional

from .calls import Ec2Lists


class PathCalls(Ec2Lists):
    """Network ACLs, routes, VPC endpoints, names and prefix lists."""

    def describe_acls(self, subnet_ids: Iterable[str]) -> list[dict[str, Any]]:
        """The network ACLs of these subnets."""
        return self._ec2_list(
            "describe_network_acls", "NetworkAcls", "association.subnet-id", subnet_ids, "network ACLs"
        )

    def describe_route_tables(self, vpc_ids: Iterable[str]) -> list[dict[str, Any]]:
        """All route tables of these VPCs: the main one serves the subnets that have no other."""
        return self._ec2_list("describe_route_tables", "RouteTables", "vpc-id", vpc_ids, "route tables")

    def describe_endpoints(self, vpc_ids: Iterable[str]) -> list[dict[str, Any]]:
        """The VPC endpoints of these VPCs."""
        return self._ec2_list("describe_vpc_endpoints", "VpcEndpoints", "vpc-id", vpc_ids, "VPC endpoints")

    def describe_lambda_interfaces(self, vpc_ids: Iterable[str]) -> list[dict[str, Any]]:
        """Lambda's network interfaces in these VPCs."""
        of_lambda = [{"Name": "interface-type", "Values": ["lambda"]}]
        return self._ec2_list(
            "describe_network_interfaces", "NetworkInterfaces", "vpc-id", vpc_ids, "network interfaces", of_lambda
        )

    def vpc_attribute(self, vpc_id: str, attribute: str) -> Optional[bool]:
        """enableDnsSupport or enableDnsHostnames of a VPC."""
        with self._doing(f"describe {attribute} of {vpc_id}"):
            answer = self._ec2.describe_vpc_attribute(VpcId=vpc_id, Attribute=attribute)
        value: Optional[bool] = answer[attribute[0].upper() + attribute[1:]].get("Value")
        return value

    def managed_prefix_lists(self, ids: Iterable[str]) -> list[dict[str, Any]]:
        """Prefix lists themselves, without their entries."""
        return self._ec2_list("describe_managed_prefix_lists", "PrefixLists", "prefix-list-id", ids, "prefix lists")

    def prefix_list_entries(self, prefix_list_id: str) -> list[str]:
        """The CIDRs of a prefix list, of a customer's or of AWS's."""
        with self._doing(f"get the entries of prefix list {prefix_list_id}"):
            pages = self._ec2.get_paginator("get_managed_prefix_list_entries").paginate(PrefixListId=prefix_list_id)
            return [entry["Cidr"] for page in pages for entry in page["Entries"]]
