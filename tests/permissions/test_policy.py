# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The README's IAM policy is exactly enough: it suffices, and without any of its actions some task fails clearly."""

from __future__ import annotations

import pytest

from .desk import Desk, Done, Proved
from .looks import ONLY_LOOKED_AT
from .played import PLAYED, Refusal
from .policy import actions, printed_policy, without
from .runs import RUNS, Run, with_users_who_log_in_by_iam


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.__name__)
def test_the_policy_is_enough(desk: Desk, run: Run) -> None:
    for task, done in desk.where_all_is_allowed(run):
        assert not done.failed, done.printed["msg"]
        assert done.printed["changed"] is task.changed
        assert set(done.calls) <= set(actions())


# Without it the roles of the functions are looked at, though not those of functions that are gone.
SEARCH = "iam:GetAccountAuthorizationDetails"


def test_the_search_for_roles_is_optional(desk: Desk, proved: Proved) -> None:
    tasks = desk.where_all_is_allowed(with_users_who_log_in_by_iam)
    assert sum(SEARCH in done.calls for _task, done in tasks) > 0
    assert _failures(desk, with_users_who_log_in_by_iam, SEARCH) == 0
    proved("optional", SEARCH)


# Without what only verdicts are made from, nothing fails: test_looks.py.
@pytest.mark.parametrize("action", sorted(set(actions()) - PLAYED.keys() - {*ONLY_LOOKED_AT, SEARCH}))
def test_each_action_is_needed(desk: Desk, action: str, proved: Proved) -> None:
    """In the first run that calls it, each task that does so fails clearly, and is completed once it is allowed."""
    run = next(
        (run for run in RUNS if any(action in done.calls for _task, done in desk.where_all_is_allowed(run))), None
    )
    assert run, f"{action} is superfluous, or a run that needs it is missing in runs.py."
    calling = sum(action in done.calls for _task, done in desk.where_all_is_allowed(run))
    assert _failures(desk, run, action) == calling
    proved("needed", action)


@pytest.mark.parametrize("action", sorted(set(actions()) & PLAYED.keys()))
def test_what_ministack_does_not_refuse(desk: Desk, action: str, proved: Proved) -> None:
    """Refused in its place, it fails as clearly; or nothing fails, where the action is not indispensable."""
    refusal = PLAYED[action]
    calling = sum(refusal.call in done.calls for _task, done in desk.where_all_is_allowed(refusal.run))
    assert calling > 0
    assert _failures(desk, refusal.run, action) == 0, f"ministack refuses {action} by now: take it out of played.py."
    assert _failures(desk, refusal.run, action, refusal) == (calling if refusal.fatal else 0)
    proved("needed, refused in ministack's place" if refusal.fatal else "optional", action)


def _failures(desk: Desk, run: Run, action: str, refusal: Refusal | None = None) -> int:
    """How many tasks of the run fail without the action. All end where they end with it."""
    identity, tasks = desk.begin(run)
    failures = 0
    for task, (_task, expected) in zip(tasks, desk.where_all_is_allowed(run), strict=True):
        identity.may(without(action))
        done = desk.perform(task, identity, refusal)
        if done.failed:
            failures += 1
            _assert_it_is_said(done, action)
            identity.may(printed_policy())
            done = desk.perform(task, identity)
        assert not done.failed, done.printed["msg"]
        assert done.after == expected.after
    return failures


def _assert_it_is_said(done: Done, action: str) -> None:
    """One message that names the action and says all that was written, which is what the account shows too."""
    message, written = done.printed["msg"], done.printed.get("changes", [])
    assert f"Allow the action {action} to the identity that runs the task" in message
    assert message.count("Could not ") == 1
    assert "Traceback" not in message
    assert not done.printed.get("exception")
    assert bool(done.printed.get("changed")) is bool(written) is (done.before != done.after)
    if written:
        texts = "; ".join(change["text"] for change in written)
        assert message.endswith(f"Written before: {texts}. Running the task again completes it.")
    else:
        assert message.endswith("Nothing was changed.")
