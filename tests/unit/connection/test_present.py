# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What connecting does; each run is also checked against what check mode foretold (asking.py)."""

from __future__ import annotations

from typing import Any

import pytest

from ..asking import absent, present, texts
from .conftest import Account

ORDERS = {"db_instance_identifier": "orders"}
DATABASE, FUNCTION, SCOPE = (f"cloudops.lambda_rds:{name}" for name in ("database", "function", "scope"))


def test_a_function_outside_any_vpc_is_connected(account: Account) -> None:
    result = present(account.aws, function_name="f", **ORDERS)
    client = account.group_named("f-lambda-sg")
    a, b = account.db
    assert texts(result) == [
        f"create security group f-lambda-sg in {account.vpc}",
        f"authorize egress on (new: f-lambda-sg): tcp/5432 to {a}; tcp/5432 to {b}",
        f"authorize ingress on {a}: tcp/5432 from (new: f-lambda-sg)",
        f"authorize ingress on {b}: tcp/5432 from (new: f-lambda-sg)",
        "revoke egress on (new: f-lambda-sg): all traffic to 0.0.0.0/0",
        f"attach function f: {', '.join(account.subnets)} with (new: f-lambda-sg)",
    ]
    assert account.attachment() == (account.subnets, [client])
    assert account.lines(client, "egress") == [f"tcp/5432 {a}", f"tcp/5432 {b}"]
    assert account.lines(a, "ingress") == sorted(["tcp/5432 10.9.0.0/16", f"tcp/5432 {client}"])
    assert account.lines(b, "ingress") == [f"tcp/5432 {client}"]
    assert result["connections"][0]["security_group_id"] == client
    assert result["connections"][0]["status"] == "connected"
    assert [finding["code"] for finding in result["findings"]] == ["internet_lost"]


def test_findings_are_in_the_tasks_language(account: Account) -> None:
    (finding,) = present(account.aws, function_name="f", language="ja", **ORDERS)["findings"]
    assert finding["message"].startswith("これまで VPC に接続されていなかった関数: f。")
    assert finding["source"] == "https://docs.aws.amazon.com/ja_jp/lambda/latest/dg/configuration-vpc.html"


def test_what_we_make_is_tagged(account: Account) -> None:
    present(account.aws, function_name="f", tags={"Team": "a"}, **ORDERS)
    client = account.group_named("f-lambda-sg")
    ours = {DATABASE: "instance/orders", SCOPE: "function", FUNCTION: "f"}
    snapshot = account.aws.snapshot()
    assert snapshot["groups"][client]["Tags"] == {"Team": "a", **ours}
    made = [rule for rule in snapshot["rules"].values() if client in (rule["GroupId"], str(rule).partition("sg-")[1])]
    assert made
    assert all(rule["Tags"] == ours for rule in made)


