# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Ranges of addresses and ports, and what is left of them. PRIVATE to the collection.

A verdict is about every address that a subnet can give, so it is made of ranges, never of samples.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import NamedTuple

# AWS keeps the first four addresses of a subnet and the last
# (https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html).
_RESERVED_FIRST = 4
_RESERVED_LAST = 1
# So many networks are named; instead of more, the one around them all.
_NAMED_NETWORKS = 4


class Range(NamedTuple):
    """From ``first`` to ``last``, both in it."""

    first: int
    last: int

    @property
    def size(self) -> int:
        return self.last - self.first + 1

    def meets(self, other: Range) -> bool:
        return self.first <= other.last and other.first <= self.last

    def within(self, other: Range) -> bool:
        return other.first <= self.first and self.last <= other.last

    def overlap(self, other: Range) -> Range:
        """What two ranges that meet share."""
        return Range(max(self.first, other.first), min(self.last, other.last))


@dataclass(frozen=True)
class FlowSpec:
    """Addresses and ports: every one of these with every one of those."""

    addresses: Range
    ports: Range

    def meets(self, other: FlowSpec) -> bool:
        return self.addresses.meets(other.addresses) and self.ports.meets(other.ports)


@lru_cache(maxsize=4096)
def network(cidr: str) -> tuple[int, Range]:
    """The family of a CIDR, 4 or 6, and its addresses."""
    parsed = ip_network(cidr, strict=False)
    return parsed.version, Range(int(parsed.network_address), int(parsed.broadcast_address))


def usable(cidr: str) -> Range:
    """The addresses that AWS gives out in a subnet."""
    _family, everything = network(cidr)
    return Range(everything.first + _RESERVED_FIRST, everything.last - _RESERVED_LAST)


def without(ranges: Iterable[Range], taken: Range) -> list[Range]:
    """What is left of ranges when one is taken out of them."""
    left = []
    for each in ranges:
        if not each.meets(taken):
            left.append(each)
            continue
        if each.first < taken.first:
            left.append(Range(each.first, taken.first - 1))
        if taken.last < each.last:
            left.append(Range(taken.last + 1, each.last))
    return left


def cut(flow: FlowSpec, taken: FlowSpec) -> list[FlowSpec]:
    """What is left of a box when another is taken out of it."""
    if not flow.meets(taken):
        return [flow]
    beside = [FlowSpec(addresses, flow.ports) for addresses in without([flow.addresses], taken.addresses)]
    middle = overlap(flow, taken).addresses
    return [*beside, *(FlowSpec(middle, ports) for ports in without([flow.ports], taken.ports))]


def overlap(flow: FlowSpec, other: FlowSpec) -> FlowSpec:
    """What two boxes that meet share."""
    return FlowSpec(flow.addresses.overlap(other.addresses), flow.ports.overlap(other.ports))


def joined(ranges: Iterable[Range]) -> list[Range]:
    """The same in order, those that touch or overlap as one."""
    found: list[Range] = []
    for each in sorted(ranges):
        if found and each.first <= found[-1].last + 1:
            found[-1] = Range(found[-1].first, max(found[-1].last, each.last))
        else:
            found.append(each)
    return found


def ports_text(ranges: Iterable[Range]) -> str:
    """1024-2047, 4096: ports, joined where they touch."""
    found = joined(ranges)
    return ", ".join(str(each.first) if each.first == each.last else f"{each.first}-{each.last}" for each in found)


def enclosing(ranges: Iterable[Range], family: int) -> list[str]:
    """For each range the smallest CIDR around it; of many the one around all of them.

    For the addresses that AWS assigns in a subnet that is the subnet's own CIDR.
    """
    found = joined(ranges)
    if len(found) > _NAMED_NETWORKS:
        found = [Range(found[0].first, found[-1].last)]
    around = [network(_smallest(each, family))[1] for each in found]
    widest = [each for each in around if not any(each.within(other) and each != other for other in around)]
    return list(dict.fromkeys(_smallest(each, family) for each in widest))


def _smallest(addresses: Range, family: int) -> str:
    changing = (addresses.first ^ addresses.last).bit_length()
    if family == 4:
        return str(IPv4Network((addresses.first, 32 - changing), strict=False))
    return str(IPv6Network((addresses.first, 128 - changing), strict=False))
