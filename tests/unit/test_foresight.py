# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A play in check mode: each task goes on from what the earlier ones would have left, and so says what the run does."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._connection.run import preview as connection_preview
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._connection.run import run as connection_run
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import RefusedError
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._preview.previewed_aws import previewed_aws
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._proxy.run import preview as proxy_preview
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._proxy.run import run as proxy_run

from . import asking
from .fake_proxies import FakeProxies
from .proxy import asking as proxy_asking
from .proxy.conftest import NEW, Account

Task = tuple[str, dict[str, Any]]


PROXY: Task = ("proxy", {"db_instance_identifier": "orders", **NEW})


def play(position: str, **options: Any) -> list[Task]:
    """The tasks of the role for each position of its switches, in its order."""
    by_proxy = {"function_name": "f", "db_proxy_name": "shop", **options}
    direct = {"function_name": "f", "db_instance_identifier": "orders", **options}
    if position == "by proxy":
        return [PROXY, ("connection", by_proxy), ("connection", _absent(direct))]
    if position == "direct":
        return [("connection", direct), ("connection", _absent(by_proxy)), ("proxy", {"state": "absent"})]
    return [("connection", _absent(by_proxy)), ("connection", _absent(direct)), ("proxy", {"state": "absent"})]


def _absent(options: dict[str, Any]) -> dict[str, Any]:
    where = ("function_name", "db_proxy_name", "db_instance_identifier", "security_group_id", "security_group_scope")
    return {"state": "absent", **{key: options[key] for key in where if key in options}}


def previews(aws: FakeProxies, tasks: list[Task]) -> list[dict[str, Any]]:
    aws.calls.clear()
    results: list[dict[str, Any]] = []
    for module, options in tasks:
        as_left = previewed_aws(aws, results)
        if module == "proxy":
            results.append(proxy_preview(proxy_asking.want(**options), as_left))
        else:
            results.append(connection_preview(asking.want(**options), as_left))
        # As they come out of a registered variable.
        results = json.loads(json.dumps(results))
    assert aws.written() == []
    return results


def runs(aws: FakeProxies, tasks: list[Task]) -> list[dict[str, Any]]:
    results = []
    for module, options in tasks:
        if module == "proxy":
            results.append(proxy_run(proxy_asking.want(**options), aws, sleep=lambda _seconds: None))
        else:
            results.append(connection_run(asking.want(**options), aws, sleep=lambda _seconds: None))
    return results


def foretold(aws: FakeProxies, tasks: list[Task]) -> list[dict[str, Any]]:
    """Runs the play, after making sure that its check mode says the same, but for ids that there were not."""
    there = {*aws.groups, *aws.rules}
    said = previews(aws, tasks)
    done: list[dict[str, Any]] = []
    names: dict[str, str] = {}
    for task in tasks:
        done += runs(aws, [task])
        names.update({key: _stand_in(rule) for key, rule in aws.rules.items() if key not in there})
        names.update({key: f"(new: {group['GroupName']})" for key, group in aws.groups.items() if key not in there})
    for say, do in zip(said, done, strict=True):
        for key in ("changes", "diff", "changed"):
            assert _known(do[key], names) == _known(say[key], {}), key
    return done


def _stand_in(rule: dict[str, Any]) -> str:
    """What the preview calls a new rule; the ids in it are replaced later."""
    peers = ("CidrIpv4", "CidrIpv6")
    peer = rule.get("ReferencedGroupInfo", {}).get("GroupId") or next(rule[key] for key in peers if key in rule)
    direction = "egress" if rule["IsEgress"] else "ingress"
    return f"(new: {direction} of {rule['GroupId']}, {rule['IpProtocol']}/{rule['FromPort']} {peer})"


def _known(data: Any, names: dict[str, str]) -> Any:
    """With stand-ins for new ids, those of rules (sgr-) before those of groups (sg-), and lines in one order."""
    text = json.dumps(data)
    for key, name in sorted(names.items(), reverse=True):
        text = text.replace(key, name)
    return _in_order(json.loads(text))


def _in_order(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _in_order(value) for key, value in data.items()}
    return sorted(data) if isinstance(data, list) and all(isinstance(item, str) for item in data) else data


@pytest.fixture
def account() -> Account:
    made = Account()
    made.aws.add_function("f")
    return made


@pytest.mark.parametrize("scope", ["function", "database"])
def test_a_first_run_with_a_proxy_and_its_end(account: Account, scope: str) -> None:
    before = account.aws.snapshot()
    options = {"security_group_scope": scope}
    made, connected, other = foretold(account.aws, play("by proxy", **options))
    assert made["changed"]
    assert "attach function f" in connected["changes"][-1]["text"]
    assert not other["changed"]
    taken_back, other, gone = foretold(account.aws, play("off", **options))
    assert taken_back["changed"]
    assert not other["changed"]
    assert gone["changes"][-1]["action"] == "delete_security_group"
    assert account.aws.snapshot() == before


