# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Random route tables, as values: within a VPC, and between two that are peered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from random import Random

# Of the functions' VPC and of the database's, where that is another one.
VPCS = ("10.0.0.0/16", "10.1.0.0/16")
ZONES = ("a", "b", "a")
# The last one gives out so many addresses that a single one is below 1 in 100.
SUBNETS = tuple(tuple(vpc.replace("0.0/16", end) for end in ("1.0/28", "1.16/28", "1.128/25")) for vpc in VPCS)
FUNCTIONS = 6
# Targets: the peering of the two, one with a third VPC, one that is gone, an interface, one that is gone, a gateway.
PEERING, OTHER_PEERING, GONE_PEERING = "peering", "other peering", "gone peering"
INTERFACE, GONE_INTERFACE, GATEWAY = "interface", "gone interface", "gateway"
LISTED = "list"


@dataclass(frozen=True)
class Table:
    """`vpc` is 0 or 1. Routes lead from a range, or the prefix list of the other VPC's subnets, to a target."""

    vpc: int
    main: bool
    subnets: tuple[int, ...]
    routes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class RoutedWorld:
    """Functions by their subnets. `zone` is None for a Multi-AZ database."""

    peered: bool
    tables: tuple[Table, ...]
    database: tuple[int, ...]
    zone: str | None
    functions: tuple[tuple[int, ...], ...]


def draw_routed_world(seed: int) -> RoutedWorld:
    draw = Random(seed)
    peered = seed % 3 != 0
    tables = [table for vpc in range(1 + peered) for table in _tables(draw, vpc, peered=peered)]
    subnets, zone = draw.choice((((0, 1), "a"), ((0, 1), "b"), ((0, 1, 2), "a"), ((0, 1), None)))
    functions = tuple(tuple(sorted(draw.sample(range(3), draw.randint(1, 2)))) for _number in range(FUNCTIONS))
    return RoutedWorld(peered, tuple(tables), subnets, zone, functions)


def _tables(draw: Random, vpc: int, *, peered: bool) -> Iterator[Table]:
    """The main one, and one of some subnets' own."""
    own = tuple(draw.sample(range(3), draw.randint(0, 2)))
    for main, subnets in ((True, ()), (False, own)):
        routes = _between(draw, SUBNETS[1 - vpc], VPCS[1 - vpc]) if peered else _within(draw, SUBNETS[vpc])
        # AWS takes one route to a destination only.
        yield Table(vpc, main, subnets, tuple(dict(routes).items()))


def _between(draw: Random, others: Sequence[str], vpc: str) -> Iterator[tuple[str, str]]:
    """All subnets of the other VPC in one of many ways, or all but one; and what may come between."""
    halves = [str(half) for cidr in others for half in IPv4Network(cidr).subnets(1)]
    next_hops = (
        [vpc],
        [vpc],
        list(others),
        halves,
        [LISTED],
        [LISTED],
        [str(half) for half in IPv4Network(vpc).subnets(1)],
    )
    destinations = list(draw.choice(next_hops))
    if draw.random() < 0.12:
        destinations.remove(draw.choice(destinations))
    for destination in destinations:
        yield destination, PEERING
    if destinations == [LISTED] and draw.random() < 0.7:  # to a network that is in the list, too
        yield draw.choice(others), draw.choice((OTHER_PEERING, GONE_PEERING))
    elif draw.random() < 0.25:
        yield draw.choice((*others, *halves)), draw.choice((OTHER_PEERING, GONE_PEERING, PEERING))
    if draw.random() < 0.3:
        yield f"{IPv4Network(others[-1])[9]}/32", draw.choice((OTHER_PEERING, GONE_PEERING))
    if draw.random() < 0.5:
        yield "0.0.0.0/0", draw.choice((OTHER_PEERING, GONE_PEERING, GATEWAY))
    yield "10.9.0.0/16", draw.choice((PEERING, OTHER_PEERING, GONE_PEERING))


def _within(draw: Random, subnets: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The one kind of route that AWS lets be more specific than the local one: that to a whole subnet."""
    if draw.random() < 0.6:
        yield draw.choice(subnets), draw.choice((INTERFACE, GONE_INTERFACE))
    yield "0.0.0.0/0", GATEWAY
