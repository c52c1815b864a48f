# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""One leg of the way, the pairs of subnets that its ends can be in, what closes these. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..._model.networks import Subnet
from ..snapshot import Snapshot
from .addresses import FlowSpec, Range, usable


@dataclass(frozen=True)
class End:
    """One end of a leg: a function, a proxy or a database, and where it can be."""

    name: str
    subnet_ids: tuple[str, ...]
    group_ids: tuple[str, ...]


@dataclass(frozen=True)
class Segment:
    """TCP from ``source`` to ``target`` on ``port``; 1 from the function, 2 from a proxy. ``family``: IPv4 or IPv6."""

    number: int
    source: End
    target: End
    port: int
    family: int = 4


# The subnet of a target of which it is not known where it is.
ANYWHERE = Subnet("?", "", cidr="0.0.0.0/0")


@dataclass(frozen=True)
class Pair:
    """A subnet of each end."""

    source: Subnet
    target: Subnet

    @property
    def text(self) -> str:
        return f"{self.source.id} -> {self.target.id}"

    @property
    def same_vpc(self) -> bool:
        return self.source.vpc_id == self.target.vpc_id


@dataclass(frozen=True)
class Blocker:
    """What closes a pair at a hop, in whole (CLOSED) or in part (PARTLY), or keeps it from being known (UNKNOWN).

    ``outward``: it is where the pair's source is, and looks at addresses of the target; otherwise the other way round.
    ``flows`` are those addresses that it closes, with the ephemeral ports of the source for which it does; none where
    that is not known. ``rules`` are those that open it in part, or for another port; ``values`` fill the places of the
    finding's text.
    """

    hop: str
    state: str
    code: str
    resource: str
    pair: Pair
    outward: bool
    values: dict[str, str] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    flows: tuple[FlowSpec, ...] = ()

    @property
    def here(self) -> Subnet:
        return self.pair.source if self.outward else self.pair.target

    @property
    def there(self) -> Subnet:
        return self.pair.target if self.outward else self.pair.source


def pairs_of(snapshot: Snapshot, segment: Segment) -> list[Pair]:
    """Every pair of subnets that can occur, is known, and has addresses of the leg's family."""
    known = [subnets_with(snapshot, end.subnet_ids, segment.family) for end in (segment.source, segment.target)]
    return [Pair(source, target) for source in known[0] for target in known[1]]


def subnets_with(snapshot: Snapshot, subnet_ids: Iterable[str], family: int) -> list[Subnet]:
    """Those of these subnets that are known and have addresses of a family."""
    known = [snapshot.subnets[subnet] for subnet in subnet_ids if subnet in snapshot.subnets]
    return [subnet for subnet in known if (subnet.cidr if family == 4 else subnet.ipv6_cidrs)]


def known_subnets(snapshot: Snapshot, end: End) -> list[Subnet]:
    return [snapshot.subnets[subnet] for subnet in end.subnet_ids if subnet in snapshot.subnets]


def addresses_in(subnet: Subnet, family: int) -> Range:
    """Of a subnet that has addresses of the family."""
    return usable(subnet.cidr if family == 4 else subnet.ipv6_cidrs[0])
