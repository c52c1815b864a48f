# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A state as packets see it."""

from __future__ import annotations

import itertools

from ansible_collections.cloudops.lambda_rds.tests.packets.connects import Probe, closed
from ansible_collections.cloudops.lambda_rds.tests.packets.filters import (
    database_ruleset,
    function_ruleset,
    router_ruleset,
)
from ansible_collections.cloudops.lambda_rds.tests.packets.held import Held
from ansible_collections.cloudops.lambda_rds.tests.packets.probes import probes
from ansible_collections.cloudops.lambda_rds.tests.packets.routing import router_commands
from ansible_collections.cloudops.lambda_rds.tests.packets.wires import Wires

_ZONES = itertools.cycle(range(1, 60000))
# For a machine that was too busy: a connection that only came late is none that was dropped.
MUCH_PATIENCE = 2.0


def play(wires: Wires, held: Held) -> None:
    """From now on, packets meet what the emulator holds."""
    zone = next(_ZONES)
    wires.router.ip(router_commands(held))
    wires.router.nft(router_ruleset(held))
    wires.function.nft(function_ruleset(held, zone))
    wires.database.nft(database_ruleset(held, zone))


def refused(wires: Wires, held: Held, *, all_open: bool) -> list[Probe]:
    """The connections that do not come about. Where all should, it looks once more."""
    play(wires, held)
    found = closed(wires, held.port, probes(held))
    if found and all_open:
        play(wires, held)
        found = closed(wires, held.port, found, MUCH_PATIENCE)
    return found
