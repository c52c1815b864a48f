# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Refusals that come out of the plan: before the first write, all at once, each with parameter, value and remedy.

Those that need no look at AWS are in test_parameters.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import RefusedError
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._proxy.run import preview, run

from .asking import present, want
from .conftest import NEW, ROLE, SECRET, Account

Damage = Callable[[Account], dict[str, Any]]


@pytest.fixture(autouse=True)
def _counted(record_property: Callable[[str, object], None]) -> None:
    record_property("refusals covered", 1)


def refused(account: Account, **given: Any) -> str:
    named = {} if given.keys() & {"db_cluster_identifier", "state"} else {"db_instance_identifier": "orders"}
    wanted = want(**{**named, **given})
    account.aws.calls.clear()
    with pytest.raises(RefusedError) as caught:
        run(wanted, account.aws)
    with pytest.raises(RefusedError) as foretold:
        preview(wanted, account.aws)
    assert account.aws.written() == []
    assert foretold.value.refusals == caught.value.refusals
    for refusal in caught.value.refusals:
        assert all(refusal.data[part] for part in ("parameter", "value", "reason", "remedy"))
    return str(caught.value)


def no_such_instance(account: Account) -> dict[str, Any]:
    return {"db_instance_identifier": "x"}


def no_such_cluster(account: Account) -> dict[str, Any]:
    return {"db_cluster_identifier": "x"}


def oracle(account: Account) -> dict[str, Any]:
    account.add_instance("ora", "oracle-se2", 1521)
    return {"db_instance_identifier": "ora"}


def member(account: Account) -> dict[str, Any]:
    account.add_cluster("web", "aurora-mysql", "web-1")
    return {"db_instance_identifier": "web-1"}


def replica(account: Account) -> dict[str, Any]:
    account.add_instance("copy", "postgres", 6432, ReadReplicaSourceDBInstanceIdentifier="orders")
    return {"db_instance_identifier": "copy"}


def without_a_vpc(account: Account) -> dict[str, Any]:
    account.add_cluster("express", "aurora-postgresql", VPCNetworkingEnabled=False)
    return {"db_cluster_identifier": "express"}


def dedicated(account: Account) -> dict[str, Any]:
    account.aws.vpcs[account.vpc]["InstanceTenancy"] = "dedicated"
    return {}


def without_groups(account: Account) -> dict[str, Any]:
    account.aws.instances["orders"]["VpcSecurityGroups"] = []
    return {}


def being_created(account: Account) -> dict[str, Any]:
    del account.aws.instances["orders"]["Endpoint"]
    account.aws.instances["orders"]["DBInstanceStatus"] = "creating"
    return {}


def another_vpc(account: Account) -> dict[str, Any]:
    vpc, _none = account.aws.add_vpc(subnets=0)
    subnets = [account.aws.add_subnet(vpc, zone) for zone in ("eu-central-1a", "eu-central-1b")]
    return {"subnet_ids": subnets}


def one_zone(account: Account) -> dict[str, Any]:
    return {"subnet_ids": [account.subnets[0], account.aws.add_subnet(account.vpc, "eu-central-1a")]}


def one_zone_by_default(account: Account) -> dict[str, Any]:
    account.aws.instances["orders"]["DBSubnetGroup"]["Subnets"][1:] = []
    return {}


def group_of_another_vpc(account: Account) -> dict[str, Any]:
    return {"vpc_security_group_ids": [account.aws.add_group(account.aws.add_vpc()[0], "far")]}


def name_taken(account: Account) -> dict[str, Any]:
    account.aws.add_group(account.vpc, "shop-proxy-sg")
    return {}


def twenty_proxies(account: Account) -> dict[str, Any]:
    for number in range(20):
        account.aws.add_proxy(f"p-{number}", "MYSQL", account.subnets)
    return {}


def twenty_proxies_of_unknown_quota(account: Account) -> dict[str, Any]:
    account.aws.quota_of_proxies = None
    return twenty_proxies(account)


