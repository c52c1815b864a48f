# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""TCP connections from any address and port to any address, all at once."""

from __future__ import annotations

import errno
import select
import socket
import struct
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass

from ansible_collections.cloudops.lambda_rds.tests.packets.wires import Wires

# A connection takes less than a millisecond here; what is dropped never comes.
PATIENCE = 0.12
# Descriptors at once.
_BATCH = 700
_ANY_ADDRESS = (socket.SOL_IP, 19, 1)  # IP_TRANSPARENT of linux/in.h
_AT_ONCE = (socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@dataclass(frozen=True)
class Probe:
    """A connection to try. Addresses are IPv4's, as text."""

    source: str
    source_port: int
    target: str


def closed(wires: Wires, port: int, probes: Iterable[Probe], patience: float = PATIENCE) -> list[Probe]:
    """Those that do not connect to the database's port."""
    todo = list(probes)
    with _listening(wires, port):
        batches = [todo[start : start + _BATCH] for start in range(0, len(todo), _BATCH)]
        return [probe for batch in batches for probe in _tried(wires, port, batch, patience)]


def _listening(wires: Wires, port: int) -> closing[socket.socket]:
    """A new socket each time: what an old one knows of half-open connections is forgotten with it."""
    with wires.database.entered():
        listener = socket.socket()
    listener.setsockopt(*_ANY_ADDRESS)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("0.0.0.0", port))
    listener.listen(65535)
    return closing(listener)


def _tried(wires: Wires, port: int, probes: list[Probe], patience: float) -> Iterator[Probe]:
    with ExitStack() as sockets:
        poll, waiting = select.poll(), dict[int, Probe]()
        with wires.function.entered():
            callers = [sockets.enter_context(socket.socket()) for _probe in probes]
        for caller, probe in zip(callers, probes, strict=True):
            caller.settimeout(0)
            for option in (_ANY_ADDRESS, _AT_ONCE, (socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)):
                caller.setsockopt(*option)
            caller.bind((probe.source, probe.source_port))
            if caller.connect_ex((probe.target, port)) == errno.EINPROGRESS:
                poll.register(caller, select.POLLOUT)
                waiting[caller.fileno()] = probe
            else:
                yield probe
        yield from _refused(poll, waiting, patience)


def _refused(poll: select.poll, waiting: dict[int, Probe], patience: float) -> Iterator[Probe]:
    """Ends when all are connected, and else after so many seconds without anything new."""
    deadline = time.monotonic() + patience
    while waiting:
        events = poll.poll(max(0.0, deadline - time.monotonic()) * 1000)
        if not events and time.monotonic() >= deadline:
            break
        for descriptor, event in events:
            poll.unregister(descriptor)
            probe = waiting.pop(descriptor)
            if event & (select.POLLERR | select.POLLHUP):
                yield probe
    yield from waiting.values()
