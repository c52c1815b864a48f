# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Runs tasks in a random account, and checks what holds for each run, whatever the account and the task are."""

from __future__ import annotations

from typing import Any

from hypothesis import event

from ansible_collections.cloudops.lambda_rds.tests.survival.built_worlds import BuiltWorld, resolved
from ansible_collections.cloudops.lambda_rds.tests.survival.jobs import LONG
from ansible_collections.cloudops.lambda_rds.tests.survival.runner import run_module
from ansible_collections.cloudops.lambda_rds.tests.survival.world_tasks import Task

TAG = "cloudops.lambda_rds:database"
# By then all reads show what was written.
SETTLED = 3
# All that the module may write.
WRITES = {
    "CreateSecurityGroup",
    "DeleteSecurityGroup",
    "AuthorizeSecurityGroupIngress",
    "AuthorizeSecurityGroupEgress",
    "RevokeSecurityGroupIngress",
    "RevokeSecurityGroupEgress",
    "CreateTags",
    "DeleteTags",
    "UpdateFunctionConfiguration",
    "PublishVersion",
    "UpdateAlias",
}

Seen = dict[str, Any]
Result = dict[str, Any]


class Play:
    """What there was at the `start`, and what is `seen` by now."""

    def __init__(self, built: BuiltWorld) -> None:
        self.built = built
        self.emulator = built.emulator
        self.start = self.seen = built.look()

    def run(self, task: Task) -> Result:
        """The task, after check mode has foretold it. One that is refused has written nothing."""
        foretold = self._module(task, check=True)
        done = self._module(task)
        before, self.seen = self.seen, self.built.look()
        assert done.get("refusals") == foretold.get("refusals")
        if done.get("failed"):
            assert _lasting(self.seen) == _lasting(before)
        else:
            _check_foretold(done, foretold)
            assert _foreign(self.seen, before, task) == _foreign(before, before, task)
            self._check_pending(done)
        return done

    def again(self, task: Task) -> Result:
        """The task once more, when it is not refused."""
        result = self._module(task)
        assert not result.get("failed"), result["msg"]
        if result["changed"]:
            self.seen = self.built.look()
        self._check_pending(result)
        return result

    def release(self) -> None:
        """Time passes, and Lambda lets go of what nobody uses."""
        self.emulator.advance(LONG)
        self.seen = self.built.look()

    def _module(self, task: Task, *, check: bool = False) -> Result:
        self.emulator.clear_calls()
        ended = run_module(self.emulator, {**resolved(task, self.built.ids), "_ansible_check_mode": check})
        assert ended is not None
        result, calls = ended.result, self.emulator.calls()
        assert not [str(call) for call in calls if call.status == 500]
        assert "Traceback" not in str(result)
        assert not result.get("failed") or result.get("refusals"), result["msg"]
        may_write = WRITES if result.get("changed") and not check else set()
        assert {call.action for call in calls if not call.is_read} <= may_write
        self.emulator.advance(SETTLED)
        return result

    def _check_pending(self, result: Result) -> None:
        """Each group that is listed is there, and what holds it is listed."""
        for pending in result["pending"]:
            group_id = pending["security_group_id"]
            assert TAG in self.seen["groups"][group_id]["tags"]
            interfaces = {key for key, each in self.seen["interfaces"].items() if group_id in each["groups"]}
            assert interfaces <= set(pending["network_interface_ids"])
            assert sorted(pending["function_versions"]) == wearers(self.seen, group_id)
            assert pending["frees"]


def wearers(seen: Seen, group_id: str) -> list[str]:
    """The published versions that keep a group in use."""
    return sorted(version for version, groups in seen["versions"].items() if group_id in groups)


def same(seen: Seen) -> Seen:
    """What the identity is about: Lambda's interfaces come and go, with other ids each time."""
    of_lambda = sorted(str(each) for each in seen["interfaces"].values() if each["of"] == "lambda")
    return {**_lasting(seen), "of Lambda": of_lambda}


def _lasting(seen: Seen) -> Seen:
    """All but Lambda's interfaces, which follow an update under way."""
    return {**seen, "interfaces": {key: each for key, each in seen["interfaces"].items() if each["of"] != "lambda"}}


def _check_foretold(done: Result, foretold: Result) -> None:
    """Check mode says the same, but for whether Lambda lets go in time of a group that is to be deleted."""
    held = {group["security_group_id"] for result in (done, foretold) for group in result["pending"]}
    assert _but_deleting(held, done["changes"]) == _but_deleting(held, foretold["changes"])
    if done["changes"] == foretold["changes"]:
        assert (done["changed"], done["diff"]) == (foretold["changed"], foretold["diff"])
    else:
        event("released earlier or later")


def _but_deleting(group_ids: set[str], changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        change
        for change in changes
        if change["action"] != "delete_security_group" or change["security_group_id"] not in group_ids
    ]


def _foreign(seen: Seen, before: Seen, task: Task) -> Seen:
    """What no run of this task may touch: of its functions all but the VPC, and what was published."""
    groups = {
        group_id: {**group, "rules": {key: rule for key, rule in group["rules"].items() if TAG not in rule["tags"]}}
        for group_id, group in seen["groups"].items()
        if TAG not in group["tags"]
    }
    functions = {
        name: {**function, "vpc_config": None} if name in task["function_names"] else function
        for name, function in seen["functions"].items()
    }
    aliases = {
        name: [each for each in there if name not in task["function_names"] or each["Name"] != task.get("alias")]
        for name, there in seen["aliases"].items()
    }
    versions = seen["versions"]
    if task.get("publish"):
        versions = {key: groups for key, groups in versions.items() if key in before["versions"]}
    changed = {"groups": groups, "functions": functions, "aliases": aliases, "versions": versions}
    return {**_lasting(seen), **changed}
