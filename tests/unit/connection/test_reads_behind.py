# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads that do not show yet what the run itself has just written."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._connection.run import run
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import ConflictError

from ..asking import present, texts, want
from .conftest import Account

PUBLISHED = {"function_name": "f", "publish": True, "db_instance_identifier": "orders"}
UNSEEN = ConflictError("wait for f:1", "ResourceNotFoundException", "Function not found")
SHARED = {"security_group_scope": "database", "db_instance_identifier": "orders"}


def test_a_tag_that_is_written_twice_counts_once(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run looks again, because it put a function on a group that others share."""
    present(account.aws, function_name="f", **SHARED)
    account.aws.add_function("g")
    client = account.group_named("orders-lambda-clients")
    written: list[Any] = []
    real = account.aws.set_tags

    def shown_later(resources: Any, tags: Any) -> None:
        written.append(tags)
        if len(written) > 1:
            real(resources, tags)

    monkeypatch.setattr(account.aws, "set_tags", shown_later)
    result = run(want(function_name="g", tags={"Team": "a"}, **SHARED), account.aws)
    assert written == [{"Team": "a"}] * 2
    assert texts(result)[0] == f"tag {client}: Team=a"
    assert len(result["changes"]) == 2
    assert result["diff"]["after"]["security_groups"][client]["tags"]["Team"] == "a"


def test_a_version_that_is_not_shown_yet_is_waited_for(account: Account) -> None:
    account.aws.fail["wait_until_version_active"] = [UNSEEN] * 3
    pauses: list[float] = []
    result = run(want(**PUBLISHED), account.aws, sleep=pauses.append)
    assert pauses == [0.5, 1, 2]
    assert texts(result)[-1] == "publish a version of function f"
    assert account.aws.calls.count("get_function") == 1


def test_a_version_that_is_not_shown_for_long_is_looked_for_with_all_else(account: Account) -> None:
    account.aws.fail["wait_until_version_active"] = [UNSEEN] * 99
    pauses: list[float] = []
    result = run(want(**PUBLISHED), account.aws, sleep=pauses.append)
    assert pauses == [0.5, 1, 2, 4, 0.5]
    assert texts(result)[-1] == "publish a version of function f"
    assert account.aws.calls.count("get_function") == 2
