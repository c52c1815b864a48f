# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Through an RDS Proxy: two hops on two ports, both paired, and both taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._connection.run import run
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import RefusedError

from ..asking import absent, present, texts, want
from .conftest import Account

PROXY = {"db_proxy_name": "pool"}
HOST = "pool.proxy-abc.eu-central-1.rds.amazonaws.com"
OTHER_HOST = "reports.endpoint.proxy-abc.eu-central-1.rds.amazonaws.com"


@pytest.fixture(autouse=True)
def proxy(account: Account) -> str:
    """A proxy ``pool`` before ``orders``, which listens on 6432; the group of the proxy, closed."""
    group = account.aws.add_group(account.vpc, "pool-sg")
    account.aws.rules = {key: rule for key, rule in account.aws.rules.items() if rule["GroupId"] != group}
    account.aws.instances["orders"]["Endpoint"]["Port"] = 6432
    account.aws.add_proxy("pool", "POSTGRESQL", account.subnets, VpcSecurityGroupIds=[group])
    account.aws.add_target("pool", "instance", "orders")
    account.aws.add_function("g")
    return group


def proxy_hop(account: Account, proxy: str) -> list[str]:
    lines = account.lines(proxy, "egress")
    return [*lines, *(line for db in account.db for line in account.lines(db, "ingress") if proxy in line)]


def open_second_hop(account: Account, proxy: str) -> list[str]:
    return [*(f"tcp/6432 {db}" for db in account.db), f"tcp/6432 {proxy}", f"tcp/6432 {proxy}"]


@pytest.mark.parametrize("scope", ["function", "database"])
def test_both_hops_are_paired_each_on_its_port(account: Account, proxy: str, scope: str) -> None:
    before = account.aws.snapshot()
    task = {"function_names": ["f", "g"], "security_group_scope": scope, **PROXY}
    done = present(account.aws, **task)
    for name in ("f", "g"):
        subnets, (client,) = account.attachment(name)
        assert subnets == account.subnets
        assert account.lines(client, "egress") == [f"tcp/5432 {proxy}"]
        assert f"tcp/5432 {client}" in account.lines(proxy, "ingress")
    assert proxy_hop(account, proxy) == open_second_hop(account, proxy)
    assert done["database"]["endpoint"] == HOST
    assert (done["database"]["port"], done["database"]["target"]["port"]) == (5432, 6432)
    ports = sorted(rule["from_port"] for rule in done["connections"][0]["rules"])
    assert ports == [5432, 5432, 6432, 6432, 6432, 6432]
    assert not present(account.aws, **task)["changed"]
    absent(account.aws, **task)
    assert account.aws.snapshot() == before


@pytest.mark.parametrize("options", [{"security_group_scope": "database"}, {}, {"security_group_id": "given"}])
def test_the_second_hop_stays_while_another_function_needs_it(
    account: Account, proxy: str, options: dict[str, Any]
) -> None:
    given = account.aws.add_group(account.vpc, "given")
    if "security_group_id" in options:
        options = {"security_group_id": given}
    before = account.aws.snapshot()
    present(account.aws, function_name="f", **options, **PROXY)
    made = present(account.aws, function_name="g", **options, **PROXY)
    assert not [text for text in texts(made) if "6432" in text]
    absent(account.aws, function_name="f", **options, **PROXY)
    assert proxy_hop(account, proxy) == open_second_hop(account, proxy)
    absent(account.aws, function_name="g", **options, **PROXY)
    assert account.aws.snapshot() == before


def test_a_published_version_keeps_the_second_hop(account: Account, proxy: str) -> None:
    present(account.aws, function_names=["f", "g"], **PROXY)
    account.aws.add_version("g")
    absent(account.aws, function_name="g", **PROXY)
    absent(account.aws, function_name="f", **PROXY)
    assert proxy_hop(account, proxy) == open_second_hop(account, proxy)
    account.aws.versions.clear()
    absent(account.aws, function_name="g", **PROXY)
    assert not proxy_hop(account, proxy)


