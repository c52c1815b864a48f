# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Others who write at the same time, each from begin to end: other runs of ours, another tool, the nightly cleanup."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import allow, make_function, make_group
from ansible_collections.cloudops.lambda_rds.tests.survival.jobs import LONG, Account, Job
from ansible_collections.cloudops.lambda_rds.tests.survival.runner import run_module


class Neighbourhood(Account):
    """Also a function `h` outside any VPC, and a group of another team."""

    def __post_init__(self) -> None:
        super().__post_init__()
        make_function(self.clients, "h")
        self.theirs = make_group(self.clients, self.network.vpc_id, "theirs")
        self.keep_built()
        self.emulator.checkpoint("untouched")

    def for_h(self, scope: str, **options: Any) -> dict[str, Any]:
        return {**self.task(scope, **options), "function_names": ["h"]}

    def take_all_back(self, scope: str) -> None:
        for _again in range(2):
            for task in (self.task(scope, state="absent"), self.for_h(scope, state="absent")):
                self.finish(task)
            self.emulator.advance(LONG)

    def look(self) -> Any:
        """Without the descriptions of our rules, which name those who made them: that is who came first."""
        return undescribed(super().look())

    def finish(self, task: dict[str, Any], module: str = "connection") -> bool:
        """Run it to its end; whether it changed anything."""
        ended = run_module(self.emulator, task, module=module)
        assert ended is not None
        assert not ended.result.get("failed"), ended.result["msg"]
        return bool(ended.result["changed"])

    def put_on(self, function: str, group_id: str) -> None:
        """As another tool does it that knows nothing of us, once the function can be updated."""
        functions = self.clients.functions
        functions.get_waiter("function_updated_v2").wait(FunctionName=function)
        now = functions.get_function_configuration(FunctionName=function).get("VpcConfig", {})
        subnets = now.get("SubnetIds") or self.network.subnet_ids
        groups = [*now.get("SecurityGroupIds", ()), group_id]
        functions.update_function_configuration(
            FunctionName=function, VpcConfig={"SubnetIds": subnets, "SecurityGroupIds": groups}
        )


def undescribed(value: Any) -> Any:
    if isinstance(value, list):
        return [undescribed(item) for item in value]
    if not isinstance(value, dict):
        return value
    ours = "direction" in value and value["tags"]
    return {key: "" if ours and key == "description" else undescribed(item) for key, item in value.items()}


def connect_h(account: Neighbourhood, job: Job, scope: str) -> None:
    account.finish(account.for_h(scope))


def take_h_back(account: Neighbourhood, job: Job, scope: str) -> None:
    account.finish(account.for_h(scope, state="absent"))


def do_the_same(account: Neighbourhood, job: Job, scope: str) -> None:
    account.finish(job.task)


def put_a_group_on_f(account: Neighbourhood, job: Job, scope: str) -> None:
    account.put_on("f", account.theirs)


def change_this_and_that(account: Neighbourhood, job: Job, scope: str) -> None:
    account.put_on("g", account.theirs)
    account.clients.functions.get_waiter("function_updated_v2").wait(FunctionName="f")
    account.clients.functions.update_function_configuration(FunctionName="f", Timeout=33)
    allow(account.clients, account.groups[0], "ingress", "10.8.0.0/16", 5432, description="theirs")
    allow(account.clients, account.groups[1], "egress", account.theirs, 443, description="theirs")


def clean_up(account: Neighbourhood, job: Job, scope: str) -> None:
    account.finish({}, module="cleanup")


@dataclass(frozen=True)
class Writer:
    """`is_of_others`: another tool, whose change stays when ours are taken back."""

    name: str
    write: Callable[[Neighbourhood, Job, str], None]
    is_of_others: bool = False
    has_h_connected: bool = False

    def __str__(self) -> str:
        return self.name


WRITERS = [
    Writer("h is connected", connect_h),
    Writer("h is taken back", take_h_back, has_h_connected=True),
    Writer("the same task", do_the_same),
    Writer("a group for f", put_a_group_on_f, is_of_others=True),
    Writer("another tool", change_this_and_that, is_of_others=True),
    Writer("the cleanup", clean_up),
]
