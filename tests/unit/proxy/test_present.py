# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a task makes of an account: every run here is foretold by check mode (asking.py)."""

from __future__ import annotations

from typing import Any

import pytest

from ..fake_aws import OWNER
from .asking import absent, present, texts, unforetold
from .conftest import NEW, ROLE, SECRET, Account

OTHER = f"{SECRET}-other"


def lines(account: Account, group: str) -> list[str]:
    """The rules of a group: direction, port and peer."""
    return sorted(
        f"{'egress' if rule['IsEgress'] else 'ingress'} {rule['FromPort']}"
        f" {rule.get('ReferencedGroupInfo', {}).get('GroupId') or rule.get('CidrIpv4')}"
        for rule in account.aws.rules.values()
        if rule["GroupId"] == group
    )


def test_a_new_proxy_comes_with_its_group_its_rules_and_its_target(account: Account) -> None:
    done = present(account.aws, **NEW)
    group, (one, other) = account.group_named("shop-proxy-sg"), account.db
    assert [change["action"] for change in done["changes"]] == [
        "create_security_group",
        "authorize_security_group_egress",
        "authorize_security_group_ingress",
        "authorize_security_group_ingress",
        "revoke_security_group_egress",
        "create_db_proxy",
        "register_db_proxy_targets",
    ]
    assert lines(account, group) == [f"egress 6432 {one}", f"egress 6432 {other}"]
    assert lines(account, one) == ["egress -1 0.0.0.0/0", "ingress 6432 10.9.0.0/16", f"ingress 6432 {group}"]
    assert lines(account, other) == ["egress -1 0.0.0.0/0", f"ingress 6432 {group}"]
    made = account.aws.proxies["shop"]
    assert (made["EngineFamily"], made["VpcSecurityGroupIds"], made["RequireTLS"]) == ("POSTGRESQL", [group], True)
    assert made["VpcSubnetIds"] == sorted(account.subnets)
    assert account.aws.tags["shop"] == {"cloudops.lambda_rds:proxy": "shop"}
    assert [target["RdsResourceId"] for target in account.aws.targets["shop"]] == ["orders"]


def test_the_result_tells_what_a_function_needs(account: Account) -> None:
    done = present(account.aws, tags={"Team": "a"}, **NEW)
    group = account.group_named("shop-proxy-sg")
    proxy = done["proxy"]
    assert proxy["resource_id"] == proxy["arn"].rpartition(":")[2]
    assert (proxy["endpoint"], proxy["port"]) == ("shop.proxy-abc.eu-central-1.rds.amazonaws.com", 5432)
    assert (proxy["status"], proxy["managed"], proxy["security_group_ids"]) == ("available", True, [group])
    assert proxy["tags"] == {"Team": "a", "cloudops.lambda_rds:proxy": "shop"}
    assert (done["security_group_id"], len(done["rules"]), done["pending"]) == (group, 4, [])
    assert [(target["identifier"], target["state"], target["message"]) for target in done["targets"]] == [
        ("orders", "AVAILABLE", None)
    ]


def test_a_second_run_changes_nothing_and_takes_nine_calls(account: Account) -> None:
    present(account.aws, **NEW)
    again = present(account.aws, **NEW)
    assert not again["changed"]
    assert again["diff"]["before"] == again["diff"]["after"]
    assert account.aws.calls == [
        "describe_db_instances",
        "describe_proxies",
        "list_proxy_tags",
        "describe_proxy_target_groups",
        "describe_proxy_targets",
        "describe_groups",
        "describe_groups",
        "describe_rules",
        "describe_rules",
    ]


