# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""lambda_rds_connection through boto3 and HTTP: every way to name a database and a function, there and back."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import (
    make_cluster,
    make_function,
    make_group,
    make_network,
    peer,
    snapshot,
)

from .conftest import Account, Run

ORDERS = {"db_instance_identifier": "orders"}


def there_and_back(account: Account, run: Run, **options: Any) -> dict[str, Any]:
    """Preview, connect, again, preview of the way back, back, again; nothing may be left once Lambda has let go."""
    before = snapshot(account.clients)
    foretold, done = run(check=True, **options), run(**options)
    assert not done.get("failed"), done["msg"]
    assert done["changed"]
    assert (foretold["changes"], foretold["diff"]) == (done["changes"], done["diff"])
    assert not run(**options)["changed"]
    connected = snapshot(account.clients)
    for name, function in connected["functions"].items():
        assert function["settings"] == before["functions"][name]["settings"]
    away = {**options, "state": "absent"}
    foretold, off = run(check=True, **away), run(**away)
    assert (foretold["changes"], foretold["diff"]) == (off["changes"], off["diff"])
    assert not run(**away)["changed"]
    account.release()
    assert run(**away)["changed"] is bool(off["pending"])
    assert snapshot(account.clients) == before
    assert not run(**away)["changed"]
    return done


@pytest.mark.parametrize(
    "named",
    [
        {"db_instance_identifier": "Orders"},
        {"db_hostname": "HOSTNAME"},
        "by hand",
        {**ORDERS, "port": 6432},
        {**ORDERS, "console_names": True, "allow_all_outbound": True, "tags": {"Team": "a"}},
        {**ORDERS, "security_group_scope": "database"},
        {**ORDERS, "egress_rules": [{"from_port": 443, "cidr_ip": "10.0.0.0/8"}, {"proto": "-1", "cidr_ipv6": "::/0"}]},
        {**ORDERS, "security_group_id": "GROUP"},
    ],
    ids=["identifier", "hostname", "ids", "port", "console", "shared", "egress", "existing group"],
)
def test_there_and_back(account: Account, run: Run, named: Any) -> None:
    options = account.by_hand if named == "by hand" else dict(named)
    if "db_hostname" in options:
        options["db_hostname"] = account.database.hostname
    if "security_group_id" in options:
        options["security_group_id"] = account.groups[1]
    done = there_and_back(account, run, function_name="f", **options)
    assert done["connections"][0]["port"] == options.get("port", 5432)


@pytest.mark.parametrize("engine", ["aurora-postgresql", "mysql"])
@pytest.mark.parametrize("by", ["cluster", "member", "endpoint"])
def test_a_cluster_and_its_members(account: Account, run: Run, engine: str, by: str) -> None:
    cluster = make_cluster(account.clients, "stock", account.network.subnet_ids, account.groups[:1], engine=engine)
    named = {
        "cluster": {"db_cluster_identifier": "stock"},
        "member": {"db_instance_identifier": cluster.members[0]},
        "endpoint": {"db_hostname": cluster.hostname},
    }[by]
    done = there_and_back(account, run, function_name="f", **named)
    assert done["connections"][0]["port"] == cluster.port
    assert done["database"]["security_group_ids"] == account.groups[:1]


@pytest.mark.parametrize("form", ["{arn}", "123456789012:function:{name}", "function:{name}"])
def test_functions_by_any_name(account: Account, run: Run, form: str) -> None:
    arn = make_function(account.clients, "g", package="Zip")
    names = [form.format(arn=arn, name="g"), "f"]
    done = there_and_back(account, run, function_names=names, **ORDERS)
    assert [connection["function_name"] for connection in done["connections"]] == ["g", "f"]


def test_a_function_with_a_vpc_of_its_own_is_given_it_back(account: Account, run: Run) -> None:
    other = make_network(account.clients, "other", cidr="10.1.0.0/16")
    group = make_group(account.clients, other.vpc_id, "own")
    make_function(account.clients, "g", subnet_ids=other.subnet_ids, group_ids=[group])
    refused = run(function_name="g", **ORDERS)
    assert refused["refusals"][0]["value"] == "g"
    there_and_back(account, run, function_name="g", allow_vpc_change=True, **ORDERS)


