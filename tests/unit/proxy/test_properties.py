# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What holds for every account and every task, tried on random ones.

Every run in here is foretold by check mode too (asking.py): the same changes and the same diff.
"""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import RefusedError
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.ownership import TAG_PROXY
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._proxy.inspect import inspect
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._proxy.lookup import lookup
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._proxy.observed import Observed
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._proxy.plan.make_plan import make_plan
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._proxy.resolve import resolve

from .asking import absent, ran, unforetold, want
from .conftest import ROLE, SECRET, Account

PORTS = [6432, 5432, 3306]


class World:
    """Two instances and a cluster, groups with rules of others, perhaps a proxy that somebody else made."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.account = Account()
        self.aws = self.account.aws
        self.account.add_instance("stock", "postgres", 5432)
        self.account.add_cluster("web", "aurora-mysql", "web-1", "web-2")
        self.groups = [self.aws.add_group(self.account.vpc, name) for name in ("team", "other")]
        for _number in range(draw(st.integers(0, 5))):
            self.foreign_rule()
        self.aws.slow = draw(st.integers(0, 2))

    def foreign_rule(self) -> None:
        direction = self.draw(st.sampled_from(["ingress", "egress"]))
        group = self.draw(st.sampled_from([*self.account.db, *self.groups]))
        peer = self.draw(st.sampled_from(["10.0.0.0/8", *self.groups]))
        port = self.draw(st.sampled_from(PORTS))
        if not any(_key(rule) == (group, direction == "egress", port, peer) for rule in self.aws.rules.values()):
            self.aws.allow(direction, group, peer, port)

    def foreign_proxy(self) -> None:
        groups = self.draw(st.lists(st.sampled_from(self.groups), min_size=1, unique=True))
        self.aws.add_proxy("shop", "POSTGRESQL", self.account.subnets, VpcSecurityGroupIds=groups)
        self.aws.proxies["shop"]["Auth"] = [{"SecretArn": SECRET, "IAMAuth": "DISABLED"}]
        self.aws.tags["shop"] = {"Team": "b"}
        if self.draw(st.booleans()):
            self.aws.add_target("shop", "instance", "orders")

    def task(self) -> dict[str, Any]:
        database = self.draw(
            st.sampled_from(
                [
                    {"db_instance_identifier": "orders"},
                    {"db_instance_identifier": "stock"},
                    {"db_cluster_identifier": "web"},
                ]
            )
        )
        given: dict[str, Any] = {
            "auth": self.draw(st.sampled_from([None, [{"secret_arn": SECRET}], [{"secret_arn": f"{SECRET}-2"}]])),
            "default_auth_scheme": self.draw(st.sampled_from([None, "iam_auth"])),
            "role_arn": ROLE,
            "require_tls": self.draw(st.sampled_from([None, True, False])),
            "idle_client_timeout": self.draw(st.sampled_from([None, 60])),
            "tags": self.draw(st.sampled_from([None, {}, {"Team": "a"}])),
            "purge_tags": self.draw(st.booleans()),
            "connection_pool": self.draw(st.sampled_from([None, {"max_connections_percent": 30}])),
        }
        if self.draw(st.booleans()):
            groups = st.lists(st.sampled_from(self.groups), min_size=1, unique=True)
            given["vpc_security_group_ids"] = self.draw(groups)
        return {**database, **given}


def _key(rule: dict[str, Any]) -> tuple[Any, ...]:
    peer = rule.get("ReferencedGroupInfo", {}).get("GroupId", rule.get("CidrIpv4"))
    return (rule["GroupId"], rule["IsEgress"], rule["FromPort"], peer)


def _foreign(world: World) -> dict[str, Any]:
    """Groups and rules that are not ours; AWS's own rule in a group of ours is no one's."""
    snapshot = world.aws.snapshot()
    groups = {key: group for key, group in snapshot["groups"].items() if TAG_PROXY not in group["Tags"]}
    rules = {
        key: rule
        for key, rule in snapshot["rules"].items()
        if TAG_PROXY not in rule["Tags"] and rule["GroupId"] in groups
    }
    return {"groups": groups, "rules": rules}


def _made(world: World, task: dict[str, Any]) -> bool:
    """Run the task. One that is refused has written nothing."""
    before = world.aws.snapshot()
    try:
        result = ran(world.aws, **task)
    except RefusedError:
        assert world.aws.snapshot() == before
        event("refused")
        return False
    event("made" if result["changed"] else "nothing to do")
    return True


