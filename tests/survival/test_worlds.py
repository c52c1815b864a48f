# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Connecting and taking back is the identity on random accounts, by boto3 and HTTP and with AWS's delays.

tests/unit/connection/test_properties.py tries the same in memory, many more times. `--hypothesis-show-statistics` tells
how often the interesting cases occur.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.survival.built_worlds import BuiltWorld, Ids, bare
from ansible_collections.cloudops.lambda_rds.tests.survival.played_worlds import TAG, Play, Result, Seen, same, wearers
from ansible_collections.cloudops.lambda_rds.tests.survival.world_tasks import Task, tasks
from ansible_collections.cloudops.lambda_rds.tests.survival.worlds import World, worlds

PROFILE = settings()


@pytest.fixture
def bare_ids(emulator: Emulator) -> Ids:
    return bare(emulator)


@pytest.fixture
def taken_back(record_property: Callable[[str, Any], None]) -> Iterator[list[World]]:
    worlds_taken_back: list[World] = []
    yield worlds_taken_back
    record_property("worlds taken back", len(worlds_taken_back))


@settings(
    max_examples=PROFILE.max_examples // 5,
    suppress_health_check=[*PROFILE.suppress_health_check, HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_connecting_and_taking_back_is_the_identity(
    emulator: Emulator, bare_ids: Ids, taken_back: list[World], data: st.DataObject
) -> None:
    world = data.draw(worlds(), label="world")
    to_do = data.draw(st.lists(tasks(world), min_size=1, max_size=3), label="tasks")
    order = data.draw(st.permutations(range(len(to_do))), label="order")
    there_and_back(Play(BuiltWorld(emulator, bare_ids, world)), to_do, order)
    taken_back.append(world)


def there_and_back(play: Play, to_do: list[Task], order: list[int]) -> None:
    replaced = False
    for task in to_do:
        before = play.seen
        _connect(play, task)
        replaced = replaced or _replaces(before, play.seen)
    if replaced:
        event("an attachment was replaced")
        # What replaces an attachment is given back in the reverse order only.
        order = [*reversed(range(len(to_do)))]
    away = [{**to_do[index], "state": "absent"} for index in order]
    for task in away:
        _take_back(play, task)
    _finish(play, away)
    if play.seen["versions"] != play.start["versions"]:
        event("published")
        play.built.unpublish(play.start)
        _finish(play, away)
    assert same(play.seen) == same(play.start)


def _connect(play: Play, task: Task) -> None:
    """Unless that is refused, the second run has nothing to do."""
    before = play.seen
    done = play.run(task)
    if done.get("failed"):
        event("refused")
        for refusal in done["refusals"]:
            event(f"refused: {refusal['parameter']}")
        return
    event("connected" if done["changed"] else "nothing to do")
    event(f"scope {'existing' if 'security_group_id' in task else task['security_group_scope']}")
    if _adopts(done, before):
        event("a rule of others was adopted")
    again = play.again(task)
    assert not again["changed"], again["changes"]
    assert again["diff"]["before"] == again["diff"]["after"]


def _adopts(done: Result, before: Seen) -> bool:
    """Whether a rule of the connection is one of others, and was there before."""
    there = {
        (rule["direction"], group_id, rule["protocol"], *rule["ports"], rule["peer"])
        for group_id, group in before["groups"].items()
        for rule in group["rules"].values()
        if TAG not in rule["tags"] and rule["peer"].startswith("sg-")
    }
    keys = ("direction", "security_group_id", "proto", "from_port", "to_port", "peer")
    rules = [tuple(rule[key] for key in keys) for connection in done["connections"] for rule in connection["rules"]]
    return not there.isdisjoint(rules)


def _replaces(before: Seen, after: Seen) -> bool:
    """Whether a function that was in a VPC is now in other subnets, or has another dual-stack setting."""
    functions = after["functions"]
    pairs = [(old["vpc_config"], functions[name]["vpc_config"]) for name, old in before["functions"].items()]
    return any(
        old and new and {**old, "SecurityGroupIds": None} != {**new, "SecurityGroupIds": None} for old, new in pairs
    )


def _take_back(play: Play, task: Task) -> None:
    off = play.run(task)
    assert not off.get("failed"), off["msg"]
    if off["pending"]:
        event("pending")
    again = play.again(task)
    assert not again["changed"] or off["pending"], again["changes"]


def _finish(play: Play, away: list[Task]) -> None:
    """Once Lambda has let go, the same tasks delete what was pending, but for what published versions hold."""
    play.release()
    pending = {group["security_group_id"] for task in away for group in play.again(task)["pending"]}
    left = play.seen["groups"].keys() - play.start["groups"].keys()
    assert left == pending
    assert all(wearers(play.seen, group_id) for group_id in left)
    if left:
        event("held by a published version")
