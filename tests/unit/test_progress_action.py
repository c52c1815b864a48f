# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible.utils.display import Display

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process.progress import Phase, Stage
from ansible_collections.cloudops.lambda_rds.plugins.plugin_utils import _standard_error
from ansible_collections.cloudops.lambda_rds.plugins.plugin_utils._progress_action import ProgressAction, TaskMessages

COMPLETES = "Running the task again completes what is missing."


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What goes to standard error, by Ansible or past it."""
    lines: list[str] = []

    def display(_self: Display, line: str, color: str = "", *, stderr: bool = False) -> None:
        assert stderr
        lines.append(line)

    monkeypatch.setattr(Display, "display", display)
    monkeypatch.setattr(_standard_error, "write_line", lines.append)
    return lines


def messages(**task: Any) -> TaskMessages:
    attributes = {"action": "cloudops.lambda_rds.lambda_rds_connection", "args": {}, "no_log": False}
    return TaskMessages(SimpleNamespace(**{**attributes, "delegate_to": None, **task}), {"inventory_hostname": "shop"})


def test_a_stage_has_the_host(shown: list[str]) -> None:
    messages().show(Stage(Phase.UPDATE, 1, 2), 0)
    messages(delegate_to="localhost").show(Stage(Phase.UPDATE, 1, 2), 0)
    assert shown == [
        "progress: [shop] => 1 of 2 functions updated",
        "progress: [shop -> localhost] => 1 of 2 functions updated",
    ]


def test_the_language_is_that_of_the_task(shown: list[str]) -> None:
    messages(args={"language": "ja"}).show(Stage(Phase.LOOK), 0)
    assert shown == ["progress: [shop] => 現状を確認中"]


def test_a_secret_task_shows_nothing(shown: list[str]) -> None:
    messages(no_log=True).show(Stage(Phase.LOOK), 0)
    assert shown == []


def test_an_interruption_says_what_follows(shown: list[str]) -> None:
    messages().stopping()
    messages().unchanged()
    messages().going_on()
    assert shown == [
        f"interrupted: [shop] => {text}"
        for text in (
            f"lambda_rds_connection finishes the AWS call that is under way and begins no other. {COMPLETES}",
            "Stopped before anything was changed.",
            f"lambda_rds_connection may go on for a while where it runs. {COMPLETES}",
        )
    ]


@pytest.mark.parametrize(
    ("result", "told"),
    [
        ({"failed": True, "msg": "Stopped.", "changes": [{}, {}]}, f"Stopped after 2 changes. {COMPLETES}"),
        ({"failed": True, "msg": "Stopped. Nothing was changed."}, "Stopped before anything was changed."),
        ({"changed": True, "changes": [{}]}, "The task had come to its end."),
        ({"failed": True, "msg": "Perhaps written: x.", "changes": []}, None),
        ({"failed": True, "msg": "Module result deserialization failed."}, None),
        ({}, None),
    ],
    ids=["written", "nothing written", "ended", "in doubt", "module killed", "no result"],
)
def test_after_it_what_was_written(shown: list[str], result: dict[str, Any], told: str | None) -> None:
    interrupted = messages()
    interrupted.result = result
    interrupted.ended()
    assert shown == ([f"interrupted: [shop] => {told}"] if told else [])


def test_the_environment_is_that_of_before_once_the_module_has_ended() -> None:
    action = ProgressAction.__new__(ProgressAction)
    action._task = SimpleNamespace(environment=[{"A": "1"}])
    with action._with_environment("B", "2"):
        assert action._task.environment == [{"A": "1"}, {"B": "2"}]
    assert action._task.environment == [{"A": "1"}]
