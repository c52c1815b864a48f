# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists come in pages: EC2's with NextToken, RDS's with Marker, at most SETTINGS.page_size items in each.

EC2 does not page what is asked for by id, and refuses MaxResults beside ids
(https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-pagination.html).
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2 import exceptions as ec2_errors
from moto.ec2.responses.elastic_network_interfaces import ElasticNetworkInterfaces
from moto.ec2.responses.network_acls import NetworkACLs
from moto.ec2.responses.route_tables import RouteTables
from moto.ec2.responses.security_groups import SecurityGroups
from moto.ec2.responses.subnets import Subnets
from moto.ec2.responses.vpc_peering_connections import VPCPeeringConnections
from moto.ec2.responses.vpcs import VPCs
from moto.rds import exceptions as rds_errors
from moto.rds.responses import RDSResponse

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.settings import SETTINGS


@dataclass(frozen=True)
class _List:
    """`ids` are the parameters that name items. MaxResults is from `least` to `most`; None: more is as good as 1000."""

    owner: Any
    action: str
    key: str
    ids: tuple[str, ...] = ()
    least: int = 5
    most: int | None = 1000


# The bounds are those of EC2's service model.
EC2_LISTS = (
    _List(SecurityGroups, "describe_security_groups", "SecurityGroups", ("GroupIds", "GroupNames")),
    _List(SecurityGroups, "describe_security_group_rules", "SecurityGroupRules", ("SecurityGroupRuleIds",)),
    _List(Subnets, "describe_subnets", "Subnets", ("SubnetIds",)),
    _List(ElasticNetworkInterfaces, "describe_network_interfaces", "NetworkInterfaces", ("NetworkInterfaceIds",)),
    _List(NetworkACLs, "describe_network_acls", "NetworkAcls", ("NetworkAclIds",)),
    _List(RouteTables, "describe_route_tables", "RouteTables", ("RouteTableIds",), most=100),
    _List(VPCs, "describe_vpcs", "Vpcs", ("VpcIds",)),
    _List(VPCs, "describe_vpc_endpoints", "VpcEndpoints", ("VpcEndpointIds",), least=1, most=None),
    _List(VPCs, "describe_prefix_lists", "PrefixLists", ("PrefixListIds",), least=1, most=None),
    _List(VPCs, "describe_managed_prefix_lists", "PrefixLists", ("PrefixListIds",), least=1, most=100),
    _List(VPCs, "get_managed_prefix_list_entries", "Entries", least=1, most=100),
    _List(
        VPCPeeringConnections,
        "describe_vpc_peering_connections",
        "VpcPeeringConnections",
        ("VpcPeeringConnectionIds",),
    ),
)
RDS_LISTS = (
    ("describe_db_instances", "DBInstances"),
    ("describe_db_clusters", "DBClusters"),
    ("describe_db_subnet_groups", "DBSubnetGroups"),
    ("describe_db_proxies", "DBProxies"),
    ("describe_db_proxy_endpoints", "DBProxyEndpoints"),
    ("describe_db_proxy_target_groups", "TargetGroups"),
    ("describe_db_proxy_targets", "Targets"),
)


# What other bridges list comes in pages, too.
AFTER = (
    "peering_filters",
    "proxies_can_have_endpoints",
    "proxy_target_groups",
    "proxy_targets",
)


def install() -> None:
    for each in EC2_LISTS:

        @replaces_method(each.owner, each.action)
        def described(original: Any, self: Any, each: _List = each) -> Any:
            items = list(original(self).result[each.key])
            ids = [name for name in each.ids if self._get_param(name)]
            size = _size_for_ec2(each, self._get_param("MaxResults"), ids)
            start = _start(each.key, self._get_param("NextToken"))
            if start is None:
                raise ec2_errors.InvalidParameterValue(
                    f"Value ( {self._get_param('NextToken')} ) for parameter NextToken is invalid."
                    " The token is invalid."
                )
            token = _token(each.key, start, size, len(items))
            return ActionResult({each.key: items[start:][:size], "NextToken": token})

    for action, key in RDS_LISTS:

        @replaces_method(RDSResponse, action)
        def listed(original: Any, self: Any, key: str = key) -> Any:
            items = list(original(self).result[key])
            size = _size_for_rds(self.params.get("MaxRecords"))
            start = _start(key, self.params.get("Marker"))
            if start is None:
                raise rds_errors.InvalidParameterValue(f"The marker {self.params.get('Marker')} is invalid.")
            return ActionResult({key: items[start:][:size], "Marker": _token(key, start, size, len(items))})


def _size_for_ec2(listed: _List, asked: int | None, ids: list[str]) -> int | None:
    """None for the whole list."""
    if asked is None:
        return None if ids else SETTINGS.page_size
    if ids:
        raise ec2_errors.InvalidParameterCombination(
            f"The parameter {ids[0]} cannot be used with the parameter maxResults"
        )
    most = listed.most or max(int(asked), 1000)
    if not listed.least <= int(asked) <= most:
        limit = f"greater than {listed.least}" if int(asked) < listed.least else f"less than {most}"
        raise ec2_errors.InvalidParameterValue(
            f"Value ( {asked} ) for parameter maxResults is invalid. Expecting a value {limit}."
        )
    return min(int(asked), SETTINGS.page_size)


def _size_for_rds(asked: int | None) -> int:
    size = 100 if asked is None else int(asked)
    if not 20 <= size <= 100:
        raise rds_errors.InvalidParameterValue(f"Invalid value {size} for MaxRecords. Must be between 20 and 100")
    return min(size, SETTINGS.page_size)


def _token(key: str, start: int, size: int | None, total: int) -> str | None:
    """Leads to the next page; None where there is none."""
    if size is None or start + size >= total:
        return None
    return base64.b64encode(f"{key}/{start + size}".encode()).decode()


def _start(key: str, token: str | None) -> int | None:
    """The index of the first item of the page; None for a token that this list did not give."""
    if not token:
        return 0
    try:
        list_key, _slash, start = base64.b64decode(token, validate=True).decode().partition("/")
        return int(start) if list_key == key else None
    except (binascii.Error, ValueError):
        return None
