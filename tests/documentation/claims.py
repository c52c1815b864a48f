# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the documents say of their examples, each looked at in the emulator or in what was printed."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients

from .documents import Place
from .stage import Attempt, Claim
from .worlds import RELEASE

_ID = re.compile(r"\b[a-z]+-[0-9a-f]{17}\b")


def succeeds(*, changed: int | None = None) -> Claim:
    """`changed`: so many tasks changed something, on all hosts together, where that is for the reader to know."""

    def claim(attempt: Attempt) -> None:
        assert attempt.outcome.status == 0, attempt.outcome.story
        count = sum(attempt.outcome.changed.values())
        assert count == changed if changed is not None else count > 0, attempt.outcome.story

    return claim


def fails_as_quoted(attempt: Attempt) -> None:
    """Word for word, but for the ids of resources."""
    assert attempt.outcome.status == 2, attempt.outcome.story
    assert attempt.example.quoted
    _same(like(attempt.outcome.message), like(attempt.block(attempt.example.quoted).text))


def like(message: str) -> str:
    """The message with its ids numbered, and on one line."""
    seen: dict[str, str] = {}
    numbered = _ID.sub(lambda found: seen.setdefault(found[0], f"{found[0].partition('-')[0]}-#{len(seen)}"), message)
    return " ".join(numbered.split())


def connects(*functions: str, profile: str = "", region: str = "eu-west-1") -> Claim:
    """These functions are in a VPC then, with a rule to a database or proxy and nowhere else; no other one is."""

    def claim(attempt: Attempt) -> None:
        aws = attempt.elsewhere(profile, region)
        _same(connected(aws), set(functions))
        for name in functions:
            groups = configuration(aws, name)["SecurityGroupIds"]
            rules = aws.ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": groups}])
            egress = [rule for rule in rules["SecurityGroupRules"] if rule["IsEgress"]]
            _same([rule["FromPort"] for rule in egress], [5432])

    return claim


def connected(aws: Clients) -> set[str]:
    names = [function["FunctionName"] for function in aws.functions.list_functions()["Functions"]]
    return {name for name in names if configuration(aws, name).get("VpcId")}


def configuration(aws: Clients, name: str, **qualifier: str) -> Any:
    return aws.functions.get_function_configuration(FunctionName=name, **qualifier).get("VpcConfig", {})


def share_one_group(*functions: str) -> Claim:
    def claim(attempt: Attempt) -> None:
        groups = Counter(group for name in functions for group in configuration(attempt.aws, name)["SecurityGroupIds"])
        _same(list(groups.values()), [len(functions)])

    return claim


def writes_nothing(attempt: Attempt) -> None:
    assert attempt.look() == attempt.before, "something was written"


def reports_to(name: str) -> Claim:
    """In the folder that the command is run in."""

    def claim(attempt: Attempt) -> None:
        page = attempt.outcome.folder / name
        assert page.is_file(), f"no report {name} where the command was run"
        assert "</html>" in page.read_text(encoding="utf-8"), f"{name} is no page"

    return claim


def says_in_japanese(attempt: Attempt) -> None:
    (looked,) = attempt.outcome.of("lambda_rds_connection_info")
    assert re.search(r"[\u3041-\u30ff]", looked["msg"]), looked["msg"]


def check_mode_shows_it(attempt: Attempt) -> None:
    """Before the run, `--check --diff` lists the very changes that it makes, and writes nothing."""
    attempt.begin()
    for claim in attempt.example.first:
        claim(attempt)
    before = attempt.look()
    shown = attempt.do("--check --diff")
    assert shown.status == 0, shown.story
    assert shown.changes, "check mode lists nothing"
    _same(shown.changes, attempt.outcome.changes)
    assert attempt.look() == before, "check mode has written something"


def a_second_run_changes_nothing(*options: str) -> Claim:
    def claim(attempt: Attempt) -> None:
        again = attempt.do(*options)
        assert again.status == 0, again.story
        assert again.results, "nothing ran"
        assert not any(again.changed.values()), again.story

    return claim


