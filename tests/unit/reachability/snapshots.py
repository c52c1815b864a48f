# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A path that is open, and ways to change one thing of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.databases import Database
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.functions import (
    Function,
    FunctionSettings,
    VpcConfig,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.names import INSTANCE, PROXY
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.network_acls import Acl, AclEntry
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.networks import Endpoint, Peering, Subnet
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.proxy_targets import (
    RDS_INSTANCE,
    READ_WRITE,
    Target,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.routes import Route, RouteTable
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.security_groups import (
    EGRESS,
    INGRESS,
    Group,
    Peer,
    Rule,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.state import State
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.codes import CODES
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.findings import BLOCKS
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.catalogue.hops import Verdict
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.snapshot import Snapshot
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.verdict import evaluate

ROLE = "arn:aws:iam::123456789012:role/service/f-role"
OPEN_ENTRIES = tuple(AclEntry(100, egress, allow=True, protocol="-1", cidr="0.0.0.0/0") for egress in (False, True))
LOCAL_ROUTE = Route(("10.0.0.0/16",), "local")
TO_INTERNET = Route(("0.0.0.0/0",), "nat-1")


def rule(group: str, direction: str, peer: str, port: int = 5432, **changes: Any) -> Rule:
    """A rule of tcp for one port; the peer's kind is told by its form."""
    kind = "group" if peer.startswith("sg-") else "ip_prefix" if peer.startswith("pl-") else "cidr_ip"
    kind = "cidr_ipv6" if ":" in peer else kind
    return replace(Rule(group, direction, "tcp", port, port, Peer(kind, peer)), **changes)


def subnet(name: str, number: int, vpc: str = "vpc-1", **changes: Any) -> Subnet:
    prefix = {"vpc-1": "10.0", "vpc-2": "10.1"}[vpc]
    zone = f"eu-central-1{'ab'[number % 2]}"
    return Subnet(name, vpc, zone, 200, f"{prefix}.{number}.0/24", **changes)


def open_snapshot() -> Snapshot:
    """`f` in subnet-a and subnet-b, `orders`, of one zone, in subnet-c, all in vpc-1; one pair of rules."""
    function = Function(
        "f",
        "arn:aws:lambda:eu-central-1:123456789012:function:f",
        VpcConfig(("subnet-a", "subnet-b"), ("sg-f",)),
        role_arn=ROLE,
    )
    database = Database(
        INSTANCE,
        "orders",
        vpc_id="vpc-1",
        subnet_ids=("subnet-c", "subnet-d"),
        security_group_ids=("sg-db",),
        port=5432,
        endpoint="orders.abc.eu-central-1.rds.amazonaws.com",
        status="available",
        zone="eu-central-1a",
    )
    groups = {name: Group(name, name, "vpc-1") for name in ("sg-f", "sg-db")}
    rules = (
        rule("sg-f", EGRESS, "sg-db"),
        rule("sg-f", EGRESS, "0.0.0.0/0", 443),
        rule("sg-db", INGRESS, "sg-f"),
    )
    subnets = {"subnet-a": 0, "subnet-b": 1, "subnet-c": 2, "subnet-d": 3}
    return Snapshot(
        State({"f": function}, groups, rules),
        name="instance orders",
        database=database,
        settings={"f": FunctionSettings(timeout=30)},
        subnets={name: subnet(name, number) for name, number in subnets.items()},
        acls=(
            Acl("acl-f", ("subnet-a", "subnet-b"), OPEN_ENTRIES),
            Acl("acl-db", ("subnet-c", "subnet-d"), OPEN_ENTRIES),
        ),
        route_tables=(
            RouteTable("rtb-main", "vpc-1", (), (LOCAL_ROUTE,), main=True),
            RouteTable("rtb-f", "vpc-1", ("subnet-a", "subnet-b"), (LOCAL_ROUTE, TO_INTERNET)),
        ),
        dns_support={"vpc-1": True},
        rules_per_group=60,
    )


def peered_scene() -> Snapshot:
    """The same, but `orders` is in vpc-2, and pcx-1 joins the two, with routes both ways."""
    snapshot = open_snapshot()
    assert snapshot.database is not None
    moved = {name: subnet(name, number, "vpc-2") for name, number in {"subnet-c": 2, "subnet-d": 3}.items()}
    there = RouteTable(
        "rtb-2", "vpc-2", (), (Route(("10.1.0.0/16",), "local"), Route(("10.0.0.0/16",), "pcx-1")), main=True
    )
    here = (LOCAL_ROUTE, TO_INTERNET, Route(("10.1.0.0/16",), "pcx-1"))
    return replace(
        snapshot,
        database=replace(snapshot.database, vpc_id="vpc-2"),
        subnets={**snapshot.subnets, **moved},
        route_tables=(snapshot.route_tables[0], replace(snapshot.route_tables[1], routes=here), there),
        peerings=(Peering("pcx-1", frozenset({"vpc-1", "vpc-2"})),),
    )


def target(state: str | None, reason: str | None = None, **changes: Any) -> Target:
    """`orders`, as a proxy sees it."""
    return replace(Target(RDS_INSTANCE, "orders", role=READ_WRITE, state=state, reason=reason), **changes)


def proxied_scene() -> Snapshot:
    """`f` to the proxy `pool` on 5432, that to `orders` on 6432."""
    snapshot = open_snapshot()
    assert snapshot.database is not None
    proxy_target = replace(snapshot.database, port=6432)
    proxy = Database(
        PROXY,
        "pool",
        vpc_id="vpc-1",
        subnet_ids=("subnet-a", "subnet-d"),
        security_group_ids=("sg-pool",),
        port=5432,
        endpoint="pool.proxy-abc.eu-central-1.rds.amazonaws.com",
        status="available",
        origin_subnet_ids=("subnet-a", "subnet-d"),
        origin_security_group_ids=("sg-pool",),
        targets=(target("AVAILABLE"),),
    )
    rules = (
        rule("sg-f", EGRESS, "sg-pool"),
        rule("sg-f", EGRESS, "0.0.0.0/0", 443),
        rule("sg-pool", INGRESS, "sg-f"),
        rule("sg-pool", EGRESS, "sg-db", 6432),
        rule("sg-db", INGRESS, "sg-pool", 6432),
    )
    return replace(snapshot, database=proxy, proxy_target=proxy_target, state=replace(snapshot.state, rules=rules))


def verdict(snapshot: Snapshot) -> Verdict:
    """Its findings have severities that the catalogue, and so docs/findings.md, lists."""
    (found,) = evaluate(snapshot, ["f"])
    assert [each for each in found.findings if each.severity not in CODES[each.code].severities] == []
    return found


def blocking(snapshot: Snapshot) -> list[str]:
    return [finding.code for finding in verdict(snapshot).findings if finding.severity == BLOCKS]


def others(snapshot: Snapshot) -> list[str]:
    """The codes of what does not block."""
    return [finding.code for finding in verdict(snapshot).findings if finding.severity != BLOCKS]


def with_function(snapshot: Snapshot, **changes: Any) -> Snapshot:
    function = replace(snapshot.state.functions["f"], **changes)
    return replace(snapshot, state=replace(snapshot.state, functions={"f": function}))


def with_settings(snapshot: Snapshot, **changes: Any) -> Snapshot:
    return replace(snapshot, settings={"f": replace(snapshot.settings["f"], **changes)})


def with_database(snapshot: Snapshot, **changes: Any) -> Snapshot:
    assert snapshot.database is not None
    return replace(snapshot, database=replace(snapshot.database, **changes))


def with_target(snapshot: Snapshot, state: str | None, reason: str | None = None) -> Snapshot:
    return with_database(snapshot, targets=(target(state, reason),))


def with_rules(snapshot: Snapshot, *rules: Rule) -> Snapshot:
    return replace(snapshot, state=replace(snapshot.state, rules=rules))


def without_rule(snapshot: Snapshot, group: str, direction: str, *more: Rule) -> Snapshot:
    """Without the rules for the database, and with some others."""
    kept = [each for each in snapshot.state.rules if (each.group_id, each.direction) != (group, direction)]
    https = [rule("sg-f", EGRESS, "0.0.0.0/0", 443)] if direction == EGRESS and group == "sg-f" else []
    return with_rules(snapshot, *kept, *https, *more)


def with_entries(snapshot: Snapshot, acl: str, *entries: AclEntry) -> Snapshot:
    """Entries before those that allow everything."""
    acls = tuple(replace(each, entries=(*entries, *each.entries)) if each.id == acl else each for each in snapshot.acls)
    return replace(snapshot, acls=acls)


def deny(number: int, *, egress: bool, cidr: str = "0.0.0.0/0", ports: tuple[int, int] = (0, 65535)) -> AclEntry:
    return AclEntry(number, egress, allow=False, protocol="6", cidr=cidr, from_port=ports[0], to_port=ports[1])


def with_routes(snapshot: Snapshot, table: str, *routes: Route) -> Snapshot:
    tables = tuple(replace(each, routes=routes) if each.id == table else each for each in snapshot.route_tables)
    return replace(snapshot, route_tables=tables)


def endpoint(service: str, kind: str = "Interface", **changes: Any) -> Endpoint:
    groups = ("sg-e",) if kind == "Interface" else ()
    return replace(Endpoint(f"vpce-{service}", service, kind, "vpc-1", group_ids=groups), **changes)