def sixty_rules(account: Account) -> dict[str, Any]:
    for number in range(59):
        account.aws.allow("ingress", account.db[0], f"10.0.{number}.0/24", 5432)
    return {}


def sixty_rules_of_unknown_quota(account: Account) -> dict[str, Any]:
    account.aws.quota = None
    return {**sixty_rules(account), "wait": False}


def group_of_another_account(account: Account) -> dict[str, Any]:
    account.aws.groups[account.db[1]]["OwnerId"] = "210987654321"
    return {}


def given_group_of_another_account(account: Account) -> dict[str, Any]:
    given = account.aws.add_group(account.vpc, "given")
    account.aws.groups[given]["OwnerId"] = "210987654321"
    return {"vpc_security_group_ids": [given]}


def mysql_filters(account: Account) -> dict[str, Any]:
    return {"connection_pool": {"session_pinning_filters": ["exclude_variable_sets"]}}


def idle_beyond_most(account: Account) -> dict[str, Any]:
    account.add_instance("ms", "sqlserver-se", 1433)
    return {"db_instance_identifier": "ms", "connection_pool": {"max_idle_connections_percent": 11}}


def auth(**entry: str) -> Damage:
    return lambda _account: {"auth": [{"secret_arn": SECRET, **entry}]}


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (no_such_instance, "db_instance_identifier (x): no such instance in this account and Region. Check the ident"),
        (no_such_cluster, "db_cluster_identifier (x): no such cluster in this account and Region."),
        (
            oracle,
            "db_instance_identifier (ora): RDS Proxy does not support its engine (oracle-se2). Connect to it",
        ),
        (member, "(web-1): is a member of the cluster web, and a proxy connects to the whole cluster. Give db_cluster"),
        (replica, "(copy): is a read replica of orders, and a proxy connects to the writer only. Name orders instead."),
        (without_a_vpc, "db_cluster_identifier (express): the database is not in a VPC"),
        (dedicated, ", which has dedicated tenancy, and there RDS Proxy does not work. Connect to the database withou"),
        (without_groups, "db_instance_identifier (orders): has no active security group. Put a security group on it."),
        (being_created, "has no endpoint, and so no port, yet (status creating). Wait until it is available."),
        (lambda _account: {"role_arn": None}, "role_arn (missing): there is no proxy shop yet, and a new one needs a"),
        (lambda _account: {"auth": None}, "auth, default_auth_scheme (neither): a proxy has to authenticate by secre"),
        (lambda _account: {"auth": []}, "auth, default_auth_scheme (neither): a proxy has to authenticate by secrets"),
        (lambda _account: {"subnet_ids": ["subnet-0dead"]}, "subnet_ids (subnet-0dead): no such subnets in this acco"),
        (another_vpc, ", where the database is. Give subnets of vpc-"),
        (one_zone, "a proxy needs subnets in two Availability Zones, and these are in eu-central-1a. Give subnets of"),
        (one_zone_by_default, "of two zones at least: the database's own subnet group does not have them."),
        (
            lambda _account: {"vpc_security_group_ids": ["sg-0dead"]},
            "vpc_security_group_ids (sg-0dead): no such security groups in this account and Region. Check the ids.",
        ),
        (group_of_another_vpc, ", where the database is. Give groups of vpc-"),
        (name_taken, "has a security group of that name which does not belong to this proxy. Choose another security"),
        (
            twenty_proxies,
            "the account has 20 proxies in this Region, and may have 20. Delete a proxy that is no longer",
        ),
        (twenty_proxies_of_unknown_quota, "may have 20 (AWS's default: the account's own could not be read). Delete"),
        (sixty_rules, "would have 61 ingress rules, and a security group may have 60. Remove rules"),
        (sixty_rules_of_unknown_quota, "may have 60 (AWS's default: the account's own could not be read). Remove"),
        (group_of_another_account, "security groups of the database (sg-"),
        (group_of_another_account, "belongs to account 210987654321, and only that account may add rules to it (mis"),
        (given_group_of_another_account, "vpc_security_group_ids (sg-"),
        (mysql_filters, "session_pinning_filters (exclude_variable_sets): only proxies of engine family MYSQL have th"),
        (idle_beyond_most, "max_idle_connections_percent (11): is more than the proxy's max_connections_percent (10)."),
        (auth(iam_auth="enabled"), "auth[0].iam_auth (enabled): is for engine family SQLSERVER only, and this proxy"),
        (
            auth(client_password_auth_type="mysql_native_password"),
            "auth[0].client_password_auth_type (mysql_native_password): is not one of engine family POSTGRESQL. Give",
        ),
    ],
)
def test_refused(account: Account, damage: Damage, message: str) -> None:
    assert message in refused(account, **{**NEW, **damage(account)})


