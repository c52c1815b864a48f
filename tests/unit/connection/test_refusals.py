# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Refusals that come out of the plan: before the first write, all at once, each with parameter, value and remedy.

Those that need no look at AWS are in test_parameters.py, those about security_group_id in test_existing_group.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._connection.run import run
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import AwsError, RefusedError

from ..asking import absent, present, want
from .conftest import Account

ORDERS = {"db_instance_identifier": "orders"}
Damage = Callable[[Account], dict[str, Any]]


@pytest.fixture(autouse=True)
def _counted(record_property: Callable[[str, object], None]) -> None:
    record_property("refusals covered", 1)


def refused(account: Account, **given: Any) -> str:
    account.aws.calls.clear()
    with pytest.raises(RefusedError) as caught:
        run(want(**given), account.aws)
    assert account.aws.written() == []
    for refusal in caught.value.refusals:
        assert all(refusal.data[part] for part in ("parameter", "value", "reason", "remedy"))
    return str(caught.value)


def another_vpc(account: Account) -> dict[str, Any]:
    vpc, subnets = account.aws.add_vpc()
    account.aws.add_function("f", subnets, [account.aws.add_group(vpc, "own")])
    return {}


def vpc_that_cannot_be_read(account: Account) -> dict[str, Any]:
    account.aws.add_function("f", ["subnet-0dead"], ["sg-0dead"])
    return {}


def five_groups(account: Account) -> dict[str, Any]:
    groups = [account.aws.add_group(account.vpc, f"own-{number}") for number in range(5)]
    account.aws.add_function("f", account.subnets, groups)
    return {}


def sixty_rules(account: Account) -> dict[str, Any]:
    for number in range(59):
        account.aws.allow("ingress", account.db[0], f"10.0.{number}.0/24", 5432)
    return {}


def sixty_rules_of_unknown_quota(account: Account) -> dict[str, Any]:
    account.aws.quota = None
    return sixty_rules(account)


def many_egress_rules(account: Account) -> dict[str, Any]:
    return {"egress_rules": [{"from_port": port, "cidr_ip": "10.0.0.0/8"} for port in range(60)]}


def groups_of_another_vpc(account: Account) -> dict[str, Any]:
    other = account.aws.add_vpc()[0]
    return {**account.by_ids, "rds_security_group_ids": [account.aws.add_group(other, "far")]}


def another_vpc_by_hand(account: Account) -> dict[str, Any]:
    vpc, subnets = account.aws.add_vpc()
    return {"vpc_id": vpc, "subnet_ids": subnets, **ORDERS}


def database_without_a_vpc(account: Account) -> dict[str, Any]:
    account.aws.add_cluster("express", account.vpc, account.subnets, [])
    account.aws.clusters["express"]["VPCNetworkingEnabled"] = False
    return {"db_cluster_identifier": "express"}


def database_without_groups(account: Account) -> dict[str, Any]:
    account.aws.instances["orders"]["VpcSecurityGroups"] = []
    return ORDERS


def database_being_created(account: Account) -> dict[str, Any]:
    del account.aws.instances["orders"]["Endpoint"]
    account.aws.instances["orders"]["DBInstanceStatus"] = "creating"
    return ORDERS


def capacity_provider(account: Account) -> dict[str, Any]:
    provider = {"LambdaManagedInstancesCapacityProviderConfig": {"CapacityProviderArn": "arn:aws:lambda:x:1:cp:c"}}
    account.aws.functions["f"]["CapacityProviderConfig"] = provider
    return ORDERS


def dedicated(account: Account) -> dict[str, Any]:
    account.aws.vpcs[account.vpc]["InstanceTenancy"] = "dedicated"
    return ORDERS


def name_taken(account: Account) -> dict[str, Any]:
    account.aws.add_group(account.vpc, "mine")
    return {"security_group_name": "mine"}


def both_default_names_taken(account: Account) -> dict[str, Any]:
    account.aws.add_group(account.vpc, "f-lambda-sg")
    account.aws.add_group(account.vpc, "f-orders-lambda-sg")
    return ORDERS


def other_database_by_hand(account: Account) -> dict[str, Any]:
    present(account.aws, function_name="f", **{**account.by_ids, "rds_security_group_ids": account.db[:1]})
    return {**account.by_ids, "rds_security_group_ids": account.db[1:]}


def subnets_of_another_vpc(account: Account) -> dict[str, Any]:
    return {"subnet_ids": account.aws.add_vpc()[1]}


def peered_vpc_without_subnets(account: Account) -> dict[str, Any]:
    vpc = account.aws.add_vpc()[0]
    account.aws.peerings.append((account.vpc, vpc))
    return {"vpc_id": vpc, **ORDERS}


def egress_to_an_unknown_group(account: Account) -> dict[str, Any]:
    return {"egress_rules": [{"from_port": 443, "group_id": "sg-0dead"}]}


def egress_to_another_vpc(account: Account) -> dict[str, Any]:
    group = account.aws.add_group(account.aws.add_vpc()[0], "endpoint")
    return {"egress_rules": [{"from_port": 443, "group_id": group}]}


