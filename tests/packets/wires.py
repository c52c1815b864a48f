# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The network that a state is played on: a function, a database, and the VPCs between them as one router.

Packets of the function and of the database come to the router. Whoever leaves a subnet takes one of its links, the one
that stands for the target of the route, and comes back in at the other end of it: so the tables of Linux decide where
a packet goes, and network ACLs see it once on its way out of a subnet and once on its way into another.
Neither end has addresses: it calls from any, and answers on any, so none has to be added for a state.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from ansible_collections.cloudops.lambda_rds.tests.packets.namespaces import Namespace

LINKS = range(1, 9)
# The link that leads nowhere: nothing is done with what comes out of it.
NOWHERE = 9
# An address that stands for whoever is at the other end of a device; nobody has it.
NEXT = "169.254.0.1"
FUNCTION, DATABASE = "function", "database"


@dataclass(frozen=True)
class Wires:
    function: Namespace
    database: Namespace
    router: Namespace


@contextlib.contextmanager
def laid() -> Iterator[Wires]:
    """All of it, until the end of the block."""
    with contextlib.ExitStack() as made:
        roles = (FUNCTION, DATABASE, "router")
        wires = Wires(*(made.enter_context(contextlib.closing(Namespace(role))) for role in roles))
        for number, end in enumerate((wires.function, wires.database), 101):
            _end(wires.router, end, number)
        for number in (*LINKS, NOWHERE):
            _link(wires.router, number)
        yield wires


def leaving(link: int) -> str:
    return f"out{link}"


def coming(link: int) -> str:
    return f"in{link}"


def _end(router: Namespace, end: Namespace, number: int) -> None:
    """The router's device to an end has the end's role as its name."""
    role = end.name.rpartition("-")[2]
    router.ip(
        f"link add {role} address {_mac(number, 0)} type veth"
        f" peer name wire netns {end.name} address {_mac(number, 1)}\n"
        f"link set {role} up\n"
        f"neigh add {NEXT} lladdr {_mac(number, 1)} dev {role} nud permanent"
    )
    # All that comes by the wire is for this host, whatever its address.
    end.ip(
        "link set wire up\n"
        f"neigh add {NEXT} lladdr {_mac(number, 0)} dev wire nud permanent\n"
        f"route add default via {NEXT} dev wire onlink\n"
        "rule add iif wire lookup 100\n"
        "route add local default dev lo table 100"
    )
    end.write("core/somaxconn", 65535)
    end.write("ipv4/tcp_max_syn_backlog", 65535)


def _link(router: Namespace, number: int) -> None:
    router.ip(
        f"link add {leaving(number)} address {_mac(number, 0)} type veth"
        f" peer name {coming(number)} address {_mac(number, 1)}\n"
        f"link set {leaving(number)} up\n"
        f"link set {coming(number)} up\n"
        f"neigh add {NEXT} lladdr {_mac(number, 1)} dev {leaving(number)} nud permanent"
    )


def _mac(link: int, end: int) -> str:
    return f"02:00:00:00:{link:02x}:{end:02x}"
