# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A database that is given by its groups: where it is, and what is told while that is not known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.databases import Database
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.names import BY_IDS
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.networks import Interface
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.security_groups import EGRESS, INGRESS, Rule
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.hops import (
    CLOSED,
    DATABASE_HOP,
    EGRESS_HOP,
    FUNCTION,
    INGRESS_HOP,
    OPEN,
    UNKNOWN,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.evaluate.segment_verdict import HOPS
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.read.database_by_ids import (
    found_by_groups,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.snapshot import Snapshot, Unread

from .snapshots import blocking, open_snapshot, others, rule, verdict, with_database, without_rule

BY_RDS = {"requester_id": "amazon-rds"}


class TestInterfaces:
    given = Database(BY_IDS, "vpc-1", vpc_id="vpc-1", security_group_ids=("sg-b", "sg-a"))

    def interface(self, subnet: str, *groups: str, **more: str) -> Interface:
        return Interface(f"eni-{subnet}", groups, subnet_id=subnet, **more)

    def places(self, *listed: Interface) -> tuple[str, ...]:
        return found_by_groups(self.given, listed).subnet_ids

    def test_a_host_with_one_of_its_groups_is_not_the_database(self) -> None:
        host, database = self.interface("host", "sg-a"), self.interface("db", "sg-a", "sg-b", **BY_RDS)
        assert self.places(host, database) == ("db",)
        assert self.places(host) == ()

    def test_neither_is_a_function(self) -> None:
        assert self.places(self.interface("f", "sg-a", "sg-b", type="lambda")) == ()

    @pytest.mark.parametrize(
        "made",
        [BY_RDS, {"description": "RDSNetworkInterface"}, {"description": "Network interface for DBProxy pool"}],
        ids=lambda made: next(iter(made)),
    )
    def test_what_rds_made_goes_before_a_host_with_the_same_groups(self, made: dict[str, str]) -> None:
        host = self.interface("host", "sg-a", "sg-b", requester_id="123456789012")
        assert self.places(host, self.interface("db", "sg-a", "sg-b", **made)) == ("db",)
        assert self.places(host) == ("host",)

    def test_what_it_wears_besides_counts_if_all_of_its_interfaces_wear_it(self) -> None:
        first = self.interface("one", "sg-a", "sg-b", "sg-c", "sg-d", **BY_RDS)
        second = self.interface("two", "sg-d", "sg-a", "sg-b", **BY_RDS)
        assert found_by_groups(self.given, [first, second]) == replace(
            self.given, subnet_ids=("one", "two"), security_group_ids=("sg-b", "sg-a", "sg-d")
        )


def unplaced(snapshot: Snapshot) -> Snapshot:
    """Where nobody wears the database's groups."""
    return with_database(snapshot, kind=BY_IDS, identifier="vpc-1", subnet_ids=(), endpoint=None, status="", zone=None)


def states(snapshot: Snapshot) -> dict[str, str]:
    return {hop.kind: hop.state for hop in verdict(snapshot).hops}


def test_groups_are_judged_and_the_rest_is_not_known() -> None:
    snapshot = unplaced(open_snapshot())
    found = verdict(snapshot)
    assert [(each.code, each.severity) for each in found.findings] == [("database_place_unknown", "risk")]
    assert states(snapshot) == {
        **dict.fromkeys((*HOPS, DATABASE_HOP), UNKNOWN),
        **dict.fromkeys((FUNCTION, EGRESS_HOP, INGRESS_HOP), OPEN),
    }
    assert (found.path, found.blocked, found.reachable) == (UNKNOWN, False, False)
    assert found.causes == found.findings


@pytest.mark.parametrize(
    ("group", "direction", "peer", "port", "code"),
    [
        ("sg-f", EGRESS, "sg-x", 5432, "egress_closed"),
        ("sg-f", EGRESS, "sg-db", 5433, "egress_wrong_port"),
        ("sg-f", EGRESS, "10.0.2.0/24", 5433, "egress_closed"),
        ("sg-f", EGRESS, "::/0", 5432, "egress_closed"),
        ("sg-db", INGRESS, "sg-x", 5432, "ingress_closed"),
        ("sg-db", INGRESS, "10.0.0.0/16", 5431, "ingress_wrong_port"),
        ("sg-db", INGRESS, "10.0.0.0/24", 5432, "some_pairs"),
    ],
)
def test_what_groups_close_blocks_all_the_same(group: str, direction: str, peer: str, port: int, code: str) -> None:
    snapshot = unplaced(without_rule(open_snapshot(), group, direction, rule(group, direction, peer, port)))
    assert blocking(snapshot) == [code]
    assert "database_place_unknown" in others(snapshot)
    assert verdict(snapshot).path == CLOSED


@pytest.mark.parametrize(
    ("peer", "state"), [("0.0.0.0/0", OPEN), ("10.0.0.0/16", UNKNOWN), ("pl-1", UNKNOWN), ("sg-db", OPEN)]
)
def test_whether_networks_hold_the_database_is_not_known(peer: str, state: str) -> None:
    snapshot = unplaced(without_rule(open_snapshot(), "sg-f", EGRESS, rule("sg-f", EGRESS, peer)))
    assert (states(snapshot)[EGRESS_HOP], blocking(snapshot)) == (state, [])


def test_a_group_goes_before_networks() -> None:
    both = [rule("sg-f", EGRESS, peer) for peer in ("10.0.9.0/24", "sg-db")]
    assert states(unplaced(without_rule(open_snapshot(), "sg-f", EGRESS, *both)))[EGRESS_HOP] == OPEN


def test_interfaces_that_may_not_be_read_are_no_place_that_is_not_known() -> None:
    unread = Unread("ec2:DescribeNetworkInterfaces", "UnauthorizedOperation", HOPS)
    snapshot = replace(unplaced(open_snapshot()), unread=(unread,))
    assert (blocking(snapshot), others(snapshot)) == (["not_read"], [])
    assert verdict(snapshot).path == UNKNOWN


def test_a_function_whose_subnets_aws_does_not_show_is_not_judged() -> None:
    snapshot = replace(unplaced(open_snapshot()), subnets={})
    assert (blocking(snapshot), others(snapshot)) == (["subnets_unknown"], ["database_place_unknown"])
    assert states(snapshot)[EGRESS_HOP] == UNKNOWN


def test_of_a_function_in_subnets_with_ipv6_only_no_group_is_judged() -> None:
    snapshot = unplaced(open_snapshot())
    ipv6 = {name: replace(each, cidr="", ipv6_cidrs=("2001:db8::/64",)) for name, each in snapshot.subnets.items()}
    assert blocking(replace(snapshot, subnets=ipv6)) == ["no_ipv4_addresses"]
    mixed = {**snapshot.subnets, "subnet-a": ipv6["subnet-a"]}
    assert states(replace(snapshot, subnets=mixed))[INGRESS_HOP] == OPEN


PEERS = st.sampled_from(["0.0.0.0/0", "10.0.0.0/16", "10.0.2.0/25", "10.0.3.0/24", "::/0", "pl-1", "sg-db", "sg-x"])
RULES = st.lists(st.builds(rule, st.just("sg-f"), st.just(EGRESS), PEERS, st.sampled_from([443, 5432])), max_size=4)


@given(rules=RULES)
def test_what_is_told_holds_wherever_the_database_turns_out_to_be(rules: list[Rule]) -> None:
    snapshot = replace(
        without_rule(open_snapshot(), "sg-f", EGRESS, *rules), prefix_lists={"pl-1": ("10.0.2.0/23", "192.0.2.0/24")}
    )
    told = states(unplaced(snapshot))[EGRESS_HOP]
    there = {states(with_database(snapshot, subnet_ids=(subnet,)))[EGRESS_HOP] for subnet in ("subnet-c", "subnet-d")}
    assert told == UNKNOWN or there == {told}