def test_what_is_left_out_stays_as_it_is(account: Account) -> None:
    pool = {"max_connections_percent": 60, "init_query": "SET x=1"}
    present(account.aws, **NEW, require_tls=False, idle_client_timeout=60, connection_pool=pool, tags={"Team": "a"})
    before = account.aws.snapshot()
    assert not present(account.aws)["changed"]
    assert account.aws.snapshot() == before


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"require_tls": False}, "modify proxy shop: require_tls=false"),
        ({"idle_client_timeout": 60, "debug_logging": True}, "shop: idle_client_timeout=60, debug_logging=true"),
        ({"role_arn": f"{ROLE}-2"}, f"modify proxy shop: role_arn={ROLE}-2"),
        ({"default_auth_scheme": "iam_auth"}, "modify proxy shop: default_auth_scheme=iam_auth"),
        ({"auth": [{"secret_arn": OTHER}]}, f"modify proxy shop: auth={OTHER} (iam_auth disabled)"),
        ({"auth": [], "default_auth_scheme": "iam_auth"}, "shop: auth=none, default_auth_scheme=iam_auth"),
        (
            {"connection_pool": {"connection_borrow_timeout": 5}},
            "modify the connection pool of proxy shop: connection_borrow_timeout=5",
        ),
        (
            {"connection_pool": {"max_connections_percent": 80}},
            "proxy shop: max_connections_percent=80, max_idle_connections_percent=50",
        ),
        (
            {"connection_pool": {"max_connections_percent": 40}},
            "proxy shop: max_connections_percent=40, max_idle_connections_percent=20",
        ),
        (
            {"connection_pool": {"max_idle_connections_percent": 10}},
            "proxy shop: max_connections_percent=100, max_idle_connections_percent=10",
        ),
        ({"connection_pool": {"init_query": "SET x=1"}}, "proxy shop: init_query=SET x=1"),
    ],
)
def test_only_what_differs_is_written(account: Account, given: dict[str, Any], text: str) -> None:
    present(account.aws, **NEW)
    changed = present(account.aws, **given)
    (line,) = texts(changed)
    assert text in line
    assert not present(account.aws, **given)["changed"]


def test_pinning_filters_are_for_mysql(account: Account) -> None:
    account.add_instance("shop", "mysql", 3306)
    given = {
        "db_instance_identifier": "shop",
        "connection_pool": {"session_pinning_filters": ["exclude_variable_sets"]},
    }
    present(account.aws, **NEW, **given)
    assert account.aws.pools["shop"]["SessionPinningFilters"] == ["EXCLUDE_VARIABLE_SETS"]
    assert not present(account.aws, **given)["changed"]


def test_an_entry_of_auth_keeps_what_it_leaves_out(account: Account) -> None:
    full = {"secret_arn": SECRET, "client_password_auth_type": "postgres_md5", "description": "app"}
    other = {"secret_arn": OTHER, "iam_auth": "required"}
    present(account.aws, **{**NEW, "auth": [full, other]})
    assert not present(account.aws, auth=[other, {"secret_arn": SECRET}])["changed"]
    present(account.aws, auth=[{"secret_arn": SECRET, "iam_auth": "required"}])
    assert account.aws.proxies["shop"]["Auth"] == [
        {
            "AuthScheme": "SECRETS",
            "SecretArn": SECRET,
            "IAMAuth": "REQUIRED",
            "ClientPasswordAuthType": "POSTGRES_MD5",
            "Description": "app",
        }
    ]


def test_the_default_scheme_is_not_sent_by_name_to_a_new_proxy(account: Account) -> None:
    present(account.aws, **NEW)
    assert "DefaultAuthScheme" not in account.aws.proxies["shop"]
    absent(account.aws)
    present(account.aws, role_arn=ROLE, default_auth_scheme="iam_auth")
    assert account.aws.proxies["shop"]["DefaultAuthScheme"] == "IAM_AUTH"


def test_given_groups_get_rules_and_nothing_else(account: Account) -> None:
    given = account.aws.add_group(account.vpc, "mine")
    existing = account.aws.allow("egress", given, account.db[0], 6432)
    before = account.aws.snapshot()
    done = present(account.aws, **NEW, vpc_security_group_ids=[given])
    after = account.aws.snapshot()
    assert after["groups"] == before["groups"]
    assert after["rules"][existing] == before["rules"][existing]
    assert lines(account, given) == sorted(
        ["egress -1 0.0.0.0/0", f"egress 6432 {account.db[0]}", f"egress 6432 {account.db[1]}"]
    )
    assert done["security_group_id"] is None
    assert not present(account.aws, vpc_security_group_ids=[given])["changed"]
    assert not present(account.aws)["changed"]
    absent(account.aws)
    assert account.aws.snapshot() == before


def test_groups_of_others_instead_of_ours_take_ours_away(account: Account) -> None:
    present(account.aws, **NEW)
    ours, given = account.group_named("shop-proxy-sg"), account.aws.add_group(account.vpc, "mine")
    done = present(account.aws, vpc_security_group_ids=[given])
    assert account.aws.proxies["shop"]["VpcSecurityGroupIds"] == [given]
    assert ours not in account.aws.groups
    assert f"modify proxy shop: security_group_ids={given}" in texts(done)
    assert not present(account.aws, vpc_security_group_ids=[given])["changed"]