def test_a_peered_vpc(account: Account, run: Run) -> None:
    other = make_network(account.clients, "other", cidr="10.1.0.0/16")
    options = {"function_name": "f", "vpc_id": other.vpc_id, "subnet_ids": other.subnet_ids, **ORDERS}
    assert "no active peering connection" in run(**options)["msg"]
    peer(account.clients, account.network.vpc_id, other.vpc_id)
    there_and_back(account, run, **options)


def test_the_function_and_the_database_may_be_gone(account: Account, run: Run) -> None:
    run(function_name="f", **ORDERS)
    account.clients.functions.delete_function(FunctionName="f")
    account.clients.rds.delete_db_instance(DBInstanceIdentifier="orders", SkipFinalSnapshot=True)
    assert run(function_name="f", state="absent", **ORDERS)["changed"]
    account.release()
    run(function_name="f", state="absent", **ORDERS)
    left = {group["name"] for group in snapshot(account.clients)["groups"].values()}
    assert left == {"default", "db-a", "db-b"}


def test_a_refusal_writes_nothing_and_names_everything(account: Account, run: Run) -> None:
    before = snapshot(account.clients)
    refused = run(function_names=["f", "x", "y"], subnet_ids=["subnet-0dead"], **ORDERS)
    assert refused["failed"]
    assert [refusal["value"] for refusal in refused["refusals"]] == ["x", "y", ["subnet-0dead"]]
    assert snapshot(account.clients) == before


def test_other_accounts_and_regions_are_apart(account: Account, run: Run, emulator: Emulator) -> None:
    before = snapshot(account.clients)
    assert "no such function" in run(function_name="f", region="eu-west-1", **ORDERS)["msg"]
    keys = {"access_key": "210987654321", "secret_key": "secret"}
    assert "no such function" in run(function_name="f", **keys, **ORDERS)["msg"]
    assert snapshot(account.clients) == before


def test_aws_that_cannot_be_reached_is_one_message(account: Account, run: Run) -> None:
    failed = run(
        function_name="f", endpoint_url="http://127.0.0.1:9", aws_config={"retries": {"max_attempts": 0}}, **ORDERS
    )
    assert "Could not get function f: EndpointConnectionError" in failed["msg"]
    assert "the options region and endpoint_url" in failed["msg"]
    assert failed["msg"].endswith("Nothing was changed.")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"endpoint_url": "nowhere"},
            "Could not connect to lambda: ValueError: Invalid endpoint: nowhere Check endpoint_url",
        ),
        (
            {"profile": "nobody", "access_key": "", "secret_key": ""},
            "Could not connect to lambda: ProfileNotFound: The config profile (nobody) could not be found Check",
        ),
    ],
)
def test_options_that_lead_nowhere_are_one_message(
    account: Account, run: Run, options: dict[str, str], message: str
) -> None:
    failed = run(function_name="f", **options, **ORDERS)
    assert failed["msg"].startswith(message)
    assert failed["msg"].endswith("Nothing was changed.")


def test_no_region_is_one_message(account: Account, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    assert "NoRegionError: You must specify a region. Set the option region" in run(function_name="f", **ORDERS)["msg"]


def test_a_database_in_the_default_vpc(account: Account, run: Run) -> None:
    account.clients.rds.create_db_instance(
        DBInstanceIdentifier="plain",
        Engine="postgres",
        DBInstanceClass="db.t4g.micro",
        AllocatedStorage=20,
        MasterUsername="admin_user",
        MasterUserPassword="not-a-secret",
    )
    vpcs: Any = [{"Name": "is-default", "Values": ["true"]}]
    (default,) = account.clients.ec2.describe_vpcs(Filters=vpcs)["Vpcs"]
    done = there_and_back(account, run, function_name="f", db_instance_identifier="plain")
    assert done["database"]["vpc_id"] == default["VpcId"]


def test_lists_that_come_in_pages(account: Account, run: Run, emulator: Emulator) -> None:
    emulator.set(page_size=2)
    there_and_back(account, run, function_name="f", **ORDERS)
