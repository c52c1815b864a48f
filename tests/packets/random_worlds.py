# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Random accounts, as values: a database, functions, and security groups and network ACLs between them.

Every part of a path is open in one of many ways or, less often, lacks a piece: so about half of the paths are open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from random import Random

from ansible_collections.cloudops.lambda_rds.tests.packets.random_acls import Entry, draw_acl

VPC = "10.0.0.0/16"
# The smallest that AWS makes, two in one zone; and one that gives out so many that a single one is below 1 in 100.
SUBNETS = (("10.0.1.0/28", "a"), ("10.0.1.16/28", "b"), ("10.0.2.0/28", "a"), ("10.0.2.128/25", "c"))
PORTS = (5432, 3306, 1433, 5433, 49152)
# Subnet groups, and the zone of a database that stays in one.
PLACES = (((0, 1), "a"), ((0, 1), "b"), ((0, 1, 2), "a"), ((1, 3), "c"), ((0, 1), None), ((1, 3), None))
FUNCTIONS = 6
# The database wears some of the first, functions some of all.
DATABASE_GROUPS, GROUPS = 2, 7
LISTS = 2


@dataclass(frozen=True)
class Rule:
    """`peer` is a range, the number of a group (g0) or of a prefix list (p0)."""

    group: int
    egress: bool
    protocol: str
    ports: tuple[int, int]
    peer: str


@dataclass(frozen=True)
class Worn:
    subnets: tuple[int, ...]
    groups: tuple[int, ...]


@dataclass(frozen=True)
class World:
    """`zone` is None for a Multi-AZ database; `acls` has None where the VPC's default one stays."""

    port: int
    database: Worn
    zone: str | None
    functions: tuple[Worn, ...]
    rules: frozenset[Rule]
    lists: tuple[tuple[str, ...], ...]
    acls: tuple[tuple[Entry, ...] | None, ...]


def draw_world(seed: int) -> World:
    draw = Random(seed)
    port = draw.choice(PORTS)
    subnets, zone = draw.choice(PLACES)
    database = Worn(subnets, _some(draw, range(DATABASE_GROUPS), 2))
    functions = tuple(_function(draw) for _number in range(FUNCTIONS))
    places = [place for place in subnets if zone in (None, SUBNETS[place][1])]
    lists = (_list(draw, places), _list(draw, functions[0].subnets))
    rules = set[Rule]()
    for function in functions:
        rules.update(_Path(draw, port, own=function.groups, egress=True, other=database, places=places).rules())
        into = _Path(draw, port, own=database.groups, egress=False, other=function, places=function.subnets)
        rules.update(into.rules())
    cidrs = [cidr for cidr, _zone in SUBNETS]
    acls = tuple(draw_acl(draw, port, cidrs) if draw.random() < 0.5 else None for _subnet in SUBNETS)
    return World(port, database, zone, functions, frozenset(rules), lists, acls)


def _function(draw: Random) -> Worn:
    groups = range(DATABASE_GROUPS, GROUPS) if draw.random() < 0.85 else range(GROUPS)
    return Worn(_some(draw, range(len(SUBNETS)), 2), _some(draw, groups, 3))


def _some(draw: Random, numbers: Sequence[int], most: int) -> tuple[int, ...]:
    return tuple(sorted(draw.sample(numbers, draw.randint(1, most))))


def _list(draw: Random, places: Sequence[int]) -> tuple[str, ...]:
    """The ranges of these subnets in pieces, one of which may be missing."""
    pieces = [piece for place in places for piece in _pieces(draw, SUBNETS[place][0])]
    return tuple(pieces[1:] if len(pieces) > 1 and draw.random() < 0.2 else pieces)


def _pieces(draw: Random, cidr: str) -> list[str]:
    """Ranges that together cover what AWS gives out of a subnet, or all of it and more."""
    network = IPv4Network(cidr)
    halves = [str(half) for half in network.subnets(1)]
    kept = IPv4Network((network.network_address, 30))
    rest = sorted(network.address_exclude(kept))
    pieces = [str(piece) for each in rest for piece in (each.subnets(1) if each == rest[-1] else [each])]
    exact = ([cidr], halves, [*map(str, rest)], pieces, [str(network.supernet(1))])
    return list(draw.choice(exact if draw.random() < 0.9 else ([VPC], ["0.0.0.0/0"])))


@dataclass(frozen=True)
class _Path:
    """The rules of the groups at one end that let it talk to the other, or almost."""

    draw: Random
    port: int
    own: tuple[int, ...]
    egress: bool
    other: Worn
    places: Sequence[int]

    def rules(self) -> Iterator[Rule]:
        peers = self._peers()
        if self.draw.random() < 0.3:
            peers.remove(self.draw.choice(peers))
        elif self.draw.random() < 0.08:
            peers = self._all_but_one()
        miss = self.draw.random() < 0.2
        for peer in peers:
            yield self._rule(peer, *(self._wrong() if miss else self._right()))
        if self.draw.random() < 0.3:  # of no use to IPv4
            yield self._rule("::/0", *self._right())
        for _number in range(self.draw.randrange(3)):
            peer = self.draw.choice(("10.9.0.0/16", VPC, f"g{self.draw.randrange(GROUPS)}"))
            yield self._rule(peer, *self._wrong())

    def _all_but_one(self) -> list[str]:
        """Ranges that lack a single address of one subnet, the first or the last that AWS gives out."""
        cidrs = [IPv4Network(SUBNETS[place][0]) for place in self.places]
        short = cidrs.pop(self.draw.randrange(len(cidrs)))
        missing = IPv4Network(f"{short[self.draw.choice((4, -2))]}/32")
        return [*map(str, cidrs), *map(str, short.address_exclude(missing))]

    def _peers(self) -> list[str]:
        group = f"g{self.draw.choice(self.other.groups)}"
        ranges = [piece for place in self.places for piece in _pieces(self.draw, SUBNETS[place][0])]
        next_hops = ([group], [group], [f"p{0 if self.egress else 1}"], ranges, ranges, ranges)
        return list(self.draw.choice(next_hops))

    def _rule(self, peer: str, protocol: str, first: int, last: int) -> Rule:
        """Rules of one path may be spread over all groups that are worn."""
        return Rule(self.draw.choice(self.own), self.egress, protocol, (first, last), peer)

    def _right(self) -> tuple[str, int, int]:
        port = self.port
        next_hops = (port, port), (port, port), (port - 10, port), (port, port + 10), (0, 65535), (port - 1, port + 1)
        return ("-1", -1, -1) if self.draw.random() < 0.1 else ("tcp", *self.draw.choice(next_hops))

    def _wrong(self) -> tuple[str, int, int]:
        port = self.port
        next_hops = (
            ("tcp", port + 1, port + 1),
            ("tcp", port - 10, port - 1),
            ("tcp", port + 1, 65535),
            ("udp", port, port),
        )
        return self.draw.choice((*next_hops, ("icmp", -1, -1)))
