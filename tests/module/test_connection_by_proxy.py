# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A connection through an RDS Proxy that others made, whose path to the database is closed."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import (
    Clients,
    Database,
    Proxy,
    make_function,
    make_group,
    make_instance,
    make_network,
    make_proxy,
    make_proxy_endpoint,
    proxy_targets,
    snapshot,
)

from .conftest import Run

POOL = {"db_proxy_name": "pool"}


@pytest.fixture
def database(aws: Clients) -> Database:
    network = make_network(aws, "main")
    make_function(aws, "f")
    make_function(aws, "g")
    return make_instance(aws, "orders", network.subnet_ids, [make_group(aws, network.vpc_id, "db")], port=6432)


@pytest.fixture
def pool(aws: Clients, emulator: Emulator, database: Database) -> Proxy:
    """Its group has no rules at all: the proxy cannot reach its database."""
    (instance,) = aws.rds.describe_db_instances(DBInstanceIdentifier="orders")["DBInstances"]
    subnets = [subnet["SubnetIdentifier"] for subnet in instance["DBSubnetGroup"]["Subnets"]]
    group = make_group(aws, instance["DBSubnetGroup"]["VpcId"], "pool")
    everything: Any = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    aws.ec2.revoke_security_group_egress(GroupId=group, IpPermissions=everything)
    made = make_proxy(aws, "pool", subnets, [group], target=database)
    assert health(aws) == ("UNAVAILABLE", "UNREACHABLE")
    return made


def health(aws: Clients) -> tuple[str, str | None]:
    (target,) = proxy_targets(aws, "pool")
    return target["TargetHealth"]["State"], target["TargetHealth"].get("Reason")


def test_both_hops_are_opened_and_the_proxy_reaches_its_database(
    aws: Clients, emulator: Emulator, run: Run, pool: Proxy, database: Database
) -> None:
    before = snapshot(aws)
    foretold = run(function_names=["f", "g"], check=True, **POOL)
    done = run(function_names=["f", "g"], **POOL)
    assert (done["changes"], done["diff"]) == (foretold["changes"], foretold["diff"])
    assert (done["database"]["endpoint"], done["database"]["port"]) == (pool.hostname, 5432)
    assert (done["database"]["target"]["identifier"], done["database"]["target"]["port"]) == ("orders", 6432)
    assert done["database"]["resource_id"].startswith("prx-")
    emulator.advance(60)
    assert health(aws) == ("AVAILABLE", None)
    again = run(function_names=["f", "g"], **POOL)
    assert (again["changed"], again["findings"]) == (False, [])
    run(function_name="f", state="absent", **POOL)
    emulator.advance(2000)
    assert health(aws) == ("AVAILABLE", None)
    run(function_names=["f", "g"], state="absent", **POOL)
    emulator.advance(2000)
    run(function_names=["f", "g"], state="absent", **POOL)
    assert health(aws) == ("UNAVAILABLE", "UNREACHABLE")
    assert snapshot(aws) == before


def test_an_unhealthy_target_is_told(aws: Clients, emulator: Emulator, run: Run, pool: Proxy) -> None:
    run(function_name="f", **POOL)
    emulator.set(failing_proxy_targets={"pool": "AUTH_FAILURE"})
    emulator.advance(60)
    (finding,) = run(function_name="f", **POOL)["findings"]
    assert finding["code"] == "proxy_target_unhealthy"
    assert "orders: UNAVAILABLE (AUTH_FAILURE)" in finding["message"]


@pytest.mark.parametrize("apart", [False, True])
def test_through_a_further_endpoint_the_proxy_reaches_its_database(
    aws: Clients, emulator: Emulator, run: Run, inspect: Run, pool: Proxy, apart: bool
) -> None:
    """The endpoint's group, of another VPC perhaps, is for the function; the proxy's own is for the database."""
    (proxy,) = aws.rds.describe_db_proxies(DBProxyName="pool")["DBProxies"]
    other = make_network(aws, "other", cidr="10.9.0.0/16") if apart else None
    vpc_id, subnets = (other.vpc_id, other.subnet_ids) if other else (proxy["VpcId"], proxy["VpcSubnetIds"])
    own = make_group(aws, vpc_id, "reports")
    task = {"function_name": "f", "db_hostname": make_proxy_endpoint(aws, "pool", "reports", subnets, [own])}
    before = snapshot(aws)
    done = run(**task, verify=True)
    assert not done.get("failed"), done["msg"]
    assert (done["database"]["security_group_ids"], done["connections"][0]["vpc_id"]) == ([own], vpc_id)
    rules = done["connections"][0]["rules"]
    ports = {group: {rule["from_port"] for rule in rules if group in (rule["security_group_id"], rule["peer"])}
             for group in (own, *pool.group_ids)}  # fmt: skip
    assert ports == {own: {5432}, pool.group_ids[0]: {6432}}
    assert health(aws) == ("AVAILABLE", None)
    assert not run(**task, verify=True)["changed"]
    assert inspect(**task)["reachable"]
    run(**task, state="absent")
    emulator.advance(2000)
    run(**task, state="absent")
    assert snapshot(aws) == before