def test_the_second_run_reads_four_times_and_changes_nothing(account: Account) -> None:
    present(account.aws, function_name="f", **ORDERS)
    account.aws.calls.clear()
    assert not present(account.aws, function_name="f", **ORDERS)["changed"]
    calls = account.aws.calls[: len(account.aws.calls) // 2]
    assert [*sorted(calls[:2]), *calls[2:]] == [
        "describe_db_instances",
        "get_function",
        "describe_groups",
        "describe_subnets",
        "describe_rules",
        "describe_rules",
    ]


def test_the_articles_ids_serve_as_well(account: Account) -> None:
    present(account.aws, function_name="f", **account.by_ids)
    client = account.group_named("f-lambda-sg")
    assert account.attachment() == (account.subnets, [client])
    assert not present(account.aws, function_name="f", **account.by_ids)["changed"]


def test_a_function_in_the_vpc_keeps_its_subnets_and_groups(account: Account) -> None:
    own = account.aws.id("subnet")
    account.aws.subnets[own] = account.vpc
    group = account.aws.add_group(account.vpc, "own")
    account.aws.add_function("g", [own], [group])
    result = present(account.aws, function_name="g", **ORDERS)
    assert account.attachment("g") == ([own], [group, account.group_named("g-lambda-sg")])
    assert result["findings"] == []


def test_subnets_that_are_asked_for_replace_its_own(account: Account) -> None:
    account.aws.add_function("g", account.subnets[:1], [account.db[0]])
    present(account.aws, function_name="g", subnet_ids=account.subnets[::-1], **ORDERS)
    assert account.attachment("g")[0] == account.subnets[::-1]
    assert not present(account.aws, function_name="g", subnet_ids=account.subnets, **ORDERS)["changed"]


def test_a_function_moves_from_another_vpc_only_when_asked(account: Account) -> None:
    other, subnets = account.aws.add_vpc()
    account.aws.add_function("g", subnets, [account.aws.add_group(other, "own")])
    present(account.aws, function_name="g", allow_vpc_change=True, **ORDERS)
    assert account.attachment("g") == (account.subnets, [account.group_named("g-lambda-sg")])


def test_an_equivalent_rule_is_adopted(account: Account) -> None:
    present(account.aws, function_name="f", **ORDERS)
    client = account.group_named("f-lambda-sg")
    ingress = next(
        key for key, rule in account.aws.rules.items() if rule["GroupId"] == account.db[1] and not rule["IsEgress"]
    )
    del account.aws.rules[ingress]
    hand_made = account.aws.allow("ingress", account.db[1], client, 5432)
    account.aws.rules[hand_made]["Description"] = "made by hand"
    assert not present(account.aws, function_name="f", **ORDERS)["changed"]


def _lose_ingress(account: Account, client: str) -> None:
    account.aws.rules = {key: rule for key, rule in account.aws.rules.items() if rule["GroupId"] != account.db[1]}


def _lose_egress(account: Account, client: str) -> None:
    account.aws.rules = {key: rule for key, rule in account.aws.rules.items() if rule["GroupId"] != client}


def _lose_group(account: Account, client: str) -> None:
    account.aws.functions["f"]["VpcConfig"]["SecurityGroupIds"] = [account.db[0]]


def _lose_vpc(account: Account, client: str) -> None:
    account.aws.functions["f"]["VpcConfig"] = {"SubnetIds": [], "SecurityGroupIds": [], "VpcId": ""}


def _open_all(account: Account, client: str) -> None:
    account.aws.add_rule("egress", client, {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]})


@pytest.mark.parametrize(
    ("damage", "repair"),
    [
        (_lose_ingress, "authorize ingress on"),
        (_lose_egress, "authorize egress on"),
        (_lose_group, "attach function f"),
        (_lose_vpc, "attach function f"),
        (_open_all, "revoke egress on"),
    ],
)
def test_drift_is_repaired_and_nothing_else(account: Account, damage: Any, repair: str) -> None:
    present(account.aws, function_name="f", **ORDERS)
    damage(account, account.group_named("f-lambda-sg"))
    done = texts(present(account.aws, function_name="f", **ORDERS))
    assert len(done) == 1
    assert done[0].startswith(repair)


def test_a_database_that_changes_its_port_and_groups_is_followed(account: Account) -> None:
    present(account.aws, function_name="f", **ORDERS)
    a, b = account.db
    c = account.aws.add_group(account.vpc, "db-c")
    account.aws.instances["orders"]["Endpoint"]["Port"] = 6432
    account.aws.instances["orders"]["VpcSecurityGroups"] = [
        {"VpcSecurityGroupId": a, "Status": "active"},
        {"VpcSecurityGroupId": b, "Status": "removing"},
        {"VpcSecurityGroupId": c, "Status": "adding"},
    ]
    present(account.aws, function_name="f", **ORDERS)
    client = account.group_named("f-lambda-sg")
    assert account.lines(client, "egress") == [f"tcp/6432 {a}", f"tcp/6432 {c}"]
    assert account.lines(a, "ingress") == ["tcp/5432 10.9.0.0/16", f"tcp/6432 {client}"]
    assert account.lines(b, "ingress") == []
    assert account.lines(c, "ingress") == [f"tcp/6432 {client}"]