def detach_takes_it_back(attempt: Attempt) -> None:
    """The same command by the other playbook. The group waits for Lambda."""
    back = attempt.do(instead=("attach_lambda_rds", "detach_lambda_rds"))
    assert back.status == 0, back.story
    _same(connected(attempt.aws), set())


def publishes_for(alias: str) -> Claim:
    """The alias points to a version that is in the VPC."""

    def claim(attempt: Attempt) -> None:
        assert configuration(attempt.aws, "nightly-report", Qualifier=alias).get("VpcId"), f"{alias} is outside the VPC"

    return claim


def passes_through_a_proxy(*, iam_login: bool) -> Claim:
    """The proxy is available, reaches its database, and lets the function log in by IAM where that is asked for."""

    def claim(attempt: Attempt) -> None:
        (proxy,) = attempt.aws.rds.describe_db_proxies(DBProxyName="orders-proxy")["DBProxies"]
        (target,) = attempt.aws.rds.describe_db_proxy_targets(DBProxyName="orders-proxy")["Targets"]
        _same((proxy["Status"], target["TargetHealth"]["State"]), ("available", "AVAILABLE"))
        # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-iam-setup.html: without it, no login by IAM.
        _same(proxy["Auth"][0]["IAMAuth"], "REQUIRED" if iam_login else "DISABLED")
        policies = attempt.aws.iam.list_role_policies(RoleName="orders-api-role")["PolicyNames"]
        _same(len(policies), 1 if iam_login else 0)

    return claim


def proxies_can_be_looked_at(attempt: Attempt) -> None:
    """No document shows this module: a task as in its own documentation."""
    text = "- cloudops.lambda_rds.rds_db_proxy_info:\n"
    looked = attempt.do(block=replace(attempt.block(), text=text))
    assert looked.status == 0, looked.story
    attempt.outcomes.append(looked)


def leave_a_group(connecting: Place) -> Claim:
    """A function is connected and then deleted, and Lambda lets go of its network interfaces."""
    name = "a group is left"

    def claim(attempt: Attempt) -> None:
        stage = attempt.stage
        if name in stage.kept:
            stage.emulator.restore(name)
            return
        done = attempt.do(block=attempt.block(connecting))
        assert done.status == 0, done.story
        attempt.aws.functions.delete_function(FunctionName="nightly-report")
        stage.emulator.advance(RELEASE)
        stage.emulator.checkpoint(name)
        stage.kept.add(name)

    return claim


def deletes_groups(*names: str) -> Claim:
    def claim(attempt: Attempt) -> None:
        (cleaned,) = attempt.outcome.of("lambda_rds_cleanup")
        _same([group["security_group_name"] for group in cleaned["deleted"]], list(names))
        there = {group["name"] for group in attempt.look()["groups"].values()}
        _same(there & set(names), set())

    return claim


def connect(host: str) -> Claim:
    """Whatever its switch says."""

    def claim(attempt: Attempt) -> None:
        done = attempt.do("-e connect_lambda_rds_enabled=true", "--limit", host)
        assert done.status == 0, done.story
        _same(done.changed, {host: 1})

    return claim


def works_without(*variables: str) -> Claim:
    """From the start once more, without these variables of the inventory."""

    def claim(attempt: Attempt) -> None:
        attempt.begin()
        (inventory,) = (attempt.block(place) for place in attempt.example.files)
        text = re.sub(rf"^ *({'|'.join(variables)}):.*\n", "", inventory.text, flags=re.MULTILINE)
        _same(text.count("\n"), inventory.text.count("\n") - len(variables))
        done = attempt.do(files=[replace(inventory, text=text)])
        assert done.status == 0, done.story
        _same(done.changed, attempt.outcome.changed)

    return claim


def _same(seen: object, told: object) -> None:
    # pytest shows values in test modules only.
    assert seen == told, f"\n{seen}\n  is what it is, and not\n{told}"