class TestVerify:
    """AWS tries again only after a while whether a proxy reaches its database."""

    def test_a_run_waits_until_aws_has_found_the_way(
        self, aws: Clients, emulator: Emulator, run: Run, pool: Proxy
    ) -> None:
        started = emulator.now()
        done = run(function_name="f", verify=True, **POOL)
        assert not done.get("failed"), done["msg"]
        assert codes(done) == []
        assert health(aws) == ("AVAILABLE", None)
        assert 15 <= emulator.now() - started < 60

    def test_so_does_the_next_item_of_a_loop(self, aws: Clients, run: Run, pool: Proxy) -> None:
        run(function_name="f", **POOL)
        assert health(aws) == ("UNAVAILABLE", "UNREACHABLE")
        planned = run(function_name="g", verify=True, check=True, **POOL)
        assert codes(planned) == [("proxy_target_unreachable", "risk")]
        done = run(function_name="g", verify=True, **POOL)
        assert not done.get("failed"), done["msg"]
        assert codes(done) == []
        assert [finding["code"] for finding in done["findings"]] == ["internet_lost"]
        assert health(aws) == ("AVAILABLE", None)

    def test_a_repetition_right_after_a_run_passes(self, run: Run, pool: Proxy) -> None:
        run(function_name="f", **POOL)
        again = run(function_name="f", verify=True, **POOL)
        assert (again["changed"], again.get("failed"), codes(again)) == (False, None, [])

    def test_what_stays_so_fails_after_three_minutes(self, emulator: Emulator, run: Run, pool: Proxy) -> None:
        emulator.set(failing_proxy_targets={"pool": "UNREACHABLE"})
        started = emulator.now()
        done = run(function_name="f", verify=True, **POOL)
        assert (done["failed"], done["changed"]) == (True, True)
        assert codes(done) == [("proxy_target_unreachable", "blocks")]
        assert 180 <= emulator.now() - started < 200

    def test_another_reason_fails_at_once(self, emulator: Emulator, run: Run, pool: Proxy) -> None:
        emulator.set(failing_proxy_targets={"pool": "AUTH_FAILURE"})
        started = emulator.now()
        assert codes(run(function_name="f", verify=True, **POOL)) == [("proxy_target_unhealthy", "blocks")]
        assert emulator.now() - started < 15


def codes(result: dict[str, Any]) -> list[tuple[str, str]]:
    """What the verdict says of the proxy."""
    (verdict,) = result["reachability"]
    found = [(finding["code"], finding["severity"]) for finding in verdict["findings"]]
    return [each for each in found if each[0].startswith("proxy_")]


@pytest.mark.parametrize("scope", ["function", "database"])
def test_moving_to_the_proxy_and_back_leaves_a_path_open(
    aws: Clients, emulator: Emulator, run: Run, pool: Proxy, scope: str
) -> None:
    """At every moment one of the function's groups has a rule to the database, or to its proxy."""
    before = snapshot(aws)
    direct = {"db_instance_identifier": "orders"}
    steps: list[tuple[dict[str, Any], str]] = [
        (direct, "present"),
        (POOL, "present"),
        (direct, "absent"),
        (direct, "present"),
        (POOL, "absent"),
    ]
    for database, state in steps:
        done = run(function_name="f", state=state, security_group_scope=scope, **database)
        assert done["changed"], (database, state)
        assert open_ways(aws)
    run(function_name="f", state="absent", security_group_scope=scope, **direct)
    emulator.advance(2000)
    for database in (direct, POOL):
        run(function_name="f", state="absent", security_group_scope=scope, **database)
    assert snapshot(aws) == before


def open_ways(aws: Clients) -> list[str]:
    """The groups of f that lead to the database directly, or to its proxy and on to the database."""
    seen = snapshot(aws)
    lines = {
        (group_id, rule["direction"], rule["ports"][0], rule["peer"])
        for group_id, group in seen["groups"].items()
        for rule in group["rules"].values()
    }
    (database,), (proxy,) = seen["databases"]["orders"], seen["proxies"]["pool"]["groups"]

    def paired(client: str, group: str, port: int) -> bool:
        return {(client, "egress", port, group), (group, "ingress", port, client)} <= lines

    return [
        client
        for client in seen["functions"]["f"]["vpc_config"]["SecurityGroupIds"]
        if paired(client, database, 6432) or (paired(client, proxy, 5432) and paired(proxy, database, 6432))
    ]