def another_family(account: Account) -> dict[str, Any]:
    account.add_instance("my", "mysql", 3306)
    return {"db_instance_identifier": "my"}


def database_moved(account: Account) -> dict[str, Any]:
    vpc, subnets = account.aws.add_vpc()
    group = account.aws.add_group(vpc, "db")
    account.aws.add_instance("orders", vpc, subnets, [group])
    account.aws.instances["orders"]["Engine"] = "postgres"
    return {}


def fewer_subnets(account: Account) -> dict[str, Any]:
    return {"subnet_ids": account.subnets[:2]}


def one_subnet_more(account: Account) -> dict[str, Any]:
    return {"subnet_ids": [*account.subnets, account.aws.add_subnet(account.vpc, "eu-central-1a")]}


def unknown_subnet(account: Account) -> dict[str, Any]:
    return {"subnet_ids": [*account.subnets, "subnet-0dead"]}


def theirs_with_another_target(account: Account) -> dict[str, Any]:
    account.aws.tags["shop"].clear()
    account.add_instance("stock", "postgres", 6432)
    return {"db_instance_identifier": "stock"}


def theirs_absent(account: Account) -> dict[str, Any]:
    account.aws.tags["shop"].clear()
    return {"state": "absent"}


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (another_family, "name (shop): the proxy is for POSTGRESQL, but the engine of my is mysql. Choose another nam"),
        (database_moved, "but orders is in vpc-"),
        (fewer_subnets, "the subnets of a proxy cannot be changed; it has subnet-"),
        (one_subnet_more, "Leave it out. Choose another name, or run state=absent first."),
        (unknown_subnet, "the subnets of a proxy cannot be changed; it has subnet-"),
        (
            theirs_with_another_target,
            "(stock): the proxy shop, which this module did not make, is for instance orders. Choose another name.",
        ),
        (theirs_absent, "name (shop): the proxy was not made by this module: it does not have the tag cloudops.lambda"),
        (lambda _account: {"auth": []}, "auth, default_auth_scheme (neither): a proxy has to authenticate by secrets"),
    ],
)
def test_refused_on_a_proxy_that_is_there(account: Account, damage: Damage, message: str) -> None:
    present(account.aws, **NEW)
    assert message in refused(account, **damage(account))


def test_subnets_that_aws_left_out_are_no_change(account: Account) -> None:
    """AWS leaves out subnets in zones where it offers no RDS Proxy."""
    present(account.aws, **NEW)
    account.aws.proxies["shop"]["VpcSubnetIds"] = account.subnets[:2]
    assert not present(account.aws, subnet_ids=account.subnets)["changed"]


def test_several_refusals_come_together(account: Account) -> None:
    found = refused(account, role_arn=None, auth=None, subnet_ids=["subnet-0dead"], vpc_security_group_ids=["sg-0dead"])
    wanted = ("role_arn (missing)", "(neither)", "subnet_ids (subnet-0dead)", "vpc_security_group_ids (sg-0dead)")
    assert all(part in found for part in wanted)


def test_quotas_that_were_raised_are_honoured(account: Account) -> None:
    sixty_rules(account)
    twenty_proxies(account)
    account.aws.quota, account.aws.quota_of_proxies = 200, 40
    done = present(account.aws, role_arn=ROLE, default_auth_scheme="iam_auth")
    assert "create_db_proxy" in [change["action"] for change in done["changes"]]
