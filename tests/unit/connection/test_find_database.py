# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._discovery.databases import Found, find_database

from ..asking import want
from .conftest import Account


@pytest.fixture
def stock(account: Account) -> Account:
    """A cluster ``stock`` on 3306, with a member that shows other groups than its cluster."""
    account.aws.add_cluster("stock", account.vpc, account.subnets, account.db[:1])
    account.aws.add_instance("stock-1", account.vpc, account.subnets, account.db)
    account.aws.instances["stock-1"]["DBClusterIdentifier"] = "stock"
    return account


def found(account: Account, **given: Any) -> Any:
    return find_database(want(function_name="f", **given).database, account.aws).database


@pytest.mark.parametrize(
    ("given", "identifier", "port"),
    [
        ({"db_instance_identifier": "ORDERS"}, "orders", 5432),
        ({"db_hostname": "orders.abc.eu-central-1.rds.amazonaws.com"}, "orders", 5432),
        ({"db_cluster_identifier": "stock"}, "stock", 3306),
        ({"db_hostname": "stock.cluster-abc.eu-central-1.rds.amazonaws.com"}, "stock", 3306),
        ({"db_hostname": "stock.cluster-ro-abc.eu-central-1.rds.amazonaws.com"}, "stock", 3306),
        ({"db_hostname": "reports.cluster-custom-abc.eu-central-1.rds.amazonaws.com"}, "stock", 3306),
    ],
)
def test_a_database_is_found(stock: Account, given: dict[str, Any], identifier: str, port: int) -> None:
    database = found(stock, **given)
    assert (database.identifier, database.port, database.vpc_id) == (identifier, port, stock.vpc)
    assert database.subnet_ids == tuple(stock.subnets)
    if "db_hostname" in given:
        assert database.endpoint == given["db_hostname"]


def test_a_member_has_the_groups_of_its_cluster(stock: Account) -> None:
    database = found(stock, db_instance_identifier="stock-1")
    assert (database.kind, database.identifier, database.port) == ("instance", "stock-1", 5432)
    assert database.security_group_ids == (stock.db[0],)


def test_a_member_without_an_endpoint_takes_the_port_of_its_cluster(stock: Account) -> None:
    del stock.aws.instances["stock-1"]["Endpoint"]
    assert found(stock, db_instance_identifier="stock-1").port == 3306


def test_a_member_whose_cluster_is_gone_stands_for_itself(stock: Account) -> None:
    stock.aws.clusters.clear()
    assert found(stock, db_instance_identifier="stock-1").security_group_ids == tuple(sorted(stock.db))


def test_an_endpoint_of_any_form_is_looked_for_among_the_instances(stock: Account) -> None:
    stock.aws.instances["orders"]["Endpoint"]["Address"] = "LocalHost"
    assert found(stock, db_hostname="localhost").identifier == "orders"


@pytest.mark.parametrize(
    "given",
    [
        {"db_instance_identifier": "x"},
        {"db_cluster_identifier": "x"},
        {"db_hostname": "x"},
        {"vpc_id": "vpc-1", "rds_security_group_ids": ["sg-1"], "port": 1},
    ],
)
def test_there_is_none(stock: Account, given: dict[str, Any]) -> None:
    stock.aws.instances["stock-1"].pop("Endpoint")
    assert find_database(want(function_name="f", **given).database, stock.aws) == Found()


def test_a_cluster_being_created_has_no_port_yet(stock: Account) -> None:
    stock.aws.clusters["stock"].pop("Endpoint")
    assert found(stock, db_cluster_identifier="stock").port is None


def test_a_subnet_group_that_is_gone_leaves_no_vpc(stock: Account) -> None:
    stock.aws.subnet_groups.clear()
    assert found(stock, db_cluster_identifier="stock").vpc_id is None


def test_an_instance_outside_any_vpc_has_none(stock: Account) -> None:
    del stock.aws.instances["orders"]["DBSubnetGroup"]
    stock.aws.instances["stock-1"].pop("DBSubnetGroup")
    stock.aws.clusters.clear()
    assert found(stock, db_instance_identifier="orders").vpc_id is None
    assert found(stock, db_instance_identifier="stock-1").vpc_id is None


class TestProxy:
    """A proxy with a further endpoint, which has subnets, groups and a role of its own."""

    HOST = "reports.endpoint.proxy-abc.eu-central-1.rds.amazonaws.com"

    @pytest.fixture
    def pool(self, account: Account) -> Account:
        own, other = account.aws.add_group(account.vpc, "pool"), account.aws.add_group(account.vpc, "reports")
        account.aws.add_proxy("pool", "POSTGRESQL", account.subnets, VpcSecurityGroupIds=[own])
        account.aws.add_target("pool", "instance", "orders")
        named = {"DBProxyName": "pool", "Endpoint": self.HOST, "Status": "available", "TargetRole": "READ_ONLY"}
        place = {"VpcId": "vpc-x", "VpcSubnetIds": ["subnet-x"], "VpcSecurityGroupIds": [other]}
        account.aws.endpoints.append({**named, **place})
        return account

    def test_its_own_endpoint_is_where_it_goes_on_from(self, pool: Account) -> None:
        database = found(pool, db_proxy_name="pool")
        assert database.subnet_ids == database.origin_subnet_ids == tuple(sorted(pool.subnets))
        assert database.security_group_ids == database.origin_security_group_ids == (pool.group_named("pool"),)
        assert (database.target_role, database.status) == ("READ_WRITE", "available")
        assert [(target.identifier, target.state) for target in database.targets] == [("orders", "AVAILABLE")]

    def test_a_further_one_is_not(self, pool: Account) -> None:
        database = found(pool, db_hostname=self.HOST)
        assert (database.vpc_id, database.subnet_ids) == ("vpc-x", ("subnet-x",))
        assert database.security_group_ids == (pool.group_named("reports"),)
        assert database.origin_subnet_ids == tuple(sorted(pool.subnets))
        assert database.origin_security_group_ids == (pool.group_named("pool"),)
        assert database.target_role == "READ_ONLY"

    @pytest.mark.parametrize(
        ("own", "further", "status"),
        [
            ("available", "available", "available"),
            ("suspended", "available", "suspended"),
            ("available", "creating", "creating"),
            ("modifying", "creating", "creating"),
        ],
    )
    def test_an_endpoint_leads_no_further_than_its_proxy(
        self, pool: Account, own: str, further: str, status: str
    ) -> None:
        pool.aws.proxies["pool"]["Status"], pool.aws.endpoints[0]["Status"] = own, further
        assert found(pool, db_hostname=self.HOST).status == status
