# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What may not be read is a finding; any other error of what the path hangs on is one message."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import AwsError, RefusedError
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.parameters import argument_spec, parse
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._reachability.run import run

from ..fake_aws import FakeAws
from ..fake_proxies import ZONES, FakeProxies

OPTIONS = {name: option.get("default") for name, option in argument_spec().items()}
MESSAGE = "User: arn:aws:iam::1:user/u is not authorized to perform: {} on resource: x"
# The calls that the path hangs on, with the action of each; a refused one is a finding that blocks.
ON_PATH = {
    "get_function": "lambda:GetFunction",
    "describe_db_instances": "rds:DescribeDBInstances",
    "describe_subnets": "ec2:DescribeSubnets",
    "describe_acls": "ec2:DescribeNetworkAcls",
    "describe_route_tables": "ec2:DescribeRouteTables",
    "describe_rules": "ec2:DescribeSecurityGroupRules",
}
BESIDE = {
    "describe_endpoints": "ec2:DescribeVpcEndpoints",
    "vpc_attribute": "ec2:DescribeVpcAttribute",
    "describe_lambda_interfaces": "ec2:DescribeNetworkInterfaces",
    "simulate": "iam:SimulatePrincipalPolicy",
    "list_aliases": "lambda:ListAliases",
    "describe_groups": "ec2:DescribeSecurityGroups",
}


def account() -> FakeProxies:
    """A function that reaches the database."""
    aws = FakeProxies()
    vpc, subnets = aws.add_vpc()
    database, function = aws.add_group(vpc, "db"), aws.add_group(vpc, "f")
    aws.allow("ingress", database, function, 5432)
    aws.add_instance("orders", vpc, subnets, [database])
    aws.add_function("f", subnets, [function])
    aws.functions["f"]["Role"] = "arn:aws:iam::123456789012:role/f-role"
    aws.routes.append({"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1", "State": "active"})
    return aws


def ask(aws: FakeAws, **options: Any) -> dict[str, Any]:
    given = {"function_name": "f", "db_instance_identifier": "orders", **options}
    return run(parse({**OPTIONS, **given}), "en", aws)


def findings(result: dict[str, Any]) -> list[tuple[str, str, str]]:
    (connection,) = result["connections"]
    return [(finding["severity"], finding["code"], finding["resource"]) for finding in connection["findings"]]


def test_nothing_is_wrong() -> None:
    aws = account()
    result = ask(aws)
    assert result["reachable"]
    assert findings(result) == []
    assert aws.written() == []
    assert result["connections"][0]["managed"] is False
    assert [rule["direction"] for rule in result["connections"][0]["rules"]] == ["ingress"]


def test_subnets_and_groups_of_an_endpoint_and_of_its_proxy() -> None:
    aws = account()
    assert isinstance(aws, FakeProxies)
    subnets, group = list(aws.subnets), aws.functions["f"]["VpcConfig"]["SecurityGroupIds"][0]
    (database,) = (key for key, each in aws.groups.items() if each["GroupName"] == "db")
    vpc = aws.subnets[subnets[0]]
    pool, reports = aws.add_group(vpc, "pool"), aws.add_group(vpc, "reports")
    host = "reports.endpoint.proxy-abc.eu-central-1.rds.amazonaws.com"
    own = [aws.add_subnet(vpc, zone) for zone in ZONES[:2]]
    aws.add_proxy("pool", "POSTGRESQL", own, VpcSecurityGroupIds=[pool])
    aws.add_target("pool", "instance", "orders")
    place = {"VpcId": vpc, "VpcSubnetIds": subnets[:1], "VpcSecurityGroupIds": [reports]}
    aws.endpoints.append({"DBProxyName": "pool", "Endpoint": host, "Status": "available", **place})
    aws.allow("ingress", reports, group, 5432)
    by_host = {"db_instance_identifier": None, "db_hostname": host}
    assert [code for _severity, code, _resource in findings(ask(aws, **by_host))] == ["ingress_closed"]
    aws.allow("ingress", database, pool, 5432)
    result = ask(aws, **by_host)
    assert findings(result) == []
    ends = {(rule["security_group_id"], rule["peer"]) for rule in result["connections"][0]["rules"]}
    assert ends == {(reports, group), (database, pool)}


@pytest.mark.parametrize("call", ON_PATH)
@pytest.mark.parametrize("named", [True, False])
def test_what_the_path_hangs_on(call: str, named: bool) -> None:
    aws, action = account(), ON_PATH[call]
    message = MESSAGE.format(action) if named else "no"
    aws.fail = {call: [AwsError("look", "AccessDeniedException", message)]}
    assert ("blocks", "not_read", action) in findings(ask(aws))
    aws.fail = {call: [AwsError("look", "InternalError", "no")]}
    with pytest.raises(AwsError, match="Could not look: InternalError"):
        ask(aws)


