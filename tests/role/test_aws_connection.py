# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Region, the account and the endpoint that the role works with: the play's defaults, or its variables, key by key.

The environment always names another Region and another profile, which must win over neither.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator

from .plays import GROUP, ROLE, include_role, play, prefixed, run

# By the source: the play's module_defaults, a variable of the role, the environment.
REGIONS = {"play": "eu-west-1", "role": "eu-west-2", "environment": "us-west-1"}
ACCOUNTS = {"play": "111111111111", "role": "222222222222", "environment": "999999999999"}
TOKENS = {"play": "token-of-play", "role": "token-of-role"}
NOWHERE = "http://127.0.0.1:9"
SOURCES: tuple[tuple[str, ...], ...] = ((), ("play",), ("role",), ("play", "role"))
WAYS = ("roles", "import_role", "include_role", "loop")


@dataclass(frozen=True)
class Given:
    """Where each of the keys is given; `login` is by "profile" or by access "keys" with a session token."""

    region: tuple[str, ...]
    login: str
    logins: tuple[str, ...]
    endpoint: tuple[str, ...]

    def options(self, source: str, url: str) -> dict[str, str]:
        """What the play or the role gives. Where both do, only the role's endpoint is there."""
        options = {}
        if source in self.region:
            options["region"] = REGIONS[source]
        if source in self.logins:
            options |= _login(self.login, source)
        if source in self.endpoint:
            options["endpoint_url"] = url if source == self.endpoint[-1] else NOWHERE
        return options

    @property
    def expected(self) -> tuple[str, str, str]:
        """Region, account and session token of the call."""
        login = self.logins[-1] if self.logins else "environment"
        token = TOKENS.get(login, "") if self.login == "keys" else ""
        return REGIONS[self.region[-1] if self.region else "environment"], ACCOUNTS[login], token


def _login(kind: str, source: str) -> dict[str, str]:
    if kind == "profile":
        return {"profile": source}
    keys = {"access_key": ACCOUNTS[source], "secret_key": "any", "session_token": TOKENS[source]}
    # amazon.aws refuses keys beside the profile of the environment, unless the play says that there is none.
    return {**keys, "profile": ""} if source == "play" else keys


def combinations() -> list[Given]:
    """Regions and logins crossed; each endpoint meets each of these at least once."""
    crossed = itertools.product(
        SOURCES, [("profile", source) for source in SOURCES] + [("keys", s) for s in SOURCES[1:]]
    )
    return [
        Given(region, kind, sources, SOURCES[number % len(SOURCES)])
        for number, (region, (kind, sources)) in enumerate(crossed)
    ]


def calling(way: str, defaults: Mapping[str, str], variables: Mapping[str, Any], tasks_from: str) -> dict[str, Any]:
    """A play with the role. In a loop, every key of the role comes from the caller's item."""
    module_defaults = {GROUP: dict(defaults)}
    if way == "roles":
        # This keyword has no tasks_from: what the entry point "cleanup" does, "detach" does with all of its tasks.
        role = {"role": ROLE, "vars": prefixed({**variables, **DETACHING})}
        return {**play(module_defaults=module_defaults), "roles": [role]}
    task = include_role(tasks_from, **variables)
    if way == "import_role":
        task["ansible.builtin.import_role"] = task.pop("ansible.builtin.include_role")
    if way == "loop":
        task["vars"] = {name: f"{{{{ item['{name}'] }}}}" for name in task["vars"]}
        task["loop"] = [prefixed(variables)]
    return play(task, module_defaults=module_defaults)


DETACHING = {"enabled": False, "function_name": "f", "db_instance_identifier": "d"}


@pytest.fixture
def environment(tmp_path: Path, emulator: Emulator) -> dict[str, str]:
    profiles = [
        f"[profile {name}]\nregion = ap-south-1\naws_access_key_id = {account}\naws_secret_access_key = any\n"
        for name, account in ACCOUNTS.items()
    ]
    config = tmp_path / "aws"
    config.write_text("".join(profiles), encoding="utf-8")
    return {
        "AWS_CONFIG_FILE": str(config),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
        "AWS_PROFILE": "environment",
        "AWS_REGION": REGIONS["environment"],
        "AWS_URL": emulator.url,
    }


def signed(emulator: Emulator) -> list[tuple[str, str, str]]:
    """Region, account and token of the calls since the last time; of a task's calls, one."""
    calls = [(call.region, call.access_key, call.session_token) for call in emulator.calls()]
    emulator.clear_calls()
    return calls


def test_each_key_comes_from_where_it_is_given(emulator: Emulator, environment: dict[str, str], tmp_path: Path) -> None:
    """The entry point "cleanup" makes one call where there is nothing to clean up."""
    given = combinations()
    plays = [
        calling(way, each.options("play", emulator.url), each.options("role", emulator.url), "cleanup")
        for each, way in zip(given, itertools.cycle(WAYS[1:]), strict=False)
    ]
    # Where neither gives an endpoint it is the environment's; where one does, that must not be asked.
    emulator.clear_calls()
    ended = run(plays, tmp_path, environment)
    assert ended.returncode == 0, ended.stdout[-3000:]
    assert "unsafe" not in ended.stdout + ended.stderr
    assert signed(emulator) == [each.expected for each in given]


# What is included one way or imported is the same: the others are in the test above.
@pytest.mark.parametrize("way", ["roles", "loop"])
def test_it_reaches_all_tasks_of_ours_and_of_amazon_aws(
    emulator: Emulator, environment: dict[str, str], tmp_path: Path, way: str
) -> None:
    """Switching off looks at the connection both ways, at the proxy and at its IAM role."""
    defaults = {"profile": "play", "endpoint_url": emulator.url, "region": REGIONS["play"]}
    variables = {**DETACHING, "proxy_enabled": True, "region": REGIONS["role"]}
    del environment["AWS_URL"]
    ended = run([calling(way, defaults, variables, "main")], tmp_path, environment)
    assert ended.returncode == 0, ended.stdout[-3000:]
    assert {str(call) for call in emulator.calls()} >= {"lambda:GetFunction", "rds:DescribeDBProxies", "iam:GetRole"}
    assert set(signed(emulator)) == {(REGIONS["role"], ACCOUNTS["play"], "")}


def test_it_reaches_the_playbooks(emulator: Emulator, environment: dict[str, str], tmp_path: Path) -> None:
    """They have no defaults of their own; what they run with is given by -e or by the inventory."""
    given = prefixed({"region": REGIONS["role"], "access_key": ACCOUNTS["role"], "secret_key": "any", **DETACHING})
    words = [word for name, value in given.items() for word in ("-e", f"{name}={value}")]
    playbook = [{"import_playbook": f"cloudops.lambda_rds.{name}_lambda_rds"} for name in ("detach", "cleanup")]
    ended = run(playbook, tmp_path, environment, *words)
    assert ended.returncode == 0, ended.stdout[-3000:]
    assert set(signed(emulator)) == {(REGIONS["role"], ACCOUNTS["role"], "")}


def test_keys_of_the_play_beside_a_profile_of_the_environment_are_refused(
    emulator: Emulator, environment: dict[str, str], tmp_path: Path
) -> None:
    """By amazon.aws, before any call: which of the two is meant it cannot know."""
    defaults = {name: value for name, value in _login("keys", "play").items() if name != "profile"}
    ended = run([calling("include_role", defaults, {}, "cleanup")], tmp_path, environment)
    assert "Passing both a profile and access tokens is not supported" in ended.stdout
    assert emulator.calls() == []
