# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The verdict on what a task makes, or would make: the plan's own state is judged, not another one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._connection.run import preview, run
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import (
    AwsError,
    IncompleteError,
    TimedOutError,
    UnreachableError,
)

from ..asking import want
from ..fake_aws import FakeAws
from ..fake_proxies import FakeProxies

DENY = {
    "Protocol": "6",
    "RuleAction": "deny",
    "RuleNumber": 1,
    "CidrBlock": "0.0.0.0/0",
    "PortRange": {"From": 1, "To": 9999},
}


@pytest.fixture
def aws() -> FakeProxies:
    """A database, a function outside any VPC, and a proxy with its target."""
    made = FakeProxies()
    vpc, subnets = made.add_vpc()
    database, pool = made.add_group(vpc, "db"), made.add_group(vpc, "pool")
    made.add_instance("orders", vpc, subnets, [database])
    made.add_function("f")
    made.functions["f"]["Role"] = "arn:aws:iam::123456789012:role/f-role"
    made.add_proxy("pool", "POSTGRESQL", subnets, VpcSecurityGroupIds=[pool])
    made.targets["pool"] = [{"Type": "RDS_INSTANCE", "RdsResourceId": "orders"}]
    return made


def ask(way: Any, aws: FakeAws, sleep: Any = lambda _seconds: None, **options: Any) -> dict[str, Any]:
    given = {"function_name": "f", "db_instance_identifier": "orders", "verify": True, **options}
    more = {} if way is preview else {"sleep": sleep}
    result: dict[str, Any] = way(want(**given), aws, **more)
    return result


def verdict_of(result: dict[str, Any]) -> dict[str, Any]:
    (found,) = result["reachability"]
    told: dict[str, Any] = found
    return told


def verdict(result: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value for key, value in verdict_of(result).items() if key in ("reachable", "hops", "findings", "managed")
    }


def test_the_plan_is_judged_before_it_is_carried_out(aws: FakeAws) -> None:
    planned = ask(preview, aws)
    assert aws.written() == []
    done = ask(run, aws)
    again = ask(run, aws)
    assert [verdict(each)["reachable"] for each in (planned, done, again)] == [True] * 3
    states = [[(hop["kind"], hop["state"]) for hop in verdict(each)["hops"]] for each in (planned, done, again)]
    assert states[0] == states[1] == states[2]
    assert verdict(planned)["managed"]


def test_without_verify_there_is_no_verdict(aws: FakeAws) -> None:
    assert "reachability" not in ask(run, aws, verify=False)
    assert "describe_acls" not in aws.calls


def test_a_connection_that_is_taken_back_is_not_judged(aws: FakeAws) -> None:
    assert "reachability" not in ask(run, aws, state="absent")


@pytest.mark.parametrize("way", [preview, run])
def test_a_path_that_is_closed_fails_the_task(aws: FakeAws, way: Any) -> None:
    aws.acl_entries.append({**DENY, "Egress": False})
    with pytest.raises(UnreachableError) as failed:
        ask(way, aws)
    message = str(failed.value)
    assert message.startswith(
        "0 of 1 functions reach instance orders, but not: f. The path is open between some subnets"
    )
    assert "The network ACL acl-1 blocks tcp/5432 into " in message
    left = "The connection was not changed." if way is preview else "What was made stays; the same task with"
    assert left in message
    assert failed.value.result["changed"]
    assert not verdict(dict(failed.value.result))["reachable"]


def test_lambda_has_to_make_network_interfaces_for_a_new_attachment(aws: FakeAws) -> None:
    aws.denied = {"ec2:CreateNetworkInterface": "implicitDeny"}
    with pytest.raises(UnreachableError, match="role f-role may not do ec2:CreateNetworkInterface"):
        ask(preview, aws)
    done = ask(run, aws)
    (finding,) = (each for each in verdict(done)["findings"] if each["code"] == "role_cannot_make_interfaces")
    assert finding["severity"] == "risk"


