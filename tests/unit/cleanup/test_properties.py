# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What holds for every account, tried on random ones; check mode foretells every run in here (cleaning.py)."""

from __future__ import annotations

from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._cleanup.parameters import Options
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._cleanup.run import preview
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import AwsError, IncompleteError
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.ownership import TAG_DATABASE

from ..asking import absent, present
from ..connection.conftest import Account
from ..fake_aws import FakeAws
from .cleaning import cleaned, unforetold
from .test_cleanup import interface

NAMES = ["f", "g", "h", "i"]
FATES = ["stays", "absent", "deleted", "taken off", "cut off"]


class World(Account):
    """Functions that were connected in some way, and what became of them."""

    def __init__(self, draw: Any) -> None:
        super().__init__()
        self.draw = draw
        self.other = self.aws.add_group(self.vpc, "other")
        for name in NAMES:
            if name not in self.aws.functions:
                self.aws.add_function(name)
            if draw(st.booleans()):
                self.connected(name)
        for group_id in self.ours():
            for direction in draw(st.sampled_from([[], [], ["ingress"], ["egress"]])):
                self.aws.allow(direction, draw(st.sampled_from([self.other, *self.ours()])), group_id, 443)

    def connected(self, name: str) -> None:
        options = {
            "function_name": name,
            "db_instance_identifier": "orders",
            "security_group_scope": self.draw(st.sampled_from(["function", "database"])),
        }
        if self.draw(st.integers(0, 3)) == 0:
            options["allow_all_outbound"] = True
        present(self.aws, **options)
        client = self.attachment(name)[1][-1]
        if self.draw(st.integers(0, 3)) == 0:
            self.aws.add_version(name)
        if self.draw(st.integers(0, 3)) == 0:
            self.aws.interfaces.append(interface(client))
        self.suffers(name, self.draw(st.sampled_from(FATES)), options)

    def suffers(self, name: str, fate: str, options: dict[str, Any]) -> None:
        if fate == "absent":
            absent(self.aws, **options)
        elif fate == "deleted":
            del self.aws.functions[name]
            self.aws.versions = [one for one in self.aws.versions if one["FunctionName"] != name]
        elif fate == "taken off":
            self.aws.functions[name]["VpcConfig"] = {"SubnetIds": [], "SecurityGroupIds": [], "VpcId": ""}
        elif fate == "cut off":
            self.aws.fail["delete_group"] = [AwsError("delete", "RequestLimitExceeded", "slow down")]
            try:
                absent(self.aws, **options)
            except IncompleteError:
                event("cut off")
            self.aws.fail.clear()

    def ours(self) -> list[str]:
        return [key for key, group in self.aws.snapshot()["groups"].items() if TAG_DATABASE in group["Tags"]]

    def worn(self) -> set[str]:
        """By functions, published versions and network interfaces."""
        versions = self.aws.list_all_versions()
        by_functions = {group for one in versions for group in (one.get("VpcConfig") or {}).get("SecurityGroupIds", ())}
        return by_functions | {group["GroupId"] for one in self.aws.interfaces for group in one["Groups"]}


def _kept(aws: FakeAws, ours: set[str], worn: set[str]) -> dict[str, Any]:
    """All that no cleanup may touch: what is not ours, what is worn, and the rules that let it in."""
    snapshot = aws.snapshot()
    return {
        "functions": snapshot["functions"],
        "groups": {key: group for key, group in snapshot["groups"].items() if key not in ours or key in worn},
        "rules": {
            key: rule
            for key, rule in snapshot["rules"].items()
            if rule["GroupId"] in worn
            or (rule["GroupId"] not in ours and TAG_DATABASE not in rule["Tags"])
            or (rule["GroupId"] not in ours and rule.get("ReferencedGroupInfo", {}).get("GroupId") in worn)
        },
    }


@given(st.data())
def test_only_what_nobody_holds_goes_and_a_second_run_does_nothing(data: st.DataObject) -> None:
    world = World(data.draw)
    ours, worn = set(world.ours()), world.worn()
    in_use = {group for name in world.aws.functions for group in world.attachment(name)[1]}
    before = _kept(world.aws, ours, worn)
    result = cleaned(world.aws)
    event(f"{len(result['deleted'])} deleted, {len(result['pending'])} pending")
    assert _kept(world.aws, ours, worn) == before
    left = set(world.ours())
    assert left == ours - {group["security_group_id"] for group in result["deleted"]}
    assert {pending["security_group_id"] for pending in result["pending"]} == left - in_use
    again = cleaned(world.aws)
    assert not again["changed"]
    assert again["pending"] == result["pending"]
    assert again["diff"]["before"] == again["diff"]["after"]


@given(st.data())
def test_a_run_that_is_cut_off_anywhere_is_completed_by_the_next(data: st.DataObject) -> None:
    world = World(data.draw)
    foretold = preview(Options(), world.aws, lambda _seconds: None)["deleted"]
    wanted = set(world.ours()) - {group["security_group_id"] for group in foretold}
    write = data.draw(st.sampled_from(["revoke", "delete_group"]))
    real, left = getattr(world.aws, write), data.draw(st.integers(0, 3))

    def cut_off(*arguments: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            raise AwsError("write", "RequestLimitExceeded", "slow down")
        return real(*arguments)

    setattr(world.aws, write, cut_off)
    try:
        unforetold(world.aws)
    except IncompleteError as error:
        event(f"cut off after {len(error.written)} writes")
    setattr(world.aws, write, real)
    cleaned(world.aws)
    assert set(world.ours()) == wanted
