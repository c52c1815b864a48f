# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator kills a process, with the processes that call for it, at the call that a test chooses."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import Clients

CALLS = """
import os, boto3
os.setsid()
ec2 = boto3.client("ec2", endpoint_url=os.environ["AWS_URL"])
for number in range(3):
    ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")
    ec2.describe_vpcs()
"""


@pytest.mark.parametrize("writes", [0, 1, 2])
def test_a_caller_is_killed_once_so_many_writes_are_carried_out(emulator: Emulator, aws: Clients, writes: int) -> None:
    process = subprocess.Popen(
        ["sh", "-c", 'read -r _; "$0" -c "$1"; exit 7', sys.executable, CALLS],
        stdin=subprocess.PIPE,
        text=True,
        env={**os.environ, **emulator.environment, "AWS_DEFAULT_REGION": emulator.region},
    )
    emulator.kill(process.pid, writes=writes)
    process.communicate("\n", timeout=60)
    assert process.returncode == -signal.SIGKILL
    carried_out = [call.action for call in emulator.calls() if call.status == 200]
    assert carried_out.count("CreateVpc") == writes
    made = {vpc["CidrBlock"] for vpc in aws.ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"]}
    assert made == {f"10.{number}.0.0/16" for number in range(writes)}
