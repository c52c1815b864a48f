# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Random accounts as plain values, before anything is built (built_worlds.py).

What gets an id only when it is built is named: "@main" is a VPC, "@main:0" its first subnet, "@main/team" a group of
it, "@orders" the host name of a database.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

VPCS = ["main", "other", "default"]
SUBNETS = 3
# In each VPC; a function may wear five.
GROUPS = ["db-a", "db-b", "team", "own", "logs"]
# Names that a client group of ours would get.
TAKEN = ["f-lambda-sg", "g-lambda-sg", "orders-lambda-clients", "lambda-rds-1"]
DATABASES = ["orders", "stock", "crm"]
FUNCTIONS = ["f", "g", "h"]
ENGINES = {"instance": ["postgres", "mysql", "sqlserver-ex"], "cluster": ["aurora-postgresql", "aurora-mysql", "mysql"]}
ALIAS = "live"
# So many rules that a group's quota may be reached.
CROWD = [57, 58, 59]

Peering = tuple[str, str]


@dataclass(frozen=True)
class Rule:
    """A rule of others; `peer` is a range or a group."""

    group: str
    direction: str
    protocol: str
    port: int
    peer: str


@dataclass(frozen=True)
class Database:
    """An instance, or a cluster with two members."""

    name: str
    kind: str
    engine: str
    port: int | None
    vpc: str
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Function:
    """In no VPC without subnets. With `versions`, an alias leads to the first, with a share of the last."""

    name: str
    package: str
    vpc: str | None = None
    subnets: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    ipv6: bool = False
    versions: int = 0


@dataclass(frozen=True)
class World:
    """What stands in the account, and how AWS behaves. `seed` makes the same ids of the same world."""

    seed: int
    vpcs: tuple[str, ...]
    peered: tuple[Peering, ...]
    taken: tuple[str, ...]
    rules: tuple[Rule, ...]
    crowded: tuple[str, int] | None
    databases: tuple[Database, ...]
    functions: tuple[Function, ...]
    interfaces: tuple[tuple[str, tuple[str, ...]], ...]
    settings: dict[str, Any]

    def function(self, name: str) -> Function:
        return next(function for function in self.functions if function.name == name)

    def peers_of(self, vpc: str) -> list[str]:
        return sorted({other for pair in self.peered if vpc in pair for other in pair} - {vpc})


def groups_of(vpc: str) -> list[str]:
    return [f"@{vpc}/{name}" for name in GROUPS]


def subnets_of(vpc: str) -> list[str]:
    return [f"@{vpc}:{number}" for number in range(SUBNETS)]


def vpc_of(name: str) -> str:
    return name[1:].partition("/")[0].partition(":")[0]


def some(values: list[str], most: int | None = None) -> st.SearchStrategy[tuple[str, ...]]:
    """One of them at least."""
    return st.lists(st.sampled_from(values), min_size=1, max_size=most or len(values), unique=True).map(tuple)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    vpcs = draw(st.lists(st.sampled_from(VPCS), min_size=1, max_size=3, unique=True))
    pairs = [(one, other) for one in vpcs for other in vpcs if one < other]
    peered = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    databases = tuple(draw(_databases(name, vpcs)) for name in DATABASES[: draw(st.integers(1, 3))])
    rules = draw(st.lists(_rules(vpcs, peered, databases), max_size=6, unique=True))
    return World(
        seed=draw(st.integers(0, 9)),
        vpcs=tuple(vpcs),
        peered=tuple(peered),
        taken=draw(st.just(()) | some([f"@{vpc}/{name}" for vpc in vpcs for name in TAKEN], 2)),
        rules=tuple(rules),
        crowded=draw(st.sampled_from([None] * 5 + [(databases[0].groups[0], count) for count in CROWD])),
        databases=databases,
        functions=tuple(draw(_functions(name, vpcs)) for name in FUNCTIONS),
        interfaces=draw(st.just(()) | st.tuples(_interfaces(databases))),
        settings=draw(_settings()),
    )


def _settings() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "page_size": st.sampled_from([1000, 20, 5]),
            "update_seconds": st.sampled_from([0.2, 0, 10]),
            "stale_seconds": st.sampled_from([0, 0.5, 2]),
            "interface_release_seconds": st.sampled_from([1200, 0, 30]),
            "rules_per_group": st.sampled_from([100, 60]),
        }
    )


@st.composite
def _databases(draw: st.DrawFn, name: str, vpcs: list[str]) -> Database:
    kind, vpc = draw(st.sampled_from(["instance", "cluster"])), draw(st.sampled_from(vpcs))
    port = draw(st.sampled_from([None, None, 6432]))
    # Few groups, so that databases share some.
    return Database(name, kind, draw(st.sampled_from(ENGINES[kind])), port, vpc, draw(some(groups_of(vpc)[:3])))


@st.composite
def _functions(draw: st.DrawFn, name: str, vpcs: list[str]) -> Function:
    package = draw(st.sampled_from(["Image", "Zip"]))
    versions = draw(st.sampled_from([0, 0, 1, 2]))
    vpc = draw(st.sampled_from([None, *vpcs]))
    if vpc is None:
        return Function(name, package, versions=versions)
    most = draw(st.sampled_from([1, 2, 2, 3, 5]))
    subnets, groups = draw(some(subnets_of(vpc))), draw(some(groups_of(vpc), most))
    return Function(name, package, vpc, subnets, groups, draw(st.booleans()), versions)


@st.composite
def _rules(draw: st.DrawFn, vpcs: list[str], peered: list[Peering], databases: tuple[Database, ...]) -> Rule:
    """Any, or one half of what a connection with an existing group would add."""
    direction = draw(st.sampled_from(["ingress", "egress"]))
    if draw(st.booleans()):
        database = draw(st.sampled_from(databases))
        pair = [draw(st.sampled_from(database.groups)), draw(st.sampled_from(groups_of(database.vpc)))]
        group, peer = pair if direction == "ingress" else reversed(pair)
        return Rule(group, direction, "tcp", draw(st.sampled_from([5432, 3306, 1433, 6432])), peer)
    group = draw(st.sampled_from([group for vpc in vpcs for group in groups_of(vpc)]))
    vpc = vpc_of(group)
    near = [other for other in vpcs if other == vpc or tuple(sorted((vpc, other))) in peered]
    peer = draw(st.sampled_from(["10.0.0.0/8", "2001:db8::/32", *(group for vpc in near for group in groups_of(vpc))]))
    protocol, port = draw(st.sampled_from([("tcp", 5432), ("tcp", 443), ("udp", 53), ("-1", -1)]))
    return Rule(group, direction, protocol, port, peer)


@st.composite
def _interfaces(draw: st.DrawFn, databases: tuple[Database, ...]) -> tuple[str, tuple[str, ...]]:
    """Of others, with a group of a database."""
    database = draw(st.sampled_from(databases))
    return draw(st.sampled_from(subnets_of(database.vpc))), draw(some(list(database.groups)))