@pytest.mark.parametrize("call", BESIDE)
@pytest.mark.parametrize("code", ["AccessDenied", "InternalError"])
def test_what_it_does_not_hang_on(call: str, code: str) -> None:
    aws = account()
    aws.fail = {call: [AwsError("look", code, "no")]}
    result = ask(aws)
    assert result["reachable"]
    assert findings(result) == [("risk", "not_looked_at", BESIDE[call])]


def test_a_role_that_is_gone() -> None:
    aws = account()
    aws.denied = None
    assert findings(ask(aws)) == [("risk", "role_cannot_make_interfaces", "f-role")]


def test_a_role_that_may_not_make_interfaces() -> None:
    aws = account()
    aws.denied = {"ec2:CreateNetworkInterface": "implicitDeny"}
    assert findings(ask(aws)) == [("risk", "role_cannot_make_interfaces", "f-role")]


def test_by_hand_the_database_is_where_its_groups_are_worn() -> None:
    aws = account()
    (group,) = (key for key, each in aws.groups.items() if each["GroupName"] == "db")
    (vpc,) = aws.vpcs
    by_ids = {"db_instance_identifier": None, "vpc_id": vpc, "rds_security_group_ids": [group], "port": 5432}
    result = ask(aws, **by_ids)
    assert findings(result) == [("risk", "database_place_unknown", vpc)]
    assert (result["path"], result["reachable"]) == ("unknown", False)
    attached = {"NetworkInterfaceId": "eni-1", "SubnetId": list(aws.subnets)[1], "Groups": [{"GroupId": group}]}
    aws.interfaces = [{**attached, "InterfaceType": "lambda", "SubnetId": "subnet-0"}, attached]
    result = ask(aws, **by_ids)
    assert findings(result) == []
    assert (result["path"], result["reachable"]) == ("open", True)
    assert result["database"]["subnet_ids"] == [list(aws.subnets)[1]]


def test_what_is_said_of_a_database_that_is_named_does_not_replace_what_it_has() -> None:
    aws = account()
    (vpc,) = aws.vpcs
    result = ask(aws, rds_security_group_ids=[aws.add_group(vpc, "other")], port=5433)
    assert [code for _severity, code, _resource in findings(result)] == ["group_not_on_database", "not_its_port"]
    assert result["database"]["port"] == 5432
    (database,) = (key for key, each in aws.groups.items() if each["GroupName"] == "db")
    assert result["database"]["security_group_ids"] == [database]


def test_a_port_that_is_given_does_not_stand_for_an_endpoint() -> None:
    aws = account()
    del aws.instances["orders"]["Endpoint"]
    assert ("blocks", "database_no_endpoint", "orders") in findings(ask(aws, port=5432))


def test_the_port_of_a_proxy_of_an_unknown_engine_is_the_one_given() -> None:
    aws = account()
    (group,) = (key for key, each in aws.groups.items() if each["GroupName"] == "db")
    aws.add_proxy("pool", "ORACLE", list(aws.subnets), VpcSecurityGroupIds=[group])
    aws.targets["pool"] = [{"Type": "RDS_INSTANCE", "RdsResourceId": "orders", "TargetHealth": dict(aws.health)}]
    by_proxy = {"db_instance_identifier": None, "db_proxy_name": "pool"}
    assert ask(aws, **by_proxy, port=5432)["database"]["port"] == 5432
    assert ("blocks", "database_no_endpoint", "pool") in findings(ask(aws, **by_proxy))


def test_a_subnet_without_ipv4_addresses_is_no_place_for_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    aws = account()
    monkeypatch.setattr(type(aws), "cidrs", dict.fromkeys(aws.subnets, ""))
    assert findings(ask(aws)) == [("blocks", "no_ipv4_addresses", "f")]


def test_prefix_lists_in_rules_and_routes() -> None:
    aws = account()
    (group,) = (key for key, each in aws.groups.items() if each["GroupName"] == "db")
    aws.rules = {key: rule for key, rule in aws.rules.items() if rule["IsEgress"]}
    aws.add_rule(
        "ingress",
        group,
        {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 9999, "PrefixListIds": [{"PrefixListId": "pl-1"}]},
    )
    aws.routes[0] = {"DestinationPrefixListId": "pl-2", "GatewayId": "local", "State": "active"}
    aws.prefix_lists = {"pl-1": ["10.0.0.0/16"], "pl-2": ["10.0.0.0/8"]}
    assert findings(ask(aws)) == []
    aws.fail = {"prefix_list_entries": [AwsError("look", "UnauthorizedOperation", "no")]}
    aws.routes[0] = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}
    assert findings(ask(aws)) == [("blocks", "not_read", "ec2:GetManagedPrefixListEntries")]