def test_a_function_that_moves_to_a_proxy_and_back(account: Account) -> None:
    before = account.aws.snapshot()
    foretold(account.aws, play("direct"))
    assert all(done["changed"] for done in foretold(account.aws, play("by proxy")))
    assert all(done["changed"] for done in foretold(account.aws, play("direct")))
    foretold(account.aws, play("off"))
    assert account.aws.snapshot() == before


def test_tasks_that_go_on_from_a_group_that_is_not_there_yet(account: Account) -> None:
    """It is found, tagged, used by another function, and taken back."""
    shared = {"db_instance_identifier": "orders", "security_group_scope": "database"}
    account.aws.add_function("g")
    made, tagged, joined, _left, gone = foretold(
        account.aws,
        [
            ("connection", {**shared, "function_name": "f", "tags": {"Team": "a"}}),
            ("connection", {**shared, "function_name": "f", "tags": {"Team": "b", "Cost": "4711"}}),
            ("connection", {**shared, "function_name": "g", "tags": {"Cost": "4711"}}),
            ("connection", {**shared, "function_name": "g", "state": "absent"}),
            ("connection", {**shared, "function_name": "f", "state": "absent"}),
        ],
    )
    assert made["changes"][0]["action"] == "create_security_group"
    assert [change["action"] for change in tagged["changes"]] == ["create_tags"]
    assert [change["action"] for change in joined["changes"]] == ["delete_tags", "update_function_configuration"]
    assert gone["changes"][-1]["action"] == "delete_security_group"


def test_many_functions(account: Account) -> None:
    """They come from the account's list, and have there what the earlier tasks would have attached them to."""
    for number in range(6):
        account.aws.add_function(f"f{number}")
    shared = {"db_instance_identifier": "orders", "security_group_scope": "database", "function_name_prefix": "f"}
    there: Task = ("connection", shared)
    made, again, gone = foretold(account.aws, [there, there, ("connection", {**shared, "state": "absent"})])
    assert [change["action"] for change in made["changes"]].count("update_function_configuration") == 7
    assert not again["changed"]
    assert gone["changes"][-1]["action"] == "delete_security_group"


def test_off_while_lambda_holds_the_client_group(account: Account) -> None:
    """The rule by which it led to the proxy is taken back, and so does not hold the proxy's group."""
    runs(account.aws, play("by proxy"))
    client = account.group_named("f-lambda-sg")
    account.aws.interfaces = [{"NetworkInterfaceId": "eni-1", "Description": "", "Groups": [{"GroupId": client}]}]
    taken_back, _other, gone = foretold(account.aws, play("off"))
    assert taken_back["pending"]
    assert gone["changes"][-1]["action"] == "delete_security_group"


def test_a_new_rule_that_names_the_group_of_a_proxy_holds_it(account: Account) -> None:
    runs(account.aws, [PROXY])
    rules = [{"from_port": 5432, "group_id": account.group_named("shop-proxy-sg")}]
    direct = {"function_name": "f", "db_instance_identifier": "orders"}
    tasks: list[Task] = [("connection", {**direct, "egress_rules": rules}), ("proxy", {"state": "absent"})]
    said = previews(account.aws, tasks)
    assert said[-1]["pending"][0]["referenced_by"] == ["(new: f-lambda-sg)"]
    runs(account.aws, [("connection", direct)])
    foretold(account.aws, tasks)


@pytest.mark.parametrize("state", ["new", "there"])
def test_what_is_taken_back_is_so_once(account: Account, state: str) -> None:
    rules = [{"from_port": 443, "cidr_ip": "10.0.0.0/8"}]
    direct = {"function_name": "f", "db_instance_identifier": "orders", "egress_rules": rules}
    present: list[Task] = [("connection", direct)]
    absent: list[Task] = [("connection", _absent(direct))]
    if state == "there":
        runs(account.aws, present)
        present = []
    *_before, first, second = foretold(account.aws, [*present, *absent, *absent])
    assert first["changed"]
    assert not second["changed"]


def test_a_note_of_an_earlier_task_counts(account: Account) -> None:
    """The rules of a given client group stay, because the earlier task has noted another function on them."""
    given_group = {"db_instance_identifier": "orders", "security_group_id": account.aws.add_group(account.vpc, "given")}
    account.aws.add_function("g")
    runs(account.aws, [("connection", {**given_group, "function_name": "f"})])
    joined: Task = ("connection", {**given_group, "function_name": "g"})
    _tagged, left = foretold(account.aws, [joined, ("connection", _absent({**given_group, "function_name": "f"}))])
    assert "revoke" not in str(left["changes"])


def test_a_new_group_in_a_vpc_with_ipv6(account: Account) -> None:
    account.aws.vpcs[account.vpc]["Ipv6CidrBlockAssociationSet"] = [{"Ipv6CidrBlock": "2001:db8::/56"}]
    direct = {"function_name": "f", "db_instance_identifier": "orders"}
    _made, closed = foretold(
        account.aws, [("connection", {**direct, "allow_all_outbound": True}), ("connection", direct)]
    )
    assert "all traffic to ::/0" in closed["changes"][-1]["text"]


