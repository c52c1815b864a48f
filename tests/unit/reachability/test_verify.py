# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The verdict on what a task makes, or would make: the plan's own state is judged, not another one."""

from __future__ import annotations

import re
from collections.abc import Iterable
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
    made.targets["pool"] = [{"Type": "RDS_INSTANCE", "RdsResourceId": "orders", "TargetHealth": dict(made.health)}]
    return made


def ask(way: Any, aws: FakeAws, **options: Any) -> dict[str, Any]:
    given = {"function_name": "f", "db_instance_identifier": "orders", "verify": True, **options}
    more = {} if way is preview else {"sleep": lambda _seconds: None}
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
    assert "The network ACL acl-1 does not let tcp/5432 into " in message
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


@pytest.mark.parametrize("reason", ["UNREACHABLE", "AUTH_FAILURE"])
def test_what_a_proxy_says_of_its_target_is_stale_after_the_rules(aws: FakeProxies, reason: str) -> None:
    by_proxy = {"db_instance_identifier": None, "db_proxy_name": "pool"}
    aws.health.update(State="UNAVAILABLE", Reason=reason)
    for way in (preview, run):
        if reason == "AUTH_FAILURE":
            with pytest.raises(UnreachableError, match="pool does not reach orders"):
                ask(way, aws, **by_proxy)
        else:
            assert verdict(ask(way, aws, **by_proxy))["reachable"]
    with pytest.raises(UnreachableError):
        ask(run, aws, **by_proxy)


def test_a_group_that_others_wear_already_is_judged_with_its_rules(aws: FakeProxies) -> None:
    shared = {"security_group_scope": "database"}
    ask(run, aws, **shared)
    aws.add_function("g")
    assert ask(preview, aws, function_name="g", **shared)["reachability"][0]["reachable"]


class TestByHand:
    """The database is given by its groups, and nobody wears these yet."""

    @pytest.fixture
    def by_hand(self, aws: FakeProxies) -> dict[str, Any]:
        (vpc,) = aws.vpcs
        return {
            "db_instance_identifier": None,
            "vpc_id": vpc,
            "subnet_ids": list(aws.subnets),
            "rds_security_group_ids": [aws.add_group(vpc, "to be")],
            "port": 5432,
        }

    def test_it_does_not_fail_and_says_what_was_judged(self, aws: FakeProxies, by_hand: dict[str, Any]) -> None:
        for way in (preview, run, run):
            result = ask(way, aws, **by_hand)
            assert [(each["path"], each["reachable"]) for each in result["reachability"]] == [("unknown", False)]
            told = [each for each in result["findings"] if each["code"] == "database_place_unknown"]
            assert [each["severity"] for each in told] == ["risk"]
            assert "was judged, but not routes" in told[0]["message"]

    def test_what_blocks_fails_it_all_the_same(self, aws: FakeProxies, by_hand: dict[str, Any]) -> None:
        aws.denied = {"ec2:CreateNetworkInterface": "implicitDeny"}
        told = "but not: f. The execution role f-role may not do"
        with pytest.raises(UnreachableError, match=re.escape(told)) as failed:
            ask(preview, aws, **by_hand)
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
