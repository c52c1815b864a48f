# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import functools

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import aws, emulator
from ansible_collections.cloudops.lambda_rds.tests.survival.faults import FaultyNetwork, started

__all__ = ["aws", "emulator", "network"]

# One a test process, as there is one emulator.
_started = functools.cache(started)


@pytest.fixture
def network(emulator: Emulator) -> FaultyNetwork:
    """The way to the emulator, on which calls go wrong."""
    return _started(emulator)