def test_aws_is_never_asked_for_what_is_not_there_yet(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("describe_groups", "describe_rules", "describe_interfaces"):
        monkeypatch.setattr(account.aws, name, _asked_for_ids(getattr(account.aws, name)))
    again: Task = ("connection", {"function_name": "f", "db_proxy_name": "shop"})
    previews(account.aws, [*play("by proxy"), again])


def _asked_for_ids(read: Callable[..., Any]) -> Callable[..., Any]:
    def asked(*arguments: Any) -> Any:
        assert "(new: " not in str(arguments)
        return read(*arguments)

    return asked


def test_a_proxy_that_goes_is_none_for_a_later_connection(account: Account) -> None:
    runs(account.aws, play("by proxy"))
    off = previews(account.aws, play("off"))
    with pytest.raises(RefusedError, match=r"db_proxy_name \(shop\): no such database"):
        connection_preview(asking.want(function_name="f", db_proxy_name="shop"), previewed_aws(account.aws, off))


def test_a_function_that_is_not_there_stays_so(account: Account) -> None:
    direct = {"db_instance_identifier": "orders"}
    said = previews(account.aws, [("connection", {**direct, "function_name": "f"})])
    with pytest.raises(RefusedError, match="no such function"):
        connection_preview(asking.want(**direct, function_name="nobody"), previewed_aws(account.aws, said))


POSITIONS = st.sampled_from(["by proxy", "direct", "off"])


class World:
    """An account in which the switches were somewhere, perhaps with drift since."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.account = Account()
        self.aws = self.account.aws
        if draw(st.booleans()):
            self.aws.vpcs[self.account.vpc]["Ipv6CidrBlockAssociationSet"] = [{"Ipv6CidrBlock": "2001:db8::/56"}]
        self.given = self.aws.add_group(self.account.vpc, "given")
        worn = draw(st.sampled_from([None, "given", "team"]))
        team = self.aws.add_group(self.account.vpc, "team")
        groups = [] if worn is None else [self.given if worn == "given" else team]
        self.aws.add_function("f", self.account.subnets[:2] if groups else [], groups)
        self.aws.add_function("g")

    def options(self) -> dict[str, Any]:
        if self.draw(st.integers(0, 3)) == 0:
            return {"security_group_id": self.given}
        rules = [[], [{"from_port": 443, "cidr_ip": "10.0.0.0/8"}], [{"proto": "-1", "cidr_ipv6": "::/0"}]]
        return {
            "security_group_scope": self.draw(st.sampled_from(["function", "database"])),
            "allow_all_outbound": self.draw(st.booleans()),
            "egress_rules": self.draw(st.sampled_from([*rules, [{"from_port": 443, "group_id": self.given}]])),
            "tags": self.draw(st.sampled_from([None, {"Team": "a"}])),
        }

    def drift(self) -> None:
        """Some of our rules are gone, and perhaps f has left its VPC."""
        ours = [key for key, rule in self.aws.rules.items() if rule["Tags"]]
        for key in self.draw(st.lists(st.sampled_from(ours), max_size=2, unique=True)) if ours else ():
            del self.aws.rules[key]
        if self.draw(st.integers(0, 3)) == 0:
            self.aws.functions["f"].pop("VpcConfig", None)


@given(st.data())
def test_check_mode_of_a_play_is_its_run(data: st.DataObject) -> None:
    """From any position of the switches to any other."""
    world = World(data.draw)
    before = world.aws.snapshot()
    options = world.options()
    for _move in range(data.draw(st.integers(1, 3))):
        foretold(world.aws, play(data.draw(POSITIONS), **options))
        if data.draw(st.booleans()):
            world.drift()
    runs(world.aws, play("off", **options))
    assert world.aws.snapshot().keys() == before.keys()


@given(st.data())
def test_check_mode_of_any_tasks_is_their_run(data: st.DataObject) -> None:
    """As far as none of them is refused; one task for the proxy, because it is foreseen for connections only."""
    world = World(data.draw)
    runs(world.aws, play(data.draw(POSITIONS), **world.options()))
    tasks: list[Task] = []
    for _number in range(data.draw(st.integers(2, 4))):
        task = data.draw(st.sampled_from(play(data.draw(POSITIONS), **world.options())))
        if task[0] == "proxy" and any(module == "proxy" for module, _options in tasks):
            continue
        try:
            previews(world.aws, [*tasks, task])
        except RefusedError:
            continue
        tasks.append(task)
    foretold(world.aws, tasks)


@pytest.mark.parametrize(
    "result",
    [
        {"changes": ["create"]},
        {"changes": [{"action": "create_security_group"}]},
        {"changes": [{"action": "revoke_security_group_egress", "security_group_id": "sg-1", "rules": [{}]}]},
        {"proxy": {"name": "shop"}, "targets": []},
        "changed",
    ],
)
def test_what_is_no_result_is_refused(account: Account, result: Any) -> None:
    with pytest.raises(RefusedError, match=r"preview_after\[1\]"):
        previewed_aws(account.aws, [{"skipped": True}, result])
