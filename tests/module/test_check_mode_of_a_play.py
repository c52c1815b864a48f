# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Tasks of one play in check mode, each of which is told by `preview_after` what the earlier ones returned."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.modules import rds_db_proxy
from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import (
    Clients,
    make_function,
    make_group,
    make_instance,
    make_network,
    make_proxy_role,
    make_secret,
    snapshot,
)

from .conftest import Run, _runner

POOL = {"function_name": "f", "db_proxy_name": "pool"}


@pytest.fixture
def proxy(environment: None, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs rds_db_proxy."""
    return _runner(rds_db_proxy.main, capsys)


@pytest.fixture
def options(aws: Clients) -> dict[str, Any]:
    """Of a proxy that is yet to be made, before a database on another port than it listens on."""
    network = make_network(aws, "main")
    make_instance(aws, "orders", network.subnet_ids, [make_group(aws, network.vpc_id, "db")], port=6432)
    make_function(aws, "f")
    secret = make_secret(aws, "orders-app")
    role = make_proxy_role(aws, "orders-proxy", [secret])
    return {"name": "pool", "db_instance_identifier": "orders", "auth": [{"secret_arn": secret}], "role_arn": role}


def registered(result: dict[str, Any]) -> dict[str, Any]:
    """As a play has it: without warnings, which Ansible takes out."""
    return {key: value for key, value in result.items() if key != "warnings"}


def named(changes: Any, aws: Clients, before: dict[str, Any]) -> Any:
    """With what check mode calls new groups."""
    text = repr(changes)
    for key, group in snapshot(aws)["groups"].items():
        if key not in before["groups"]:
            text = text.replace(key, f"(new: {group['name']})")
    return text


def test_a_connection_through_a_proxy_that_is_not_there_yet(
    aws: Clients, run: Run, proxy: Run, options: dict[str, Any]
) -> None:
    before = snapshot(aws)
    made = proxy(check=True, **options)
    said = run(check=True, preview_after=[registered(made)], **POOL)
    assert (said["database"]["endpoint"], said["database"]["port"]) == (None, 5432)
    assert said["database"]["target"]["port"] == 6432
    assert snapshot(aws) == before
    assert "no such database" in run(check=True, **POOL)["msg"]
    proxy(**options)
    assert repr(said["changes"]) == named(run(**POOL)["changes"], aws, before)


def test_a_run_goes_by_what_there_is(
    aws: Clients, emulator: Emulator, run: Run, proxy: Run, options: dict[str, Any]
) -> None:
    """A proxy is not deleted under its function because an earlier task was to take that off, and did not."""
    made = proxy(check=True, **options)
    assert "no such database" in run(preview_after=[registered(made)], **POOL)["msg"]
    proxy(**options)
    run(**POOL)
    emulator.advance(600)
    said_off = run(check=True, state="absent", **POOL)
    absent = {"name": "pool", "state": "absent", "preview_after": [registered(said_off)]}
    said = proxy(check=True, **absent)
    assert "delete proxy pool" in [change["text"] for change in said["changes"]]
    assert "functions are connected through the proxy: f" in proxy(**absent)["msg"]
    run(state="absent", **POOL)
    done = proxy(**absent)
    assert done["changes"] == said["changes"]


def test_what_is_no_result_is_refused(run: Run, options: dict[str, Any]) -> None:
    refused = run(check=True, db_instance_identifier="orders", function_name="f", preview_after=[{"changes": [1]}])
    assert "preview_after[0]" in refused["msg"]
    assert refused["refusals"][0]["parameter"] == "preview_after[0]"