def test_ids_that_are_edited_move_the_same_connection(account: Account) -> None:
    present(account.aws, function_name="f", **account.by_ids)
    present(account.aws, function_name="f", **{**account.by_ids, "rds_security_group_ids": account.db[1:]})
    client = account.group_named("f-lambda-sg")
    assert account.lines(client, "egress") == [f"tcp/5432 {account.db[1]}"]
    assert account.lines(account.db[0], "ingress") == ["tcp/5432 10.9.0.0/16"]


def test_a_second_database_gets_a_group_of_its_own(account: Account) -> None:
    account.aws.add_instance("stock", account.vpc, account.subnets, account.db[:1])
    present(account.aws, function_name="f", **ORDERS)
    present(account.aws, function_name="f", db_instance_identifier="stock")
    first, second = account.group_named("f-lambda-sg"), account.group_named("f-stock-lambda-sg")
    assert account.attachment()[1] == [first, second]
    assert not present(account.aws, function_name="f", **ORDERS)["changed"]


def test_by_hand_a_name_keeps_two_databases_apart(account: Account) -> None:
    first = {**account.by_ids, "rds_security_group_ids": account.db[:1]}
    second = {**account.by_ids, "rds_security_group_ids": account.db[1:], "security_group_name": "f-to-b"}
    present(account.aws, function_name="f", **first)
    present(account.aws, function_name="f", **second)
    assert account.attachment()[1] == [account.group_named("f-lambda-sg"), account.group_named("f-to-b")]
    assert not present(account.aws, function_name="f", **first)["changed"]
    assert not present(account.aws, function_name="f", **second)["changed"]


def test_by_hand_a_second_database_leaves_the_first_alone(account: Account) -> None:
    first = {**account.by_ids, "rds_security_group_ids": account.db[:1]}
    second = {**account.by_ids, "rds_security_group_ids": account.db[1:]}
    present(account.aws, function_name="f", **first)
    client = account.group_named("f-lambda-sg")
    team = account.aws.add_group(account.vpc, "team")
    connected = account.aws.snapshot()
    for other in ({"security_group_id": team}, {"security_group_scope": "database"}):
        present(account.aws, function_name="f", **second, **other)
        assert account.attachment()[1][0] == client
        assert f"tcp/5432 {client}" in account.lines(account.db[0], "ingress")
        absent(account.aws, function_name="f", **second, **other)
        assert account.aws.snapshot() == connected


def test_by_hand_one_of_two_is_taken_back(account: Account) -> None:
    team = account.aws.add_group(account.vpc, "team")
    first = {**account.by_ids, "rds_security_group_ids": account.db[:1], "security_group_name": "to-a"}
    second = {**account.by_ids, "rds_security_group_ids": account.db[1:], "security_group_id": team}
    present(account.aws, function_name="f", **second)
    only_second = account.aws.snapshot()
    present(account.aws, function_name="f", **first)
    assert not absent(account.aws, function_name="f", **{**first, "rds_security_group_ids": account.db[1:]})["changed"]
    absent(account.aws, function_name="f", **first)
    assert account.aws.snapshot() == only_second


def test_a_name_that_ec2_refuses_is_not_proposed(account: Account) -> None:
    account.aws.add_function("sg-rotator")
    present(account.aws, function_name="sg-rotator", **ORDERS)
    assert account.attachment("sg-rotator")[1] == [account.group_named("lambda-sg-rotator-lambda-sg")]


def test_one_group_serves_all_functions_of_a_database(account: Account) -> None:
    account.aws.add_function("g")
    present(account.aws, function_names=["f", "g"], security_group_scope="database", **ORDERS)
    client = account.group_named("orders-lambda-clients")
    assert account.attachment("f") == account.attachment("g") == (account.subnets, [client])
    assert FUNCTION not in account.aws.snapshot()["groups"][client]["Tags"]
    account.aws.add_function("h")
    done = texts(present(account.aws, function_names=["f", "g", "h"], security_group_scope="database", **ORDERS))
    assert done == [f"attach function h: {', '.join(account.subnets)} with {client}"]