@pytest.mark.parametrize("entries", [1, 46])
def test_prefix_lists_count_against_the_quota(entries: int) -> None:
    """Only where AWS's default is close by the account's own is asked for."""
    aws = account()
    (group,) = (key for key, each in aws.groups.items() if each["GroupName"] == "db")
    named = [{"PrefixListId": "pl-1"}]
    for port in (443, 444):
        aws.add_rule("egress", group, {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "PrefixListIds": named})
    aws.prefix_lists = {"pl-1": [f"10.9.{number}.0/24" for number in range(entries)]}
    close = entries == 46
    assert findings(ask(aws)) == ([("note", "rules_near_quota", group)] if close else [])
    assert aws.calls.count("rules_quota") == close
    assert aws.calls.count("managed_prefix_lists") == 1
    aws.fail = {"managed_prefix_lists": [AwsError("look", "UnauthorizedOperation", "no")]}
    expected = [("risk", "not_looked_at", "ec2:DescribeManagedPrefixLists")]
    assert [each for each in findings(ask(aws)) if each[0] == "risk"] == expected


def test_without_prefix_lists_none_is_asked_for() -> None:
    aws = account()
    ask(aws)
    assert "managed_prefix_lists" not in aws.calls


@pytest.mark.parametrize(
    ("options", "parameter"),
    [
        ({"function_name": None}, "function_name, function_names, function_name_prefix, function_tags"),
        (
            {"function_name": None, "function_names": ["111111111111:function:f", "222222222222:function:f"]},
            "function_names",
        ),
        ({"db_cluster_identifier": "x"}, "db_instance_identifier, db_cluster_identifier"),
        ({"port": 0}, "port"),
        ({"rds_security_group_ids": ["x"]}, "rds_security_group_ids"),
        ({"db_instance_identifier": None}, "vpc_id, rds_security_group_ids, port"),
    ],
)
def test_options_that_make_no_sense(options: dict[str, Any], parameter: str) -> None:
    with pytest.raises(RefusedError) as refused:
        ask(account(), **options)
    assert [refusal.parameter for refusal in refused.value.refusals] == [parameter]


def test_a_function_that_is_not_there() -> None:
    result = ask(account(), function_name=None, function_names=["f", "g"])
    assert [
        (each["function_name"], each["reachable"], each["function_arn"] is None) for each in result["connections"]
    ] == [
        ("f", True, False),
        ("g", False, True),
    ]
    assert not result["reachable"]


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        ({"function_name_prefix": "shop-"}, ["shop-a", "shop-b"]),
        ({"function_tags": {"team": "shop"}}, ["f", "shop-b"]),
        ({"function_tags": {"team": "shop"}, "function_name_prefix": "shop-"}, ["shop-b"]),
    ],
)
def test_functions_that_are_chosen(choice: dict[str, Any], names: list[str]) -> None:
    aws = account()
    for name in ("shop-b", "shop-a"):
        aws.add_function(name)
    for name in ("f", "shop-b"):
        aws.functions[name]["Tags"] = {"team": "shop"}
    seen = [
        (each["function_name"], each["reachable"]) for each in ask(aws, function_name=None, **choice)["connections"]
    ]
    assert seen == [(name, name == "f") for name in names]


def test_if_none_is_chosen_it_is_refused() -> None:
    with pytest.raises(RefusedError, match="no function of this account and Region is chosen by that"):
        ask(account(), function_name=None, function_name_prefix="none")


class TestAliases:
    def published(self, count: int) -> FakeAws:
        aws = account()
        for number in range(count):
            name = f"f{number}"
            aws.add_function(name, **{key: aws.functions["f"]["VpcConfig"][other] for key, other in _PLACES.items()})
            aws.functions[name]["Role"] = aws.functions["f"]["Role"]
        vpc = aws.functions["f"].pop("VpcConfig")
        aws.add_version("f", 1)
        aws.functions["f"]["VpcConfig"] = vpc
        aws.add_alias("f", "live", "1")
        return aws

    def test_of_one_function(self) -> None:
        aws = self.published(0)
        assert findings(ask(aws)) == [("risk", "alias_not_connected", "f:live")]

    def test_of_many_functions_only_those_with_versions_are_asked(self) -> None:
        aws = self.published(5)
        result = ask(aws, function_name=None, function_names=sorted(aws.functions))
        assert result["reachable"]
        assert [[finding["code"] for finding in each["findings"]] for each in result["connections"]] == [
            ["alias_not_connected"], [], [], [], [], [],
        ]  # fmt: skip
        assert aws.calls.count("list_aliases") == 1


_PLACES = {"subnet_ids": "SubnetIds", "group_ids": "SecurityGroupIds"}
