# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A proxy that functions are connected through is not deleted, and the info names them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import RefusedError
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._proxy.info import read_proxies

from ..asking import absent as disconnect
from ..asking import present as connect
from .asking import absent, present
from .conftest import NEW, Account


def functions(account: Account) -> Any:
    (proxy,) = read_proxies("shop", account.aws, "eu-central-1")["proxies"]
    return proxy["functions"]


@pytest.fixture(autouse=True)
def _made(account: Account) -> None:
    for name in ("f", "g"):
        account.aws.add_function(name)
    present(account.aws, **NEW)


@pytest.mark.parametrize("client", [{}, {"security_group_scope": "database"}, {"security_group_id": "given"}])
def test_it_is_in_use_until_the_last_function_is_taken_back(account: Account, client: dict[str, Any]) -> None:
    assert functions(account) == []
    if "security_group_id" in client:
        client = {"security_group_id": account.aws.add_group(account.vpc, "given")}
    for name in ("f", "g"):
        connect(account.aws, function_name=name, db_proxy_name="shop", **client)
    assert functions(account) == ["f", "g"]
    disconnect(account.aws, function_name="f", db_proxy_name="shop", **client)
    assert functions(account) == ["g"]
    with pytest.raises(RefusedError, match=r"name \(shop\): functions are connected through the proxy: g\. Take these"):
        absent(account.aws)
    disconnect(account.aws, function_name="g", db_proxy_name="shop", **client)
    assert functions(account) == []
    assert absent(account.aws)["changed"]
    assert account.aws.proxies == {}


def test_a_function_that_is_gone_does_not_use_it(account: Account) -> None:
    given = account.aws.add_group(account.vpc, "given")
    connect(account.aws, function_name="f", db_proxy_name="shop", security_group_id=given)
    del account.aws.functions["f"]
    assert functions(account) == []


def test_a_proxy_of_another_name_is_not_meant(account: Account) -> None:
    account.aws.add_proxy("other", "POSTGRESQL", account.subnets, VpcSecurityGroupIds=account.db)
    account.aws.add_target("other", "instance", "orders")
    connect(account.aws, function_name="f", db_proxy_name="other")
    assert functions(account) == []
    assert absent(account.aws)["changed"]