def test_a_pair_that_is_there_is_adopted_and_stays(account: Account, proxy: str) -> None:
    for db in account.db:
        account.aws.allow("egress", proxy, db, 6432)
        account.aws.allow("ingress", db, proxy, 6432)
    done = present(account.aws, function_name="f", **PROXY)
    assert not [text for text in texts(done) if "6432" in text]
    absent(account.aws, function_name="f", **PROXY)
    assert proxy_hop(account, proxy) == open_second_hop(account, proxy)


def _lose_a_rule(account: Account, proxy: str) -> None:
    account.aws.rules = {key: rule for key, rule in account.aws.rules.items() if rule["GroupId"] != account.db[0]}


def _move_the_port(account: Account, proxy: str) -> None:
    account.aws.instances["orders"]["Endpoint"]["Port"] = 7432


def _change_the_group(account: Account, proxy: str) -> None:
    new = account.aws.add_group(account.vpc, "db-c")
    account.aws.instances["orders"]["VpcSecurityGroups"][0]["VpcSecurityGroupId"] = new


def _change_the_proxys_group(account: Account, proxy: str) -> None:
    new = account.aws.add_group(account.vpc, "pool-sg-2")
    account.aws.proxies["pool"]["VpcSecurityGroupIds"] = [new]


@pytest.mark.parametrize("drift", [_lose_a_rule, _move_the_port, _change_the_group, _change_the_proxys_group])
def test_drift_is_repaired_and_nothing_stale_stays(
    account: Account, proxy: str, drift: Callable[[Account, str], None]
) -> None:
    present(account.aws, function_name="f", **PROXY)
    drift(account, proxy)
    assert present(account.aws, function_name="f", **PROXY)["changed"]
    assert not present(account.aws, function_name="f", **PROXY)["changed"]
    (now,) = account.aws.proxies["pool"]["VpcSecurityGroupIds"]
    groups = [group["VpcSecurityGroupId"] for group in account.aws.instances["orders"]["VpcSecurityGroups"]]
    port = account.aws.instances["orders"]["Endpoint"]["Port"]
    ours = [rule for rule in account.aws.rules.values() if {"Key": _SCOPE, "Value": "behind-proxy"} in rule["Tags"]]
    pairs = {(rule["GroupId"], rule["ReferencedGroupInfo"]["GroupId"], rule["FromPort"]) for rule in ours}
    assert pairs == {(now, db, port) for db in groups} | {(db, now, port) for db in groups}


_SCOPE = "cloudops.lambda_rds:scope"


@pytest.mark.parametrize("there", [["orders", "pool"], ["pool", "orders"]])
def test_moving_between_the_database_and_its_proxy_leaves_a_path_open(
    account: Account, proxy: str, there: list[str]
) -> None:
    before = account.aws.snapshot()
    named = {"orders": {"db_instance_identifier": "orders"}, "pool": PROXY}
    first, second = (named[name] for name in there)
    present(account.aws, function_name="f", **first)
    (old,) = account.attachment()[1]
    present(account.aws, function_name="f", **second)
    assert set(account.attachment()[1]) > {old}
    absent(account.aws, function_name="f", **first)
    (new,) = account.attachment()[1]
    assert new != old
    assert account.lines(new, "egress")
    assert not present(account.aws, function_name="f", **second)["changed"]
    absent(account.aws, function_name="f", **second)
    assert account.aws.snapshot() == before


@pytest.mark.parametrize("scope", ["function", "database"])
def test_a_proxy_may_have_the_name_of_its_database(account: Account, proxy: str, scope: str) -> None:
    account.aws.add_proxy("orders", "POSTGRESQL", account.subnets, VpcSecurityGroupIds=[proxy])
    account.aws.add_target("orders", "instance", "orders")
    account.aws.add_group(account.vpc, "f-lambda-sg")
    before = account.aws.snapshot()
    tasks: list[dict[str, Any]] = [{"db_instance_identifier": "orders"}, {"db_proxy_name": "orders"}]
    for task in tasks:
        present(account.aws, function_name="f", security_group_scope=scope, **task)
    for task in tasks:
        absent(account.aws, function_name="f", security_group_scope=scope, **task)
    assert account.aws.snapshot() == before