def test_a_change_of_scope_moves_the_function_before_the_old_path_closes(account: Account) -> None:
    present(account.aws, function_name="f", **ORDERS)
    old = account.group_named("f-lambda-sg")
    done = texts(present(account.aws, function_name="f", security_group_scope="database", **ORDERS))
    kinds = [text.partition(" on ")[0] for text in done]
    assert kinds.index(
        f"attach function f: {', '.join(account.subnets)} with (new: orders-lambda-clients)"
    ) < kinds.index("revoke ingress")
    assert old not in account.aws.groups
    present(account.aws, function_name="f", **ORDERS)
    assert account.attachment()[1] == [account.group_named("f-lambda-sg")]
    assert "orders-lambda-clients" not in {group["GroupName"] for group in account.aws.groups.values()}


def test_a_published_version_keeps_the_old_group_open(account: Account) -> None:
    present(account.aws, function_name="f", **ORDERS)
    old = account.group_named("f-lambda-sg")
    account.aws.versions.append({**account.aws.functions["f"], "Version": "1"})
    present(account.aws, function_name="f", security_group_scope="database", **ORDERS)
    assert f"tcp/5432 {old}" in account.lines(account.db[0], "ingress")
    assert not present(account.aws, function_name="f", security_group_scope="database", **ORDERS)["changed"]


def test_a_rule_of_others_for_the_old_group_stays(account: Account) -> None:
    present(account.aws, function_name="f", **ORDERS)
    old = account.group_named("f-lambda-sg")
    account.aws.allow("ingress", account.db[0], old, 9999)
    result = present(account.aws, function_name="f", security_group_scope="database", **ORDERS)
    assert account.lines(account.db[0], "ingress")[-1] == f"tcp/9999 {old}"
    assert result["pending"][0]["referenced_by"] == [account.db[0]]


def test_a_database_group_opens_for_many_functions_in_one_call(account: Account) -> None:
    account.aws.add_function("g")
    done = texts(present(account.aws, function_names=["f", "g"], **ORDERS))
    a, _b = account.db
    assert f"authorize ingress on {a}: tcp/5432 from (new: f-lambda-sg); tcp/5432 from (new: g-lambda-sg)" in done
    assert account.aws.calls.count("authorize") == 4
    assert account.aws.calls.count("describe_rules") == 2 + 2 + 1
    shared = {DATABASE: "instance/orders", SCOPE: "function"}
    rules = account.aws.snapshot()["rules"].values()
    assert [rule["Tags"] for rule in rules if rule["GroupId"] == a and rule["Tags"]] == [shared, shared]
    client = account.group_named("g-lambda-sg")
    assert [rule["Tags"] for rule in rules if rule["GroupId"] == client] == [{**shared, FUNCTION: "g"}] * 2


def test_console_names_take_the_next_free_number(account: Account) -> None:
    account.aws.add_group(account.vpc, "lambda-rds-1")
    present(account.aws, function_name="f", console_names=True, **ORDERS)
    assert account.attachment()[1] == [account.group_named("lambda-rds-2")]
    assert not present(account.aws, function_name="f", console_names=True, **ORDERS)["changed"]


def test_console_names_serve_by_hand_too(account: Account) -> None:
    present(account.aws, function_name="f", console_names=True, **account.by_ids)
    assert account.attachment()[1] == [account.group_named("lambda-rds-1")]
    assert not present(account.aws, function_name="f", console_names=True, **account.by_ids)["changed"]


def test_extra_egress_comes_and_goes(account: Account) -> None:
    rules = [{"from_port": 443, "cidr_ip": "10.0.0.0/8"}]
    present(account.aws, function_name="f", egress_rules=rules, **ORDERS)
    client = account.group_named("f-lambda-sg")
    assert "tcp/443 10.0.0.0/8" in account.lines(client, "egress")
    foreign = account.aws.allow("egress", client, "10.0.0.0/8", 80)
    present(account.aws, function_name="f", **ORDERS)
    assert "tcp/443 10.0.0.0/8" not in account.lines(client, "egress")
    assert foreign in account.aws.rules
    present(account.aws, function_name="f", purge_egress_rules=True, **ORDERS)
    assert foreign not in account.aws.rules


