# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The pairs, an account on the emulator, and a table of what each flow came to on each pair."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.versions.account import Account
from ansible_collections.cloudops.lambda_rds.tests.versions.environments import environment, versions, why_not
from ansible_collections.cloudops.lambda_rds.tests.versions.pairs import PAIRS, Pair
from ansible_collections.cloudops.lambda_rds.tests.versions.plays import Played, Player


@pytest.fixture(scope="session", params=PAIRS, ids=lambda pair: pair.name)
def pair(request: pytest.FixtureRequest) -> Pair:
    wanted: Pair = request.param
    if reason := why_not(wanted):
        pytest.skip(f"{wanted.title}: {reason}")
    return wanted


@pytest.fixture(scope="session")
def programs(pair: Pair) -> Path:
    return environment(pair)


@pytest.fixture(scope="session")
def player(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Player:
    return Player(programs, tmp_path_factory.mktemp("user"))


@pytest.fixture(scope="session")
def shared_account() -> Iterator[Account]:
    with Emulator() as emulator:
        yield Account(emulator)


@pytest.fixture
def account(shared_account: Account) -> Account:
    """With nothing connected."""
    shared_account.restore("bare")
    return shared_account


@pytest.fixture(scope="session")
def attached(player: Player, shared_account: Account) -> Played:
    """The function `api` is connected by the playbook, and the account kept as "attached"."""
    shared_account.restore("bare")
    played = player.play(
        "cloudops.lambda_rds.attach_lambda_rds",
        environment=shared_account.emulator.environment,
        connect_lambda_rds_function_name="api",
        connect_lambda_rds_db_instance_identifier="orders",
    )
    shared_account.keep("attached")
    return played


@pytest.fixture(scope="session")
def detached(attached: Played, player: Player, shared_account: Account) -> Played:
    """`api` is disconnected by the switch; its network interfaces are released, and the account kept as "detached"."""
    attached.succeeded()
    shared_account.restore("attached")
    played = player.play(
        "cloudops.lambda_rds.attach_lambda_rds",
        environment=shared_account.emulator.environment,
        connect_lambda_rds_function_name="api",
        connect_lambda_rds_db_instance_identifier="orders",
        connect_lambda_rds_enabled=False,
    )
    shared_account.release()
    shared_account.keep("detached")
    return played


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    outcomes = _outcomes(terminalreporter)
    flows = list(dict.fromkeys(flow for flow, _pair in outcomes))
    pairs = [pair for pair in PAIRS if any(name == pair.name for _flow, name in outcomes)]
    terminalreporter.write_line("")
    terminalreporter.write_line(_row("", [pair.title for pair in pairs]))
    for flow in flows:
        terminalreporter.write_line(_row(flow, [outcomes.get((flow, pair.name), "") for pair in pairs]))
    for pair in pairs:
        about = f"not run: {why_not(pair)}" if why_not(pair) else versions(pair)
        terminalreporter.write_line(f"{pair.title}: {about}")


def _outcomes(terminalreporter: pytest.TerminalReporter) -> dict[tuple[str, str], str]:
    """By flow and name of a pair."""
    words: dict[tuple[str, str], str] = {}
    seconds: dict[tuple[str, str], float] = {}
    for report in (each for reports in terminalreporter.stats.values() for each in reports):
        found = re.search(r"::test_(\w+)\[([^\]]+)\]", getattr(report, "nodeid", ""))
        if found is None or not isinstance(report, pytest.TestReport):
            continue
        key = (found[1].replace("_", " "), found[2])
        seconds[key] = seconds.get(key, 0) + report.duration
        if report.skipped:
            words[key] = "not run"
        elif report.failed:
            words[key] = "FAILED"
        elif report.when == "call":
            words.setdefault(key, "ok")
    return {key: word if word == "not run" else f"{word} {seconds[key]:.0f} s" for key, word in words.items()}


def _row(first: str, cells: list[str]) -> str:
    return f"{first:<22}" + "".join(f"{cell:<14}" for cell in cells).rstrip()