@pytest.mark.parametrize("host", [HOST, HOST.upper(), OTHER_HOST, "emulated.example"])
def test_a_proxy_is_found_by_its_endpoints(account: Account, proxy: str, host: str) -> None:
    other = account.aws.add_group(account.vpc, "reports-sg")
    further = {"DBProxyName": "pool", "Endpoint": OTHER_HOST, "VpcSecurityGroupIds": [other]}
    another = {**further, "Endpoint": "else.endpoint.proxy-abc.eu-central-1.rds.amazonaws.com"}
    account.aws.endpoints += [{**account.aws.proxies["pool"], **one} for one in (another, further)]
    account.aws.add_proxy("else", "POSTGRESQL", account.subnets, VpcSecurityGroupIds=[proxy])
    account.aws.proxies["pool"] = account.aws.proxies.pop("pool")  # the last one to be looked at
    if host == "emulated.example":
        account.aws.proxies["pool"]["Endpoint"] = host
    before = account.aws.snapshot()
    task = {"function_name": "f", "db_hostname": host}
    done = present(account.aws, **task)
    assert (done["database"]["kind"], done["database"]["identifier"]) == ("proxy", "pool")
    assert done["database"]["endpoint"] == host.lower()
    groups = [other] if host == OTHER_HOST else [proxy]
    assert account.lines(account.attachment()[1][0], "egress") == [f"tcp/5432 {group}" for group in groups]
    absent(account.aws, **task)
    assert account.aws.snapshot() == before


@pytest.fixture
def reports(account: Account) -> str:
    """A further endpoint of the proxy, for reading, in another VPC; its group."""
    vpc, subnets = account.aws.add_vpc()
    group = account.aws.add_group(vpc, "reports-sg")
    place = {"VpcId": vpc, "VpcSubnetIds": subnets, "VpcSecurityGroupIds": [group]}
    named = {"DBProxyName": "pool", "DBProxyEndpointName": "reports", "Endpoint": OTHER_HOST, "Status": "available"}
    account.aws.endpoints.append({**named, **place, "TargetRole": "READ_ONLY"})
    account.aws.rules = {key: rule for key, rule in account.aws.rules.items() if rule["GroupId"] != group}
    return group


def test_from_a_further_endpoint_the_proxy_goes_on_by_its_own_groups(
    account: Account, proxy: str, reports: str
) -> None:
    before = account.aws.snapshot()
    task = {"function_name": "f", "db_hostname": OTHER_HOST}
    done = present(account.aws, **task)
    subnets, (client,) = account.attachment()
    assert {account.aws.subnets[subnet] for subnet in subnets} == {done["database"]["vpc_id"]} != {account.vpc}
    assert account.lines(client, "egress") == [f"tcp/5432 {reports}"]
    assert (account.lines(reports, "egress"), account.lines(reports, "ingress")) == ([], [f"tcp/5432 {client}"])
    assert proxy_hop(account, proxy) == open_second_hop(account, proxy)
    assert not present(account.aws, **task)["changed"]
    absent(account.aws, **task)
    assert account.aws.snapshot() == before


def test_endpoints_of_a_proxy_share_its_second_hop(account: Account, proxy: str, reports: str) -> None:
    before = account.aws.snapshot()
    present(account.aws, function_name="f", **PROXY)
    made = present(account.aws, function_name="g", db_hostname=OTHER_HOST)
    assert not [text for text in texts(made) if "6432" in text]
    assert not present(account.aws, function_name="f", **PROXY)["changed"]
    assert not present(account.aws, function_name="g", db_hostname=OTHER_HOST)["changed"]
    absent(account.aws, function_name="f", **PROXY)
    assert proxy_hop(account, proxy) == open_second_hop(account, proxy)
    absent(account.aws, function_name="g", db_hostname=OTHER_HOST)
    assert account.aws.snapshot() == before


