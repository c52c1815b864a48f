# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a proxy brings with it, and the addresses that it needs."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.databases import Capacity, Database
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._proxy.plan.addresses import addresses_needed

from .asking import present
from .conftest import NEW, Account


def codes(done: dict[str, Any]) -> list[str]:
    return [finding["code"] for finding in done["findings"]]


@pytest.mark.parametrize(
    ("instance_class", "needed"),
    [
        ("db.t4g.micro", 10),
        ("db.r6g.large", 10),
        ("db.r6g.xlarge", 10),
        ("db.r6g.2xlarge", 15),
        ("db.r6g.3xlarge", 25),
        ("db.r6g.4xlarge", 25),
        ("db.r6g.8xlarge", 45),
        ("db.r6g.12xlarge", 60),
        ("db.r6g.16xlarge", 75),
        ("db.r6g.24xlarge", 110),
        ("db.x2iezn.32xlarge", 110),
        ("", 10),
    ],
)
def test_an_instance_needs_addresses_by_its_class(instance_class: str, needed: int) -> None:
    assert addresses_needed(Database("instance", "orders", instance_class=instance_class), ()) == needed


@pytest.mark.parametrize(("most", "needed"), [(0.5, 10), (16, 10), (16.5, 15), (64, 25), (128, 40), (256, 75)])
def test_serverless_needs_them_by_its_units(most: float, needed: int) -> None:
    database = Database("cluster", "web", capacity=Capacity(0, most))
    assert addresses_needed(database, ["db.serverless"]) == needed


def test_each_member_of_a_cluster_counts_and_there_is_a_most() -> None:
    web = Database("cluster", "web")
    assert addresses_needed(web, ["db.r6g.2xlarge", "db.r6g.large"]) == 25
    assert addresses_needed(web, ["db.r6g.24xlarge"] * 3) == 215


def test_few_addresses_are_a_risk(account: Account) -> None:
    account.aws.free = dict.fromkeys(account.subnets, 3)
    (finding, *_notes) = present(account.aws, **NEW)["findings"]
    assert (finding["code"], finding["severity"]) == ("few_addresses", "risk")
    assert "have 9 free addresses, and AWS's minimum for this database is 10" in finding["message"]


def test_the_readers_of_a_cluster_need_addresses_too(account: Account) -> None:
    account.add_cluster("web", "aurora-mysql", "web-1", "web-2")
    account.aws.free = dict.fromkeys(account.subnets, 6)
    done = present(account.aws, **NEW, db_cluster_identifier="web")
    assert "have 18 free addresses, and AWS's minimum for this database is 20" in done["findings"][0]["message"]


def test_a_new_proxy_tells_of_its_cost_and_its_quota_once(account: Account) -> None:
    assert codes(present(account.aws, **NEW)) == ["billed_by_capacity", "counts_against_quota"]
    assert codes(present(account.aws)) == []


@pytest.mark.parametrize(("least", "pauses"), [(0, True), (0.5, False)])
def test_a_cluster_that_could_pause_is_a_risk_on_every_run(account: Account, least: float, pauses: bool) -> None:
    scaling = {"MinCapacity": least, "MaxCapacity": 8}
    account.add_cluster("web", "aurora-mysql", "web-1", ServerlessV2ScalingConfiguration=scaling)
    for given in (NEW, {}):
        done = present(account.aws, **given, db_cluster_identifier="web")
        assert ("serverless_does_not_pause" in codes(done)) == pauses
