# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Routes that lead out of sight, and those of prefix lists that could not be read: neither is proved to be the way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.networks import Endpoint
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.routes import Route, RouteTable
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.security_groups import INGRESS
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.hops import (
    RETURN,
    ROUTE_HOP,
    UNKNOWN,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.snapshot import Snapshot, Unread

from .snapshots import (
    LOCAL_ROUTE,
    TO_INTERNET,
    blocking,
    open_snapshot,
    others,
    peered_scene,
    verdict,
    with_database,
    with_routes,
    without_rule,
)

CORE = "arn:aws:networkmanager::123456789012:core-network/core-network-0a1b2c3d4e5f60718"
LISTS = "ec2:GetManagedPrefixListEntries"


def apart(there: Route | None, back: Route | None, snapshot: Snapshot | None = None) -> Snapshot:
    """Two VPCs that no peering joins, with these routes between them."""
    snapshot = replace(snapshot or peered_scene(), peerings=())
    snapshot = with_routes(snapshot, "rtb-f", LOCAL_ROUTE, TO_INTERNET, *filter(None, [there]))
    return with_routes(snapshot, "rtb-2", Route(("10.1.0.0/16",), "local"), *filter(None, [back]))


def through(target: str) -> Snapshot:
    return apart(Route(("10.1.0.0/16",), target), Route(("10.0.0.0/16",), target))


def states(snapshot: Snapshot) -> dict[str, str]:
    return {hop.kind: hop.state for hop in verdict(snapshot).hops}


class TestBeyondView:
    @pytest.mark.parametrize("target", ["tgw-1", CORE])
    def test_what_is_beyond_is_not_known(self, target: str) -> None:
        snapshot = through(target)
        assert set(blocking(snapshot)) == {"route_beyond_view"}
        assert {finding.values["target"] for finding in verdict(snapshot).findings} == {target}
        assert {kind for kind, state in states(snapshot).items() if state == UNKNOWN} == {ROUTE_HOP, RETURN}

    def test_what_closes_the_way_before_it_is_told_too(self) -> None:
        snapshot = without_rule(through("tgw-1"), "sg-db", INGRESS)
        assert set(blocking(snapshot)) == {"ingress_closed", "route_beyond_view"}

    def test_the_way_back_may_be_missing(self) -> None:
        snapshot = apart(Route(("10.1.0.0/16",), "tgw-1"), None)
        assert blocking(snapshot) == ["route_beyond_view", "no_route"]
        assert states(snapshot)[RETURN] == "closed"

    def test_a_default_route_leads_on_as_well(self) -> None:
        snapshot = with_routes(through("tgw-1"), "rtb-f", LOCAL_ROUTE, Route(("0.0.0.0/0",), "tgw-1"))
        assert set(blocking(snapshot)) == {"route_beyond_view"}

    @pytest.mark.parametrize("route", [None, Route(("10.2.0.0/16",), "tgw-1"), Route(("10.1.0.0/16",), "vgw-1")])
    def test_routes_that_lead_elsewhere_join_nothing(self, route: Route | None) -> None:
        assert blocking(apart(route, None)) == ["other_vpc"]

    def test_neither_does_a_blackhole(self) -> None:
        assert blocking(apart(Route(("10.1.0.0/16",), "tgw-1", "blackhole"), None)) == ["other_vpc"]

    def test_one_subnet_of_two_has_it(self) -> None:
        snapshot = apart(None, Route(("10.0.0.0/16",), "tgw-1"))
        own = RouteTable("rtb-own", "vpc-1", ("subnet-b",), (LOCAL_ROUTE, Route(("10.1.0.0/16",), "tgw-1")))
        snapshot = replace(snapshot, route_tables=(own, *snapshot.route_tables))
        found = verdict(snapshot)
        assert [(each.code, each.resource) for each in found.findings if each.severity == "blocks"] == [
            ("route_elsewhere", "rtb-f"),
            ("route_beyond_view", "rtb-own"),
            ("route_beyond_view", "rtb-2"),
        ]

    def test_one_subnet_of_two_is_peered(self) -> None:
        """The open pair does not make the other one a mere risk."""
        own = RouteTable("rtb-own", "vpc-1", ("subnet-b",), (LOCAL_ROUTE, Route(("10.1.0.0/16",), "tgw-1")))
        snapshot = replace(peered_scene(), route_tables=(own, *peered_scene().route_tables))
        assert blocking(snapshot) == ["route_beyond_view"]

    def test_a_part_of_the_way_elsewhere_is_told_first(self) -> None:
        routes = (Route(("10.1.0.0/16",), "tgw-1"), Route(("10.1.2.128/25",), "nat-1"))
        snapshot = with_routes(through("tgw-1"), "rtb-f", LOCAL_ROUTE, TO_INTERNET, *routes)
        assert set(blocking(snapshot)) == {"route_elsewhere", "route_beyond_view"}
        assert states(snapshot)[ROUTE_HOP] == "partly"

    def test_within_a_vpc(self) -> None:
        snapshot = with_routes(open_snapshot(), "rtb-f", LOCAL_ROUTE, TO_INTERNET, Route(("10.0.2.0/24",), "tgw-1"))
        assert blocking(snapshot) == ["route_beyond_view"]

    def test_without_the_tables_nothing_is_said_of_the_vpcs(self) -> None:
        unread = Unread("ec2:DescribeRouteTables", "AccessDenied", (ROUTE_HOP, RETURN))
        snapshot = replace(through("tgw-1"), route_tables=(), unread=(unread,))
        assert blocking(snapshot) == ["not_read"]


def unread(snapshot: Snapshot, *lists: str) -> Snapshot:
    noted = tuple(Unread(LISTS, "UnauthorizedOperation", resource_ids=frozenset({each})) for each in lists)
    return replace(snapshot, unread=noted)


def listed(target: str, name: str = "pl-1", state: str = "active") -> Route:
    return Route((), target, state, listed=True, unread=name)


class TestPrefixLists:
    def within(self, *routes: Route) -> Snapshot:
        return unread(with_routes(open_snapshot(), "rtb-f", LOCAL_ROUTE, TO_INTERNET, *routes), "pl-1", "pl-2")

    @pytest.mark.parametrize("route", [listed("eni-1"), listed("tgw-1"), listed("pcx-9", state="blackhole")])
    def test_a_route_that_may_lead_elsewhere(self, route: Route) -> None:
        snapshot = self.within(route)
        assert blocking(snapshot) == ["not_read"]
        assert states(snapshot)[ROUTE_HOP] == UNKNOWN
        (finding,) = verdict(snapshot).findings
        assert (finding.resource, finding.values["answer"]) == (LISTS, "UnauthorizedOperation")

    def test_a_route_that_is_the_way_anyhow(self) -> None:
        assert verdict(self.within(listed("local"))).findings == ()

    def test_a_gateway_endpoint_leads_to_public_addresses(self) -> None:
        snapshot = self.within(listed("vpce-1"))
        assert blocking(snapshot) == ["not_read"]
        gateway = Endpoint("vpce-1", "s3express", "Gateway", "vpc-1")
        assert verdict(replace(snapshot, endpoints=(gateway,))).findings == ()
        appliance = replace(gateway, kind="GatewayLoadBalancer")
        assert blocking(replace(snapshot, endpoints=(appliance,))) == ["not_read"]

    def test_of_several_that_is_told_which_may_matter(self) -> None:
        snapshot = self.within(listed("local", "pl-2"), listed("eni-1"))
        snapshot = replace(
            snapshot, unread=(Unread("other", "x", resource_ids=frozenset({"pl-2"})), *snapshot.unread[:1])
        )
        assert [finding.resource for finding in verdict(snapshot).findings] == [LISTS]

    @pytest.mark.parametrize("target", ["pcx-1", "tgw-1"])
    def test_a_route_that_may_be_the_way(self, target: str) -> None:
        snapshot = unread(with_routes(peered_scene(), "rtb-f", LOCAL_ROUTE, TO_INTERNET, listed(target)), "pl-1")
        assert blocking(snapshot) == ["not_read"]

    def test_a_route_that_is_no_way_either(self) -> None:
        snapshot = unread(with_routes(peered_scene(), "rtb-f", LOCAL_ROUTE, TO_INTERNET, listed("eni-1")), "pl-1")
        assert blocking(snapshot) == ["route_elsewhere"]

    def test_without_a_peering_it_may_lead_on(self) -> None:
        snapshot = unread(apart(listed("tgw-1"), Route(("10.0.0.0/16",), "tgw-1")), "pl-1")
        assert blocking(snapshot) == ["not_read", "route_beyond_view"]
        assert blocking(unread(apart(listed("eni-1"), None), "pl-1")) == ["other_vpc"]

    def test_other_findings_stay(self) -> None:
        snapshot = with_database(self.within(listed("eni-1")), status="modifying")
        assert (blocking(snapshot), others(snapshot)) == (["not_read"], ["database_busy"])