def test_of_several_groups_of_a_proxy_those_that_are_given_are_paired(account: Account, proxy: str) -> None:
    other = account.aws.add_group(account.vpc, "pool-sg-2")
    account.aws.proxies["pool"]["VpcSecurityGroupIds"] = [other, proxy]
    present(account.aws, function_name="f", rds_security_group_ids=[proxy], **PROXY)
    assert proxy_hop(account, proxy) == open_second_hop(account, proxy)
    assert not [line for line in proxy_hop(account, other) if "6432" in line]
    present(account.aws, function_name="f", **PROXY)
    assert [line for line in proxy_hop(account, other) if "6432" in line] == open_second_hop(account, other)


def test_more_rules_than_the_proxys_own_group_may_have(account: Account, proxy: str, reports: str) -> None:
    for number in range(59):
        account.aws.allow("egress", proxy, f"192.168.{number}.0/24", 5432)
    with pytest.raises(RefusedError, match=rf"{proxy}\): would have 61 egress rules, and a security group may have 60"):
        present(account.aws, function_name="f", db_hostname=OTHER_HOST)


def test_the_quota_is_read_where_the_proxys_own_groups_could_exceed_aws_default(
    account: Account, proxy: str, reports: str
) -> None:
    (database, *_others) = account.db
    account.aws.instances["orders"]["VpcSecurityGroups"] = [{"VpcSecurityGroupId": database, "Status": "active"}]
    more = [account.aws.add_group(account.vpc, f"pool-{number}") for number in range(4)]
    account.aws.proxies["pool"]["VpcSecurityGroupIds"] = [proxy, *more]
    for number in range(55):
        account.aws.allow("ingress", database, f"192.168.{number}.0/24", 5432)
    account.aws.quota = 100
    assert present(account.aws, function_name="f", db_hostname=OTHER_HOST)["changed"]
    assert len(account.lines(database, "ingress")) == 61


def test_a_read_only_endpoint_without_a_reader_is_told(account: Account, proxy: str, reports: str) -> None:
    account.aws.targets["pool"][0]["Role"] = "READ_WRITE"
    found = present(account.aws, function_name="f", db_hostname=OTHER_HOST)["findings"]
    (finding,) = (each for each in found if each["resource"] == "pool")
    assert (finding["code"], finding["severity"]) == ("proxy_no_reader", "risk")
    assert "orders has no reader" in finding["message"]
    assert "internet_lost" in {each["code"] for each in present(account.aws, function_name="g", **PROXY)["findings"]}
    assert not present(account.aws, function_name="g", **PROXY)["findings"]


@pytest.mark.parametrize("other_first", [True, False])
def test_a_cluster_behind_a_proxy_is_found_among_its_members(account: Account, proxy: str, other_first: bool) -> None:
    account.aws.add_cluster("stock", account.vpc, account.subnets, account.db[:1])
    account.aws.add_proxy("mysql", "MYSQL", account.subnets, VpcSecurityGroupIds=[proxy])
    account.aws.clusters["stock"]["DBClusterMembers"] = [{"DBInstanceIdentifier": "stock-1", "IsClusterWriter": True}]
    account.aws.add_target("mysql", "cluster", "stock")
    if other_first:
        account.aws.targets["mysql"].reverse()
    done = present(account.aws, function_name="f", db_proxy_name="MySQL")
    assert (done["database"]["port"], done["database"]["target"]["kind"]) == (3306, "cluster")
    assert account.lines(proxy, "egress") == [f"tcp/3306 {account.db[0]}"]


def _without_a_target(account: Account) -> None:
    account.aws.targets["pool"].clear()


def _whose_target_is_gone(account: Account) -> None:
    account.aws.instances.clear()


def _whose_target_has_no_port_yet(account: Account) -> None:
    del account.aws.instances["orders"]["Endpoint"]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_without_a_target, r"db_proxy_name \(pool\): the proxy has no target.*Register a database with it"),
        (_whose_target_is_gone, r"db_proxy_name \(pool\): the proxy has no target, or one that no longer exists"),
        (_whose_target_has_no_port_yet, r"the instance behind it, orders, has no port yet \(available\). Wait"),
    ],
)
def test_a_proxy_that_leads_nowhere_is_refused(account: Account, spoil: Callable[[Account], None], words: str) -> None:
    spoil(account)
    with pytest.raises(RefusedError, match=words):
        present(account.aws, function_name="f", **PROXY)


