# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The story, step by step. Every line with a tick was checked against what the emulator holds."""

from __future__ import annotations

import difflib
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from ansible_collections.cloudops.lambda_rds.demo import account, picture, playbook
from ansible_collections.cloudops.lambda_rds.demo.surroundings import isolate, running_emulator
from ansible_collections.cloudops.lambda_rds.demo.terminal import BOLD, DIM, GREEN, RED, heading, item, say, styled
from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world

# Seconds after which Lambda has deleted its network interfaces.
_LET_GO = 1800


class NotAsToldError(Exception):
    """A step did not do what the demo says it does."""


class Story:
    """Told on one account of an emulator."""

    def __init__(self, emulator: Emulator, scratch: Path) -> None:
        self._emulator = emulator
        self._scratch = scratch
        self._aws = world.Clients.of(emulator)
        account.build(self._aws)
        self._start = self._snapshot()

    def tell(self) -> None:
        self._introduce()
        foretold = self._preview()
        self._connect(foretold)
        self._repeat()
        self._switch_off()
        self._clean_up()
        self._compare()

    def _introduce(self) -> None:
        say(styled("A Lambda function made without a VPC, and an RDS PostgreSQL", BOLD))
        say(f"AWS is an emulator at {self._emulator.url}, the playbook is the real one.\n")
        self._show_picture(is_open=False)
        say(f'\nThe command, below called "attach":\n   ansible-playbook {playbook.PLAYBOOK} \\')
        say(" \\\n".join(f"     -e {variable}" for variable in playbook.VARIABLES))

    def _preview(self) -> list[str]:
        outcome = self._attach("1. What would it do?", "--check")
        _list_changes(outcome)
        for finding in outcome.findings:
            item(finding, "!", BOLD)
        _check(outcome.changed == 1 and len(outcome.changes) > 0, f"{len(outcome.changes)} changes foretold")
        _check(outcome.writes == 0 and self._snapshot() == self._start, f"nothing is written: {_calls(outcome)}")
        return outcome.changes

    def _connect(self, foretold: list[str]) -> None:
        outcome = self._attach("2. Connect")
        _list_changes(outcome)
        _check(outcome.changed == 1 and outcome.changes == foretold, "that is what was foretold, line by line")
        _check(outcome.writes == len(outcome.changes), f"one write for each: {_calls(outcome)}")
        self._show_picture(is_open=True, is_narrow=True)
        before, now = self._start, self._snapshot()
        _check(_settings(now) == _settings(before), "the function's other settings are as they were")
        kept = {key: _rules(now).get(key) for key in _rules(before)}
        _check(kept == _rules(before), "so are the rules that were there, the billing team's among them")

    def _repeat(self) -> None:
        before = self._snapshot()
        outcome = self._attach("3. Again")
        unchanged = outcome.changed == 0 and not outcome.changes and self._snapshot() == before
        _check(unchanged and outcome.writes == 0, f"changed=0: {_calls(outcome)}")

    def _switch_off(self) -> None:
        outcome = self._attach("4. Switch off", "-e", "connect_lambda_rds_enabled=false")
        _list_changes(outcome)
        _check(outcome.changed == 1 and outcome.writes == len(outcome.changes), f"changed=1: {_calls(outcome)}")
        for pending in outcome.pending:
            item(pending, "!", BOLD)
        self._show_picture(is_open=False)

    def _clean_up(self) -> None:
        self._emulator.advance(_LET_GO)
        heading(
            f"5. Half an hour later, by the emulator's clock  {styled(f'ansible-playbook {playbook.CLEANUP}', DIM)}"
        )
        outcome = playbook.clean_up(self._emulator, self._scratch)
        _list_changes(outcome)
        _check(outcome.changed == 1 and not outcome.pending, f"changed=1: {_calls(outcome)}")

    def _compare(self) -> None:
        heading("6. The account, beside what it was at the start")
        before, now = self._start, self._snapshot()
        for line in _difference(before, now):
            say(line)
        held = f"1 function, 1 database, {len(before['groups'])} groups, {len(_rules(before))} rules"
        _check(now == before, f"all is as before: {held}")

    def _attach(self, title: str, *options: str) -> playbook.Outcome:
        heading(f"{title}  {styled(' '.join(['attach', *options]), DIM)}")
        return playbook.attach(self._emulator, self._scratch, *options)

    def _show_picture(self, *, is_open: bool, is_narrow: bool = False) -> None:
        scene = picture.look(self._aws, account.FUNCTION, account.DATABASE)
        say("\n".join(f"   {line}" for line in picture.draw(scene)))
        _check(scene.is_open == is_open, f"the path is {'open' if is_open else 'closed'}")
        if is_narrow:
            _check(scene.is_narrow, "and it is the function's only way out")

    def _snapshot(self) -> dict[str, Any]:
        return world.snapshot(self._aws)


def _list_changes(outcome: playbook.Outcome) -> None:
    for change in outcome.changes:
        item(change, "·")


def _check(holds: bool, claim: str) -> None:
    if not holds:
        raise NotAsToldError(claim)
    item(claim, "✓", GREEN)


def _calls(outcome: playbook.Outcome) -> str:
    return f"{outcome.reads} reads, {outcome.writes or 'no'} write{'s' if outcome.writes > 1 else ''}"


def _settings(snapshot: dict[str, Any]) -> dict[str, Any]:
    return {name: function["settings"] for name, function in snapshot["functions"].items()}


def _rules(snapshot: dict[str, Any]) -> dict[str, Any]:
    return {key: rule for group in snapshot["groups"].values() for key, rule in group["rules"].items()}


def _difference(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    old, new = (json.dumps(each, indent=1, sort_keys=True).splitlines() for each in (before, after))
    return list(difflib.unified_diff(old, new, "at the start", "now", lineterm=""))


def run() -> int:
    """Tell it to the end; the exit status is 1 if a claim does not hold."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="lambda-rds-demo-") as scratch:
        isolate(Path(scratch))
        try:
            with running_emulator() as emulator:
                Story(emulator, Path(scratch)).tell()
        except NotAsToldError as error:
            say(f"\n   {styled('✗ Not so:', RED)} {error}")
            return 1
        except playbook.PlaybookError as error:
            say(f"\n   {styled('✗ It failed.', RED)} {error}")
            return 1
    say(f"\nThe emulator is stopped, nothing is left behind. {time.monotonic() - started:.0f} s.")
    return 0