def no_subnets(account: Account) -> dict[str, Any]:
    return {**account.by_ids, "subnet_ids": None}


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (
            lambda _account: {"function_name": "g"},
            "function_name (g): no such function in this account and Region. Check",
        ),
        (
            lambda _account: {"db_instance_identifier": "x"},
            "db_instance_identifier (x): no such database in this account",
        ),
        (lambda _account: {"db_cluster_identifier": "x"}, "db_cluster_identifier (x): no such database"),
        (lambda _account: {"db_hostname": "db.example.com"}, "db_hostname (db.example.com): no such database"),
        (
            lambda _account: {"db_hostname": "orders.other.eu-central-1.rds.amazonaws.com"},
            "is not the endpoint of the instance orders, which is orders.abc.eu-central-1.rds.amazonaws.com. Give that",
        ),
        (
            lambda _account: {"subnet_ids": ["subnet-0dead"]},
            "subnet_ids (subnet-0dead): no such subnets in this account",
        ),
        (
            lambda account: {**account.by_ids, "rds_security_group_ids": ["sg-0dead"]},
            "rds_security_group_ids (sg-0dead): no such security groups in this account and Region. Check the ids.",
        ),
        (
            lambda account: {**account.by_ids, "vpc_id": "vpc-0dead"},
            "vpc_id (vpc-0dead): no such VPC in this account and Region. Check the id and the option region.",
        ),
        (another_vpc, "it off from what it reaches there. Set allow_vpc_change to true to move it"),
        (vpc_that_cannot_be_read, "function_name (f): is in a VPC that cannot be read, but the database is in"),
        (five_groups, "function_name (f): wears 5 security groups, and a function takes at most 5. Take one off"),
        (sixty_rules, "would have 61 ingress rules, and a security group may have 60. Set security_group_scope to"),
        (sixty_rules_of_unknown_quota, "may have 60 (AWS's default: the account's own could not be read). Set"),
        (many_egress_rules, "would have 63 egress rules, and a security group may have 60."),
        (groups_of_another_vpc, "and no active peering connection joins the two. Give groups of"),
        (another_vpc_by_hand, "and no active peering connection joins the two."),
        (database_without_a_vpc, "db_cluster_identifier (express): the database is not in a VPC"),
        (database_without_groups, "db_instance_identifier (orders): has no active security group. Give rds_security"),
        (database_being_created, "has no endpoint, and so no port, yet (status creating). Wait until it is available"),
        (capacity_provider, "runs on the capacity provider arn:aws:lambda:x:1:cp:c, which carries the VPC config"),
        (dedicated, "the VPC has dedicated tenancy, which Lambda cannot connect to. Peer a VPC"),
        (name_taken, "security_group_name (mine): vpc-"),
        (both_default_names_taken, "security_group_name (f-lambda-sg): vpc-"),
        (other_database_by_hand, "none of them is among the groups that f-lambda-sg connects to by now"),
        (subnets_of_another_vpc, "are not in vpc-"),
        (peered_vpc_without_subnets, "subnet_ids (missing): the function f is not in vpc-"),
        (egress_to_an_unknown_group, "egress_rules, group_id (sg-0dead): no such security groups in this account"),
        (egress_to_another_vpc, "are in another VPC than vpc-"),
        (no_subnets, "subnet_ids (missing): the function f is not in vpc-"),
    ],
)
def test_refused(account: Account, damage: Damage, message: str) -> None:
    given = damage(account)
    named = any(option.startswith(("db_", "rds_")) for option in given)
    assert message in refused(account, **{"function_name": "f", **({} if named else ORDERS), **given})


def test_several_refusals_come_together(account: Account) -> None:
    five_groups(account)
    another = refused(account, function_names=["f", "g", "h"], subnet_ids=["subnet-0dead"], **ORDERS)
    assert all(part in another for part in ("function_name (g)", "function_name (h)", "subnet_ids (", "wears 5"))


def test_a_quota_that_was_raised_is_honoured(account: Account) -> None:
    sixty_rules(account)
    account.aws.quota = 200
    assert present(account.aws, function_name="f", **ORDERS)["changed"]


def test_ipv6_rules_count_apart(account: Account) -> None:
    for number in range(59):
        permission = {
            "IpProtocol": "tcp",
            "FromPort": 1,
            "ToPort": 1,
            "Ipv6Ranges": [{"CidrIpv6": f"2001:db8:{number}::/64"}],
        }
        account.aws.add_rule("ingress", account.db[0], permission)
    assert present(account.aws, function_name="f", **ORDERS)["changed"]


def test_an_endpoint_that_is_gone_does_not_tell_its_database(account: Account) -> None:
    with pytest.raises(RefusedError, match=r"its form does not tell which one had it. Name the database by db_cluster"):
        absent(account.aws, function_name="f", db_hostname="x.cluster-custom-abc.eu-central-1.rds.amazonaws.com")


def rule_for_a_prefix_list(account: Account, entries: int) -> None:
    account.aws.prefix_lists["pl-1"] = [f"10.9.{number}.0/24" for number in range(entries)]
    listed = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "PrefixListIds": [{"PrefixListId": "pl-1"}]}
    account.aws.add_rule("ingress", account.db[0], listed)


@pytest.mark.parametrize(("entries", "count"), [(58, None), (59, 61)])
def test_a_rule_that_names_a_prefix_list_counts_as_its_entries(
    account: Account, entries: int, count: int | None
) -> None:
    rule_for_a_prefix_list(account, entries)
    if count is None:
        assert present(account.aws, function_name="f", **ORDERS)["changed"]
    else:
        assert f"would have {count} ingress rules" in refused(account, function_name="f", **ORDERS)


def test_a_prefix_list_that_may_not_be_read_counts_as_one_rule(account: Account) -> None:
    rule_for_a_prefix_list(account, 60)
    denied = AwsError("describe prefix lists", "UnauthorizedOperation", "no")
    account.aws.fail["managed_prefix_lists"] = [denied, denied]
    assert present(account.aws, function_name="f", **ORDERS)["changed"]


def test_a_prefix_list_that_cannot_be_read_is_a_failure(account: Account) -> None:
    rule_for_a_prefix_list(account, 60)
    account.aws.fail["managed_prefix_lists"] = [AwsError("describe prefix lists", "InternalError", "no")]
    with pytest.raises(AwsError, match="InternalError"):
        run(want(function_name="f", **ORDERS), account.aws)
