# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""VPC peering connections of the emulator, beside plain moto."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients


def found(aws: Clients, **filters: list[str]) -> list[str]:
    """Ids; vpc_id=["vpc-1"] is the filter vpc-id."""
    wanted: Any = [{"Name": name.replace("_", "-"), "Values": values} for name, values in filters.items()]
    listed = aws.ec2.describe_vpc_peering_connections(Filters=wanted)["VpcPeeringConnections"]
    return [peering["VpcPeeringConnectionId"] for peering in listed]


@plain_moto_fails("ignores the filters")
def test_filters_of_peerings(aws: Clients) -> None:
    one, two, three = (world.make_network(aws, f"vpc-{n}", cidr=f"10.{n}.0.0/16").vpc_id for n in range(3))
    first = world.peer(aws, one, two)
    asked = aws.ec2.create_vpc_peering_connection(VpcId=two, PeerVpcId=three)["VpcPeeringConnection"]
    second = asked["VpcPeeringConnectionId"]
    aws.ec2.create_tags(Resources=[second], Tags=[{"Key": "team", "Value": "orders"}])
    assert found(aws) == [first, second]
    assert found(aws, **{"requester-vpc-info.vpc-id": [one]}) == [first]
    assert found(aws, **{"requester-vpc-info.vpc-id": [one, two]}) == [first, second]
    assert found(aws, **{"accepter-vpc-info.vpc-id": [one]}) == []
    assert found(aws, **{"accepter-vpc-info.vpc-id": [three], "status-code": ["active"]}) == []
    assert found(aws, **{"accepter-vpc-info.cidr-block": ["10.2.*"], "accepter-vpc-info.owner-id": ["1*"]}) == [second]
    assert found(aws, status_code=["active"]) == [first]
    assert found(aws, vpc_peering_connection_id=[second]) == [second]
    assert found(aws, **{"tag:team": ["orders"]}) == [second]
    with pytest.raises(ClientError, match=r"InvalidParameterValue.*vpc-id"):
        found(aws, vpc_id=[one])
