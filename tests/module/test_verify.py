# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""lambda_rds_connection with verify: what it says of the path, and of what was made."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import make_group

from .conftest import Account, Run


def codes(printed: dict[str, Any]) -> set[str]:
    (verdict,) = printed["reachability"]
    return {finding["code"] for finding in verdict["findings"] if finding["severity"] == "blocks"}


class TestByHand:
    """As in the article: VPC, subnets, the database's security groups and the port."""

    def test_a_database_that_is_there(self, account: Account, run: Run) -> None:
        printed = run(function_name="f", verify=True, **account.by_hand)
        assert not printed.get("failed"), printed["msg"]
        assert [each["path"] for each in printed["reachability"]] == ["open"]

    @pytest.mark.parametrize("check", [True, False])
    def test_a_database_that_is_not_there_yet(self, account: Account, run: Run, check: bool) -> None:
        groups = [make_group(account.clients, account.network.vpc_id, "to be")]
        by_hand = {**account.by_hand, "rds_security_group_ids": groups}
        printed = run(function_name="f", verify=True, check=check, **by_hand)
        assert not printed.get("failed"), printed["msg"]
        assert [each["path"] for each in printed["reachability"]] == ["unknown"]
        # Ansible keeps the warnings of earlier tasks in this process.
        told = [text for text in map(str, printed["warnings"]) if groups[0] in text]
        assert len(told) == 1
        assert "It is not known where the database is" in told[0]

    def test_one_group_of_two_is_not_the_database(self, account: Account, run: Run) -> None:
        """Both are on the database; a host with one of them, in a subnet of its own, changes nothing."""
        account.clients.ec2.create_network_interface(SubnetId=account.network.subnet_ids[0], Groups=[account.groups[0]])
        printed = run(function_name="f", verify=True, **account.by_hand)
        assert not printed.get("failed"), printed["msg"]


@pytest.mark.parametrize("check", [True, False])
def test_a_group_that_is_not_on_the_database_leads_nowhere(account: Account, run: Run, check: bool) -> None:
    other = make_group(account.clients, account.network.vpc_id, "other")
    named: Any = {"db_instance_identifier": "orders", "rds_security_group_ids": [other]}
    printed = run(function_name="f", verify=True, check=check, **named)
    assert printed["failed"]
    assert f"The security groups {other} were given for orders, but are not on it" in printed["msg"]
    assert codes(printed) == {"egress_closed", "ingress_closed", "group_not_on_database"}
    # What is told of a task that succeeds is told of one that fails.
    assert any("reaches the internet and AWS services" in text for text in map(str, printed["warnings"]))
    assert ("What was made stays" in printed["msg"]) is not check
    assert ("The connection was not changed." in printed["msg"]) is check


@pytest.mark.parametrize("check", [True, False])
def test_neither_does_another_port(account: Account, run: Run, check: bool) -> None:
    printed = run(function_name="f", db_instance_identifier="orders", port=5433, verify=True, check=check)
    assert printed["failed"]
    assert "orders listens on port 5432, not on port 5433, which was given." in printed["msg"]
    assert codes(printed) == {"egress_wrong_port", "ingress_wrong_port", "not_its_port"}
