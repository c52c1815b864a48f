# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator as a server: its process, its port, its control paths and its log of calls."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from ansible_collections.cloudops.lambda_rds.tests.emulator import emulator as emulators
from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator, RunningEmulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world import world


def is_open(url: str) -> bool:
    host, port = urlsplit(url).hostname, urlsplit(url).port
    with socket.socket() as probe:
        probe.settimeout(5)
        return probe.connect_ex((host, port)) == 0


def test_calls_are_logged_in_order_with_service_action_and_status(emulator: Emulator) -> None:
    emulator.client("ec2").describe_vpcs()
    emulator.client("rds").describe_db_instances()
    arn = "arn:aws:lambda:eu-central-1:123456789012:function:none"
    for name in ("none", arn):
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            emulator.client("lambda").get_function(FunctionName=name)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        emulator.client("lambda").update_function_configuration(FunctionName="none", Timeout=3)
    emulator.client("lambda").list_functions(MaxItems=10)
    emulator.client("sts").get_caller_identity()
    calls = emulator.calls()
    assert [str(call) for call in calls] == [
        "ec2:DescribeVpcs",
        "rds:DescribeDBInstances",
        "lambda:GetFunction",
        "lambda:GetFunction",
        "lambda:UpdateFunctionConfiguration",
        "lambda:ListFunctions",
        "sts:GetCallerIdentity",
    ]
    assert [call.status for call in calls] == [200, 200, 404, 404, 404, 200, 200]
    assert [call.is_read for call in calls] == [True, True, True, True, False, True, True]
    emulator.clear_calls()
    assert emulator.calls() == []


def test_reset_forgets_resources_and_calls(emulator: Emulator) -> None:
    aws = world.Clients.of(emulator)
    empty = world.snapshot(aws)
    network = world.make_network(aws, "shop")
    group = world.make_group(aws, network.vpc_id, "database")
    world.make_instance(aws, "orders", network.subnet_ids, [group])
    world.make_function(aws, "api")
    emulator.reset()
    assert emulator.calls() == []
    after = world.snapshot(aws)
    assert (after["functions"], after["databases"]) == (empty["functions"], empty["databases"])
    assert [group["name"] for group in after["groups"].values()] == ["default"]


def test_accounts_and_regions_are_apart(emulator: Emulator) -> None:
    elsewhere = emulator.elsewhere(account="210987654321"), emulator.elsewhere(region="us-east-1")
    world.make_function(world.Clients.of(emulator), "api")
    assert emulator.client("lambda").list_functions()["Functions"]
    for other in elsewhere:
        assert other.client("sts").get_caller_identity()["Account"] == other.account
        assert other.client("lambda").list_functions()["Functions"] == []


def test_only_the_loopback_interface_listens(emulator: Emulator) -> None:
    port = urlsplit(emulator.url).port
    listening = [line.split()[1] for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]]
    assert [address for address in listening if address.endswith(f":{port:04X}") and address[:8] == "0100007F"]
    assert not [address for address in listening if address == f"00000000:{port:04X}"]


def test_an_unknown_control_path_lists_those_that_are(emulator: Emulator) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404") as refused:
        urllib.request.urlopen(f"{emulator.url}/_emulator/nothing")
    with refused.value as answer:
        assert b"DELETE calls" in answer.read()


def control(emulator: Emulator, method: str, path: str, body: bytes | None = None) -> Any:
    """What the emulator says to a control request: its status, and JSON."""
    request = urllib.request.Request(f"{emulator.url}/_emulator/{path}", body, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


def test_settings_hold_until_the_next_reset(emulator: Emulator) -> None:
    emulator.set(stale_seconds=3, failing_updates={"api": "EniLimitExceeded"})
    emulator.set(page_size=7)
    _status, settings = control(emulator, "GET", "settings")
    assert (settings["stale_seconds"], settings["page_size"]) == (3, 7)
    assert settings["failing_updates"] == {"api": "EniLimitExceeded"}
    emulator.reset()
    _status, settings = control(emulator, "GET", "settings")
    assert (settings["stale_seconds"], settings["page_size"], settings["failing_updates"]) == (0, 1000, {})
    assert settings["clock_flows"] is True


def test_an_unknown_setting_is_refused_and_changes_nothing(emulator: Emulator) -> None:
    status, said = control(emulator, "POST", "settings", b'{"page_size": 7, "stale_secs": 3}')
    assert status == 400
    assert "no such settings: stale_secs; there are capacity_providers, clock_flows, create_seconds" in said["error"]
    assert control(emulator, "GET", "settings")[1]["page_size"] == 1000


def test_settings_come_in_json(emulator: Emulator) -> None:
    assert control(emulator, "POST", "settings", b"page_size=7")[0] == 400


def test_stop_returns_when_the_port_is_closed() -> None:
    with Emulator() as own:
        assert own.healthy()
        assert is_open(own.url)
    assert not own.healthy()
    assert not is_open(own.url)


def test_a_port_in_use_is_said(emulator: Emulator) -> None:
    taken = Emulator(port=urlsplit(emulator.url).port or 0)
    with pytest.raises(RuntimeError, match="Address already in use"):
        taken.start()
    taken.stop()


def test_what_moto_cannot_serve_is_printed_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    with Emulator() as own, pytest.raises(ResponseParserError):
        # moto has no default version of MariaDB.
        own.client("rds").create_db_instance(
            DBInstanceIdentifier="orders", Engine="mariadb", DBInstanceClass="db.t4g.micro", AllocatedStorage=20
        )
    assert "KeyError: 'mariadb'" in capsys.readouterr().err


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_the_command_serves_until_a_signal_and_leaves_nothing(tmp_path: Path, end: signal.Signals) -> None:
    ready = tmp_path / "ready"
    # As from the background of a shell.
    in_background = ["sh", "-c", "trap '' INT; exec \"$@\"", "sh"]
    command = [*in_background, sys.executable, "-m", emulators.PACKAGE, "--ready-file", str(ready)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 30
        while not ready.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        running = RunningEmulator(ready.read_text(encoding="utf-8"))
        assert running.healthy()
        process.send_signal(end)
        try:
            out, errors = process.communicate(timeout=30)
        finally:
            process.kill()
    assert (process.returncode, out.strip(), errors) == (0, running.url, "")
    assert not ready.exists()
    assert not is_open(running.url)


def test_an_emulator_ends_with_the_process_that_started_it() -> None:
    program = f"""
import os
from {emulators.__name__} import Emulator
print(Emulator().start().url, flush=True)
os._exit(9)
"""
    killed = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, check=False, timeout=60)
    assert killed.returncode == 9
    deadline = time.monotonic() + 30
    while is_open(killed.stdout.strip()):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_environment_leads_amazon_aws_here(emulator: Emulator) -> None:
    assert emulator.environment["AWS_URL"] == emulator.url
    assert emulator.environment["AWS_REGION"] == emulator.region
    assert "AWS_PROFILE" not in emulator.environment
