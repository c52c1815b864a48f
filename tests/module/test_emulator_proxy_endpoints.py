# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Further endpoints of RDS Proxies in the emulator, beside plain moto, which knows none."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import plain_moto_fails
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients, Network


@pytest.fixture
def network(aws: Clients) -> Network:
    return world.make_network(aws, "shop")


@pytest.fixture
def group(aws: Clients, network: Network) -> str:
    """Worn by the endpoint; there is a proxy, too."""
    world.make_proxy(aws, "pool", network.subnet_ids, [world.make_group(aws, network.vpc_id, "proxy")])
    return world.make_group(aws, network.vpc_id, "endpoint")


def make(aws: Clients, network: Network, group: str, **settings: Any) -> Any:
    wanted = {"DBProxyName": "pool", "DBProxyEndpointName": "reader", "VpcSubnetIds": network.subnet_ids}
    return aws.rds.create_db_proxy_endpoint(**wanted | {"VpcSecurityGroupIds": [group]} | settings)["DBProxyEndpoint"]


def endpoint(aws: Clients, name: str = "reader") -> Any:
    (found,) = aws.rds.describe_db_proxy_endpoints(DBProxyEndpointName=name)["DBProxyEndpoints"]
    return found


@plain_moto_fails("knows no endpoints")
def test_an_endpoint_is_answered_in_full(aws: Clients, network: Network, group: str) -> None:
    made = make(aws, network, group, TargetRole="READ_ONLY")
    assert made["DBProxyEndpointArn"].startswith(
        "arn:aws:rds:eu-central-1:123456789012:db-proxy-endpoint:prx-endpoint-"
    )
    hostname = aws.rds.describe_db_proxies()["DBProxies"][0]["Endpoint"]
    changing = ("CreatedDate", "DBProxyEndpointArn")
    assert {key: value for key, value in made.items() if key not in changing} == {
        "DBProxyEndpointName": "reader",
        "DBProxyName": "pool",
        "Status": "creating",
        "VpcId": network.vpc_id,
        "VpcSecurityGroupIds": [group],
        "VpcSubnetIds": network.subnet_ids,
        "Endpoint": hostname.replace("pool.", "reader.endpoint.", 1),
        "TargetRole": "READ_ONLY",
        "IsDefault": False,
        "EndpointNetworkType": "IPV4",
    }
    assert endpoint(aws) == made


@plain_moto_fails("knows no endpoints")
def test_an_endpoint_takes_its_time(emulator: Emulator, aws: Clients, network: Network, group: str) -> None:
    make(aws, network, group)
    for seconds, status in ((239, "creating"), (1, "available")):
        emulator.advance(seconds)
        assert endpoint(aws)["Status"] == status
    another = world.make_group(aws, network.vpc_id, "another")
    changed = aws.rds.modify_db_proxy_endpoint(
        DBProxyEndpointName="reader", NewDBProxyEndpointName="writer", VpcSecurityGroupIds=[another]
    )["DBProxyEndpoint"]
    assert (changed["Status"], changed["VpcSecurityGroupIds"]) == ("modifying", [another])
    assert changed["Endpoint"].startswith("writer.endpoint.proxy-")
    emulator.advance(60)
    assert endpoint(aws, "writer")["Status"] == "available"
    deleted = aws.rds.delete_db_proxy_endpoint(DBProxyEndpointName="writer")["DBProxyEndpoint"]
    assert deleted["Status"] == "deleting"
    emulator.advance(120)
    assert aws.rds.describe_db_proxy_endpoints()["DBProxyEndpoints"] == []


@plain_moto_fails("knows no endpoints")
def test_a_busy_endpoint_refuses_changes(aws: Clients, network: Network, group: str) -> None:
    make(aws, network, group)
    for change in (aws.rds.modify_db_proxy_endpoint, aws.rds.delete_db_proxy_endpoint):
        with pytest.raises(aws.rds.exceptions.InvalidDBProxyEndpointStateFault, match="creating"):
            change(DBProxyEndpointName="reader")