class TestPending:
    """A function that Lambda is still making ready."""

    @pytest.fixture
    def pending(self, aws: FakeAws) -> FakeAws:
        ask(run, aws)
        aws.functions["f"]["State"] = "Pending"
        aws.calls.clear()
        return aws

    def severities(self, result: dict[str, Any]) -> list[str]:
        return [each["severity"] for each in verdict(result)["findings"] if each["code"] == "function_pending"]

    def test_it_stops_no_preview(self, pending: FakeAws) -> None:
        assert self.severities(ask(preview, pending)) == ["risk"]
        assert "wait_until_active" not in pending.calls

    def test_one_that_is_not_on_its_way_stops_it(self, pending: FakeAws) -> None:
        pending.functions["f"]["State"] = "Deleting"
        for way in (preview, run):
            with pytest.raises(UnreachableError, match="is being deleted"):
                ask(way, pending, wait=False)

    def test_without_wait_it_stops_no_run(self, pending: FakeAws) -> None:
        assert self.severities(ask(run, pending, wait=False)) == ["risk"]
        assert "wait_until_active" not in pending.calls

    def test_a_run_waits_for_it(self, pending: FakeAws) -> None:
        assert self.severities(ask(run, pending)) == []
        assert pending.calls.count("wait_until_active") == 1

    def test_a_run_waits_for_one_that_became_so_by_its_update(
        self, aws: FakeAws, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As an inactive one does, which has no network interfaces any more."""
        shown = type(aws).get_function
        updated = {"State": "Pending"}

        def get_function(_aws: FakeAws, name: str) -> dict[str, Any] | None:
            found = shown(aws, name)
            return found and {**found, **(updated if "update_vpc_config" in aws.calls else {})}

        monkeypatch.setattr(type(aws), "get_function", get_function)
        waited: list[int] = []

        def wait(_aws: FakeAws, _name: str, timeout: int) -> None:
            waited.append(timeout)
            updated["State"] = "Active"

        monkeypatch.setattr(type(aws), "wait_until_active", wait)
        assert self.severities(ask(run, aws, wait_timeout=77)) == []
        assert waited == [77]

    def test_one_that_is_not_ready_in_time_fails_the_run(self, aws: FakeAws) -> None:
        ask(run, aws)
        aws.functions["f"]["State"] = "Pending"
        aws.fail = {"wait_until_active": [TimedOutError("Function f was still being updated after 600 seconds.")]}
        with pytest.raises(IncompleteError, match="still being updated after 600 seconds"):
            ask(run, aws)


def test_addresses_are_needed_for_new_interfaces_only(aws: FakeProxies) -> None:
    """With a group for each function Lambda makes new ones, with a shared one it has them already."""
    shared = {"security_group_scope": "database"}
    done = ask(run, aws, **shared)
    (group,) = verdict_of(done)["security_group_ids"]
    aws.add_function("g")
    aws.free = dict.fromkeys(aws.subnets, 0)
    for way in ({}, shared):
        with pytest.raises(UnreachableError, match="no free address"):
            ask(preview, aws, function_name="g", **way)
    for subnet in aws.subnets:
        aws.add_lambda_interface(subnet, group)
    with pytest.raises(UnreachableError, match="no free address"):
        ask(preview, aws, function_name="g")
    codes = [each["code"] for each in verdict(ask(preview, aws, function_name="g", **shared))["findings"]]
    assert "no_spare_addresses" in codes


def test_a_group_that_others_wear_already_is_judged_with_its_rules(aws: FakeProxies) -> None:
    shared = {"security_group_scope": "database"}
    ask(run, aws, **shared)
    aws.add_function("g")
    assert ask(preview, aws, function_name="g", **shared)["reachability"][0]["reachable"]


class TestByHand:
    """The database is given by its groups, and nobody wears these yet."""

    @pytest.fixture
    def by_ids(self, aws: FakeProxies) -> dict[str, Any]:
        (vpc,) = aws.vpcs
        return {
            "db_instance_identifier": None,
            "vpc_id": vpc,
            "subnet_ids": list(aws.subnets),
            "rds_security_group_ids": [aws.add_group(vpc, "to be")],
            "port": 5432,
        }

    def test_it_does_not_fail_and_says_what_was_judged(self, aws: FakeProxies, by_ids: dict[str, Any]) -> None:
        for way in (preview, run, run):
            result = ask(way, aws, **by_ids)
            assert [(each["path"], each["reachable"]) for each in result["reachability"]] == [("unknown", False)]
            told = [each for each in result["findings"] if each["code"] == "database_place_unknown"]
            assert [each["severity"] for each in told] == ["risk"]
            assert "was judged, but not routes" in told[0]["message"]

    def test_what_blocks_fails_it_all_the_same(self, aws: FakeProxies, by_ids: dict[str, Any]) -> None:
        aws.denied = {"ec2:CreateNetworkInterface": "implicitDeny"}
        told = "but not: f. The execution role f-role may not do"
        with pytest.raises(UnreachableError, match=re.escape(told)) as failed:
            ask(preview, aws, **by_ids)
        assert "It is not known where the database is" in str(failed.value)
        assert "database_place_unknown" not in str(failed.value.result["findings"])


def test_what_may_not_be_read_fails_it_and_is_no_finding_of_the_task(aws: FakeAws) -> None:
    aws.fail = {"describe_acls": [AwsError("describe network ACLs", "UnauthorizedOperation", "no")]}
    told = "0 of 1 functions are proved to reach instance orders. Not known: f. AWS refused ec2:DescribeNetworkAcls"
    with pytest.raises(UnreachableError, match=re.escape(told)) as failed:
        ask(preview, aws)
    assert "not_read" not in str(failed.value.result["findings"])


@pytest.mark.parametrize("publish", [False, True])
def test_the_versions_of_the_whole_account_are_listed_only_where_one_is_asked_for(aws: FakeAws, publish: bool) -> None:
    names = [f"f{number}" for number in range(4)]
    for name in names:
        aws.add_function(name)
        aws.add_version(name, 1)
        aws.add_alias(name, "live", "1")
    many = {"function_name": None, "function_names": names}
    ask(run, aws, **many)
    aws.calls.clear()
    result = ask(run, aws, **many, publish=publish)
    codes = {finding["code"] for each in result["reachability"] for finding in each["findings"]}
    assert ("alias_not_connected" in codes) is publish
    assert ("list_all_versions" in aws.calls) is publish


def test_an_error_of_the_verdict_says_what_was_written(aws: FakeAws) -> None:
    aws.fail = {"describe_acls": [AwsError("describe network ACLs", "RequestLimitExceeded", "later")]}
    with pytest.raises(IncompleteError, match="Written before: create security group"):
        ask(run, aws)


def test_the_vpc_that_a_function_is_to_move_into_is_looked_at(aws: FakeAws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(aws), "vpc_attribute", lambda _aws, _vpc_id, _attribute: False)
    with pytest.raises(UnreachableError, match="does not resolve names"):
        ask(preview, aws)


def test_rules_that_ec2_does_not_show_yet_count(aws: FakeAws, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = type(aws).describe_rules

    def stale(_aws: FakeAws, name: str, values: Iterable[str]) -> list[dict[str, Any]]:
        return [] if "describe_acls" in aws.calls else shown(aws, name, values)

    monkeypatch.setattr(type(aws), "describe_rules", stale)
    assert verdict(ask(run, aws))["reachable"]


BY_PROXY = {"db_instance_identifier": None, "db_proxy_name": "pool"}
UNREACHABLE = {"State": "UNAVAILABLE", "Reason": "UNREACHABLE"}


class Clock:
    """Sleeps in no time; after so many seconds something happens."""

    def __init__(self, after: float = 0, then: Callable[[], object] = lambda: None) -> None:
        self.now, self.after, self.then = 0.0, after, then

    def __call__(self, seconds: float) -> None:
        self.now += seconds
        if self.now >= self.after:
            self.then()


def told(result: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Of the proxy, by the verdict."""
    found = verdict(dict(result))["findings"]
    return [(each["code"], each["severity"]) for each in found if each["code"].startswith("proxy_")]


def warned(result: Mapping[str, Any]) -> list[str]:
    return [finding["code"] for finding in result["findings"] if finding["code"].startswith("proxy_")]


class TestProxyHealth:
    """What AWS says of a proxy's target, of which it makes sure only from time to time."""

    @pytest.fixture
    def connected(self, aws: FakeProxies) -> FakeProxies:
        ask(run, aws, **BY_PROXY)
        aws.health = dict(UNREACHABLE)
        return aws

    def recovers(self, aws: FakeProxies, after: float) -> Clock:
        return Clock(after, lambda: aws.health.update(State="AVAILABLE", Reason=None))

    def test_a_run_that_opens_the_way_waits_until_aws_has_found_it(self, aws: FakeProxies) -> None:
        aws.health = dict(UNREACHABLE)
        planned = ask(preview, aws, **BY_PROXY)
        assert (told(planned), warned(planned)) == ([], [])
        clock = self.recovers(aws, 100)
        done = ask(run, aws, clock, **BY_PROXY)
        assert (told(done), warned(done)) == ([], [])
        assert 100 <= clock.now < 120

    def test_so_does_the_next_one_that_finds_nothing_to_do(self, connected: FakeProxies) -> None:
        planned = ask(preview, connected, **BY_PROXY)
        assert told(planned) == [("proxy_target_unreachable", "risk")]
        assert warned(planned) == ["proxy_target_unreachable"]
        done = ask(run, connected, self.recovers(connected, 10), **BY_PROXY)
        assert (done["changed"], told(done), warned(done)) == (False, [], [])

    @pytest.mark.parametrize(("options", "seconds"), [({}, 180), ({"wait_timeout": 20}, 20)])
    @pytest.mark.parametrize("reason", ["UNREACHABLE", None])
    def test_it_does_not_wait_for_ever(
        self, connected: FakeProxies, options: dict[str, Any], seconds: float, reason: str | None
    ) -> None:
        connected.health["Reason"], clock = reason, Clock()
        with pytest.raises(UnreachableError, match="AWS says that the RDS Proxy pool finds no way to orders") as failed:
            ask(run, connected, clock, **options, **BY_PROXY)
        assert clock.now == seconds
        assert told(failed.value.result) == [("proxy_target_unreachable", "blocks")]
        assert warned(failed.value.result) == ["proxy_target_unreachable"]

    def test_who_does_not_wait_is_told_of_a_risk(self, aws: FakeProxies) -> None:
        aws.health, clock = dict(UNREACHABLE), Clock()
        assert told(ask(run, aws, clock, wait=False, **BY_PROXY)) == []
        assert told(ask(run, aws, clock, wait=False, **BY_PROXY)) == [("proxy_target_unreachable", "risk")]
        assert clock.now == 0

    @pytest.mark.parametrize(
        ("health", "severity"),
        [
            ({"State": "UNAVAILABLE", "Reason": "AUTH_FAILURE"}, "blocks"),
            ({"State": "UNAVAILABLE", "Reason": "PENDING_PROXY_CAPACITY"}, "risk"),
            ({"State": "REGISTERING"}, "risk"),
        ],
    )
    def test_it_waits_for_nothing_else(self, connected: FakeProxies, health: dict[str, Any], severity: str) -> None:
        """Neither from the start nor once that shows."""
        for after in (0, 5):
            connected.health = dict(UNREACHABLE) if after else dict(health)
            clock = Clock(after, lambda: setattr(connected, "health", dict(health)))
            if severity == "blocks":
                with pytest.raises(UnreachableError) as failed:
                    ask(run, connected, clock, **BY_PROXY)
                result = failed.value.result
            else:
                result = ask(run, connected, clock, **BY_PROXY)
            assert [each for _code, each in told(result)] == [severity]
            assert clock.now == (7 if after else 0)

    @pytest.mark.parametrize("second_hop_too", [True, False])
    def test_nor_where_the_path_is_closed_besides(
        self, connected: FakeProxies, monkeypatch: pytest.MonkeyPatch, second_hop_too: bool
    ) -> None:
        if second_hop_too:
            connected.acl_entries.append({**DENY, "Egress": False})
        else:
            monkeypatch.setattr(type(connected), "vpc_attribute", lambda _aws, _vpc_id, _attribute: False)
        clock = Clock()
        with pytest.raises(UnreachableError) as failed:
            ask(run, connected, clock, **BY_PROXY)
        assert clock.now == 0
        assert told(failed.value.result) == ([] if second_hop_too else [("proxy_target_unreachable", "blocks")])

    def test_a_target_that_goes_meanwhile(self, connected: FakeProxies) -> None:
        clock = Clock(1, connected.targets["pool"].clear)
        with pytest.raises(UnreachableError, match="has no target"):
            ask(run, connected, clock, **BY_PROXY)
        assert clock.now == 1

    def test_readers_are_no_matter_of_a_read_write_endpoint(self, connected: FakeProxies) -> None:
        (target,) = connected.targets["pool"]
        target.update(Role="READ_WRITE", TargetHealth={"State": "AVAILABLE"})
        connected.targets["pool"].append({"Type": "RDS_INSTANCE", "RdsResourceId": "reader", "Role": "READ_ONLY"})
        done = ask(run, connected, **BY_PROXY)
        assert (told(done), warned(done)) == ([], [])

    def test_an_error_of_a_further_look_says_what_was_written(self, aws: FakeProxies) -> None:
        aws.health = dict(UNREACHABLE)
        refused = AwsError("describe targets", "RequestLimitExceeded", "later")
        clock = Clock(1, lambda: aws.fail.update(describe_proxy_targets=[refused]))
        with pytest.raises(IncompleteError, match="Written before: authorize egress"):
            ask(run, aws, clock, **BY_PROXY)