def test_a_database_with_another_port_and_other_groups_gets_other_rules(account: Account) -> None:
    present(account.aws, **NEW)
    ours, other = account.group_named("shop-proxy-sg"), account.aws.add_group(account.vpc, "db-c")
    database = account.aws.instances["orders"]
    database["Endpoint"]["Port"] = 7432
    database["VpcSecurityGroups"] = [{"VpcSecurityGroupId": other, "Status": "active"}]
    done = present(account.aws)
    assert lines(account, ours) == [f"egress 7432 {other}"]
    assert f"ingress 7432 {ours}" in lines(account, other)
    assert not any(ours in line for group in account.db for line in lines(account, group))
    actions = [change["action"] for change in done["changes"]]
    assert actions == sorted(actions), "what opens comes first"


def test_drift_is_repaired_and_only_the_drift(account: Account) -> None:
    present(account.aws, **NEW, tags={"Team": "a"})
    ours = account.group_named("shop-proxy-sg")
    everything = account.aws.add_rule("egress", ours, {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]})
    (lost,) = [key for key, rule in account.aws.rules.items() if rule["GroupId"] == account.db[1] and rule["Tags"]]
    del account.aws.rules[lost]
    account.aws.tags["shop"]["Team"] = "b"
    account.aws.targets["shop"].clear()
    account.aws.set_tags([ours], {"Team": "c", "Extra": "d"})
    done = present(account.aws, tags={"Team": "a"})
    assert [change["action"] for change in done["changes"]] == [
        "create_tags",
        "delete_tags",
        "authorize_security_group_ingress",
        "revoke_security_group_egress",
        "add_tags_to_resource",
        "register_db_proxy_targets",
    ]
    assert everything not in account.aws.rules


def test_tags_are_purged_only_if_asked_for(account: Account) -> None:
    present(account.aws, **NEW, tags={"Team": "a", "Extra": "b"})
    assert not present(account.aws, tags={"Team": "a"}, purge_tags=False)["changed"]
    done = present(account.aws, tags={"Team": "a"})
    assert texts(done)[1] == "remove tags from proxy shop: Extra"
    assert account.aws.tags["shop"] == {"Team": "a", "cloudops.lambda_rds:proxy": "shop"}


def test_a_proxy_of_ours_moves_to_another_database(account: Account) -> None:
    present(account.aws, **NEW)
    account.add_instance("stock", "postgres", 6432)
    done = present(account.aws, db_instance_identifier="stock")
    assert texts(done) == ["deregister instance orders from proxy shop", "register instance stock with proxy shop"]
    assert not present(account.aws, db_instance_identifier="stock")["changed"]


def test_a_cluster_is_one_target_with_members(account: Account) -> None:
    account.add_cluster("web", "aurora-mysql", "web-1", "web-2")
    done = present(account.aws, **NEW, db_cluster_identifier="web")
    assert done["proxy"]["port"] == 3306
    assert [target["type"] for target in done["targets"]] == ["RDS_INSTANCE", "RDS_INSTANCE", "TRACKED_CLUSTER"]
    assert not present(account.aws, db_cluster_identifier="web")["changed"]
    account.add_cluster("blog", "aurora-mysql", "blog-1")
    moved = present(account.aws, db_cluster_identifier="blog")
    assert texts(moved) == ["deregister cluster web from proxy shop", "register cluster blog with proxy shop"]


def test_sql_server_has_a_smaller_pool(account: Account) -> None:
    account.add_instance("ms", "sqlserver-se", 1433)
    auth = [{"secret_arn": SECRET, "iam_auth": "enabled"}]
    done = present(account.aws, role_arn=ROLE, auth=auth, db_instance_identifier="ms")
    assert (done["proxy"]["port"], done["proxy"]["connection_pool"]["max_connections_percent"]) == (1433, 10)
    assert not present(account.aws, db_instance_identifier="ms")["changed"]


