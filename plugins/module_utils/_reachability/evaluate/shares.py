# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The share of connections that obstacles close, computed exactly. PRIVATE to the collection.

Connections are spread evenly: over the subnets of the source, over the addresses that AWS assigns in the two subnets,
and over the ephemeral ports. The target stays in one of its subnets for a long time, so its worst subnet decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .addresses import FlowSpec, Range, without
from .network_acls import EPHEMERAL
from .segments import Blocker, Pair, addresses_in


@dataclass(frozen=True)
class Side:
    """The addresses that one end of a pair may have, and which of them are closed for which ephemeral ports."""

    addresses: Range
    closed: tuple[FlowSpec, ...]

    def open_share(self, port: int) -> Fraction:
        """The share of the addresses that are open for an ephemeral port."""
        left = [self.addresses]
        for flow in self.closed:
            if flow.ports.first <= port <= flow.ports.last:
                left = without(left, flow.addresses)
        return Fraction(sum(each.size for each in left), self.addresses.size)


def closed_share(source: Side, target: Side, ports: Range = EPHEMERAL) -> Fraction:
    """The share of the combinations of source address, target address and port that are closed on either side.

    Between two edges all ports are alike, and for one port the addresses of the two sides are independent.
    """
    flows = (*source.closed, *target.closed)
    edges = {ports.first, ports.last + 1}.union(
        edge for flow in flows for edge in (flow.ports.first, flow.ports.last + 1) if ports.first <= edge <= ports.last
    )
    cuts = sorted(edges)
    pieces = [(end - start) * source.open_share(start) * target.open_share(start) for start, end in zip(cuts, cuts[1:])]
    return 1 - sum(pieces, Fraction(0)) / ports.size


def shares_of_pairs(pairs: Iterable[Pair], family: int, blockers: Iterable[Blocker]) -> dict[Pair, Fraction]:
    """Of each pair of subnets what the obstacles between the two close together."""
    found: dict[Pair, list[Blocker]] = {pair: [] for pair in pairs}
    for each in blockers:
        found[each.pair].append(each)
    return {pair: _share_of_pair(pair, family, between) for pair, between in found.items()}


def _share_of_pair(pair: Pair, family: int, blockers: Sequence[Blocker]) -> Fraction:
    if not blockers:
        return Fraction(0)
    source, target = (
        Side(
            addresses_in(subnet, family),
            tuple(flow for each in blockers if each.outward == outward for flow in each.flows),
        )
        for subnet, outward in ((pair.source, False), (pair.target, True))
    )
    return closed_share(source, target)


def share_of_segment(shares: Mapping[Pair, Fraction]) -> Fraction:
    """The mean over the subnets of the source, for the worst subnet of the target."""
    by_target: dict[str, list[Fraction]] = {}
    for pair, share in shares.items():
        by_target.setdefault(pair.target.id, []).append(share)
    return max(sum(each, Fraction(0)) / len(each) for each in by_target.values())


def closes_addresses(flows: Sequence[FlowSpec]) -> bool:
    """Whether an address is closed for every ephemeral port, so that a retry from or to it fails too.

    Boxes that overlap somewhere do so where one of them begins, so these addresses are enough.
    """
    return any(_is_closed(flow.addresses.first, flows) for flow in flows)


def _is_closed(address: int, flows: Iterable[FlowSpec]) -> bool:
    left = [EPHEMERAL]
    for flow in flows:
        if flow.addresses.first <= address <= flow.addresses.last:
            left = without(left, flow.ports)
    return not left
