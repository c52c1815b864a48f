# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A share of the connections that nobody notices is a risk, from 1 in 100 on it blocks."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.functions import VpcConfig
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.network_acls import Acl, AclEntry
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.networks import Subnet
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.routes import Route, RouteTable
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.security_groups import EGRESS, INGRESS, Rule
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.findings import (
    BLOCKING_SHARE,
    BLOCKS,
    RISK,
    Finding,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.texts import finding_data
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.evaluate.addresses import (
    FlowSpec,
    Range,
    enclosing,
    network,
    usable,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.evaluate.shares import (
    Side,
    closed_share,
    closes_addresses,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.snapshot import Snapshot

from . import test_risks
from .snapshots import (
    LOCAL_ROUTE,
    OPEN_ENTRIES,
    TO_INTERNET,
    blocking,
    deny,
    open_snapshot,
    others,
    peered_scene,
    proxied_scene,
    rule,
    subnet,
    verdict,
    with_database,
    with_entries,
    with_function,
    with_routes,
    with_rules,
    with_target,
    without_rule,
)
from .test_ranges import holds, passes
from .test_routes import listed, unread

PORTS = 64512
RDP = (3389, 3389)
ONE, SOME = "10.0.2.9/32", "10.0.2.8/29"  # 1 and 8 of the 251 addresses of subnet-c
CALLER, CALLERS = "10.0.0.9/32", "10.0.0.8/29"  # 1 and 8 of 502: of one of the function's two subnets


def told(snapshot: Snapshot) -> list[tuple[str, str, Fraction | None]]:
    return [(finding.code, finding.severity, finding.share) for finding in verdict(snapshot).findings]


def only(snapshot: Snapshot) -> Finding:
    (finding,) = verdict(snapshot).findings
    return finding


def all_but(missing: str, *more: str, whole: str = "") -> list[str]:
    """Networks that hold all of a /24, or of another network, but this one."""
    around = IPv4Network(whole) if whole else IPv4Network(missing).supernet(new_prefix=24)
    return [*map(str, sorted(around.address_exclude(IPv4Network(missing)))), *more]


# ---- the share itself ----

SMALL = Range(0, 5)
FEW_PORTS = Range(10, 17)


def _ranges(least: int, most: int) -> st.SearchStrategy[Range]:
    return st.tuples(st.integers(least, most), st.integers(least, most)).map(lambda ends: Range(*sorted(ends)))


flows = st.lists(st.builds(FlowSpec, _ranges(0, 5), _ranges(10, 17)), max_size=4).map(tuple)


def hit(address: int, port: int, closed: Iterable[FlowSpec]) -> bool:
    point = Range(address, address), Range(port, port)
    return any(point[0].within(flow.addresses) and point[1].within(flow.ports) for flow in closed)


@given(flows, flows)
def test_it_is_that_of_all_combinations_that_are_closed_on_either_side(
    sources: tuple[FlowSpec, ...], targets: tuple[FlowSpec, ...]
) -> None:
    addresses = range(SMALL.first, SMALL.last + 1)
    every = list(itertools.product(addresses, addresses, range(FEW_PORTS.first, FEW_PORTS.last + 1)))
    closed = [each for each in every if hit(each[0], each[2], sources) or hit(each[1], each[2], targets)]
    assert closed_share(Side(SMALL, sources), Side(SMALL, targets), FEW_PORTS) == Fraction(len(closed), len(every))


@given(flows, flows, st.builds(FlowSpec, _ranges(0, 5), _ranges(10, 17)), st.booleans())
def test_to_close_more_never_lowers_it(
    sources: tuple[FlowSpec, ...], targets: tuple[FlowSpec, ...], more: FlowSpec, of_source: bool
) -> None:
    before = closed_share(Side(SMALL, sources), Side(SMALL, targets), FEW_PORTS)
    sources, targets = ((*sources, more), targets) if of_source else (sources, (*targets, more))
    assert before <= closed_share(Side(SMALL, sources), Side(SMALL, targets), FEW_PORTS) <= 1


PIECES = (Range(1024, 3388), Range(3389, 3389), Range(3390, 65535), Range(1024, 65535), Range(1024, 65534))


@given(st.lists(st.builds(FlowSpec, _ranges(0, 5), st.sampled_from(PIECES)), max_size=5))
def test_an_address_is_closed_when_all_of_its_ports_are(closed: list[FlowSpec]) -> None:
    edges = (1024, 3388, 3389, 3390, 65534, 65535)
    assert closes_addresses(closed) == any(all(hit(each, port, closed) for port in edges) for each in range(6))


class TestEnclosing:
    @pytest.mark.parametrize("cidr", ["10.0.1.0/24", "10.0.0.128/25", "10.0.0.16/28", "10.0.0.0/16", "2001:db8::/64"])
    def test_the_addresses_that_aws_assigns_are_the_subnet(self, cidr: str) -> None:
        assert enclosing([usable(cidr)], network(cidr)[0]) == [cidr]

    @pytest.mark.parametrize(
        ("cidrs", "expected"),
        [
            ([], []),
            (["10.0.0.9/32"], ["10.0.0.9/32"]),
            (["10.0.0.9/32", "10.0.0.128/25"], ["10.0.0.9/32", "10.0.0.128/25"]),
            (["10.0.0.0/25", "10.0.0.128/25"], ["10.0.0.0/24"]),
            (["10.0.0.4/32", "10.0.0.6/32", "10.0.0.8/32", "10.0.0.10/32", "10.0.0.12/32"], ["10.0.0.0/28"]),
            (["2001:db8::9/128"], ["2001:db8::9/128"]),
        ],
    )
    def test_a_part_of_it_is_named_as_such(self, cidrs: list[str], expected: list[str]) -> None:
        assert enclosing([network(cidr)[1] for cidr in cidrs], 6 if "2001" in "".join(cidrs) else 4) == expected

    def test_what_is_within_another_one_is_not_named(self) -> None:
        first, _last = usable("10.0.0.0/24")
        ranges = [Range(first, first + 100), Range(first + 102, first + 250)]
        assert enclosing(ranges, 4) == ["10.0.0.0/24"]
        assert enclosing([ranges[0], ranges[0]], 4) == ["10.0.0.0/25"]

    @given(st.lists(_ranges(0, 255), min_size=1, max_size=7))
    def test_all_of_it_is_held_and_few_networks_are_named(self, ranges: list[Range]) -> None:
        found = [network(cidr)[1] for cidr in enclosing(ranges, 4)]
        assert all(any(each.within(other) for other in found) for each in ranges)
        assert len(found) <= 4
        assert not any(one.meets(other) for one, other in itertools.combinations(found, 2))


# ---- the kinds of shares, each as a risk and as what blocks ----

Change = Callable[[Snapshot], Snapshot]
Closing = Callable[[str], Change]


def acl(name: str, *, egress: bool, ports: tuple[int, int] = (0, 65535)) -> Closing:
    return lambda cidr: lambda snapshot: with_entries(snapshot, name, deny(90, egress=egress, cidr=cidr, ports=ports))


def rules_for(group: str, direction: str, more: tuple[str, ...] = ()) -> Closing:
    """The rule for the other end's group is replaced by some for all of its addresses but these."""
    return lambda cidr: (
        lambda snapshot: without_rule(
            snapshot, group, direction, *(rule(group, direction, each) for each in (*all_but(cidr), *more))
        )
    )


def list_for(group: str, direction: str, more: tuple[str, ...] = ()) -> Closing:
    return lambda cidr: (
        lambda snapshot: replace(
            without_rule(snapshot, group, direction, rule(group, direction, "pl-1")),
            prefix_lists={"pl-1": (*all_but(cidr), *more)},
        )
    )


def elsewhere(target: str, state: str = "active") -> Closing:
    route = [LOCAL_ROUTE, TO_INTERNET]
    return lambda cidr: lambda snapshot: with_routes(snapshot, "rtb-f", *route, Route((cidr,), target, state))


def back_elsewhere(cidr: str) -> Change:
    return lambda snapshot: with_routes(snapshot, "rtb-main", LOCAL_ROUTE, Route((cidr,), "eni-1"))


# name: (what closes a network, the code, one that is a risk with its share, one that blocks with its share)
BY_ADDRESS: dict[str, tuple[Closing, str, tuple[str, Fraction], tuple[str, Fraction]]] = {
    name: (closing, code, (few, Fraction(1, of)), (many, Fraction(8, of)))
    for name, closing, code, few, many, of in (
        ("ACL out", acl("acl-f", egress=True, ports=(5432, 5432)), "acl_out_closed", ONE, SOME, 251),
        ("ACL in", acl("acl-db", egress=False, ports=(5432, 5432)), "acl_in_closed", CALLER, CALLERS, 502),
        ("return out", acl("acl-db", egress=True), "acl_return_out_closed", CALLER, CALLERS, 502),
        ("return in", acl("acl-f", egress=False, ports=(1024, 65535)), "acl_return_in_closed", ONE, SOME, 251),
        ("egress", rules_for("sg-f", EGRESS), "egress_partly", ONE, SOME, 251),
        ("ingress", rules_for("sg-db", INGRESS, ("10.0.1.0/24",)), "ingress_partly", CALLER, CALLERS, 502),
        ("egress by a list", list_for("sg-f", EGRESS), "egress_partly", ONE, SOME, 251),
        ("ingress by a list", list_for("sg-db", INGRESS, ("10.0.1.0/24",)), "ingress_partly", CALLER, CALLERS, 502),
        ("route", elsewhere("eni-1"), "route_elsewhere", ONE, SOME, 251),
        ("blackhole", elsewhere("eni-1", "blackhole"), "route_blackhole", ONE, SOME, 251),
        ("route back", back_elsewhere, "route_elsewhere", CALLER, CALLERS, 502),
    )
}  # fmt: skip


@pytest.mark.parametrize("name", BY_ADDRESS)
def test_addresses(name: str) -> None:
    closing, code, (few, small), (many, large) = BY_ADDRESS[name]
    snapshot = closing(few)(open_snapshot())
    assert told(snapshot) == [(code, RISK, small)]
    assert verdict(snapshot).reachable
    assert {hop.state for hop in verdict(snapshot).hops} == {"open"}
    assert {hop.codes for hop in verdict(snapshot).hops} == {()}
    snapshot = closing(many)(open_snapshot())
    # Of the function's two subnets one is open.
    expected = [("some_pairs", BLOCKS, large), (code, RISK, large)] if large < Fraction(8, 251) else None
    assert told(snapshot) == (expected or [(code, BLOCKS, large)])
    assert not verdict(snapshot).reachable
    assert {hop.codes for hop in verdict(snapshot).hops if hop.state == "partly"} == {(code,)}


@pytest.mark.parametrize(("name", "egress"), [("acl-f", False), ("acl-db", True)])
def test_ephemeral_ports(name: str, egress: bool) -> None:
    code = f"acl_return_{'out' if egress else 'in'}_closed"
    for ports, count in ((RDP, 1), ((20, 1024), 1), ((65535, 65535), 1), ((50000, 50644), 645)):
        snapshot = with_entries(open_snapshot(), name, deny(90, egress=egress, ports=ports))
        assert told(snapshot) == [(code, RISK, Fraction(count, PORTS))]
        assert verdict(snapshot).reachable
    snapshot = with_entries(open_snapshot(), name, deny(90, egress=egress, ports=(50000, 50645)))
    assert told(snapshot) == [(code, BLOCKS, Fraction(646, PORTS))]
    assert not verdict(snapshot).reachable


def test_what_aws_config_asks_of_network_acls() -> None:
    """nacl-no-unrestricted-ssh-rdp (https://docs.aws.amazon.com/config/latest/developerguide/nacl-no-unrestricted-ssh-rdp.html)."""
    snapshot = open_snapshot()
    for name in ("acl-f", "acl-db"):
        snapshot = with_entries(
            snapshot, name, deny(80, egress=False, ports=(22, 22)), deny(90, egress=False, ports=(3389, 3389))
        )
    assert verdict(snapshot).path == "open"
    assert told(snapshot) == [("acl_return_in_closed", RISK, Fraction(1, PORTS))]
    data = finding_data(only(snapshot), "en")
    assert data["message"] == (
        "The network ACL acl-f blocks return traffic into subnet-a, subnet-b from subnet-c: TCP 3389 of the ephemeral"
        " ports 1024-65535 (90 tcp/3389 0.0.0.0/0 deny). About 1 connection in 64,512 fails; a retry usually works."
    )
    assert data["remedy"] == (
        "Add an inbound rule to acl-f ahead of rule number 90: allow TCP 3389 from 10.0.2.0/24 (subnet-c)."
    )
    assert data["share"] == "1/64512"
    data = finding_data(only(snapshot), "ja")
    assert "エフェメラルポート 1024-65535 のうち TCP 3389 で拒否しています" in data["message"]
    assert "約 64,512 回に 1 回の接続が失敗しますが、通常は再試行で成功します。" in data["message"]
    assert "10.0.2.0/24 (subnet-c) からの TCP 3389 を許可するインバウンドルール" in data["remedy"]


class TestProxy:
    """`f` in subnet-a and subnet-b, `pool` in subnet-a and subnet-d, `orders` in subnet-c."""

    @pytest.mark.parametrize(("name", "egress"), [("acl-f", False), ("acl-db", True)])
    def test_both_hops_have_return_traffic(self, name: str, egress: bool) -> None:
        snapshot = with_entries(proxied_scene(), name, deny(90, egress=egress, ports=RDP))
        code = f"acl_return_{'out' if egress else 'in'}_closed"
        # The pair of subnet-a with itself crosses no ACL; to subnet-d both of the function's subnets do.
        first = (code, RISK, Fraction(1, PORTS))
        second = (code, RISK, Fraction(1, PORTS) / 2 if name == "acl-f" else Fraction(1, PORTS))
        assert told(snapshot) == [first, second]
        assert verdict(snapshot).reachable

    def test_the_addresses_of_the_database_count_on_the_second_hop(self) -> None:
        networks = [rule("sg-pool", EGRESS, each, 6432) for each in all_but(ONE)]
        snapshot = without_rule(proxied_scene(), "sg-pool", EGRESS, *networks)
        assert told(snapshot) == [("egress_partly", RISK, Fraction(1, 251))]
        networks = [rule("sg-pool", EGRESS, each, 6432) for each in all_but(SOME)]
        assert told(without_rule(proxied_scene(), "sg-pool", EGRESS, *networks)) == [
            ("egress_partly", BLOCKS, Fraction(8, 251))
        ]

    def test_a_proxy_that_aws_finds_no_way_from_is_not_explained_by_a_risk(self) -> None:
        snapshot = with_entries(proxied_scene(), "acl-db", deny(90, egress=True, ports=RDP))
        assert blocking(with_target(snapshot, "UNAVAILABLE", "UNREACHABLE")) == ["proxy_target_unreachable"]


class TestPeering:
    def test_a_route_that_is_missing_for_one_address(self) -> None:
        own = Route(("10.1.0.0/16",), "local")
        for missing, share, severity in ((CALLER, Fraction(1, 502), RISK), ("10.0.0.0/23", Fraction(1), BLOCKS)):
            routes = [Route((each,), "pcx-1") for each in all_but(missing, whole="10.0.0.0/16")]
            assert told(with_routes(peered_scene(), "rtb-2", own, *routes)) == [("no_route", severity, share)]

    def test_several_routes_that_lead_elsewhere_are_a_cause_each(self) -> None:
        routes = (
            Route(("10.1.2.9/32",), "eni-1"),
            Route(("10.1.2.128/25",), "pcx-9", "blackhole"),
            Route(("10.1.0.0/16",), "pcx-1"),
        )
        snapshot = with_routes(peered_scene(), "rtb-f", LOCAL_ROUTE, TO_INTERNET, *routes)
        found = verdict(snapshot)
        assert told(snapshot) == [
            ("route_blackhole", BLOCKS, Fraction(127, 251)),
            ("route_elsewhere", RISK, Fraction(1, 251)),
        ]
        assert {hop.codes for hop in found.hops if hop.state != "open"} == {("route_blackhole",)}

    def test_a_route_by_a_prefix_list_has_several_networks(self) -> None:
        beside = Route(("10.1.2.9/32", "10.1.2.16/28"), "eni-1", listed=True)
        snapshot = with_routes(
            peered_scene(), "rtb-f", LOCAL_ROUTE, TO_INTERNET, beside, Route(("10.1.0.0/16",), "pcx-1")
        )
        assert told(snapshot) == [("route_elsewhere", BLOCKS, Fraction(17, 251))]

    def test_a_risk_does_not_hide_what_is_not_known(self) -> None:
        """All other addresses lead to a transit gateway."""
        routes = (Route(("10.0.2.9/32",), "eni-1"), Route(("10.0.2.0/24",), "tgw-1"))
        snapshot = with_routes(open_snapshot(), "rtb-f", LOCAL_ROUTE, *routes)
        assert blocking(snapshot) == ["route_beyond_view"]
        assert verdict(snapshot).path == "unknown"
        assert ("route_elsewhere", RISK, Fraction(1, 251)) in told(snapshot)


def test_what_is_read_only_in_part_is_not_hidden_by_a_risk() -> None:
    """A prefix list that could not be read may lead all other addresses elsewhere."""
    routes = (Route((ONE,), "eni-1"), listed("eni-2"))
    snapshot = unread(with_routes(open_snapshot(), "rtb-f", LOCAL_ROUTE, TO_INTERNET, *routes), "pl-1")
    assert blocking(snapshot) == ["not_read"]
    assert ("route_elsewhere", RISK, Fraction(1, 251)) in told(snapshot)
    routes = (Route(("10.0.2.0/24",), "eni-1"), listed("eni-2"))
    snapshot = unread(with_routes(open_snapshot(), "rtb-f", LOCAL_ROUTE, TO_INTERNET, *routes), "pl-1")
    assert blocking(snapshot) == ["route_elsewhere"]


# ---- where the share is of several causes, or of several subnets ----


def in_subnets(count: int, ports: tuple[int, int]) -> Snapshot:
    """The function is in so many subnets, and the ACL of the first one denies return traffic to these ports."""
    snapshot, names = open_snapshot(), [f"subnet-{number}" for number in range(10, 10 + count)]
    made = {name: subnet(name, int(name[7:])) for name in names}
    acls = (
        Acl("acl-one", (names[0],), (deny(90, egress=False, ports=ports), *OPEN_ENTRIES)),
        Acl("acl-many", tuple(names[1:]), OPEN_ENTRIES),
    )
    main, own = snapshot.route_tables
    tables = (main, replace(own, subnet_ids=tuple(names)))
    snapshot = replace(
        snapshot, subnets={**snapshot.subnets, **made}, acls=(*snapshot.acls, *acls), route_tables=tables
    )
    return with_function(snapshot, vpc=VpcConfig(tuple(names), ("sg-f",)))


def test_exactly_one_in_a_hundred_blocks() -> None:
    """A quarter of the ports of one subnet of 25."""
    assert Fraction(1, 100) == BLOCKING_SHARE
    least = in_subnets(25, (1024, 1024 + PORTS // 4 - 1))
    assert told(least) == [("some_pairs", BLOCKS, Fraction(1, 100)), ("acl_return_in_closed", RISK, Fraction(1, 100))]
    assert not verdict(least).reachable
    less = in_subnets(25, (1024, 1024 + PORTS // 4 - 2))
    assert told(less) == [("acl_return_in_closed", RISK, Fraction(PORTS // 4 - 1, 25 * PORTS))]
    assert verdict(less).reachable


def codes_of_return_traffic(snapshot: Snapshot) -> tuple[str, ...]:
    return {hop.kind: hop.codes for hop in verdict(snapshot).hops}["return"]


def test_exactly_one_in_a_hundred_together_blocks() -> None:
    """An eighth of the ports by each of two ACLs."""
    eighth = PORTS // 8
    snapshot = in_subnets(25, (1024, 1024 + eighth - 1))
    back = deny(90, egress=True, cidr="10.0.10.0/24", ports=(40000, 40000 + eighth - 1))
    both = with_entries(snapshot, "acl-db", back)
    assert told(both)[0] == ("some_pairs", BLOCKS, Fraction(1, 100))
    assert codes_of_return_traffic(both) == ("acl_return_out_closed", "acl_return_in_closed")
    less = with_entries(snapshot, "acl-db", replace(back, to_port=40000 + eighth - 2))
    assert (blocking(less), codes_of_return_traffic(less)) == ([], ())


def test_what_is_exactly_one_in_a_hundred_is_no_small_cause() -> None:
    """So what is small beside it closes no station."""
    snapshot = in_subnets(25, (1024, 1024 + PORTS // 4 - 1))
    snapshot = with_entries(snapshot, "acl-db", deny(90, egress=True, ports=(65535, 65535)))
    assert codes_of_return_traffic(snapshot) == ("acl_return_in_closed",)


def test_of_the_functions_subnets_the_mean_counts() -> None:
    """Calls go to all of them: a tenth of the ports of one in sixteen is below 1 in 100, all of its ports are not."""
    assert others(in_subnets(16, (1024, 1024 + PORTS // 10))) == ["acl_return_in_closed"]
    closed = told(in_subnets(16, (1024, 65535)))
    assert closed == [("some_pairs", BLOCKS, Fraction(1, 16)), ("acl_return_in_closed", RISK, Fraction(1, 16))]


def test_of_the_databases_subnets_the_worst_counts() -> None:
    """It stays in one of them, and all connections fail while it is there."""
    snapshot = with_database(open_snapshot(), zone=None)
    snapshot = with_entries(snapshot, "acl-f", deny(90, egress=True, cidr="10.0.3.0/24"))
    assert told(snapshot) == [("some_pairs", BLOCKS, Fraction(1)), ("acl_out_closed", RISK, Fraction(1))]
    assert "  " not in finding_data(verdict(snapshot).findings[0], "en")["message"]


def test_causes_that_are_small_alone_may_block_together() -> None:
    snapshot = with_entries(open_snapshot(), "acl-f", deny(90, egress=False, ports=(2000, 2399)))
    assert others(snapshot) == ["acl_return_in_closed"]
    same = with_entries(snapshot, "acl-db", deny(90, egress=True, ports=(2000, 2399)))
    assert (blocking(same), len(others(same))) == ([], 2)
    more = with_entries(snapshot, "acl-db", deny(90, egress=True, ports=(3000, 3399)))
    assert (blocking(more), others(more)) == (["acl_return_out_closed", "acl_return_in_closed"], [])
    assert {hop.kind: hop.state for hop in verdict(more).hops}["return"] == "partly"


def test_a_small_cause_beside_a_large_one_stays_a_risk() -> None:
    snapshot = with_entries(without_rule(open_snapshot(), "sg-db", INGRESS), "acl-f", deny(90, egress=False, ports=RDP))
    assert (blocking(snapshot), others(snapshot)) == (["ingress_closed"], ["acl_return_in_closed"])
    assert {hop.kind for hop in verdict(snapshot).hops if hop.state != "open"} == {"ingress"}
    assert [cause.code for cause in verdict(snapshot).causes] == ["ingress_closed"]


def test_a_pair_with_a_small_cause_counts_as_open() -> None:
    snapshot = with_entries(open_snapshot(), "acl-f", deny(90, egress=False, ports=RDP))
    snapshot = with_entries(snapshot, "acl-db", deny(90, egress=False, cidr="10.0.1.0/24", ports=(5432, 5432)))
    assert blocking(snapshot) == ["some_pairs"]
    values = verdict(snapshot).findings[0].values
    assert values == {"closed": "subnet-b -> subnet-c", "open": "subnet-a -> subnet-c"}


def test_ipv6_is_not_closed_by_a_risk() -> None:
    snapshot = test_risks.TestIpv6().dual_stack()
    assert others(with_entries(snapshot, "acl-f", deny(90, egress=False, cidr="::/0", ports=RDP))) == []
    assert others(with_entries(snapshot, "acl-f", deny(90, egress=False, cidr="::/0", ports=(1024, 9999)))) == [
        "ipv6_closed"
    ]


# ---- what is said of it ----


@pytest.mark.parametrize(
    ("share", "fixed", "english", "japanese"),
    [
        (None, False, "", ""),
        (Fraction(1), False, "", ""),
        (Fraction(1, 64512), False, "About 1 connection in 64,512 fails; a retry usually works.", "64,512 回に 1 回"),
        (Fraction(1, 251), True, "about 1 in 251 of the possible addresses", "約 251 個に 1 個"),
        (
            Fraction(1, 100),
            False,
            "not. About 1 connection in 100 fails. Closed",
            "約 100 回に 1 回の接続が失敗します。",
        ),
        (Fraction(8, 251), True, "not. About 1 connection in 31 fails. Closed", "約 31 回に 1 回の接続が失敗します。"),
        (Fraction(1, 2), False, "not. About 1 connection in 2 fails. Closed", "約 2 回に 1 回の接続が失敗します。"),
        (Fraction(64511, 64512), False, "About 99 of 100 connections fail.", "100 回のうち約 99 回"),
    ],
)
def test_the_share_in_words(share: Fraction | None, fixed: bool, english: str, japanese: str) -> None:
    values = {"closed": "a", "open": "b"}
    finding = Finding("some_pairs", BLOCKS, "orders", values, share, fixed)
    for language, expected in (("en", english), ("ja", japanese)):
        data = finding_data(finding, language)
        assert expected in data["message"]
        assert any(each.isdigit() for each in data["message"]) is bool(expected)
        assert data.get("share") == (None if share is None else str(share))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            acl("acl-db", egress=True, ports=(0, 65535))("0.0.0.0/0"),
            (
                "Add an outbound rule to acl-db ahead of rule number 90: allow TCP 1024-65535 to"
                " 10.0.0.0/24 (subnet-a), 10.0.1.0/24 (subnet-b)."
            ),
        ),
        (
            acl("acl-f", egress=False, ports=(3000, 4000))("10.0.0.0/8"),
            "Add an inbound rule to acl-f ahead of rule number 90: allow TCP 3000-4000 from 10.0.2.0/24 (subnet-c).",
        ),
        (
            acl("acl-f", egress=False, ports=(1, 1100))("10.0.2.128/25"),
            "Add an inbound rule to acl-f ahead of rule number 90: allow TCP 1024-1100 from 10.0.2.128/25 (subnet-c).",
        ),
        (
            acl("acl-f", egress=True, ports=(0, 65535))("0.0.0.0/0"),
            "Add an outbound rule to acl-f ahead of rule number 90: allow TCP 5432 to 10.0.2.0/24 (subnet-c).",
        ),
        (
            acl("acl-db", egress=False, ports=(0, 65535))(CALLER),
            "Add an inbound rule to acl-db ahead of rule number 90: allow TCP 5432 from 10.0.0.9/32 (subnet-a).",
        ),
        (
            lambda snapshot: replace(
                snapshot, acls=(snapshot.acls[0], replace(snapshot.acls[1], entries=OPEN_ENTRIES[1:]))
            ),
            (
                "Add an inbound rule to acl-db ahead of rule number *: allow TCP 5432 from"
                " 10.0.0.0/24 (subnet-a), 10.0.1.0/24 (subnet-b)."
            ),
        ),
        (
            rules_for("sg-f", EGRESS)(SOME),
            "Add an egress rule for tcp/5432 to the security group sg-db, or to 10.0.2.8/29 (subnet-c).",
        ),
        (
            rules_for("sg-db", INGRESS, ("10.0.1.0/24",))(CALLERS),
            "Add an ingress rule for tcp/5432 from the security group sg-f, or from 10.0.0.8/29 (subnet-a).",
        ),
        (
            elsewhere("eni-1")(SOME),
            "Check what eni-1 does with traffic to 10.0.2.8/29 (subnet-c), or route it directly.",
        ),
    ],
)
def test_a_remedy_opens_no_more_than_the_path_needs(change: Change, expected: str) -> None:
    (finding,) = (each for each in verdict(change(open_snapshot())).findings if each.code != "some_pairs")
    assert finding_data(finding, "en")["remedy"] == expected


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_remedy_opens_a_port_to_the_world(language: str) -> None:
    for ports in (RDP, (22, 22), (0, 65535)):
        snapshot = open_snapshot()
        for name, egress in itertools.product(("acl-f", "acl-db"), (True, False)):
            snapshot = with_entries(snapshot, name, deny(90, egress=egress, ports=ports))
        for finding in verdict(snapshot).findings:
            assert "0.0.0.0/0" not in finding_data(finding, language)["remedy"]
            assert "10.0." in finding_data(finding, language)["remedy"]


# ---- any network, against every kind of connection in it ----

CIDRS = ["0.0.0.0/0", "10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24", CALLER, CALLERS, ONE, SOME,
         "10.0.0.0/25", "10.0.2.128/25", "10.0.0.0/16"]  # fmt: skip
SPANS = [(0, 65535), (1024, 65535), RDP, (5432, 5432), (2000, 2399), (3000, 3644), (3000, 3645), (1, 1024)]

denials = st.lists(
    st.tuples(st.sampled_from(["acl-f", "acl-db"]), st.booleans(), st.sampled_from(CIDRS), st.sampled_from(SPANS)),
    max_size=4,
)
peers = st.sampled_from([(), tuple(all_but(ONE)), tuple(all_but(CALLER, "10.0.1.0/24")), ("10.0.0.0/22",)])


@st.composite
def scenes(draw: st.DrawFn) -> Snapshot:
    snapshot = with_database(open_snapshot(), zone=draw(st.sampled_from([None, "eu-central-1a"])))
    for number, (name, egress, cidr, ports) in enumerate(draw(denials)):
        snapshot = with_entries(snapshot, name, deny(number + 1, egress=egress, cidr=cidr, ports=ports))
    for group, direction in (("sg-f", EGRESS), ("sg-db", INGRESS)):
        if networks := draw(peers):
            snapshot = without_rule(snapshot, group, direction, *(rule(group, direction, each) for each in networks))
    elsewhere_too = draw(st.lists(st.sampled_from(CIDRS[1:]), max_size=1))
    for table, more in (("rtb-f", [TO_INTERNET]), ("rtb-main", [])):
        routes = [Route((each,), "eni-1") for each in elsewhere_too if draw(st.booleans())]
        snapshot = with_routes(snapshot, table, LOCAL_ROUTE, *more, *routes)
    return snapshot


def share_of(snapshot: Snapshot) -> Fraction:
    """That of the connections of `f` that fail: the mean over its subnets, the worst of the database's."""
    assert snapshot.database is not None
    places = [snapshot.subnets[each] for each in snapshot.database.subnet_ids]
    places = [each for each in places if snapshot.database.zone in (None, each.availability_zone)]
    callers = [snapshot.subnets[each] for each in snapshot.state.functions["f"].vpc.subnet_ids]
    return max(
        sum((_share_between(snapshot, source, target) for source in callers), Fraction(0)) / len(callers)
        for target in places
    )


def _share_between(snapshot: Snapshot, source: Subnet, target: Subnet) -> Fraction:
    cells = (_cells(usable(source.cidr)), _cells(usable(target.cidr)), _cells(Range(1024, 65535), SPANS))
    failed = total = 0
    for (here, many), (there, more), (port, most) in itertools.product(*cells):
        total += many * more * most
        if not _connects(snapshot, (source, here), (target, there), port):
            failed += many * more * most
    return Fraction(failed, total)


def _cells(whole: Range, spans: Iterable[tuple[int, int]] = ()) -> list[tuple[int, int]]:
    """The first of those that are alike for every network (or every one of these spans), and how many these are."""
    ranges = spans or [network(cidr)[1] for cidr in {*CIDRS, *all_but(ONE), *all_but(CALLER), "10.0.0.0/22"}]
    edges = {edge for first, last in ranges for edge in (first, last + 1) if whole.first < edge <= whole.last}
    cuts = [whole.first, *sorted(edges), whole.last + 1]
    return [(start, end - start) for start, end in itertools.pairwise(cuts)]


def _connects(snapshot: Snapshot, source: tuple[Subnet, int], target: tuple[Subnet, int], port: int) -> bool:
    acls = {each: one for one in snapshot.acls for each in one.subnet_ids}
    near, far = acls[source[0].id], acls[target[0].id]
    return (
        _admitted(snapshot, "sg-f", EGRESS, "sg-db", target[1])
        and _admitted(snapshot, "sg-db", INGRESS, "sg-f", source[1])
        and _is_local(_table(snapshot, source[0]), target[1])
        and _is_local(_table(snapshot, target[0]), source[1])
        and passes(near, target[1], 5432, egress=True)
        and passes(far, source[1], 5432, egress=False)
        and passes(far, source[1], port, egress=True)
        and passes(near, target[1], port, egress=False)
    )


def _admitted(snapshot: Snapshot, group: str, direction: str, other: str, address: int) -> bool:
    own = [
        each
        for each in snapshot.state.rules
        if (each.group_id, each.direction, each.from_port) == (group, direction, 5432)
    ]
    return any(each.peer.value == other or _in_network(each, address) for each in own)


def _in_network(each: Rule, address: int) -> bool:
    return each.peer.kind == "cidr_ip" and holds(each.peer.value, address)


def _table(snapshot: Snapshot, place: Subnet) -> RouteTable:
    main, own = snapshot.route_tables
    return own if place.id in own.subnet_ids else main


def _is_local(table: RouteTable, address: int) -> bool:
    leading = [(cidr, route) for route in table.routes for cidr in route.destinations if holds(cidr, address)]
    return max(leading, key=lambda each: int(each[0].split("/")[1]))[1].target == "local"


@given(scenes())
def test_a_path_is_open_if_and_only_if_less_than_one_connection_in_a_hundred_fails(snapshot: Snapshot) -> None:
    share, found = share_of(snapshot), verdict(snapshot)
    assert found.reachable is (share < Fraction(1, 100))
    assert found.path == ("open" if found.reachable else "closed")
    causes = [each.share for each in found.findings if each.code != "some_pairs" and each.share]
    assert len(causes) == len([each for each in found.findings if each.code != "some_pairs"])
    assert max(causes, default=0) <= share <= sum(causes)
    assert [each.share for each in found.findings if each.code == "some_pairs"] in ([], [share])
    if len(causes) == 1:
        assert causes == [share]


@given(scenes(), st.sampled_from(["acl-f", "acl-db"]), st.booleans(), st.sampled_from(CIDRS), st.sampled_from(SPANS))
def test_a_deny_more_opens_nothing(
    snapshot: Snapshot, name: str, egress: bool, cidr: str, ports: tuple[int, int]
) -> None:
    more = with_entries(snapshot, name, deny(0, egress=egress, cidr=cidr, ports=ports))
    assert verdict(snapshot).reachable or not verdict(more).reachable
    assert len(blocking(snapshot)) == 0 or len(blocking(more)) > 0


@given(scenes())
def test_what_allows_everything_leaves_nothing_to_say(snapshot: Snapshot) -> None:
    """The remedy of each finding on network ACLs in one: an entry of the lowest number."""
    snapshot = with_rules(snapshot, *open_snapshot().state.rules)
    for name in ("rtb-f", "rtb-main"):
        snapshot = with_routes(snapshot, name, LOCAL_ROUTE, TO_INTERNET)
    everything = [AclEntry(0, egress, allow=True, protocol="-1", cidr="0.0.0.0/0") for egress in (True, False)]
    for name in ("acl-f", "acl-db"):
        snapshot = with_entries(snapshot, name, *everything)
    assert verdict(snapshot).findings == ()


def _wanted(snapshot: Snapshot) -> Iterator[tuple[str, AclEntry]]:
    """The entries that the remedies of the findings on network ACLs ask for."""
    for finding in verdict(snapshot).findings:
        if finding.code.startswith("acl_"):
            egress = finding.code in ("acl_out_closed", "acl_return_out_closed")
            spans = [part.split("-") for part in finding.values["ports"].split(", ")]
            cidrs = [each.split(" (")[0] for each in finding.values["cidrs"].split(", ")]
            for span, cidr in itertools.product(spans, cidrs):
                ports = int(span[0]), int(span[-1])
                yield (
                    finding.resource,
                    AclEntry(0, egress, allow=True, protocol="6", cidr=cidr, from_port=ports[0], to_port=ports[1]),
                )


@given(scenes())
def test_the_remedies_together_open_all_acls_to_the_path_and_to_nobody_else(snapshot: Snapshot) -> None:
    own = [IPv4Network(each.cidr) for each in snapshot.subnets.values()]
    mended = snapshot
    for name, entry in _wanted(snapshot):
        assert any(IPv4Network(entry.cidr).subnet_of(each) for each in own)
        mended = with_entries(mended, name, entry)
    assert not [each.code for each in verdict(mended).findings if each.code.startswith("acl_")]
