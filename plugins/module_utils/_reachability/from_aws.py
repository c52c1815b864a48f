# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""From the answers of AWS to the values of state.py. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Optional

from .state import (
    ACTIVE,
    Acl,
    AclEntry,
    Endpoint,
    FunctionSettings,
    LambdaInterface,
    ListSize,
    Peering,
    Route,
    RouteTable,
)

_TARGETS = (
    "GatewayId", "NatGatewayId", "VpcPeeringConnectionId", "TransitGatewayId", "NetworkInterfaceId", "InstanceId",
    "EgressOnlyInternetGatewayId", "LocalGatewayId", "CarrierGatewayId", "CoreNetworkArn", "OdbNetworkArn",
)  # fmt: skip
# https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
_WEIGHTS = {
    "cloudfront": 55, "dynamodb": 1, "ec2-instance-connect": 2, "groundstation": 5, "route53-healthchecks": 25,
    "s3": 1, "s3express": 6, "vpc-lattice": 10,
}  # fmt: skip
_DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock")


def settings_from(configuration: Mapping[str, Any]) -> FunctionSettings:
    """https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html"""
    return FunctionSettings(
        state=configuration.get("State") or "Active",
        state_reason=configuration.get("StateReason") or "",
        update_status=configuration.get("LastUpdateStatus") or "Successful",
        update_reason_code=configuration.get("LastUpdateStatusReasonCode") or "",
        update_reason=configuration.get("LastUpdateStatusReason") or "",
        timeout=configuration.get("Timeout"),
        runtime=configuration.get("Runtime") or "",
        snap_start=(configuration.get("SnapStart") or {}).get("ApplyOn") == "PublishedVersions",
    )


def acl_from(acl: Mapping[str, Any]) -> Acl:
    return Acl(
        acl["NetworkAclId"],
        tuple(each["SubnetId"] for each in acl["Associations"]),
        tuple(_entry(entry) for entry in acl["Entries"]),
    )


def _entry(entry: Mapping[str, Any]) -> AclEntry:
    """Ports are there for TCP and UDP only; every protocol has all of them."""
    ports = entry.get("PortRange") or {"From": 0, "To": 65535}
    return AclEntry(
        entry["RuleNumber"],
        entry["Egress"],
        entry["RuleAction"] == "allow",
        str(entry["Protocol"]),
        entry.get("CidrBlock") or entry["Ipv6CidrBlock"],
        ports["From"],
        ports["To"],
    )


def prefix_lists_of(tables: Iterable[Mapping[str, Any]]) -> set[str]:
    """The prefix lists that routes name as their destinations."""
    routes = (route for table in tables for route in table["Routes"])
    return {route["DestinationPrefixListId"] for route in routes if route.get("DestinationPrefixListId")}


def list_size_from(prefix_list: Mapping[str, Any]) -> Optional[ListSize]:
    """By its maximum of entries, or AWS's own weight; None where neither is told."""
    services = {part for part in (prefix_list.get("PrefixListName") or "").split(".") if part in _WEIGHTS}
    weight = _WEIGHTS[services.pop()] if prefix_list.get("OwnerId") == "AWS" and services else None
    rules = prefix_list.get("MaxEntries") or weight
    family = 6 if prefix_list.get("AddressFamily") == "IPv6" else 4
    return ListSize(family, rules) if rules else None


def table_from(table: Mapping[str, Any], prefix_lists: Mapping[str, tuple[str, ...]]) -> RouteTable:
    associations = table.get("Associations") or ()
    return RouteTable(
        table["RouteTableId"],
        table["VpcId"],
        tuple(each["SubnetId"] for each in associations if each.get("SubnetId")),
        tuple(_route(route, prefix_lists) for route in table["Routes"]),
        main=any(each.get("Main") for each in associations),
    )


def _route(route: Mapping[str, Any], prefix_lists: Mapping[str, tuple[str, ...]]) -> Route:
    listed = route.get("DestinationPrefixListId") or ""
    networks = prefix_lists.get(listed, ())
    destinations = (*(route[key] for key in _DESTINATIONS if route.get(key)), *networks)
    return Route(
        destinations,
        next((route[key] for key in _TARGETS if route.get(key)), ""),
        route.get("State") or ACTIVE,
        listed=bool(listed),
        unread="" if listed in prefix_lists else listed,
    )


def peering_from(peering: Mapping[str, Any]) -> Peering:
    """A side's option tells whether its own names resolve to private addresses for the other side
    (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_PeeringConnectionOptions.html)."""
    sides = (peering["RequesterVpcInfo"], peering["AccepterVpcInfo"])
    return Peering(
        peering["VpcPeeringConnectionId"],
        frozenset(side["VpcId"] for side in sides),
        frozenset(
            side["VpcId"] for side in sides if (side.get("PeeringOptions") or {}).get("AllowDnsResolutionFromRemoteVpc")
        ),
    )


def lambda_interface_from(interface: Mapping[str, Any]) -> LambdaInterface:
    groups = frozenset(group["GroupId"] for group in interface.get("Groups") or ())
    return LambdaInterface(interface["VpcId"], interface["SubnetId"], groups)


def endpoint_from(endpoint: Mapping[str, Any]) -> Endpoint:
    return Endpoint(
        endpoint["VpcEndpointId"],
        (endpoint.get("ServiceName") or "").rpartition(".")[2],  # one for a resource may have none
        endpoint.get("VpcEndpointType") or "",
        endpoint["VpcId"],
        tuple(endpoint.get("SubnetIds") or ()),
        tuple(group["GroupId"] for group in endpoint.get("Groups") or ()),
        tuple(endpoint.get("RouteTableIds") or ()),
        bool(endpoint.get("PrivateDnsEnabled")),
    )
