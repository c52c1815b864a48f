# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""rds_db_proxy and rds_db_proxy_info through boto3 and HTTP, on proxies that take their time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.modules import rds_db_proxy, rds_db_proxy_info
from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import Emulator
from ansible_collections.cloudops.lambda_rds.tests.emulator.fixtures import built_once
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import (
    Clients,
    allow,
    make_cluster,
    make_function,
    make_group,
    make_instance,
    make_network,
    make_proxy,
    make_proxy_role,
    make_secret,
    snapshot,
)

from .conftest import Run, _runner

SAME = ("changed", "changes", "diff", "findings")


class Shop:
    """A database ``orders`` on port 6432 with two groups, another team's rule, a secret and a role for a proxy."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.clients = Clients.of(emulator)
        self.network = make_network(self.clients, "main")
        self.groups = [make_group(self.clients, self.network.vpc_id, f"db-{name}") for name in "ab"]
        allow(self.clients, self.groups[0], "ingress", "10.9.0.0/16", 6432, description="another team")
        self.database = make_instance(self.clients, "orders", self.network.subnet_ids, self.groups, port=6432)
        self.secret = make_secret(self.clients, "orders-app")
        self.role = make_proxy_role(self.clients, "orders-proxy", [self.secret])

    @property
    def options(self) -> dict[str, Any]:
        auth = [{"secret_arn": self.secret}]
        return {"name": "pool", "db_instance_identifier": "orders", "auth": auth, "role_arn": self.role}

    def group(self, name: str = "pool-proxy-sg") -> str:
        named: Any = [{"Name": "group-name", "Values": [name]}]
        (found,) = self.clients.ec2.describe_security_groups(Filters=named)["SecurityGroups"]
        return found["GroupId"]

    def rules(self, group: str) -> dict[str, str]:
        """What each rule of a group says, by its id."""
        found = self.clients.ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])
        return {
            rule["SecurityGroupRuleId"]: " ".join(
                [
                    "egress" if rule["IsEgress"] else "ingress",
                    str(rule["FromPort"]),
                    rule.get("ReferencedGroupInfo", {}).get("GroupId") or rule["CidrIpv4"],
                ]
            )
            for rule in found["SecurityGroupRules"]
        }


@pytest.fixture
def shop(emulator: Emulator) -> Shop:
    return built_once(emulator, Shop)


@pytest.fixture
def unforetold(environment: None, capsys: pytest.CaptureFixture[str]) -> Run:
    return _runner(rds_db_proxy.main, capsys)


@pytest.fixture
def proxy(unforetold: Run) -> Run:
    """Runs rds_db_proxy, after making sure that check mode foretells it."""

    def foretold(**options: Any) -> dict[str, Any]:
        said, done = unforetold(check=True, **options), unforetold(**options)
        assert not done.get("failed"), done["msg"]
        for key in SAME:
            assert said[key] == done[key], key
        return done

    return foretold


@pytest.fixture
def info(environment: None, capsys: pytest.CaptureFixture[str]) -> Run:
    return _runner(rds_db_proxy_info.main, capsys)


def texts(done: dict[str, Any]) -> list[str]:
    return [change["text"] for change in done["changes"]]


def test_the_last_secret_goes_with_iam_end_to_end_only(shop: Shop, proxy: Run, unforetold: Run) -> None:
    proxy(**shop.options)
    refused = unforetold(**{**shop.options, "auth": []})
    assert "set default_auth_scheme to iam_auth" in refused["msg"]
    by_iam = {**shop.options, "auth": [], "default_auth_scheme": "iam_auth", "wait": False}
    done = proxy(**by_iam)
    assert texts(done) == ["modify proxy pool: auth=none, default_auth_scheme=iam_auth"]
    shop.emulator.advance(600)
    assert shop.clients.rds.describe_db_proxies(DBProxyName="pool")["DBProxies"][0]["Auth"] == []
    assert not proxy(**by_iam)["changed"]


def test_a_proxy_is_made_healthy_and_taken_back(shop: Shop, proxy: Run) -> None:
    before = snapshot(shop.clients)
    done = proxy(**shop.options)
    group = shop.group()
    assert sorted(shop.rules(group).values()) == sorted(f"egress 6432 {other}" for other in shop.groups)
    assert all(f"ingress 6432 {group}" in shop.rules(other).values() for other in shop.groups)
    assert (done["proxy"]["status"], done["proxy"]["port"], done["proxy"]["require_tls"]) == ("available", 5432, True)
    assert done["proxy"]["endpoint"]
    assert [(one["identifier"], one["state"], one["port"]) for one in done["targets"]] == [
        ("orders", "AVAILABLE", 6432)
    ]
    again = proxy(**shop.options)
    assert (again["changed"], again["proxy"], again["targets"]) == (False, done["proxy"], done["targets"])
    taken = proxy(name="pool", state="absent")
    assert (taken["pending"], taken["proxy"]) == ([], None)
    assert snapshot(shop.clients) == before
    assert not proxy(name="pool", state="absent")["changed"]


def test_a_cluster_is_shown_with_its_members(shop: Shop, proxy: Run) -> None:
    make_cluster(shop.clients, "web", shop.network.subnet_ids, shop.groups, engine="aurora-mysql", members=2)
    options = {**shop.options, "db_instance_identifier": None, "db_cluster_identifier": "web"}
    done = proxy(**options)
    assert done["proxy"]["port"] == 3306
    assert {"web", "web-1", "web-2"} == {target["identifier"] for target in done["targets"]}
    assert not proxy(**options)["changed"]


def test_settings_change_in_place(shop: Shop, proxy: Run) -> None:
    proxy(**shop.options)
    pool = {"max_connections_percent": 40, "connection_borrow_timeout": 7, "init_query": "SET x=1"}
    done = proxy(name="pool", db_instance_identifier="orders", idle_client_timeout=60, connection_pool=pool)
    proxy_line, pool_line = texts(done)
    assert proxy_line == "modify proxy pool: idle_client_timeout=60"
    assert (
        "max_connections_percent=40, max_idle_connections_percent=20, connection_borrow_timeout=7, init_" in pool_line
    )
    assert done["proxy"]["require_tls"] is True
    assert not proxy(name="pool", db_instance_identifier="orders", connection_pool=pool)["changed"]


def test_tags_are_of_the_proxy_and_of_its_group(shop: Shop, proxy: Run) -> None:
    proxy(**shop.options, tags={"Team": "a", "Extra": "b"})
    done = proxy(**shop.options, tags={"Team": "c"})
    assert done["proxy"]["tags"] == {"Team": "c", "cloudops.lambda_rds:proxy": "pool"}
    assert len(texts(done)) == 4
    assert not proxy(**shop.options, tags={"Team": "c"})["changed"]


def test_a_proxy_moves_to_another_database_and_other_groups(shop: Shop, proxy: Run) -> None:
    proxy(**shop.options)
    far = make_group(shop.clients, shop.network.vpc_id, "db-far")
    make_instance(shop.clients, "stock", shop.network.subnet_ids, [far], port=7432)
    done = proxy(**{**shop.options, "db_instance_identifier": "stock"})
    assert [one["state"] for one in done["targets"]] == ["AVAILABLE"]
    group = shop.group()
    assert list(shop.rules(group).values()) == [f"egress 7432 {far}"]
    assert not any(group in line for other in shop.groups for line in shop.rules(other).values())


def test_groups_that_are_given_get_rules_and_the_group_of_ours_goes(shop: Shop, proxy: Run) -> None:
    proxy(**shop.options)
    ours, given = shop.group(), make_group(shop.clients, shop.network.vpc_id, "given")
    done = proxy(**shop.options, vpc_security_group_ids=[given])
    assert (done["proxy"]["security_group_ids"], done["pending"]) == ([given], [])
    assert ours not in snapshot(shop.clients)["groups"]
    assert not proxy(**shop.options, vpc_security_group_ids=[given])["changed"]


def test_a_rule_that_somebody_takes_away_is_put_back(shop: Shop, proxy: Run) -> None:
    proxy(**shop.options)
    (rule,) = [key for key, text in shop.rules(shop.groups[1]).items() if text.startswith("ingress")]
    shop.clients.ec2.revoke_security_group_ingress(GroupId=shop.groups[1], SecurityGroupRuleIds=[rule])
    assert [change["action"] for change in proxy(**shop.options)["changes"]] == ["authorize_security_group_ingress"]


def test_the_rules_that_are_missing_are_named(shop: Shop, unforetold: Run, info: Run) -> None:
    """A proxy of others gets no rules for groups that the task does not name."""
    theirs = make_group(shop.clients, shop.network.vpc_id, "theirs")
    make_proxy(shop.clients, "pool", shop.network.subnet_ids, [theirs], target=shop.database)
    begun = time.monotonic()
    failed = unforetold(name="pool", db_instance_identifier="orders")
    missing = "; ".join(f"ingress on {group}: tcp/6432 from {theirs}" for group in sorted(shop.groups))
    assert f"These rules between proxy and database are missing: {missing}." in failed["msg"]
    assert failed["msg"].endswith("Nothing was changed.")
    assert time.monotonic() - begun < 60
    (found,) = info(name="pool")["proxies"]
    assert missing in found["targets"][0]["message"]
    mended = unforetold(name="pool", db_instance_identifier="orders", vpc_security_group_ids=[theirs])
    assert [one["message"] for one in mended["targets"]] == [None]
    refused = unforetold(name="pool", state="absent")
    assert "was not made by this module" in refused["msg"]


def test_a_secret_that_is_gone_is_named(shop: Shop, unforetold: Run) -> None:
    shop.clients.secrets.delete_secret(SecretId=shop.secret, ForceDeleteWithoutRecovery=True)
    failed = unforetold(**shop.options)
    # Ansible masks the word "secret", which is the emulator's password.
    assert f"{shop.secret.rpartition(':')[2]}; and that the role {shop.role} may read them" in failed["msg"]
    assert "Written before: create security group pool-proxy-sg" in failed["msg"]


@pytest.mark.parametrize("status", ["suspended", "incompatible-network", "insufficient-resource-limits"])
def test_a_proxy_that_aws_gives_up_is_a_failure(shop: Shop, unforetold: Run, status: str) -> None:
    shop.emulator.set(proxy_states={"pool": status})
    assert f"The proxy pool is {status}." in unforetold(**shop.options)["msg"]
    shop.emulator.set(proxy_states={})
    assert [one["state"] for one in unforetold(**shop.options)["targets"]] == ["AVAILABLE"]


def test_a_task_that_does_not_wait_is_completed_by_later_runs(shop: Shop, proxy: Run, unforetold: Run) -> None:
    before = snapshot(shop.clients)
    done = proxy(**shop.options, wait=False)
    assert [item["text"] for item in done["pending"]] == ["register instance orders with proxy pool"]
    assert not proxy(**shop.options, wait=False)["changed"]
    shop.emulator.advance(300)
    assert texts(proxy(**shop.options, wait=False)) == ["register instance orders with proxy pool"]
    assert not unforetold(**shop.options)["changed"]
    proxy(name="pool", state="absent", wait=False)
    shop.emulator.advance(200)
    held = proxy(name="pool", state="absent", wait=False)
    (pending,) = held["pending"]
    assert "AWS deletes the network interfaces" in pending["frees"]
    shop.emulator.advance(400)
    proxy(name="pool", state="absent", wait=False)
    assert snapshot(shop.clients) == before


def test_a_run_that_timed_out_is_completed_by_the_next(shop: Shop, unforetold: Run) -> None:
    failed = unforetold(**shop.options, wait_timeout=30)
    assert "The proxy pool was creating after 30 seconds." in failed["msg"]
    assert texts(unforetold(**shop.options)) == ["register instance orders with proxy pool"]


def test_a_group_that_functions_point_to_waits_for_them(shop: Shop, proxy: Run) -> None:
    proxy(**shop.options)
    group, client = shop.group(), make_group(shop.clients, shop.network.vpc_id, "client")
    rule = allow(shop.clients, client, "egress", group, 5432)
    make_function(shop.clients, "f", subnet_ids=shop.network.subnet_ids, group_ids=[client])
    done = proxy(name="pool", state="absent")
    assert done["pending"][0]["referenced_by"] == [client]
    shop.clients.ec2.revoke_security_group_egress(GroupId=client, SecurityGroupRuleIds=[rule])
    shop.emulator.advance(400)
    assert texts(proxy(name="pool", state="absent")) == [f"delete security group {group} (pool-proxy-sg)"]


def test_a_quota_that_is_used_up_is_told_with_its_remedy(shop: Shop, unforetold: Run) -> None:
    shop.emulator.set(proxies_per_region=0)
    failed = unforetold(**shop.options)
    assert "DBProxyQuotaExceededFault" in failed["msg"]
    assert "have the quota L-D94C7EA3 raised" in failed["msg"]
    shop.emulator.set(proxies_per_region=20)
    assert unforetold(**shop.options)["targets"][0]["state"] == "AVAILABLE"


def test_info_looks_and_writes_nothing(shop: Shop, proxy: Run, info: Run) -> None:
    done = proxy(**shop.options)
    shop.emulator.clear_calls()
    (found,) = info()["proxies"]
    assert {key: found[key] for key in done["proxy"]} == done["proxy"]
    assert found["targets"] == done["targets"]
    assert all(call.is_read for call in shop.emulator.calls())
    assert info(name="nope")["proxies"] == []


@pytest.fixture
def calls(shop: Shop, unforetold: Run) -> Callable[..., tuple[list[str], list[str]]]:
    """The reads, without those of waits, and the writes of a run."""

    def counted(**options: Any) -> tuple[list[str], list[str]]:
        shop.emulator.clear_calls()
        done = unforetold(**options)
        assert not done.get("failed"), done["msg"]
        made = shop.emulator.calls()
        return [str(call) for call in made if call.is_read], [str(call) for call in made if not call.is_read]

    return counted


def test_how_many_calls_a_run_makes(shop: Shop, calls: Callable[..., tuple[list[str], list[str]]]) -> None:
    reads, writes = calls(**shop.options)
    assert len([call for call in reads if "DBProx" not in call]) <= 9, reads
    assert len(writes) <= 7, writes
    reads, writes = calls(**shop.options)
    assert len(reads) <= 9, reads
    assert not writes
    reads, writes = calls(name="pool", state="absent")
    assert len([call for call in reads if "DBProx" not in call and "Interfaces" not in call]) <= 7, (
        reads
    )  # one each for groups and rules of connected functions
    assert len(writes) <= 6, writes
    reads, writes = calls(name="pool", state="absent")
    assert len(reads) <= 3, reads
    assert not writes