def test_there_is_no_such_proxy(account: Account) -> None:
    with pytest.raises(RefusedError, match=r"db_proxy_name \(none\): no such database in this account and Region"):
        present(account.aws, function_name="f", db_proxy_name="none")
    moved = "pool.proxy-other.eu-central-1.rds.amazonaws.com"
    with pytest.raises(RefusedError, match=r"is not the endpoint of the proxy pool.*by db_proxy_name"):
        present(account.aws, function_name="f", db_hostname=moved)


@pytest.mark.parametrize(
    ("state", "reason", "repaired", "code"),
    [
        ("AVAILABLE", "", False, None),
        ("REGISTERING", "", False, "proxy_target_pending"),
        ("UNAVAILABLE", "PENDING_PROXY_CAPACITY", True, "proxy_target_pending"),
        ("UNAVAILABLE", "AUTH_FAILURE", True, "proxy_target_unhealthy"),
        ("UNAVAILABLE", "UNREACHABLE", True, None),
        ("UNAVAILABLE", "UNREACHABLE", False, "proxy_target_unreachable"),
        ("UNAVAILABLE", "", True, None),
        ("UNUSED", "", False, "proxy_target_pending"),
    ],
)
def test_a_proxy_that_does_not_reach_its_target_is_told(
    account: Account, proxy: str, state: str, reason: str, repaired: bool, code: str | None
) -> None:
    """Not where this very run adds the rules that were missing."""
    present(account.aws, function_name="f", **PROXY)
    account.aws.health = {"State": state, "Reason": reason, "Description": "AWS says so."}
    if repaired:
        _lose_a_rule(account, proxy)
    found = present(account.aws, function_name="f", **PROXY)["findings"]
    assert [finding["code"] for finding in found] == ([code] if code else [])
    for finding in found:
        assert finding["severity"] == "risk"
        assert state in finding["message"]
        assert finding["message"].endswith("AWS says so.")


def test_the_way_that_a_run_opens_is_not_told_to_be_closed(account: Account, proxy: str) -> None:
    """A run that attaches a function looks twice, and AWS has not tried again by then."""
    account.aws.health = {"State": "UNAVAILABLE", "Reason": "UNREACHABLE"}
    done = present(account.aws, function_name="f", **PROXY)
    assert [finding["code"] for finding in done["findings"]] == ["internet_lost"]


@pytest.mark.parametrize("scope", ["function", "database"])
def test_a_function_that_comes_while_the_last_is_taken_back_keeps_the_second_hop(
    account: Account, proxy: str, scope: str
) -> None:
    before = account.aws.snapshot()
    task = {"security_group_scope": scope, **PROXY}
    present(account.aws, function_name="f", **task)
    real = account.aws.update_vpc_config

    def come(*arguments: Any) -> Any:
        account.aws.update_vpc_config = real  # type: ignore[method-assign]
        present(account.aws, function_name="g", **task)
        return real(*arguments)

    account.aws.update_vpc_config = come  # type: ignore[assignment,method-assign]
    run(want(function_name="f", state="absent", **task), account.aws, sleep=lambda _seconds: None)
    assert proxy_hop(account, proxy) == open_second_hop(account, proxy)
    assert not present(account.aws, function_name="g", **task)["changed"]
    absent(account.aws, function_name="g", **task)
    absent(account.aws, function_name="f", **task)
    assert account.aws.snapshot() == before


def test_two_runs_that_leave_the_second_hop_to_each_other_take_it_back(account: Account, proxy: str) -> None:
    before = account.aws.snapshot()
    present(account.aws, function_names=["f", "g"], **PROXY)
    real = account.aws.update_vpc_config

    def leave(*arguments: Any) -> Any:
        account.aws.update_vpc_config = real  # type: ignore[method-assign]
        absent(account.aws, function_name="g", **PROXY)
        return real(*arguments)

    account.aws.update_vpc_config = leave  # type: ignore[assignment,method-assign]
    run(want(function_name="f", state="absent", **PROXY), account.aws, sleep=lambda _seconds: None)
    assert account.aws.snapshot() == before
