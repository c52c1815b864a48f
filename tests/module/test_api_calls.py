# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""How many API calls a run makes: one function, or ten, and a database with two security groups.

AWS throttles by calls and every call takes its time, so a change that adds one has to be seen.
"""

from __future__ import annotations

from collections import Counter

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import make_function

from .conftest import Account, Run

TEN = [f"f{number}" for number in range(10)]


@pytest.fixture
def calls(emulator: Emulator, account: Account, run: Run) -> Calls:
    return Calls(emulator, account, run)


class Calls:
    """Runs the module and tells its calls apart."""

    def __init__(self, emulator: Emulator, account: Account, run: Run) -> None:
        self._emulator = emulator
        self._run = run
        for name in TEN:
            make_function(account.clients, name)

    def of(self, functions: list[str], **options: bool) -> tuple[Counter[str], Counter[str]]:
        """The reads and the writes of a run."""
        self._emulator.advance(60)  # what was built has used up Lambda's calls of this second
        self._emulator.clear_calls()
        done = self._run(function_names=functions, db_instance_identifier="orders", **options)
        assert not done.get("failed"), done["msg"]
        calls = self._emulator.calls()
        assert "sts" not in {call.service for call in calls}
        reads = Counter(str(call) for call in calls if call.is_read)
        return reads, Counter(str(call) for call in calls) - reads


def test_attach_makes_at_most_nine_reads_and_six_writes(calls: Calls) -> None:
    """One of the reads is the wait for the update, one asks for published versions."""
    reads, writes = calls.of(["f"])
    assert reads.total() <= 9, reads
    assert writes.total() <= 6, writes


def test_no_op_makes_at_most_five_calls_and_writes_nothing(calls: Calls) -> None:
    calls.of(["f"])
    reads, writes = calls.of(["f"])
    assert reads.total() <= 5, reads
    assert not writes


def test_check_mode_writes_nothing(calls: Calls) -> None:
    reads, writes = calls.of(["f"], check=True)
    assert reads.total() <= 7, reads
    assert not writes


def test_ten_functions_share_the_writes_that_can_be_shared(calls: Calls) -> None:
    reads, writes = calls.of(TEN)
    assert reads.total() <= 9 + 9 + 9, reads
    assert writes == {
        "ec2:CreateSecurityGroup": 10,
        "ec2:AuthorizeSecurityGroupEgress": 10,
        "ec2:RevokeSecurityGroupEgress": 10,
        "ec2:AuthorizeSecurityGroupIngress": 2,
        "lambda:UpdateFunctionConfiguration": 10,
    }
    reads, writes = calls.of(TEN)
    assert reads.total() <= 5 + 9, reads
    assert not writes
