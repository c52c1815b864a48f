# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""rds_db_proxy is killed and disturbed, call by call: the next run, or the run itself, completes the job."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.survival.faults import FaultyNetwork
from ansible_collections.cloudops.lambda_rds.tests.survival.jobs import LONG
from ansible_collections.cloudops.lambda_rds.tests.survival.kills import kills
from ansible_collections.cloudops.lambda_rds.tests.survival.runner import run_module
from ansible_collections.cloudops.lambda_rds.tests.survival.shop import Shop
from ansible_collections.cloudops.lambda_rds.tests.survival.test_faults import cases
from ansible_collections.cloudops.lambda_rds.tests.survival.undisturbed import Undisturbed, texts

Record = Callable[[str, Any], None]

JOBS = ["making", "changing", "taking back"]


@pytest.fixture
def shop(emulator: Emulator) -> Shop:
    return Shop(emulator)


@pytest.mark.parametrize("name", JOBS)
def test_killed(shop: Shop, name: str, record_property: Record) -> None:
    bare = shop.look()
    job = shop.job(name)
    expected = Undisturbed(shop, job).state
    survived = 0
    for kill in kills(shop.emulator, job):
        shop.run(job.task)
        shop.emulator.advance(LONG)
        assert shop.look() == expected, kill
        assert not shop.run(job.task).result["changed"], kill
        survived += 1
    shop.run({"name": "pool", "state": "absent"})
    assert shop.look() == bare
    record_property("kill positions survived", survived)


@pytest.mark.parametrize("name", JOBS)
def test_a_fault(shop: Shop, network: FaultyNetwork, name: str, record_property: Record) -> None:
    job = shop.job(name)
    expected = Undisturbed(shop, job)
    survived = 0
    for call, fault in cases(expected.calls):
        shop.emulator.restore(job.start)
        with network.once(call, fault) as disturbed:
            ended = run_module(disturbed, job.task, module=job.module)
        assert ended is not None
        assert not ended.result.get("failed"), f"{fault}, {call}: {ended.result['msg']}"
        assert (ended.result["changed"], texts(ended.result)) == (True, expected.changes), f"{fault}, {call}"
        shop.emulator.advance(LONG)
        assert shop.look() == expected.state, f"{fault}, {call}"
        survived += 1
    record_property("faults survived", survived)