def _is_open(world: World, task: dict[str, Any]) -> bool:
    """Whether each group of the proxy has a rule pair with each group of the database, on its port."""
    ports = {"orders": 6432, "stock": 5432, "web": 3306}
    port = ports[task.get("db_instance_identifier") or task["db_cluster_identifier"]]
    there = {_key(rule) for rule in world.aws.rules.values()}
    return all(
        {(group, True, port, other), (other, False, port, group)} <= there
        for group in world.aws.proxies["shop"]["VpcSecurityGroupIds"]
        for other in world.account.db
    )


@given(st.data())
def test_a_proxy_has_an_open_path_and_a_second_run_changes_nothing(data: st.DataObject) -> None:
    world = World(data.draw)
    foreign = _foreign(world)
    tasks = [world.task() for _number in range(data.draw(st.integers(1, 3)))]
    for task in tasks:
        made = _made(world, task)
        assert _foreign(world) == foreign
        if made:
            assert _is_open(world, task)
            again = ran(world.aws, **task)
            assert not again["changed"]
            assert again["diff"]["before"] == again["diff"]["after"]


@given(st.data())
def test_taking_it_back_gives_back_what_was_there(data: st.DataObject) -> None:
    world = World(data.draw)
    before = world.aws.snapshot()
    for _number in range(data.draw(st.integers(1, 3))):
        _made(world, world.task())
    absent(world.aws)
    assert world.aws.snapshot() == before
    assert not absent(world.aws)["changed"]


@given(st.data())
def test_a_plan_leads_to_a_state_of_which_the_plan_is_empty(data: st.DataObject) -> None:
    world = World(data.draw)
    if data.draw(st.booleans()):
        world.foreign_proxy()
    for _number in range(data.draw(st.integers(0, 2))):
        _made(world, world.task())
    wanted = want(**world.task())
    found = lookup(wanted, world.aws)
    resolution = resolve(wanted, found)
    seen = inspect(wanted, world.aws, found, resolution)
    plan = make_plan(wanted, seen, resolution)
    if not plan.refusals and seen.busy is None:
        later = Observed(plan.after, database=seen.database, subnets=seen.subnets)
        again = make_plan(wanted, later, resolve(wanted, later))
        assert (again.changes, again.refusals) == ((), ())


@given(st.data())
def test_of_a_proxy_of_others_only_what_is_named_changes(data: st.DataObject) -> None:
    world = World(data.draw)
    world.foreign_proxy()
    before, foreign = copy.deepcopy(world.aws.proxies["shop"]), _foreign(world)
    task = world.task()
    if not _made(world, task):
        return
    after = world.aws.proxies["shop"]
    named = {
        "Auth": task["auth"],
        "DefaultAuthScheme": task["default_auth_scheme"],
        "RoleArn": task["role_arn"],
        "RequireTLS": task["require_tls"],
        "IdleClientTimeout": task["idle_client_timeout"],
        "VpcSecurityGroupIds": task.get("vpc_security_group_ids"),
    }
    changed = {key for key in after if after[key] != before.get(key)} - {"Status"}
    assert changed <= {key for key, value in named.items() if value is not None}
    assert _foreign(world) == foreign
    assert world.aws.tags["shop"].items() >= ({} if task["tags"] else {"Team": "b"}).items()


@given(st.data())
def test_drift_is_repaired(data: st.DataObject) -> None:
    world = World(data.draw)
    task = world.task()
    if not _made(world, task):
        return
    ours = sorted(key for key, rule in world.aws.snapshot()["rules"].items() if TAG_PROXY in rule["Tags"])
    # One rule stays: it tells that the groups of the proxy were given.
    for key in data.draw(st.lists(st.sampled_from(ours[1:]), unique=True)):
        del world.aws.rules[key]
    world.aws.targets["shop"].clear()
    world.aws.pools["shop"]["ConnectionBorrowTimeout"] = 3
    ran(world.aws, **task)
    assert _is_open(world, task)
    assert world.aws.targets["shop"]
    assert not ran(world.aws, **task)["changed"]


@given(st.data())
def test_a_task_that_does_not_wait_gets_there_too(data: st.DataObject) -> None:
    world = World(data.draw)
    task = world.task()
    try:
        runs = [unforetold(world.aws, **task, wait=False) for _run in range(12)]
    except RefusedError:
        return
    assert not runs[-1]["changed"]
    assert not runs[-1]["pending"]
    assert not ran(world.aws, **task)["changed"]
    taken = [unforetold(world.aws, state="absent", wait=False) for _run in range(12)]
    assert not taken[-1]["pending"]
    assert "shop" not in world.aws.proxies
    assert TAG_PROXY not in str(world.aws.snapshot())
