# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import (
    AwsError,
    IncompleteError,
    Refusal,
    RefusedError,
    UnreachableError,
)
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process import outcome


class EndedError(Exception):
    pass


class Module:
    def __init__(self) -> None:
        self.ending: dict[str, Any] = {}

    def exit_json(self, **values: Any) -> None:
        self.ending = values
        raise EndedError

    def fail_json(self, **values: Any) -> None:
        self.ending = {"failed": True, **values}
        raise EndedError


def ending(error: Exception | None = None, **result: Any) -> dict[str, Any]:
    module = Module()
    with pytest.raises(EndedError):
        _report(module, error, {"changed": True, "findings": [], "pending": [], **result})
    return module.ending


def _report(module: Module, error: Exception | None, result: dict[str, Any]) -> None:
    with outcome.exit_module(module) as ending:
        if error is not None:
            raise error
        ending.result = result


def test_a_result_is_returned_with_its_risks_as_warnings(monkeypatch: pytest.MonkeyPatch) -> None:
    warnings: list[str] = []
    monkeypatch.setattr(outcome, "warn", warnings.append)
    findings = [
        {"severity": "risk", "message": "It is cut off.", "remedy": "Connect it."},
        {"severity": "note", "message": "By the way.", "remedy": ""},
    ]
    pending = [{"security_group_id": "sg-1", "frees": "Wait."}, {"text": "register it", "frees": "Run it again."}]
    assert ending(findings=findings, pending=pending)["findings"] == findings
    assert warnings == ["It is cut off. Connect it.", "Security group sg-1 could not be deleted yet. Wait."]


def test_a_path_that_is_closed_fails_with_the_whole_result(monkeypatch: pytest.MonkeyPatch) -> None:
    warnings: list[str] = []
    monkeypatch.setattr(outcome, "warn", warnings.append)
    findings = [{"severity": "risk", "message": "It is cut off.", "remedy": "Connect it."}]
    result = {"changed": True, "reachability": [], "findings": findings}
    error = UnreachableError("f does not reach the database.", result)
    assert ending(error) == {"failed": True, "msg": str(error), **result}
    assert warnings == ["It is cut off. Connect it."]


def test_refusals_are_one_message() -> None:
    refusals = [
        Refusal("port", 0, "is no port.", "Give one."),
        Refusal("subnet_ids", ("a", "b"), "are gone.", "Check."),
    ]
    assert ending(RefusedError(refusals)) == {
        "failed": True,
        "msg": "port (0): is no port. Give one. subnet_ids (a, b): are gone. Check. Nothing was changed.",
        "refusals": [
            {"parameter": "port", "value": 0, "reason": "is no port.", "remedy": "Give one."},
            {"parameter": "subnet_ids", "value": ["a", "b"], "reason": "are gone.", "remedy": "Check."},
        ],
    }


def test_a_failure_says_what_was_written() -> None:
    cause = AwsError("update function f", "AccessDenied", "no.", "Allow it.")
    failed = ending(IncompleteError(cause, [{"text": "create security group x"}]))
    assert failed["msg"] == (
        "Could not update function f: AccessDenied: no. Allow it. Written before: create security group x."
        " Running the task again completes it."
    )
    assert failed["changed"] is True


def test_a_failure_to_read_changed_nothing() -> None:
    failed = ending(AwsError("get function f", "AccessDenied", "no."))
    assert failed == {"failed": True, "msg": "Could not get function f: AccessDenied: no. Nothing was changed."}
