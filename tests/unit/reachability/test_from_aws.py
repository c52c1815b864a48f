# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""From AWS's answers, as the service models show them, to frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.functions import (
    FunctionSettings,
    settings_from,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.network_acls import AclEntry, acl_from
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.networks import (
    Peering,
    Subnet,
    endpoint_from,
    peering_from,
    subnet_from,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.routes import Route, table_from
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.rule_counts import weight_from


def test_function_settings() -> None:
    assert settings_from({"FunctionName": "f"}) == FunctionSettings()
    configuration = {
        "State": "Failed",
        "StateReason": "gone",
        "LastUpdateStatus": "Failed",
        "LastUpdateStatusReasonCode": "InvalidSubnet",
        "LastUpdateStatusReason": "gone too",
        "Timeout": 3,
        "SnapStart": {"ApplyOn": "PublishedVersions"},
    }
    assert settings_from(configuration) == FunctionSettings(
        "Failed", "gone", "Failed", "InvalidSubnet", "gone too", 3, snap_start=True
    )


def test_subnets() -> None:
    blocks = [
        {"Ipv6CidrBlock": "2001:db8:1::/64", "Ipv6CidrBlockState": {"State": "disassociated"}},
        {"Ipv6CidrBlock": "2001:db8:2::/64", "Ipv6CidrBlockState": {"State": "associated"}},
    ]
    of_ipv6 = {"SubnetId": "s", "VpcId": "v", "Ipv6CidrBlockAssociationSet": blocks, "AvailableIpAddressCount": 0}
    both = {**of_ipv6, "CidrBlock": "10.0.0.0/24", "AvailabilityZone": "z", "OwnerId": "1"}
    ipv6 = ("2001:db8:2::/64",)
    assert subnet_from(both) == Subnet("s", "v", "z", 0, "10.0.0.0/24", ipv6, "1")
    assert subnet_from(of_ipv6) == Subnet("s", "v", ipv6_cidrs=ipv6)


def test_network_acl() -> None:
    entry: dict[str, Any] = {"RuleNumber": 1, "Egress": True, "RuleAction": "deny"}
    entries = [
        {**entry, "Protocol": "6", "CidrBlock": "10.0.0.0/8", "PortRange": {"From": 1, "To": 2}},
        {**entry, "Protocol": "-1", "Ipv6CidrBlock": "::/0"},
    ]
    acl = acl_from({"NetworkAclId": "acl-1", "Associations": [{"SubnetId": "s"}], "Entries": entries})
    assert acl.subnet_ids == ("s",)
    assert acl.entries == (
        AclEntry(1, egress=True, allow=False, protocol="6", cidr="10.0.0.0/8", from_port=1, to_port=2),
        AclEntry(1, egress=True, allow=False, protocol="-1", cidr="::/0"),
    )


@pytest.mark.parametrize(
    "target", ["GatewayId", "NatGatewayId", "VpcPeeringConnectionId", "TransitGatewayId", "CoreNetworkArn"]
)
def test_routes(target: str) -> None:
    route = {"DestinationCidrBlock": "10.0.0.0/8", target: "there", "State": "blackhole"}
    table = table_from({"RouteTableId": "rtb-1", "VpcId": "v", "Routes": [route]}, {})
    assert table.routes == (Route(("10.0.0.0/8",), "there", "blackhole"),)
    assert (table.main, table.subnet_ids) == (False, ())


def test_a_route_by_prefix_list_leads_to_all_its_networks() -> None:
    route = {"DestinationPrefixListId": "pl-1", "GatewayId": "vpce-1"}
    table = table_from(
        {
            "RouteTableId": "rtb-1",
            "VpcId": "v",
            "Routes": [route, {"DestinationPrefixListId": "pl-2"}],
            "Associations": [{"SubnetId": "s"}, {"Main": True}],
        },
        {"pl-1": ("10.1.0.0/16", "10.2.0.0/16")},
    )
    assert table.routes == (
        Route(("10.1.0.0/16", "10.2.0.0/16"), "vpce-1", listed=True),
        Route((), "", listed=True, unread="pl-2"),
    )
    assert (table.main, table.subnet_ids) == (True, ("s",))


def test_a_peering_tells_whose_names_are_resolved_across_it() -> None:
    yes = {"AllowDnsResolutionFromRemoteVpc": True}
    peering = {
        "VpcPeeringConnectionId": "pcx-1",
        "RequesterVpcInfo": {"VpcId": "v1"},
        "AccepterVpcInfo": {"VpcId": "v2", "PeeringOptions": yes},
    }
    assert peering_from(peering) == Peering("pcx-1", frozenset({"v1", "v2"}), frozenset({"v2"}))


def test_a_gateway_endpoint_has_no_groups() -> None:
    found = endpoint_from(
        {
            "VpcEndpointId": "vpce-1",
            "ServiceName": "com.amazonaws.eu-central-1.s3",
            "VpcEndpointType": "Gateway",
            "VpcId": "v",
            "RouteTableIds": ["rtb-1"],
        }
    )
    assert (found.service, found.group_ids, found.route_table_ids) == ("s3", (), ("rtb-1",))


@pytest.mark.parametrize(
    ("told", "weight"),
    [
        ({"MaxEntries": 20, "AddressFamily": "IPv4", "OwnerId": "123456789012"}, {4: 20}),
        ({"MaxEntries": 3, "AddressFamily": "IPv6"}, {6: 3}),
        ({"OwnerId": "AWS", "PrefixListName": "com.amazonaws.global.cloudfront.origin-facing"}, {4: 55}),
        (
            {
                "OwnerId": "AWS",
                "AddressFamily": "IPv6",
                "PrefixListName": "com.amazonaws.eu-west-1.ipv6.vpc-lattice",
            },
            {6: 10},
        ),
        ({"OwnerId": "AWS", "PrefixListName": "com.amazonaws.eu-central-1.s3"}, {4: 1}),
        ({"OwnerId": "AWS", "PrefixListName": "com.amazonaws.eu-central-1.something-new"}, None),
        ({"OwnerId": "123456789012", "PrefixListName": "com.amazonaws.eu-central-1.s3"}, None),
    ],
)
def test_what_a_prefix_list_counts_as(told: dict[str, Any], weight: Mapping[int, int] | None) -> None:
    assert weight_from(told) == weight
