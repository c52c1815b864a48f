# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Looking at proxies: nothing is written, and what is wrong is said in the same words."""

from __future__ import annotations

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._proxy.info import argument_spec, read_proxies

from .asking import present
from .conftest import NEW, Account


def test_all_proxies_or_one_by_any_case_of_its_name(account: Account) -> None:
    present(account.aws, **NEW)
    account.aws.add_proxy("Other", "MYSQL", account.subnets)
    before = account.aws.snapshot()
    account.aws.calls.clear()
    assert [proxy["name"] for proxy in read_proxies(None, account.aws, "eu-central-1")["proxies"]] == ["shop", "Other"]
    roles = {name: proxy["RoleArn"] for name, proxy in account.aws.proxies.items()}
    assert read_proxies("shop", account.aws, "eu-central-1")["role_arns"] == roles
    assert [proxy["managed"] for proxy in read_proxies("other", account.aws, "eu-central-1")["proxies"]] == [False]
    assert account.aws.written() == []
    assert account.aws.snapshot() == before
    assert argument_spec()["name"]["aliases"] == ["db_proxy_name"]


def test_where_there_is_none_one_call_is_enough(account: Account) -> None:
    account.aws.calls.clear()
    found = read_proxies("shop", account.aws, "eu-central-1")
    assert found == {"changed": False, "proxies": [], "role_arns": {}, "region": "eu-central-1"}
    assert account.aws.calls == ["describe_proxies"]


def test_it_shows_what_the_other_module_shows(account: Account) -> None:
    done = present(account.aws, **NEW)
    (found,) = read_proxies("shop", account.aws, "eu-central-1")["proxies"]
    assert found == {**done["proxy"], "functions": [], "targets": done["targets"], "endpoints": []}


def test_endpoints_are_shown_with_their_proxy(account: Account) -> None:
    present(account.aws, **NEW)
    account.aws.endpoints = [
        {
            "DBProxyEndpointName": "reports",
            "DBProxyName": "shop",
            "TargetRole": "READ_ONLY",
            "VpcSubnetIds": ["b"],
        },
        {"DBProxyEndpointName": "far", "DBProxyName": "other"},
        {"DBProxyEndpointName": "default", "DBProxyName": "shop", "IsDefault": True},
    ]
    (found,) = read_proxies(None, account.aws, "eu-central-1")["proxies"]
    (endpoint,) = found["endpoints"]
    assert (endpoint["name"], endpoint["target_role"], endpoint["subnet_ids"]) == ("reports", "READ_ONLY", ["b"])


@pytest.mark.parametrize("reason", [{"Reason": "UNREACHABLE"}, {}])
def test_the_rules_that_are_missing_are_named(account: Account, reason: dict[str, str]) -> None:
    present(account.aws, **NEW)
    account.aws.health = {"State": "UNAVAILABLE", **reason}
    for key in [key for key, rule in account.aws.rules.items() if rule["Tags"] and not rule["IsEgress"]]:
        del account.aws.rules[key]
    (found,) = read_proxies("shop", account.aws, "eu-central-1")["proxies"]
    group = account.group_named("shop-proxy-sg")
    missing = "; ".join(f"ingress on {other}: tcp/6432 from {group}" for other in account.db)
    assert f"are missing: {missing}." in found["targets"][0]["message"]


def test_a_database_that_is_gone_has_no_rules(account: Account) -> None:
    present(account.aws, **NEW)
    account.aws.health = {"State": "UNAVAILABLE", "Reason": "UNREACHABLE"}
    account.aws.instances.clear()
    (found,) = read_proxies("shop", account.aws, "eu-central-1")["proxies"]
    assert "The database is not there any more: register another one." in found["targets"][0]["message"]
