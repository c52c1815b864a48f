# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a proxy brings with it, and the addresses that it needs."""

from __future__ import annotations

from typing import Any

import pytest

from .asking import present
from .conftest import NEW, Account


def codes(done: dict[str, Any]) -> list[str]:
    return [finding["code"] for finding in done["findings"]]


def test_a_new_proxy_has_nothing_to_know(account: Account) -> None:
    assert codes(present(account.aws, **NEW)) == []


@pytest.mark.parametrize(("least", "pauses"), [(0, True), (0.5, False)])
def test_a_cluster_that_could_pause_is_a_risk_on_every_run(account: Account, least: float, pauses: bool) -> None:
    scaling = {"MinCapacity": least, "MaxCapacity": 8}
    account.add_cluster("web", "aurora-mysql", "web-1", ServerlessV2ScalingConfiguration=scaling)
    for given in (NEW, {}):
        done = present(account.aws, **given, db_cluster_identifier="web")
        assert ("serverless_does_not_pause" in codes(done)) == pauses
