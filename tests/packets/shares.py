# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The share of the connections that do not come about, measured: one of each kind, weighed by how many there are.

Between two edges of the state's ranges all addresses, and all ports, are alike.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from ansible_collections.cloudops.lambda_rds.tests.packets.connects import Probe, closed
from ansible_collections.cloudops.lambda_rds.tests.packets.held import Held, Subnet
from ansible_collections.cloudops.lambda_rds.tests.packets.packets import play
from ansible_collections.cloudops.lambda_rds.tests.packets.probes import (
    FIRST_PORT,
    LAST_PORT,
    given_out,
    named_networks,
    named_ports,
    text,
)
from ansible_collections.cloudops.lambda_rds.tests.packets.wires import Wires


@dataclass(frozen=True)
class _Cell:
    """The first of so many that are alike."""

    first: int
    count: int


@dataclass(frozen=True)
class _Kind:
    """Connections that are alike."""

    source: _Cell
    target: _Cell
    port: _Cell

    @property
    def count(self) -> int:
        return self.source.count * self.target.count * self.port.count

    @property
    def probe(self) -> Probe | None:
        """None if that would be a host that calls itself."""
        same = self.source == self.target
        if same and self.source.count == 1:
            return None
        return Probe(text(self.source.first), self.port.first, text(self.target.first + same))


def failing(wires: Wires, held: Held, patience: float) -> Fraction:
    """The mean over the subnets of the function, for the worst of the database's."""
    pairs = {
        (here, there): list(_kinds(held, here, there))
        for here, there in itertools.product(held.function.subnets, held.database.subnets)
    }
    probes = dict.fromkeys(kind.probe for kinds in pairs.values() for kind in kinds if kind.probe)
    refused = set[Probe]()
    for part in filter(None, _apart(held, probes)):
        play(wires, held)
        refused.update(closed(wires, held.port, part, patience))
    shares = {pair: _share(kinds, refused) for pair, kinds in pairs.items()}
    return max(
        sum((shares[here, there] for here in held.function.subnets), Fraction(0)) / len(held.function.subnets)
        for there in held.database.subnets
    )


def _kinds(held: Held, here: Subnet, there: Subnet) -> Iterator[_Kind]:
    ports = _cells(FIRST_PORT, LAST_PORT, named_ports(held))
    ends = [(int(each.network_address), int(each.broadcast_address)) for each in named_networks(held)]
    sources, targets = (_cells(*given_out(subnet), ends) for subnet in (here, there))
    yield from itertools.starmap(_Kind, itertools.product(sources, targets, ports))


def _cells(first: int, last: int, ranges: Iterable[tuple[int, int]]) -> list[_Cell]:
    edges = {edge for start, end in ranges for edge in (start, end + 1) if first < edge <= last}
    return [_Cell(start, end - start) for start, end in itertools.pairwise([first, *sorted(edges), last + 1])]


def _apart(held: Held, probes: Iterable[Probe]) -> tuple[list[Probe], list[Probe]]:
    """No two in one play of which one looks like an answer to the other, which takes a host on both sides."""
    parts: tuple[dict[Probe, None], dict[Probe, None]] = ({}, {})
    for probe in probes:
        mirrored = Probe(probe.target, probe.source_port, probe.source)
        parts[probe.source_port == held.port and mirrored in parts[0]][probe] = None
    return list(parts[0]), list(parts[1])


def _share(kinds: Iterable[_Kind], refused: set[Probe]) -> Fraction:
    """What could not be tried is refused if all others from that host are, or all others to it."""
    kinds = list(kinds)
    works = {kind for kind in kinds if kind.probe and kind.probe not in refused}
    sources, targets = ({(getattr(kind, end), kind.port) for kind in works} for end in ("source", "target"))
    for kind in kinds:
        if kind.probe is None and (kind.source, kind.port) in sources and (kind.target, kind.port) in targets:
            works.add(kind)
    return 1 - Fraction(sum(kind.count for kind in works), sum(kind.count for kind in kinds))
