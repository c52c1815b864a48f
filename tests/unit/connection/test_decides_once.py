# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A preview of one function makes each decision once: no read asks the planner, and no result decides again."""

from __future__ import annotations

import cProfile
import pstats
from collections import Counter
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._connection.run import preview

from ..asking import present, want
from .conftest import Account

DECISIONS = (
    "resolve", "find_target", "find_clients", "find_attachments", "wanted_rules", "hop_rules", "own_groups",
    "current_group", "unused_groups", "make_plan",
)  # fmt: skip


@pytest.mark.parametrize("connected", [False, True])
def test_each_decision_is_made_once(account: Account, connected: bool) -> None:
    options: dict[str, Any] = {"function_name": "f", "db_instance_identifier": "orders"}
    if connected:
        present(account.aws, **options)
    profile = cProfile.Profile()
    profile.runcall(preview, want(**options), account.aws)
    calls = Counter[str]()
    for (_file, _line, name), (_primitive, count, *_times) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        calls[name] += count
    assert {name: calls[name] for name in DECISIONS} == dict.fromkeys(DECISIONS, 1)