class TestOthers:
    """A proxy that this module did not make."""

    @pytest.fixture
    def theirs(self, account: Account) -> str:
        group = account.aws.add_group(account.vpc, "theirs")
        account.aws.add_proxy("Shop", "POSTGRESQL", account.subnets, VpcSecurityGroupIds=[group])
        account.aws.proxies["Shop"]["Auth"] = [{"SecretArn": SECRET, "IAMAuth": "DISABLED"}]
        account.aws.tags["Shop"] = {"Team": "b", "Extra": "c"}
        account.aws.add_target("Shop", "instance", "orders")
        return group

    def test_only_what_the_task_names_is_changed(self, account: Account, theirs: str) -> None:
        done = present(account.aws, require_tls=True, tags={"Team": "a"})
        assert texts(done) == ["tag proxy Shop: Team=a", "modify proxy Shop: require_tls=true"]
        assert account.aws.tags["Shop"] == {"Team": "a", "Extra": "c"}
        assert done["proxy"]["managed"] is False
        assert [finding["code"] for finding in done["findings"]] == ["not_ours"]
        assert account.aws.proxies["Shop"]["VpcSecurityGroupIds"] == [theirs]

    def test_it_gets_a_target_if_it_has_none(self, account: Account, theirs: str) -> None:
        account.aws.targets["Shop"].clear()
        assert texts(present(account.aws)) == ["register instance orders with proxy Shop"]

    def test_rules_are_made_for_groups_that_are_given(self, account: Account, theirs: str) -> None:
        assert present(account.aws)["rules"] == []
        done = present(account.aws, vpc_security_group_ids=[theirs])
        assert len(done["rules"]) == 4
        assert done["security_group_id"] is None
        assert not present(account.aws)["changed"]


def test_a_proxy_that_is_being_created_is_waited_for_first(account: Account) -> None:
    account.aws.slow = 3
    unforetold(account.aws, **NEW, wait=False, db_instance_identifier="orders")
    slept: list[float] = []
    done = unforetold(account.aws, slept.append, **NEW, db_instance_identifier="orders")
    assert texts(done) == ["register instance orders with proxy shop"]
    assert slept == [1]


def test_a_proxy_that_is_being_deleted_is_made_anew(account: Account) -> None:
    present(account.aws, **NEW)
    account.aws.slow = 4
    unforetold(account.aws, state="absent", wait=False)
    done = unforetold(account.aws, **NEW, db_instance_identifier="orders")
    assert [text.partition(" in ")[0] for text in texts(done)][-2:] == [
        "create proxy shop (POSTGRESQL)",
        "register instance orders with proxy shop",
    ]


def test_a_shared_account_is_told_by_arns(account: Account) -> None:
    """Nothing is refused where the groups are of the account itself, and nothing where that is not known."""
    assert account.aws.groups[account.db[0]]["OwnerId"] == OWNER
    del account.aws.instances["orders"]["DBInstanceArn"]
    assert present(account.aws, **NEW)["changed"]


def test_an_instance_that_is_said_to_be_of_no_cluster_is_none(account: Account) -> None:
    account.aws.instances["orders"].update(DBClusterIdentifier="", ReadReplicaSourceDBInstanceIdentifier="")
    assert present(account.aws, **NEW)["changed"]


def test_a_group_that_an_endpoint_of_the_proxy_holds_is_pending_and_not_waited_for(account: Account) -> None:
    present(account.aws, **NEW)
    ours, given = account.group_named("shop-proxy-sg"), account.aws.add_group(account.vpc, "mine")
    described = "Network interface for DBProxy shop"
    held = {"NetworkInterfaceId": "eni-1", "Description": described, "Groups": [{"GroupId": ours}]}
    account.aws.interfaces.append(held)
    unforetold(account.aws, db_instance_identifier="orders", vpc_security_group_ids=[given])
    slept: list[float] = []
    again = unforetold(account.aws, slept.append, db_instance_identifier="orders", vpc_security_group_ids=[given])
    assert (again["changed"], slept) == (False, [])
    assert [item["security_group_id"] for item in again["pending"]] == [ours]


def test_a_group_in_the_vpc_that_the_database_has_left_goes(account: Account) -> None:
    old, _none = account.aws.add_vpc()
    left = account.aws.add_group(old, "shop-proxy-sg", {"cloudops.lambda_rds:proxy": "shop"})
    done = present(account.aws, **NEW)
    assert account.aws.groups[done["security_group_id"]]["VpcId"] == account.vpc
    assert left not in account.aws.groups
