# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What lambda_rds_connection_info is made to read under a policy.

ministack has no prefix lists in rules and routes, so what is asked of these is not shown here: tests/module does, by
the emulator's `denied_actions`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ansible_collections.cloudops.lambda_rds.plugins.modules import lambda_rds_connection_info
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import (
    make_cluster,
    make_function,
    make_group,
    make_network,
    make_proxy,
    peer,
)
from ansible_collections.cloudops.lambda_rds.tests.module.conftest import Account

from .runs import ORDERS, Run, Task

# What nothing but a verdict is made from. Without them there is one all the same, which tells what it lacks.
ONLY_LOOKED_AT = (
    "ec2:DescribeManagedPrefixLists",
    "ec2:DescribeNetworkAcls",
    "ec2:DescribeRouteTables",
    "ec2:DescribeVpcAttribute",
    "ec2:DescribeVpcEndpoints",
    "ec2:GetManagedPrefixListEntries",
    "iam:SimulatePrincipalPolicy",
)
MANY = ("f", *(f"f{number}" for number in range(4)))


def _look(database: dict[str, str], functions: Sequence[str] = ("f",)) -> Task:
    options = {"function_names": list(functions), **database}
    return Task(options, changed=False, module=lambda_rds_connection_info)


def _attach(account: Account, vpc_id: str, subnet_ids: list[str]) -> None:
    group = make_group(account.clients, vpc_id, "client")
    account.clients.functions.update_function_configuration(
        FunctionName="f", VpcConfig={"SubnetIds": subnet_ids, "SecurityGroupIds": [group]}
    )
    account.clients.functions.get_waiter("function_updated_v2").wait(FunctionName="f")


def look_at_an_instance(account: Account) -> Iterator[Task]:
    """An alias leads to a version, which has to be looked up too."""
    _attach(account, account.network.vpc_id, account.network.subnet_ids)
    version = account.clients.functions.publish_version(FunctionName="f")["Version"]
    account.clients.functions.create_alias(FunctionName="f", Name="live", FunctionVersion=version)
    yield _look(ORDERS)


def look_at_a_cluster(account: Account) -> Iterator[Task]:
    _attach(account, account.network.vpc_id, account.network.subnet_ids)
    make_cluster(account.clients, "stock", account.network.subnet_ids, account.groups)
    yield _look({"db_cluster_identifier": "stock"})


def look_through_a_proxy(account: Account) -> Iterator[Task]:
    _attach(account, account.network.vpc_id, account.network.subnet_ids)
    group = make_group(account.clients, account.network.vpc_id, "pool")
    make_proxy(account.clients, "pool", account.network.subnet_ids, [group], target=account.database)
    yield _look({"db_proxy_name": "pool"})


def look_from_a_peered_vpc(account: Account) -> Iterator[Task]:
    other = make_network(account.clients, "other", cidr="10.1.0.0/16")
    peer(account.clients, account.network.vpc_id, other.vpc_id)
    _attach(account, other.vpc_id, other.subnet_ids)
    yield _look(ORDERS)


def look_of_many_functions(account: Account) -> Iterator[Task]:
    """So many that they are listed."""
    _attach(account, account.network.vpc_id, account.network.subnet_ids)
    for name in MANY[1:]:
        make_function(account.clients, name)
        account.clients.functions.get_waiter("function_active_v2").wait(FunctionName=name)
    yield _look(ORDERS, MANY)


LOOKS: tuple[Run, ...] = (
    look_at_an_instance,
    look_at_a_cluster,
    look_through_a_proxy,
    look_from_a_peered_vpc,
    look_of_many_functions,
)
