# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Random network ACLs, as values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from random import Random

# Ports of answers, in pieces: these are all that there are ...
WHOLE = (
    ((1024, 65535),),
    ((0, 65535),),
    ((1024, 32767), (32768, 65535)),
    ((32768, 65535), (1024, 40000)),
    ((1024, 1024), (1025, 65534), (65535, 65535)),
)
# ... and these lack some.
PART = (
    ((32768, 65535),),
    ((1025, 65535),),
    ((1024, 65534),),
    ((1024, 60999),),
    ((1024, 32767), (32769, 65535)),
)


@dataclass(frozen=True)
class Entry:
    """`ports` of TCP and UDP only."""

    number: int
    egress: bool
    allow: bool
    protocol: str
    cidr: str
    ports: tuple[int, int] | None


@dataclass(frozen=True)
class _Draft:
    """An entry without its number: its `place` is where it comes in the order."""

    place: float
    allow: bool
    protocol: str
    cidr: str
    ports: tuple[int, int] | None


def draw_acl(draw: Random, port: int, cidrs: Sequence[str]) -> tuple[Entry, ...]:
    """Entries of both directions, in the order in which they are made, which says nothing."""
    entries = [*_direction(draw, port, cidrs, egress=True), *_direction(draw, port, cidrs, egress=False)]
    draw.shuffle(entries)
    return tuple(entries)


def _direction(draw: Random, port: int, cidrs: Sequence[str], *, egress: bool) -> list[Entry]:
    drafts = [*_allowed(draw, port, cidrs), *_denied(draw, port, cidrs)]
    numbers = sorted(draw.sample(range(1, 32767), len(drafts)))
    in_order = sorted(drafts, key=lambda draft: draft.place)
    return [
        Entry(number, egress, draft.allow, draft.protocol, draft.cidr, draft.ports)
        for number, draft in zip(numbers, in_order, strict=True)
    ]


def _allowed(draw: Random, port: int, cidrs: Sequence[str]) -> Iterator[_Draft]:
    """What goes to the port, and the answers; often by one entry."""
    if draw.random() < 0.3:
        yield _Draft(0.5, allow=True, protocol="-1", cidr="0.0.0.0/0", ports=None)
        return
    wrong = draw.random() < 0.04
    yield from _allowed_udp(draw, port)
    for first, last in ((port + 1, port + 9) if wrong else (port, port), *_answers(draw)):
        protocol = "17" if draw.random() < 0.02 else "6"
        for cidr in _whole(draw, cidrs):
            yield _Draft(0.3 + draw.random() / 3, allow=True, protocol=protocol, cidr=cidr, ports=(first, last))


def _allowed_udp(draw: Random, port: int) -> Iterator[_Draft]:
    """It opens nothing to TCP, however early it comes and whatever it allows."""
    if draw.random() < 0.25:
        ports = draw.choice(((port, port), (0, 65535), (1024, 65535), (32768, 65535)))
        yield _Draft(draw.random(), allow=True, protocol="17", cidr="0.0.0.0/0", ports=ports)


def _answers(draw: Random) -> tuple[tuple[int, int], ...]:
    return draw.choice(PART if draw.random() < 0.12 else WHOLE)


def _whole(draw: Random, cidrs: Sequence[str]) -> tuple[str, ...]:
    """Ranges that together hold all subnets, or all but one."""
    if draw.random() < 0.06:
        missing = draw.randrange(len(cidrs))
        return tuple(cidr for number, cidr in enumerate(cidrs) if number != missing)
    return draw.choice((("0.0.0.0/0",), ("10.0.0.0/16",), ("10.0.1.0/24", "10.0.2.0/24")))


def _denied(draw: Random, port: int, cidrs: Sequence[str]) -> Iterator[_Draft]:
    """Few of these matter: they come after what allows, are of another protocol, or of other addresses and ports."""
    if draw.random() < 0.6:
        return
    network = IPv4Network(draw.choice(cidrs))
    half = IPv4Network((network.network_address, network.prefixlen + 1))
    everything = str(draw.choice((network, half, *(f"{network[each]}/32" for each in (3, 4, 14, 15)))))
    ports = draw.choice(((port, port), (0, 65535), (40000, 40010), (1, 1023), (65535, 65535), (port - 9, port - 1)))
    place = draw.choice((0.0, 0.45, 1.0, 1.0))
    protocol = draw.choice(("6", "6", "-1", "17", "1"))
    named = ports if protocol in ("6", "17") else None
    yield _Draft(place, allow=False, protocol=protocol, cidr=everything, ports=named)
