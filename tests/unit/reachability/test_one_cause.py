# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""One cause yields one finding that blocks; two causes yield both."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.functions import Alias, Version, VpcConfig
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.network_acls import Acl, AclEntry
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.networks import Peering
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.proxy_targets import READ_ONLY
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.routes import Route, RouteTable
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.security_groups import EGRESS, INGRESS, Peer
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.state import State
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.hops import (
    ACL_IN,
    ACL_OUT,
    DATABASE_HOP,
    EGRESS_HOP,
    FUNCTION,
    INGRESS_HOP,
    PROXY_HOP,
    RETURN,
    ROUTE_HOP,
    UNKNOWN,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.evaluate.segment_verdict import HOPS
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.snapshot import (
    CURRENT,
    LATE,
    OUTDATED,
    Denial,
    Snapshot,
    Unread,
)

from .snapshots import (
    LOCAL_ROUTE,
    OPEN_ENTRIES,
    ROLE,
    TO_INTERNET,
    blocking,
    deny,
    endpoint,
    open_snapshot,
    others,
    peered_scene,
    proxied_scene,
    rule,
    subnet,
    target,
    verdict,
    with_database,
    with_entries,
    with_function,
    with_routes,
    with_rules,
    with_settings,
    with_target,
    without_rule,
)

Cause = Callable[[Snapshot], Snapshot]

ONLY_EPHEMERAL = AclEntry(90, egress=True, allow=True, protocol="6", cidr="0.0.0.0/0", from_port=1024, to_port=65535)
DENIED = Denial("ec2:CreateNetworkInterface", "implicitDeny")


def _unread(action: str, *hops: str, resource_ids: frozenset[str] = frozenset()) -> Cause:
    return lambda snapshot: replace(
        snapshot, unread=(*snapshot.unread, Unread(action, "AccessDenied", hops, resource_ids))
    )


def _blackhole(snapshot: Snapshot) -> Snapshot:
    return with_routes(snapshot, "rtb-f", LOCAL_ROUTE, TO_INTERNET, Route(("10.1.0.0/16",), "pcx-1", "blackhole"))


def _only(snapshot: Snapshot, acl: str, entry: AclEntry) -> Snapshot:
    """Of that direction no other entry is left."""
    return replace(
        snapshot,
        acls=tuple(
            replace(each, entries=(entry, *(one for one in each.entries if one.egress != entry.egress)))
            if each.id == acl
            else each
            for each in snapshot.acls
        ),
    )


def _no_inbound_entries(snapshot: Snapshot) -> Snapshot:
    front, back = snapshot.acls
    return replace(snapshot, acls=(front, replace(back, entries=tuple(each for each in back.entries if each.egress))))


# name: (what happens to a path that is open, the hop that it closes, the code)
CAUSES: dict[str, tuple[Cause, str, str]] = {
    "no function": (
        lambda snapshot: replace(snapshot, state=replace(snapshot.state, functions={})),
        FUNCTION,
        "function_missing",
    ),
    "not in a VPC": (lambda snapshot: with_function(snapshot, vpc=VpcConfig()), FUNCTION, "not_in_vpc"),
    "pending": (lambda snapshot: with_settings(snapshot, state="Pending"), FUNCTION, "function_pending"),
    "deleting": (lambda snapshot: with_settings(snapshot, state="Deleting"), FUNCTION, "function_deleting"),
    "deactivating": (lambda snapshot: with_settings(snapshot, state="Deactivating"), FUNCTION, "function_deactivated"),
    "deactivated": (lambda snapshot: with_settings(snapshot, state="Deactivated"), FUNCTION, "function_deactivated"),
    "not invocable": (
        lambda snapshot: with_settings(snapshot, state="ActiveNonInvocable"),
        FUNCTION,
        "function_not_invocable",
    ),
    "of a state to come": (
        lambda snapshot: with_settings(snapshot, state="Frozen"),
        FUNCTION,
        "function_not_invocable",
    ),
    "on a capacity provider": (
        lambda snapshot: with_function(
            snapshot, vpc=VpcConfig(), capacity_provider="arn:aws:lambda:x:1:capacity-provider:y"
        ),
        FUNCTION,
        "on_capacity_provider",
    ),
    "failed": (lambda snapshot: with_settings(snapshot, state="Failed", state_reason="x"), FUNCTION, "function_failed"),
    "no names": (
        lambda snapshot: replace(snapshot, dns_support={"vpc-1": False}),
        FUNCTION,
        "dns_support_off",
    ),
    "no addresses for a new attachment": (
        lambda snapshot: with_settings(
            replace(
                snapshot,
                subnets={**snapshot.subnets, "subnet-b": replace(snapshot.subnets["subnet-b"], free_addresses=0)},
            ),
            attaching=True,
        ),
        FUNCTION,
        "no_free_addresses",
    ),
    "no permission for a new attachment": (
        lambda snapshot: with_settings(replace(snapshot, denials={ROLE: (DENIED,)}), attaching=True),
        FUNCTION,
        "role_cannot_make_interfaces",
    ),
    "no egress": (lambda snapshot: without_rule(snapshot, "sg-f", EGRESS), EGRESS_HOP, "egress_closed"),
    "egress on another port": (
        lambda snapshot: without_rule(snapshot, "sg-f", EGRESS, rule("sg-f", EGRESS, "sg-db", 5433)),
        EGRESS_HOP,
        "egress_wrong_port",
    ),
    "egress to a part": (
        lambda snapshot: without_rule(snapshot, "sg-f", EGRESS, rule("sg-f", EGRESS, "10.0.2.0/25")),
        EGRESS_HOP,
        "egress_partly",
    ),
    "egress for IPv6": (
        lambda snapshot: without_rule(snapshot, "sg-f", EGRESS, rule("sg-f", EGRESS, "::/0")),
        EGRESS_HOP,
        "egress_closed",
    ),
    "egress by UDP": (
        lambda snapshot: without_rule(snapshot, "sg-f", EGRESS, rule("sg-f", EGRESS, "sg-db", protocol="udp")),
        EGRESS_HOP,
        "egress_closed",
    ),
    "no ingress": (lambda snapshot: without_rule(snapshot, "sg-db", INGRESS), INGRESS_HOP, "ingress_closed"),
    "ingress on another port": (
        lambda snapshot: without_rule(snapshot, "sg-db", INGRESS, rule("sg-db", INGRESS, "sg-f", 5431)),
        INGRESS_HOP,
        "ingress_wrong_port",
    ),
    "ingress from a part": (
        lambda snapshot: without_rule(
            snapshot, "sg-db", INGRESS, rule("sg-db", INGRESS, "10.0.0.0/25"), rule("sg-db", INGRESS, "10.0.1.0/25")
        ),
        INGRESS_HOP,
        "ingress_partly",
    ),
    "ACL out": (
        lambda snapshot: with_entries(snapshot, "acl-f", deny(90, egress=True, ports=(5000, 6000))),
        ACL_OUT,
        "acl_out_closed",
    ),
    "ACL in": (
        lambda snapshot: with_entries(snapshot, "acl-db", deny(90, egress=False, ports=(5000, 6000))),
        ACL_IN,
        "acl_in_closed",
    ),
    "no answer out": (
        lambda snapshot: with_entries(snapshot, "acl-db", deny(90, egress=True, ports=(1024, 65535))),
        RETURN,
        "acl_return_out_closed",
    ),
    "no answer in on some ports": (
        lambda snapshot: with_entries(snapshot, "acl-f", deny(90, egress=False, ports=(61000, 65535))),
        RETURN,
        "acl_return_in_closed",
    ),
    "no answer in on the first ports": (
        lambda snapshot: with_entries(snapshot, "acl-f", deny(90, egress=False, ports=(1, 1669))),
        RETURN,
        "acl_return_in_closed",
    ),
    "no answer out on the last ports": (
        lambda snapshot: with_entries(snapshot, "acl-db", deny(90, egress=True, ports=(64890, 65535))),
        RETURN,
        "acl_return_out_closed",
    ),
    "no answer out on ports of the caller": (
        lambda snapshot: with_entries(snapshot, "acl-db", deny(90, egress=True, ports=(6000, 7000))),
        RETURN,
        "acl_return_out_closed",
    ),
    "no answer in on ports of the caller": (
        lambda snapshot: with_entries(snapshot, "acl-f", deny(90, egress=False, ports=(6000, 7000))),
        RETURN,
        "acl_return_in_closed",
    ),
    "ACL lets in UDP only": (
        lambda snapshot: _only(
            snapshot, "acl-db", AclEntry(1, egress=False, allow=True, protocol="17", cidr="0.0.0.0/0")
        ),
        ACL_IN,
        "acl_in_closed",
    ),
    "ACL without entries": (_no_inbound_entries, ACL_IN, "acl_in_closed"),
    "no route": (
        lambda snapshot: with_routes(snapshot, "rtb-f", TO_INTERNET, Route(("10.0.0.0/23",), "local")),
        ROUTE_HOP,
        "route_elsewhere",
    ),
    "no route back": (lambda snapshot: with_routes(snapshot, "rtb-main"), RETURN, "no_route"),
    "a part of the route elsewhere": (
        lambda snapshot: with_routes(snapshot, "rtb-f", LOCAL_ROUTE, TO_INTERNET, Route(("10.0.2.128/25",), "eni-1")),
        ROUTE_HOP,
        "route_elsewhere",
    ),
    "stopped": (lambda snapshot: with_database(snapshot, status="stopped"), DATABASE_HOP, "database_not_available"),
    "creating": (
        lambda snapshot: with_database(snapshot, status="creating", port=None),
        DATABASE_HOP,
        "database_no_endpoint",
    ),
    "a group that is not on it": (
        lambda snapshot: replace(snapshot, given_group_ids=("sg-db", "sg-x")),
        DATABASE_HOP,
        "group_not_on_database",
    ),
    "not its port": (lambda snapshot: replace(snapshot, given_port=5433), DATABASE_HOP, "not_its_port"),
    "no VPC": (
        lambda snapshot: with_database(snapshot, vpc_id=None, port=None, subnet_ids=(), security_group_ids=()),
        DATABASE_HOP,
        "database_no_vpc",
    ),
    "no database": (lambda snapshot: replace(snapshot, database=None), DATABASE_HOP, "database_missing"),
}


@pytest.mark.parametrize("name", CAUSES)
def test_one_cause(name: str) -> None:
    cause, hop, code = CAUSES[name]
    found = verdict(cause(open_snapshot()))
    assert [finding.code for finding in found.findings if finding.severity == "blocks"] == [code]
    assert not found.reachable
    closing = {each.kind: each.codes for each in found.hops if each.state not in ("open", UNKNOWN)}
    assert closing == {hop: (code,)}


def test_without_a_cause_it_is_open() -> None:
    for snapshot in (open_snapshot(), peered_scene(), proxied_scene()):
        found = verdict(snapshot)
        assert found.reachable
        assert found.findings == ()
        assert {hop.state for hop in found.hops} == {"open"}


# These make all that comes after them unknown, or have nothing to do with the others.
ALONE = {"no function", "not in a VPC", "no VPC", "no database", "creating", "stopped"}
ALONE |= {name for name, (_cause, hop, _code) in CAUSES.items() if hop == FUNCTION and "attachment" not in name}
BESIDE = [name for name in CAUSES if name not in ALONE]


@pytest.mark.parametrize(("first", "second"), list(itertools.combinations(BESIDE, 2)))
def test_two_causes_at_different_hops_yield_both(first: str, second: str) -> None:
    (one, hop, code), (two, other_hop, other_code) = CAUSES[first], CAUSES[second]
    if hop == other_hop or {code, other_code} == {"acl_out_closed", "acl_return_in_closed"}:
        return
    assert set(blocking(two(one(open_snapshot())))) == {code, other_code}


def test_answers_go_to_the_port_of_the_caller() -> None:
    """Which may be any from 1024 on, the one that the database listens on too, and none below."""
    for ports in ((1, 1023), (5432, 5432)):
        snapshot = with_entries(open_snapshot(), "acl-f", deny(90, egress=False, ports=ports))
        snapshot = with_entries(snapshot, "acl-db", deny(90, egress=True, ports=ports))
        expected = [] if ports[1] < 1024 else ["acl_return_out_closed", "acl_return_in_closed"]
        assert (blocking(snapshot), others(snapshot)) == ([], expected)


def test_a_cause_beside_one_of_the_database_is_not_lost() -> None:
    stopped = with_database(without_rule(open_snapshot(), "sg-db", INGRESS), status="stopped")
    assert blocking(stopped) == ["ingress_closed", "database_not_available"]


class TestSomePairs:
    def test_the_only_finding_that_blocks_names_the_pairs(self) -> None:
        snapshot = with_entries(
            open_snapshot(), "acl-db", deny(90, egress=False, cidr="10.0.1.0/24", ports=(5432, 5432))
        )
        found = verdict(snapshot)
        assert blocking(snapshot) == ["some_pairs"]
        assert others(snapshot) == ["acl_in_closed"]
        values = next(finding.values for finding in found.findings if finding.code == "some_pairs")
        assert values == {"closed": "subnet-b -> subnet-c", "open": "subnet-a -> subnet-c"}
        assert {hop.kind: hop.state for hop in found.hops}[ACL_IN] == "partly"

    def test_two_causes_that_close_all_pairs_together_both_block(self) -> None:
        snapshot = with_entries(open_snapshot(), "acl-db", deny(90, egress=False, cidr="10.0.1.0/24"))
        snapshot = with_entries(snapshot, "acl-f", deny(90, egress=False, cidr="10.0.2.0/24", ports=(5000, 6000)))
        assert set(blocking(snapshot)) == {"acl_in_closed", "acl_return_in_closed"}

    def test_many_pairs_are_counted(self) -> None:
        names = [f"subnet-{number}" for number in range(10, 18)]
        snapshot = open_snapshot()
        snapshot = replace(
            snapshot, subnets={**snapshot.subnets, **{name: subnet(name, int(name[7:])) for name in names}}
        )
        snapshot = replace(
            snapshot, acls=(*snapshot.acls, Acl("acl-many", tuple(names), (deny(1, egress=True), *OPEN_ENTRIES)))
        )
        snapshot = with_function(snapshot, vpc=VpcConfig(("subnet-a", *names), ("sg-f",)))
        (finding,) = (each for each in verdict(snapshot).findings if each.code == "some_pairs")
        assert finding.values["closed"].endswith("subnet-15 -> subnet-c (+2)")

    def test_a_multi_az_database_may_be_in_every_subnet(self) -> None:
        snapshot = with_entries(open_snapshot(), "acl-f", deny(90, egress=True, cidr="10.0.3.0/24"))
        assert blocking(snapshot) == []
        assert blocking(with_database(snapshot, zone=None)) == ["some_pairs"]


class TestGroups:
    def test_rules_of_several_groups_count_together(self) -> None:
        halves = [
            rule("sg-db", INGRESS, "10.0.0.0/25"),
            rule("sg-x", INGRESS, "10.0.0.128/25"),
            rule("sg-x", INGRESS, "10.0.1.0/24"),
        ]
        snapshot = without_rule(open_snapshot(), "sg-db", INGRESS, *halves)
        assert blocking(with_database(snapshot, security_group_ids=("sg-db", "sg-x"))) == []
        assert blocking(with_database(snapshot, security_group_ids=("sg-db",))) == ["ingress_partly", "ingress_closed"]

    def test_the_addresses_that_aws_keeps_do_not_count(self) -> None:
        parts = ["10.0.2.4/30", "10.0.2.8/29", "10.0.2.16/28", "10.0.2.32/27", "10.0.2.64/26", "10.0.2.128/25"]
        snapshot = without_rule(open_snapshot(), "sg-f", EGRESS, *(rule("sg-f", EGRESS, part) for part in parts))
        assert blocking(snapshot) == []

    @pytest.mark.parametrize("peer", ["0.0.0.0/0", "10.0.0.0/8", "pl-1"])
    def test_networks_that_hold_the_other_end(self, peer: str) -> None:
        snapshot = without_rule(open_snapshot(), "sg-db", INGRESS, rule("sg-db", INGRESS, peer))
        snapshot = replace(snapshot, prefix_lists={"pl-1": ("10.0.0.0/24", "10.0.1.0/24")})
        assert blocking(snapshot) == []

    def test_all_traffic_and_ranges_of_ports(self) -> None:
        everything = rule("sg-db", INGRESS, "sg-f", -1, protocol="-1")
        assert blocking(without_rule(open_snapshot(), "sg-db", INGRESS, everything)) == []
        some = rule("sg-db", INGRESS, "sg-f", 5000, to_port=5432)
        assert blocking(without_rule(open_snapshot(), "sg-db", INGRESS, some)) == []
        every_port = rule("sg-db", INGRESS, "sg-f", -1)
        assert blocking(without_rule(open_snapshot(), "sg-db", INGRESS, every_port)) == []

    def test_a_rule_for_the_internet_is_not_meant_for_the_database(self) -> None:
        assert blocking(without_rule(open_snapshot(), "sg-f", EGRESS)) == ["egress_closed"]

    def test_a_prefix_list_that_may_not_be_read(self) -> None:
        snapshot = without_rule(
            open_snapshot(), "sg-db", INGRESS, rule("sg-db", INGRESS, "pl-1"), rule("sg-db", INGRESS, "pl-1", 1)
        )
        snapshot = _unread("ec2:GetManagedPrefixListEntries", resource_ids=frozenset({"pl-1"}))(snapshot)
        found = verdict(snapshot)
        assert blocking(snapshot) == ["not_read"]
        assert {hop.kind: hop.state for hop in found.hops}[INGRESS_HOP] == UNKNOWN
        assert blocking(with_rules(snapshot, *snapshot.state.rules, rule("sg-db", INGRESS, "sg-f"))) == []


class TestRoutes:
    def test_a_route_through_the_peering_is_needed_both_ways(self) -> None:
        assert blocking(with_routes(peered_scene(), "rtb-f", LOCAL_ROUTE)) == ["no_route"]
        assert blocking(with_routes(peered_scene(), "rtb-2", Route(("10.1.0.0/16",), "local"))) == ["no_route"]

    def test_a_blackhole(self) -> None:
        assert blocking(_blackhole(peered_scene())) == ["route_blackhole"]

    def test_the_way_to_the_internet_does_not_lead_to_the_database(self) -> None:
        assert blocking(with_routes(peered_scene(), "rtb-f", LOCAL_ROUTE, TO_INTERNET)) == ["route_elsewhere"]

    def test_of_two_routes_alike_the_one_that_works_counts(self) -> None:
        routes = (Route(("10.1.0.0/16",), "pcx-0", "blackhole"), Route(("10.1.0.0/16",), "pcx-1"))
        assert blocking(with_routes(peered_scene(), "rtb-f", LOCAL_ROUTE, TO_INTERNET, *routes)) == []

    def test_a_route_that_names_a_network_wins_over_one_of_a_prefix_list(self) -> None:
        routes = (Route(("10.1.0.0/16",), "pcx-1", listed=True), Route(("10.1.0.0/16",), "pcx-0", "blackhole"))
        assert blocking(with_routes(peered_scene(), "rtb-f", LOCAL_ROUTE, TO_INTERNET, *routes)) == ["route_blackhole"]

    def test_a_peering_of_other_vpcs_is_not_the_way(self) -> None:
        other = Peering("pcx-2", frozenset({"vpc-1", "vpc-3"}))
        snapshot = with_routes(peered_scene(), "rtb-f", LOCAL_ROUTE, TO_INTERNET, Route(("10.1.0.0/16",), "pcx-2"))
        assert blocking(replace(snapshot, peerings=(*snapshot.peerings, other))) == ["route_elsewhere"]

    def test_without_a_peering(self) -> None:
        found = verdict(replace(peered_scene(), peerings=()))
        assert blocking(replace(peered_scene(), peerings=())) == ["other_vpc"]
        assert {hop.kind: hop.state for hop in found.hops}[ROUTE_HOP] == UNKNOWN


class TestNames:
    def test_a_public_name_has_to_be_resolved_over_the_peering(self) -> None:
        snapshot = with_database(peered_scene(), public=True)
        assert blocking(snapshot) == ["public_name_over_peering"]
        resolving = Peering("pcx-1", frozenset({"vpc-1", "vpc-2"}), frozenset({"vpc-2"}))
        assert blocking(replace(snapshot, peerings=(resolving,))) == []

    def test_without_an_endpoint_no_name_is_looked_at(self) -> None:
        snapshot = replace(open_snapshot(), dns_support={"vpc-1": False})
        assert blocking(with_database(snapshot, endpoint=None)) == []


class TestIpv6Only:
    """IPv4 takes no way through a subnet that has none of its addresses."""

    def test_a_subnet_of_the_function(self) -> None:
        subnets = {**open_snapshot().subnets}
        subnets["subnet-a"] = replace(subnets["subnet-a"], cidr="", ipv6_cidrs=("2001:db8::/64",), free_addresses=None)
        snapshot = replace(open_snapshot(), subnets=subnets, endpoints=(endpoint("kms"),))
        snapshot = with_rules(snapshot, *snapshot.state.rules, rule("sg-e", INGRESS, "sg-f", 443))
        assert verdict(snapshot).findings == ()
        assert (
            blocking(replace(peered_scene(), subnets={**peered_scene().subnets, "subnet-a": subnets["subnet-a"]})) == []
        )
        alone = with_function(snapshot, vpc=VpcConfig(("subnet-a",), ("sg-f",)))
        assert blocking(alone) == ["no_ipv4_addresses"]


class TestSameSubnet:
    def test_network_acls_do_not_apply(self) -> None:
        snapshot = with_function(open_snapshot(), vpc=VpcConfig(("subnet-c",), ("sg-f",)))
        snapshot = with_entries(snapshot, "acl-db", deny(1, egress=True), deny(1, egress=False))
        assert blocking(snapshot) == []
        assert {hop.kind: hop.resources for hop in verdict(snapshot).hops}[ACL_OUT] == ()

    def test_routes_do_not_apply(self) -> None:
        snapshot = with_function(open_snapshot(), vpc=VpcConfig(("subnet-c",), ("sg-f",)))
        assert blocking(with_routes(snapshot, "rtb-main", LOCAL_ROUTE, Route(("10.0.2.0/24",), "eni-1"))) == []


class TestProxy:
    @pytest.mark.parametrize(
        ("group", "direction", "code"),
        [("sg-pool", EGRESS, "egress_closed"), ("sg-db", INGRESS, "ingress_closed")],
    )
    def test_the_second_hop(self, group: str, direction: str, code: str) -> None:
        snapshot = without_rule(proxied_scene(), group, direction)
        assert blocking(snapshot) == [code]
        # AWS says the same of the target, in other words.
        assert blocking(with_target(snapshot, "UNAVAILABLE", "UNREACHABLE")) == [code]
        closed = [hop for hop in verdict(snapshot).hops if hop.state == "closed"]
        assert [hop.segment for hop in closed] == [2]

    def test_the_first_hop_is_on_the_proxys_port(self) -> None:
        snapshot = without_rule(proxied_scene(), "sg-f", EGRESS, rule("sg-f", EGRESS, "sg-pool", 6432))
        assert blocking(snapshot) == ["egress_wrong_port"]

    def test_a_target_that_is_not_reached_for_another_reason(self) -> None:
        for health in (CURRENT, LATE, OUTDATED):
            snapshot = replace(with_target(proxied_scene(), "UNAVAILABLE", "AUTH_FAILURE"), health=health)
            assert blocking(snapshot) == ["proxy_target_unhealthy"]

    @pytest.mark.parametrize("reason", ["UNREACHABLE", None])
    def test_a_target_that_aws_finds_no_open_way_to(self, reason: str | None) -> None:
        """What is to come of a change is doubtful, and not news where that very change opens the way."""
        snapshot = with_target(proxied_scene(), "UNAVAILABLE", reason)
        assert blocking(snapshot) == ["proxy_target_unreachable"]
        assert (blocking(replace(snapshot, health=LATE)), others(replace(snapshot, health=LATE))) == (
            [],
            ["proxy_target_unreachable"],
        )
        assert verdict(replace(snapshot, health=OUTDATED)).findings == ()

    def test_a_cause_of_its_own_beside_a_missing_rule(self) -> None:
        snapshot = without_rule(proxied_scene(), "sg-db", INGRESS)
        snapshot = with_target(snapshot, "UNAVAILABLE", "AUTH_FAILURE")
        assert set(blocking(snapshot)) == {"ingress_closed", "proxy_target_unhealthy"}

    def test_a_target_of_which_nothing_is_known(self) -> None:
        assert verdict(with_target(proxied_scene(), None)).findings == ()

    @pytest.mark.parametrize(
        ("state", "reason"), [("REGISTERING", None), ("UNAVAILABLE", "PENDING_PROXY_CAPACITY"), ("UNUSED", None)]
    )
    def test_a_target_that_is_not_ready_yet(self, state: str, reason: str | None) -> None:
        snapshot = with_target(proxied_scene(), state, reason)
        for health in (CURRENT, LATE, OUTDATED):
            each = replace(snapshot, health=health)
            assert (blocking(each), others(each)) == ([], ["proxy_target_pending"])

    def test_readers_do_not_matter_to_who_writes(self) -> None:
        targets = (target("AVAILABLE"), target("UNAVAILABLE", "AUTH_FAILURE", role=READ_ONLY))
        snapshot = with_database(proxied_scene(), targets=targets)
        assert verdict(snapshot).findings == ()
        assert blocking(with_database(snapshot, target_role=READ_ONLY)) == ["proxy_target_unhealthy"]

    def test_who_only_reads_needs_a_reader(self) -> None:
        assert blocking(with_database(proxied_scene(), target_role=READ_ONLY)) == ["proxy_no_reader"]

    def test_no_target(self) -> None:
        assert blocking(replace(proxied_scene(), proxy_target=None)) == ["proxy_no_target"]
        assert blocking(with_database(proxied_scene(), targets=())) == ["proxy_no_target"]

    def test_the_database_behind_is_stopped(self) -> None:
        snapshot = proxied_scene()
        assert snapshot.proxy_target is not None
        assert blocking(replace(snapshot, proxy_target=replace(snapshot.proxy_target, status="stopped"))) == [
            "database_not_available"
        ]

    def test_suspended(self) -> None:
        assert blocking(with_database(proxied_scene(), status="suspended")) == ["database_not_available"]


class TestFurtherEndpoint:
    """`f` connects to an endpoint in a VPC of its own; the proxy goes on from subnets and groups of its own."""

    @pytest.fixture
    def snapshot(self) -> Snapshot:
        snapshot = proxied_scene()
        there = RouteTable("rtb-2", "vpc-2", (), (Route(("10.1.0.0/16",), "local"), TO_INTERNET), main=True)
        vpc_2 = {name: subnet(name, number, "vpc-2") for name, number in {"subnet-x": 0, "subnet-y": 1}.items()}
        snapshot = replace(
            snapshot,
            subnets={**snapshot.subnets, **vpc_2},
            acls=(*snapshot.acls, Acl("acl-2", ("subnet-x", "subnet-y"), OPEN_ENTRIES)),
            route_tables=(*snapshot.route_tables, there),
            dns_support={"vpc-2": True},
        )
        snapshot = with_function(snapshot, vpc=VpcConfig(("subnet-x",), ("sg-f",)))
        rules = [replace(each, peer=Peer("group", "sg-e")) if each.peer.value == "sg-pool" and each.group_id == "sg-f"
                 else replace(each, group_id="sg-e") if each.peer.value == "sg-f" else each
                 for each in snapshot.state.rules]  # fmt: skip
        return with_database(
            with_rules(snapshot, *rules),
            vpc_id="vpc-2",
            subnet_ids=("subnet-x", "subnet-y"),
            security_group_ids=("sg-e",),
        )

    def test_it_leads_to_the_database(self, snapshot: Snapshot) -> None:
        found = verdict(snapshot)
        assert found.findings == ()
        hops = {(hop.segment, hop.kind): hop.resources for hop in found.hops}
        assert hops[1, INGRESS_HOP] == ("sg-e",)
        assert hops[2, EGRESS_HOP] == ("sg-pool",)
        assert hops[2, ROUTE_HOP] == ("rtb-f", "rtb-main")

    @pytest.mark.parametrize(
        ("group", "direction", "segment"), [("sg-e", INGRESS, 1), ("sg-pool", EGRESS, 2), ("sg-db", INGRESS, 2)]
    )
    def test_each_hop_has_groups_of_its_own(self, snapshot: Snapshot, group: str, direction: str, segment: int) -> None:
        found = verdict(without_rule(snapshot, group, direction))
        assert [finding.code for finding in found.findings] == [f"{direction}_closed"]
        assert [hop.segment for hop in found.hops if hop.state == "closed"] == [segment]

    def test_the_network_acl_of_the_proxys_subnets_counts_on_the_second_hop(self, snapshot: Snapshot) -> None:
        closed = with_entries(snapshot, "acl-f", deny(1, egress=True))
        assert {hop.segment for hop in verdict(closed).hops if hop.state != "open"} == {2}
        closed = with_entries(snapshot, "acl-2", deny(1, egress=True))
        assert {hop.segment for hop in verdict(closed).hops if hop.state != "open"} == {1}

    def test_the_quota_of_all_groups_on_the_way_is_told(self, snapshot: Snapshot) -> None:
        more = [rule("sg-pool", EGRESS, f"192.168.{number}.0/24") for number in range(54)]
        found = verdict(with_rules(snapshot, *snapshot.state.rules, *more))
        assert [(each.code, each.resource) for each in found.findings] == [("rules_near_quota", "sg-pool")]


class TestUnread:
    @pytest.mark.parametrize(
        ("hops", "unknown"),
        [
            ((ACL_OUT, ACL_IN, RETURN), {ACL_OUT, ACL_IN, RETURN}),
            ((ROUTE_HOP, RETURN), {ROUTE_HOP, RETURN}),
            ((EGRESS_HOP, INGRESS_HOP), {EGRESS_HOP, INGRESS_HOP}),
        ],
    )
    def test_it_is_not_proved_that_the_path_is_open(self, hops: tuple[str, ...], unknown: set[str]) -> None:
        seen = open_snapshot()
        snapshot = replace(
            _unread("ec2:Describe", *hops)(seen),
            acls=() if ACL_OUT in hops else seen.acls,
            route_tables=() if ROUTE_HOP in hops else seen.route_tables,
            state=State(seen.state.functions) if EGRESS_HOP in hops else seen.state,
        )
        assert blocking(snapshot) == ["not_read"]
        assert {hop.kind for hop in verdict(snapshot).hops if hop.state == UNKNOWN} == unknown

    def test_subnets(self) -> None:
        snapshot = _unread("ec2:DescribeSubnets", *HOPS)(replace(open_snapshot(), subnets={}))
        assert blocking(snapshot) == ["not_read"]

    def test_a_function(self) -> None:
        unread = _unread("lambda:GetFunction", *HOPS, resource_ids=frozenset({"f"}))
        assert blocking(unread(replace(open_snapshot(), state=State()))) == ["not_read"]
        other = _unread("lambda:GetFunction", *HOPS, resource_ids=frozenset({"g"}))
        assert blocking(other(open_snapshot())) == []

    def test_the_database(self) -> None:
        snapshot = _unread("rds:DescribeDBInstances", *HOPS, DATABASE_HOP)(replace(open_snapshot(), database=None))
        assert blocking(snapshot) == ["not_read"]
        assert verdict(snapshot).hops[-1].state == UNKNOWN

    def test_peerings(self) -> None:
        snapshot = _unread("ec2:DescribeVpcPeeringConnections", ROUTE_HOP, RETURN)(replace(peered_scene(), peerings=()))
        assert blocking(snapshot) == ["not_read"]

    def test_what_the_path_does_not_hang_on(self) -> None:
        snapshot = _unread("ec2:DescribeVpcEndpoints")(open_snapshot())
        assert blocking(snapshot) == []
        assert others(snapshot) == ["not_looked_at"]


@pytest.mark.parametrize(
    ("snapshot", "code", "hops"),
    [
        (replace(open_snapshot(), acls=open_snapshot().acls[:1]), "acl_unknown", {ACL_IN, RETURN}),
        (replace(open_snapshot(), route_tables=open_snapshot().route_tables[1:]), "route_table_unknown", {RETURN}),
    ],
)
def test_what_aws_does_not_show(snapshot: Snapshot, code: str, hops: set[str]) -> None:
    assert blocking(snapshot) == [code]
    assert {hop.kind for hop in verdict(snapshot).hops if hop.state == UNKNOWN} == hops


class TestGiven:
    """What a task says of a database besides its name."""

    def test_what_is_so_is_fine(self) -> None:
        said = replace(open_snapshot(), given_group_ids=("sg-db",), given_port=5432)
        assert verdict(said).findings == ()
        proxied = replace(proxied_scene(), given_group_ids=("sg-pool",), given_port=5432)
        assert verdict(proxied).findings == ()

    def test_of_a_proxy_it_is_about_the_proxy_and_not_what_is_behind(self) -> None:
        found = verdict(replace(proxied_scene(), given_group_ids=("sg-db",), given_port=6432))
        assert [(each.code, each.resource, dict(each.values)) for each in found.findings] == [
            ("group_not_on_database", "pool", {"groups": "sg-db"}),
            ("not_its_port", "pool", {"given": "6432", "port": "5432"}),
        ]
        assert {hop.kind: hop.codes for hop in found.hops if hop.codes} == {
            PROXY_HOP: ("group_not_on_database", "not_its_port")
        }

    def test_rules_for_it_do_not_open_the_database(self) -> None:
        rules = [rule("sg-f", EGRESS, "sg-x"), rule("sg-x", INGRESS, "sg-f")]
        snapshot = replace(with_rules(open_snapshot(), *rules), given_group_ids=("sg-x",))
        assert blocking(snapshot) == ["egress_closed", "ingress_closed", "group_not_on_database"]

    @pytest.mark.parametrize(
        ("status", "codes"),
        [("adding", ["database_group_adding"]), ("removing", ["group_not_on_database", "database_group_removing"])],
    )
    def test_a_group_that_is_about_to_change(self, status: str, codes: list[str]) -> None:
        groups = ("sg-db", "sg-x") if status == "adding" else ("sg-db",)
        snapshot = with_database(open_snapshot(), security_group_ids=groups, group_states={"sg-x": status})
        found = verdict(replace(snapshot, given_group_ids=("sg-x",)))
        assert [finding.code for finding in found.findings] == codes

    def test_a_database_without_a_port_yet_is_one_finding(self) -> None:
        creating = with_database(open_snapshot(), status="creating", port=None)
        assert blocking(replace(creating, given_port=5432)) == ["database_no_endpoint"]


@pytest.mark.parametrize(
    ("subnets", "end"), [(("subnet-a", "subnet-b"), "orders"), (("subnet-c", "subnet-d"), "f"), ((), "f")]
)
def test_an_end_whose_subnets_aws_does_not_show(subnets: tuple[str, ...], end: str) -> None:
    snapshot = replace(open_snapshot(), subnets={name: open_snapshot().subnets[name] for name in subnets})
    found = verdict(snapshot)
    assert [(each.code, each.resource) for each in found.findings] == [("subnets_unknown", end)]
    assert (found.path, found.reachable) == (UNKNOWN, False)
    assert {hop.kind for hop in found.hops if hop.state == UNKNOWN} == set(HOPS)


def test_an_alias_that_leads_to_another_attachment() -> None:
    versions = (
        Version("1", VpcConfig(("subnet-a", "subnet-b"), ("sg-f",))),
        Version("2"),
        Version("3", VpcConfig(("subnet-a",), ("sg-f",))),
    )
    aliases = (Alias("live", "1", shares=("2",)), Alias("next", "3"), Alias("test", "$LATEST"))
    snapshot = with_function(open_snapshot(), versions=versions, aliases=aliases)
    found = [finding for finding in verdict(snapshot).findings if finding.code == "alias_not_connected"]
    assert [finding.resource for finding in found] == ["f:live", "f:next"]
    assert verdict(snapshot).reachable
