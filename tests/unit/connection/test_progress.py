# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a run tells of itself while it lasts."""

from __future__ import annotations

from typing import Any

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._connection.run import run
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._process.progress import Phase, Stage

from ..asking import present, want
from ..stages import Told
from .conftest import Account

ORDERS = {"db_instance_identifier": "orders"}


def told(account: Account, **given: Any) -> Told:
    stages = Told()
    run(want(**ORDERS, **given), account.aws, lambda _seconds: None, stages)
    return stages


def test_functions_are_counted(account: Account) -> None:
    names = [f"api-{number}" for number in range(20)]
    for name in names:
        account.aws.add_function(name)
    stages = told(account, function_names=names, security_group_scope="function")
    assert stages.stages[0].doing is Phase.LOOK
    assert stages.stages[0].total == 20
    updates = stages.of(Phase.UPDATE)
    assert {stage.total for stage in updates} == {20}
    counts = [stage.done for stage in updates]
    assert counts[0] == 0
    assert counts == sorted(counts)
    written = stages.of(Phase.WRITE)
    assert all(stage.done < stage.total for stage in written)
    assert all((stage.seconds_left is None) == (stage.done == 0) for stage in written)
    assert {stage.total for stage in written} >= {20}


def test_groups_that_lambda_holds_are_told_with_the_time_that_is_left(account: Account) -> None:
    present(account.aws, function_name="f", **ORDERS)
    client = account.group_named("f-lambda-sg")
    account.aws.interfaces.append({"NetworkInterfaceId": "eni-1", "Groups": [{"GroupId": client}]})
    stages = told(account, function_name="f", state="absent", release_timeout=25)
    assert {stage.what for stage in stages.of(Phase.RELEASE)} == {client}
    assert [stage.at_most for stage in stages.of(Phase.RELEASE)] == [25, 15, 5]


def test_an_update_that_others_began_is_told(account: Account) -> None:
    present(account.aws, function_name="f", **ORDERS)
    account.aws.functions["f"]["LastUpdateStatus"] = "InProgress"
    stages = told(account, function_name="f", wait_timeout=77)
    assert stages.of(Phase.SETTLE) == [Stage(Phase.SETTLE, at_most=77)]


def test_versions_are_counted(account: Account) -> None:
    account.aws.add_function("g")
    stages = told(account, function_names=["f", "g"], publish=True)
    assert [(stage.done, stage.total) for stage in stages.of(Phase.ACTIVATE)] == [(0, 2), (1, 2)]