def test_all_outbound_stays_when_asked_for(account: Account) -> None:
    present(account.aws, function_name="f", allow_all_outbound=True, **ORDERS)
    client = account.group_named("f-lambda-sg")
    assert "-1/-1 0.0.0.0/0" in account.lines(client, "egress")
    assert not present(account.aws, function_name="f", allow_all_outbound=True, **ORDERS)["changed"]
    present(account.aws, function_name="f", **ORDERS)
    assert "-1/-1 0.0.0.0/0" not in account.lines(client, "egress")
    present(account.aws, function_name="f", allow_all_outbound=True, **ORDERS)
    assert "-1/-1 0.0.0.0/0" in account.lines(client, "egress")


def test_in_a_vpc_with_ipv6_both_default_rules_go() -> None:
    account = Account()
    account.aws.vpcs[account.vpc]["Ipv6CidrBlockAssociationSet"] = [{"Ipv6CidrBlock": "2001:db8::/56"}]
    present(account.aws, function_name="f", ipv6_allowed_for_dual_stack=True, **ORDERS)
    client = account.group_named("f-lambda-sg")
    assert all("/0" not in line for line in account.lines(client, "egress"))
    assert account.aws.functions["f"]["VpcConfig"]["Ipv6AllowedForDualStack"] is True
    assert not present(account.aws, function_name="f", **ORDERS)["changed"]


def test_tags_of_the_group_follow_the_task(account: Account) -> None:
    present(account.aws, function_name="f", tags={"Team": "a", "Old": "x"}, **ORDERS)
    client = account.group_named("f-lambda-sg")
    assert not present(account.aws, function_name="f", **ORDERS)["changed"]
    present(account.aws, function_name="f", tags={"Team": "b"}, purge_tags=False, **ORDERS)
    assert account.aws.snapshot()["groups"][client]["Tags"].items() >= {"Team": "b", "Old": "x"}.items()
    present(account.aws, function_name="f", tags={"Team": "b"}, **ORDERS)
    assert account.aws.snapshot()["groups"][client]["Tags"].keys() == {"Team", DATABASE, FUNCTION, SCOPE}


def test_at_most_sixteen_subnets_of_all_zones_are_taken() -> None:
    account = Account()
    vpc, subnets = account.aws.add_vpc(subnets=20)
    account.aws.add_instance("wide", vpc, subnets, [account.aws.add_group(vpc, "wide")])
    present(account.aws, function_name="f", db_instance_identifier="wide")
    taken = account.attachment()[0]
    assert len(taken) == 16
    zones = {subnet: index % 3 for index, subnet in enumerate(subnets)}
    assert sorted([zones[subnet] for subnet in taken].count(zone) for zone in range(3)) == [5, 5, 6]


def test_an_update_under_way_is_waited_for(account: Account) -> None:
    for before in ({"State": "Pending"}, {"LastUpdateStatus": "InProgress"}):
        account.aws.functions["f"].update(before)
        present(account.aws, function_name="f", **ORDERS)
        assert account.attachment()[1] == [account.group_named("f-lambda-sg")]
        account.aws.functions["f"].pop("VpcConfig")


def test_the_update_of_a_function_is_waited_for_unless_told_not_to(account: Account) -> None:
    account.aws.update_status = "InProgress"
    present(account.aws, function_name="f", **ORDERS)
    assert "is_updated" in account.aws.calls
    account.aws.add_function("g")
    present(account.aws, function_name="g", wait=False, **ORDERS)
    assert "is_updated" not in account.aws.calls


def test_groups_in_a_peered_vpc_are_reached(account: Account) -> None:
    other, subnets = account.aws.add_vpc()
    account.aws.peerings.append((account.vpc, other))
    present(account.aws, function_name="f", vpc_id=other, subnet_ids=subnets, **ORDERS)
    client = account.group_named("f-lambda-sg")
    assert account.aws.groups[client]["VpcId"] == other
    assert account.attachment() == (subnets, [client])
    account.aws.add_function("g")
    present(account.aws, function_name="g", **{**account.by_ids, "vpc_id": other, "subnet_ids": subnets})
