# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""On random states, the verdict on every path is what TCP connections do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import Clients
from ansible_collections.cloudops.lambda_rds.tests.packets.built_routes import build_routed
from ansible_collections.cloudops.lambda_rds.tests.packets.built_worlds import DATABASE, build
from ansible_collections.cloudops.lambda_rds.tests.packets.held import Account
from ansible_collections.cloudops.lambda_rds.tests.packets.packets import refused
from ansible_collections.cloudops.lambda_rds.tests.packets.random_routes import draw_routed_world
from ansible_collections.cloudops.lambda_rds.tests.packets.random_worlds import draw_world
from ansible_collections.cloudops.lambda_rds.tests.packets.sampling import ROUTED_WORLDS, WORLDS
from ansible_collections.cloudops.lambda_rds.tests.packets.verdicts import verdicts_of
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
        account, opened = Account(self.clients), 0
        for name in names:
            closed = refused(self.wires, account.between(name, DATABASE), verdict=verdicts[name])
            assert verdicts[name] == (not closed), (name, closed[:5], world)
            opened += not closed
        self.record(f"packets: {what}, open", opened)
        self.record(f"packets: {what}, closed", len(names) - opened)


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
