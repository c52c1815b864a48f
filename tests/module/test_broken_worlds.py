# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""lambda_rds_connection_info finds what is broken, all of it, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator

from . import healthy_worlds as healthy
from .broken_worlds import DENY_IN, PAIRS, WORLDS
from .causes import acl_on_database, many_rules
from .conftest import Run
from .healthy_worlds import Ground, World

HEALTHY: dict[Ground, set[tuple[str, str]]] = {
    healthy.one_vpc: set(),
    healthy.multi_az: set(),
    healthy.clustered: set(),
    healthy.dual_stack: set(),
    healthy.with_endpoint: set(),
    healthy.peered: set(),
    healthy.peered_public: {("database_public", "note")},
    healthy.proxied: set(),
    healthy.by_further_endpoint: set(),
    healthy.proxied_cluster: set(),
    healthy.by_reader: set(),
    healthy.by_hand: set(),
}


def look(inspect: Run, made: World) -> dict[str, Any]:
    """The verdict on the function. Whatever it is, it has to be told in full."""
    printed = inspect(**{"function_name": "f", **made.question})
    assert not printed.get("failed"), printed["msg"]
    assert printed["changed"] is False
    (verdict,) = printed["connections"]
    for finding in verdict["findings"]:
        assert finding["source"].startswith("https://docs.aws.amazon.com/")
        for text in (finding["message"], finding["remedy"]):
            assert text
            assert "{" not in text
    blocked = any(finding["severity"] == "blocks" for finding in verdict["findings"])
    unknown = any(hop["state"] == "unknown" for hop in verdict["hops"])
    assert verdict["reachable"] is printed["reachable"] is not (blocked or unknown)
    assert verdict["path"] == printed["path"]
    assert verdict["path"] in (("closed", "unknown") if blocked else ("unknown",) if unknown else ("open",))
    told: dict[str, Any] = verdict
    return told


def findings(verdict: dict[str, Any]) -> set[tuple[str, str]]:
    return {(finding["code"], finding["severity"]) for finding in verdict["findings"]}


@pytest.mark.parametrize("ground", HEALTHY, ids=lambda ground: ground.__name__)
def test_nothing_is_said_of_a_healthy_world(emulator: Emulator, inspect: Run, ground: Ground) -> None:
    verdict = look(inspect, healthy.built(emulator, ground))
    assert findings(verdict) == HEALTHY[ground]
    assert {hop["state"] for hop in verdict["hops"]} == {"open"}


def test_what_the_module_connects_is_healthy(emulator: Emulator, run: Run, inspect: Run) -> None:
    made = healthy.built(emulator, healthy.by_module)
    https = {"proto": "tcp", "from_port": 443, "to_port": 443, "cidr_ip": "0.0.0.0/0"}
    done = run(function_name="f", **made.question, egress_rules=[https])
    assert not done.get("failed"), done["msg"]
    verdict = look(inspect, made)
    assert (findings(verdict), verdict["managed"]) == (set(), True)


def test_subnets_that_a_database_is_not_in_do_not_count(emulator: Emulator, inspect: Run) -> None:
    """The ACL that closes a Multi-AZ database for some does nothing to one that stays in its zone."""
    made = healthy.built(emulator, healthy.one_vpc)
    acl_on_database(DENY_IN, subnets=slice(1))(made)
    assert findings(look(inspect, made)) == set()


def test_a_quota_that_was_raised_is_not_close(emulator: Emulator, inspect: Run) -> None:
    made = healthy.built(emulator, healthy.one_vpc)
    many_rules(made)
    emulator.set(rules_per_group=200)
    assert findings(look(inspect, made)) == set()


@pytest.mark.parametrize("name", WORLDS)
def test_one_cause(emulator: Emulator, inspect: Run, name: str) -> None:
    broken = WORLDS[name]
    made = healthy.built(emulator, broken.ground)
    broken.cause(made)
    assert findings(look(inspect, made)) == broken.findings


@pytest.mark.parametrize("names", PAIRS, ids=" + ".join)
def test_two_causes_at_once(emulator: Emulator, inspect: Run, names: tuple[str, str]) -> None:
    first, second = (WORLDS[name] for name in names)
    assert first.ground is second.ground
    made = healthy.built(emulator, first.ground)
    first.cause(made)
    second.cause(made)
    assert findings(look(inspect, made)) == first.findings | second.findings
