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
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2 import exceptions as ec2_errors
from moto.ec2.responses.elastic_network_interfaces import ElasticNetworkInterfaces
from moto.ec2.responses.security_groups import SecurityGroups
from moto.ec2.responses.subnets import Subnets
from moto.ec2.responses.vpc_peering_connections import VPCPeeringConnections
from moto.ec2.responses.vpcs import VPCs
from moto.rds import exceptions as rds_errors
from moto.rds.responses import RDSResponse

from ansible_collections.cloudops.lambda_rds.tests.emulator.moto_methods import replaces_method
from ansible_collections.cloudops.lambda_rds.tests.emulator.settings import SETTINGS

EC2_LISTS = (
    (SecurityGroups, "describe_security_groups", "SecurityGroups", ("GroupIds", "GroupNames")),
    (SecurityGroups, "describe_security_group_rules", "SecurityGroupRules", ("SecurityGroupRuleIds",)),
    (Subnets, "describe_subnets", "Subnets", ("SubnetIds",)),
    (ElasticNetworkInterfaces, "describe_network_interfaces", "NetworkInterfaces", ("NetworkInterfaceIds",)),
    (VPCs, "describe_vpcs", "Vpcs", ("VpcIds",)),
    (VPCPeeringConnections, "describe_vpc_peering_connections", "VpcPeeringConnections", ("VpcPeeringConnectionIds",)),
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


def install() -> None:
    for owner, action, key, ids in EC2_LISTS:

        @replaces_method(owner, action)
        def described(original: Any, self: Any, key: str = key, ids: tuple[str, ...] = ids) -> Any:
            items = list(original(self).result[key])
            size = _size_for_ec2(self._get_param("MaxResults"), [name for name in ids if self._get_param(name)])
            start = _start(key, self._get_param("NextToken"))
            if start is None:
                raise ec2_errors.InvalidParameterValue(
                    f"Value ( {self._get_param('NextToken')} ) for parameter NextToken is invalid."
                    " The token is invalid."
                )
            return ActionResult({key: items[start:][:size], "NextToken": _token(key, start, size, len(items))})

    for action, key in RDS_LISTS:

        @replaces_method(RDSResponse, action)
        def listed(original: Any, self: Any, key: str = key) -> Any:
            items = list(original(self).result[key])
            size = _size_for_rds(self.params.get("MaxRecords"))
            start = _start(key, self.params.get("Marker"))
            if start is None:
                raise rds_errors.InvalidParameterValue(f"The marker {self.params.get('Marker')} is invalid.")
            return ActionResult({key: items[start:][:size], "Marker": _token(key, start, size, len(items))})


def _size_for_ec2(asked: int | None, ids: list[str]) -> int | None:
    """None for the whole list."""
    if asked is None:
        return None if ids else SETTINGS.page_size
    if ids:
        raise ec2_errors.InvalidParameterCombination(
            f"The parameter {ids[0]} cannot be used with the parameter maxResults"
        )
    if not 5 <= int(asked) <= 1000:
        limit = "greater than 5" if int(asked) < 5 else "less than 1000"
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
