# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""On random states, the verdict on every path is what TCP connections do.

Nothing is said of a path if and only if all connections come about. Where some do not, their share is measured: the
verdict is that the path is open if it is below 1 in 100, and the shares that are told are those that were measured.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients
from ansible_collections.cloudops.lambda_rds.tests.packets.built_routes import build_routed
from ansible_collections.cloudops.lambda_rds.tests.packets.built_worlds import DATABASE, build
from ansible_collections.cloudops.lambda_rds.tests.packets.connects import PATIENCE
from ansible_collections.cloudops.lambda_rds.tests.packets.held import Account, Held
from ansible_collections.cloudops.lambda_rds.tests.packets.packets import MUCH_PATIENCE, refused
from ansible_collections.cloudops.lambda_rds.tests.packets.random_routes import draw_routed_world
from ansible_collections.cloudops.lambda_rds.tests.packets.random_worlds import draw_world
from ansible_collections.cloudops.lambda_rds.tests.packets.sampling import ROUTED_WORLDS, WORLDS
from ansible_collections.cloudops.lambda_rds.tests.packets.shares import failing
from ansible_collections.cloudops.lambda_rds.tests.packets.verdicts import Said, verdicts_of
from ansible_collections.cloudops.lambda_rds.tests.packets.wires import Wires


@dataclass(frozen=True)
class Compared:
    """Plays paths, and counts them."""

    emulator: Emulator
    clients: Clients
    wires: Wires
    record: Callable[[str, Any], None]

    def __call__(self, names: list[str], what: str, world: object) -> None:
        verdicts = verdicts_of(self.emulator, names, DATABASE)
        account, counts = Account(self.clients), {"open": 0, "open but for less than 1 in 100": 0, "closed": 0}
        for name in names:
            held, said = account.between(name, DATABASE), verdicts[name]
            all_open = said.reachable and not said.shares
            closed = refused(self.wires, held, all_open=all_open)
            assert all_open == (not closed), (name, closed[:5], world)
            if closed:
                assert said.agrees_with(self.measured(held, said)), (name, said, closed[:5], world)
            counts["closed" if not said.reachable else "open but for less than 1 in 100" if closed else "open"] += 1
        for state, count in counts.items():
            self.record(f"packets: {what}, {state}", count)

    def measured(self, held: Held, said: Said) -> Fraction:
        """Where that is not what was said, with more patience."""
        share = failing(self.wires, held, PATIENCE)
        return share if said.agrees_with(share) else failing(self.wires, held, MUCH_PATIENCE)


@pytest.fixture
def compared(emulator: Emulator, aws: Clients, wires: Wires, record_property: Callable[[str, Any], None]) -> Compared:
    return Compared(emulator, aws, wires, record_property)


@pytest.mark.parametrize("seed", range(ROUTED_WORLDS))
def test_routes(aws: Clients, compared: Compared, seed: int) -> None:
    world = draw_routed_world(seed)
    compared(build_routed(aws, world), "routes", world)


@pytest.mark.parametrize("seed", range(WORLDS))
def test_groups_and_acls(aws: Clients, compared: Compared, seed: int) -> None:
    world = draw_world(seed)
    compared(build(aws, world), "groups and ACLs", world)
