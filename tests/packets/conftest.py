# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The network that states are played on: one a file of tests and process, taken away by its end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.cloudops.lambda_rds.tests import botocore_models
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import aws, emulator
from ansible_collections.cloudops.lambda_rds.tests.packets.machine import demand
from ansible_collections.cloudops.lambda_rds.tests.packets.wires import Wires, laid

__all__ = ["aws", "emulator", "wires"]

botocore_models.share()


@pytest.fixture(scope="session", autouse=True)
def _machine() -> None:
    demand()


@pytest.fixture(scope="module")
def wires() -> Iterator[Wires]:
    with laid() as laid_wires:
        yield laid_wires
