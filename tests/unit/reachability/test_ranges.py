# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Ranges against what single addresses and ports say: what is open is open for each of them, and so on."""

from __future__ import annotations

from ipaddress import ip_address

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.network_acls import Acl, AclEntry
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.routes import Route, RouteTable
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.security_groups import EGRESS, Rule
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.hops import (
    CLOSED,
    OPEN,
    PARTLY,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.evaluate.addresses import (
    FlowSpec,
    Range,
    network,
    ports_text,
    usable,
    without,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.evaluate.network_acls import (
    acl_decision,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.evaluate.routes import (
    next_hops,
    table_of,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.evaluate.security_groups import (
    PeerEnd,
    evaluate_rules,
)

from .snapshots import rule

FIRST = int(ip_address("10.0.0.0"))
# Sixteen addresses and eight ports: few enough to ask for each of them.
ADDRESSES = Range(FIRST, FIRST + 15)
PORTS = Range(5430, 5437)
CIDRS = [
    "0.0.0.0/0", "10.0.0.0/28", "10.0.0.0/29", "10.0.0.8/29", "10.0.0.4/30", "10.0.0.9/32", "10.0.0.16/28", "::/0",
]  # fmt: skip

ports = st.tuples(st.integers(5428, 5439), st.integers(5428, 5439)).map(sorted)
entries = st.builds(
    lambda number, egress, allow, protocol, cidr, between: AclEntry(number, egress, allow, protocol, cidr, *between),
    st.integers(1, 50),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["-1", "6", "17"]),
    st.sampled_from(CIDRS),
    ports,
)
rules = st.builds(
    lambda peer, between, protocol: rule("sg-1", EGRESS, peer, between[0], to_port=between[1], protocol=protocol),
    st.sampled_from([*CIDRS, "sg-2", "sg-3", "pl-1"]),
    ports,
    st.sampled_from(["tcp", "tcp", "-1"]),
)
PREFIX_LISTS = {"pl-1": ("10.0.0.0/30", "10.0.0.12/30")}


def holds(cidr: str, address: int) -> bool:
    family, everything = network(cidr)
    return family == 4 and everything.first <= address <= everything.last


def passes(acl: Acl, address: int, port: int, *, egress: bool) -> bool:
    """The first entry that fits decides."""
    for entry in sorted(acl.entries, key=lambda entry: entry.number):
        fits = entry.egress == egress and holds(entry.cidr, address)
        if fits and (entry.protocol == "-1" or (entry.protocol == "6" and entry.from_port <= port <= entry.to_port)):
            return entry.allow
    return False


def evaluated(answers: set[bool]) -> str:
    return PARTLY if len(answers) > 1 else OPEN if answers == {True} else CLOSED


@given(st.lists(entries, max_size=6, unique_by=lambda entry: entry.number), st.booleans())
def test_network_acls(listed: list[AclEntry], egress: bool) -> None:
    acl = Acl("acl-1", (), tuple(listed))
    answers = {
        passes(acl, address, port, egress=egress)
        for address in range(ADDRESSES.first, ADDRESSES.last + 1)
        for port in range(PORTS.first, PORTS.last + 1)
    }
    found = acl_decision(acl, FlowSpec(ADDRESSES, PORTS), 4, egress=egress)
    assert found.state == evaluated(answers)
    assert bool(found.denied) == bool(found.entry) == (found.state != OPEN)
    denied = [
        (address, port)
        for flow in found.denied
        for address in range(flow.addresses.first, flow.addresses.last + 1)
        for port in range(flow.ports.first, flow.ports.last + 1)
    ]
    assert sorted(denied) == [
        (address, port)
        for address in range(ADDRESSES.first, ADDRESSES.last + 1)
        for port in range(PORTS.first, PORTS.last + 1)
        if not passes(acl, address, port, egress=egress)
    ]


@given(st.lists(rules, max_size=5))
def test_security_groups(listed: list[Rule]) -> None:
    def admits(each: Rule, address: int) -> bool:
        if each.protocol != "-1" and not each.from_port <= 5432 <= each.to_port:
            return False
        if each.peer.kind == "group":
            return each.peer.value == "sg-2"
        cidrs = PREFIX_LISTS.get(each.peer.value, (each.peer.value,))
        return any(holds(cidr, address) for cidr in cidrs)

    answers = {any(admits(each, address) for each in listed) for address in range(ADDRESSES.first, ADDRESSES.last + 1)}
    found = evaluate_rules(listed, PeerEnd(("sg-2",), ADDRESSES), 5432, PREFIX_LISTS)
    assert found.state == evaluated(answers)
    closed = [address for each in found.closed for address in range(each.first, each.last + 1)]
    assert closed == [
        address
        for address in range(ADDRESSES.first, ADDRESSES.last + 1)
        if not any(admits(each, address) for each in listed)
    ]


@given(st.lists(st.sampled_from(CIDRS[:-1]), max_size=6, unique=True))
def test_routes(cidrs: list[str]) -> None:
    table = RouteTable("rtb-1", "vpc-1", (), tuple(Route((cidr,), cidr) for cidr in cidrs))
    longest = {
        max((cidr for cidr in cidrs if holds(cidr, address)), key=lambda cidr: int(cidr.split("/")[1]), default=None)
        for address in range(ADDRESSES.first, ADDRESSES.last + 1)
    }
    found = next_hops(table, 4, ADDRESSES)
    assert {route.target if route else None for route in found} == longest
    assert sorted(each for ranges in found.values() for one in ranges for each in range(one.first, one.last + 1)) == [
        *range(ADDRESSES.first, ADDRESSES.last + 1)
    ]
    assert all(holds(route.target, each.first) for route, ranges in found.items() for each in ranges if route)


def test_the_table_of_a_subnet() -> None:
    main, other = (RouteTable(f"rtb-{vpc}", vpc, (), (), main=True) for vpc in ("vpc-1", "vpc-2"))
    own = RouteTable("rtb-own", "vpc-1", ("subnet-a",), ())
    assert table_of([main, other, own], "subnet-a", "vpc-1") is own
    assert table_of([other, main, own], "subnet-b", "vpc-1") is main
    assert table_of([other, own], "subnet-b", "vpc-1") is None


def test_ranges() -> None:
    assert usable("10.0.0.0/28") == Range(FIRST + 4, FIRST + 14)
    assert without([Range(1, 9)], Range(4, 5)) == [Range(1, 3), Range(6, 9)]
    assert ports_text([Range(5, 5), Range(1, 2), Range(3, 3)]) == "1-3, 5"
    assert Range(2, 3).within(Range(1, 4))


def test_the_entry_that_decides_is_named() -> None:
    deny = AclEntry(7, egress=True, allow=False, protocol="6", cidr="10.0.0.0/29", from_port=1, to_port=9999)
    acl = Acl("acl-1", (), (deny, AclEntry(9, egress=True, allow=False, protocol="-1", cidr="0.0.0.0/0")))
    found = acl_decision(acl, FlowSpec(ADDRESSES, PORTS), 4, egress=True)
    assert ports_text(flow.ports for flow in found.denied) == "5430-5437"
    assert (found.state, found.entry, found.number) == (CLOSED, "7 tcp/1-9999 10.0.0.0/29 deny", "7")
    everything = Acl("acl-1", (), acl.entries[1:])
    assert acl_decision(everything, FlowSpec(ADDRESSES, PORTS), 4, egress=True).entry == "9 all 0.0.0.0/0 deny"
    last = AclEntry(32767, egress=True, allow=False, protocol="-1", cidr="0.0.0.0/0")
    for entries_ in ((), (last,)):
        found = acl_decision(Acl("acl-1", (), entries_), FlowSpec(ADDRESSES, PORTS), 4, egress=True)
        assert (found.entry, found.number) == ("* deny", "*")