@plain_moto_fails("knows no endpoints")
def test_what_is_refused(emulator: Emulator, aws: Clients, network: Network, group: str) -> None:
    emulator.set(endpoints_per_proxy=1)
    faults = aws.rds.exceptions
    other = world.make_network(aws, "other", cidr="10.1.0.0/16")
    with pytest.raises(faults.DBProxyNotFoundFault):
        make(aws, network, group, DBProxyName="lake")
    with pytest.raises(ClientError, match=r"InvalidParameterValue.*DBProxyEndpointName"):
        make(aws, network, group, DBProxyEndpointName="a--b")
    with pytest.raises(faults.InvalidSubnet):
        make(aws, network, group, VpcSubnetIds=network.subnet_ids[:1])
    with pytest.raises(ClientError, match=f"InvalidParameterValue.*{group}"):
        make(aws, network, group, VpcSubnetIds=other.subnet_ids)
    make(aws, network, group)
    with pytest.raises(faults.DBProxyEndpointAlreadyExistsFault):
        make(aws, network, group)
    with pytest.raises(faults.DBProxyEndpointQuotaExceededFault):
        make(aws, network, group, DBProxyEndpointName="more")
    for call in (
        aws.rds.describe_db_proxy_endpoints,
        aws.rds.modify_db_proxy_endpoint,
        aws.rds.delete_db_proxy_endpoint,
    ):
        with pytest.raises(faults.DBProxyEndpointNotFoundFault):
            call(DBProxyEndpointName="more")
    aws.rds.modify_db_proxy(DBProxyName="pool", RequireTLS=True)
    with pytest.raises(faults.InvalidDBProxyStateFault, match="modifying"):
        make(aws, network, group, DBProxyEndpointName="more")


@plain_moto_fails("knows no endpoints")
def test_an_endpoint_may_be_in_another_vpc(aws: Clients, network: Network, group: str) -> None:
    other = world.make_network(aws, "other", cidr="10.1.0.0/16")
    made = make(aws, network, world.make_group(aws, other.vpc_id, "away"), VpcSubnetIds=other.subnet_ids)
    assert made["VpcId"] == other.vpc_id


@plain_moto_fails("knows no endpoints")
def test_an_endpoint_has_interfaces_of_its_own(emulator: Emulator, aws: Clients, network: Network, group: str) -> None:
    make(aws, network, group)
    wearing: Any = {"Filters": [{"Name": "group-id", "Values": [group]}]}
    assert len(aws.ec2.describe_network_interfaces(**wearing)["NetworkInterfaces"]) == 2
    emulator.advance(240)
    aws.rds.delete_db_proxy_endpoint(DBProxyEndpointName="reader")
    emulator.advance(120 + 299)
    with pytest.raises(ClientError, match="DependencyViolation"):
        aws.ec2.delete_security_group(GroupId=group)
    emulator.advance(1)
    aws.ec2.delete_security_group(GroupId=group)
    assert len(aws.ec2.describe_network_interfaces()["NetworkInterfaces"]) == 2


@plain_moto_fails("knows no endpoints")
def test_endpoints_go_with_their_proxy(emulator: Emulator, aws: Clients, network: Network, group: str) -> None:
    make(aws, network, group)
    world.make_proxy(aws, "lake", network.subnet_ids, [group])
    make(aws, network, group, DBProxyName="lake", DBProxyEndpointName="other")
    assert [each["DBProxyEndpointName"] for each in aws.rds.describe_db_proxy_endpoints()["DBProxyEndpoints"]] == [
        "reader",
        "other",
    ]
    of_pool = aws.rds.describe_db_proxy_endpoints(DBProxyName="pool")["DBProxyEndpoints"]
    assert [each["DBProxyEndpointName"] for each in of_pool] == ["reader"]
    aws.rds.delete_db_proxy(DBProxyName="pool")
    emulator.advance(120)
    (left,) = aws.rds.describe_db_proxy_endpoints()["DBProxyEndpoints"]
    assert left["DBProxyEndpointName"] == "other"
    emulator.advance(300)
    assert len(aws.ec2.describe_network_interfaces()["NetworkInterfaces"]) == 4


@plain_moto_fails("knows no endpoints")
def test_endpoints_come_in_pages(emulator: Emulator, aws: Clients, network: Network, group: str) -> None:
    emulator.set(endpoints_per_proxy=30)
    for number in range(21):
        make(aws, network, group, DBProxyEndpointName=f"reader-{number}")
    paginator: Any = aws.rds.get_paginator("describe_db_proxy_endpoints")
    pages = [page["DBProxyEndpoints"] for page in paginator.paginate(PaginationConfig={"PageSize": 20})]
    assert [len(page) for page in pages] == [20, 1]
