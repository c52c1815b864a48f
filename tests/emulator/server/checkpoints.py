# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeps the whole state under a name and goes back to it: a world is built once and used many times."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from moto.core.base_backend import BackendDict

from ansible_collections.cloudops.lambda_rds.tests.emulator.server.clock import CLOCK

Place = tuple[str, str, str]  # service, account, Region


@dataclass(frozen=True)
class _Checkpoint:
    state: dict[Place, Any]
    kept_at: float
    outlives_reset: bool


class Checkpoints:
    """States of all accounts, Regions and services. The clock goes on, settings stay as they are."""

    def __init__(self) -> None:
        self._kept: dict[str, _Checkpoint] = {}
        self._services: dict[str, Any] = {}

    def keep(self, name: str, *, outlives_reset: bool = False) -> None:
        CLOCK.run_due()
        if CLOCK.expects_something:
            raise ValueError("something is under way in the emulator: advance its clock first")
        self._remember_services()
        # In one copy, because services hold objects of each other.
        state = copy.deepcopy(
            {
                (service.service_name, account, region): backend
                for service in BackendDict._instances
                for account, regions in service.items()
                for region, backend in regions.items()
            }
        )
        self._kept[name] = _Checkpoint(state, CLOCK.now(), outlives_reset)

    def go_back_to(self, name: str) -> None:
        kept = self._kept[name]
        CLOCK.forget_due()
        # After a reset the clock would be behind the times that are part of the state.
        CLOCK.advance(max(0.0, kept.kept_at - CLOCK.now()))
        self._remember_services()
        for service in self._services.values():
            service.clear()
        for (service_name, account, region), backend in copy.deepcopy(kept.state).items():
            self._services[service_name][account][region] = backend

    def reset(self) -> None:
        self._kept = {name: kept for name, kept in self._kept.items() if kept.outlives_reset}

    def _remember_services(self) -> None:
        """Those in use by now: moto forgets them on each reset."""
        self._services.update({service.service_name: service for service in BackendDict._instances})
