# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Options that are refused before AWS is asked anything: every message names parameter, value and remedy."""

from __future__ import annotations

import math
from typing import Any

import pytest

from ansible_collections.cloudops.lambda_rds.plugins.module_utils._connection.parameters import parse
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._errors import RefusedError
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.ownership import EXISTING
from ansible_collections.cloudops.lambda_rds.plugins.module_utils._model.security_groups import Peer

from ..asking import options, want

F: dict[str, Any] = {"function_name": "f"}
DB: dict[str, Any] = {"db_instance_identifier": "orders"}
SG = {"security_group_id": "sg-0abc"}
HAND: dict[str, Any] = {"vpc_id": "vpc-0abc", "rds_security_group_ids": ["sg-0abc"], "port": 5432}
HTTPS = {"from_port": 443, "cidr_ip": "10.0.0.0/8"}


def refused(**given: Any) -> str:
    with pytest.raises(RefusedError) as caught:
        parse(options(**given), "eu-central-1")
    assert all(refusal.data["remedy"] for refusal in caught.value.refusals)
    return str(caught.value)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (DB, "function_name, function_names, function_name_prefix, function_tags (none of them): exactly one way"),
        ({**F, **DB, "function_names": ["g"]}, "function_name_prefix, function_tags (together): exactly one way"),
        ({**DB, "function_names": []}, "function_names ([]): the list is empty. Name at least one function"),
        ({**DB, "function_name": ""}, "function_name (empty): is not the name or the ARN"),
        ({**DB, "function_name": "my function"}, "function_name (my function): is not the name or the ARN"),
        ({**DB, "function_name": "f:live"}, "function_name (f:live): has the qualifier live, but a published version"),
        ({**DB, "function_name": "f:live"}, "Leave the qualifier out (f)."),
        (
            {**DB, "function_name": "arn:aws:lambda:us-east-1:123456789012:function:f"},
            "is in Region us-east-1, but the task works in eu-central-1. Set region to us-east-1",
        ),
        (F, "vpc_id, rds_security_group_ids, port (missing): no database is named. Give db_instance_identifier"),
        ({**F, "vpc_id": "vpc-1"}, "rds_security_group_ids, port (missing): no database is named."),
        ({**F, "state": "absent"}, "vpc_id (missing): no database is named."),
        ({**F, **DB, "db_cluster_identifier": "c"}, "(together): name more than one database. Keep one of them."),
        ({**F, "db_instance_identifier": " "}, "db_instance_identifier (empty): names no database."),
        ({**F, **DB, "port": 0}, "port (0): is not a TCP port. Give a number from 1 to 65535."),
        ({**F, **DB, "port": 65536}, "port (65536): is not a TCP port."),
        ({**F, **DB, "request_pace": 1.5}, "request_pace (1.5): is not a share from 0.05 to 1, and not 0."),
        ({**F, **DB, "request_pace": 0.01}, "request_pace (0.01): is not a share from 0.05 to 1, and not 0."),
        ({**F, **DB, "request_pace": math.nan}, "request_pace (nan): is not a share from 0.05 to 1, and not 0."),
        ({**F, **DB, "wait_timeout": -1}, "wait_timeout (-1): is less than 0 seconds."),
        ({**F, **DB, "release_timeout": -1}, "release_timeout (-1): is less than 0 seconds."),
        ({**F, **DB, "vpc_id": "subnet-1"}, "vpc_id (subnet-1): is not an id of the right kind. Give one such as vpc-"),
        ({**F, **DB, "subnet_ids": []}, "subnet_ids ([]): the list is empty."),
        ({**F, **DB, "subnet_ids": [""]}, "subnet_ids (empty): is not an id of the right kind."),
        ({**F, **DB, "rds_security_group_ids": ["default"]}, "rds_security_group_ids (default): is not an id"),
        ({**F, **DB, "security_group_id": ""}, "security_group_id (empty): is not an id of the right kind."),
        (
            {**F, **DB, "subnet_ids": [f"subnet-{number}" for number in range(17)]},
            "subnet_ids (17): a function takes at most 16 subnets. Name fewer of them.",
        ),
        ({**F, **DB, "security_group_name": "sg-x"}, "security_group_name (sg-x): is not a security group's name"),
        ({**F, **DB, "security_group_name": ""}, "security_group_name (empty): is not a security group's name"),
        ({**F, **DB, "security_group_name": "é"}, "security_group_name (é): is not a security group's name"),
        (
            {**F, **DB, "security_group_name": "x", "console_names": True},
            "console_names (true): contradicts security_group_name. Leave out one of the two.",
        ),
        (
            {**DB, "function_names": ["f", "g"], "security_group_name": "x"},
            "security_group_name (x): is one name, but every function gets a group of its own",
        ),
        ({**F, **DB, **SG, "security_group_name": "x"}, "security_group_name (x): applies to a client group that this"),
        ({**F, **DB, **SG, "console_names": True}, "Leave out console_names or security_group_id."),
        ({**F, **DB, **SG, "allow_all_outbound": True}, "Leave out allow_all_outbound or security_group_id."),
        ({**F, **DB, **SG, "egress_rules": [HTTPS]}, "Leave out egress_rules or security_group_id."),
        ({**F, **DB, **SG, "purge_egress_rules": True}, "Leave out purge_egress_rules or security_group_id."),
        ({**F, **DB, **SG, "tags": {"a": "b"}}, "Leave out tags or security_group_id."),
        ({**F, **DB, **SG, "security_group_scope": "database"}, "Leave out security_group_scope or security_group_id."),
        ({**F, **DB, "tags": {"Team": None}}, "tags (Team: None): a tag's value is a text. Give a text, or leave"),
        ({**F, **DB, "tags": {"Team": ["a"]}}, "a tag's value is a text."),
        ({**F, **DB, "tags": {"aws:x": "y"}}, "tags (aws:x): keys that begin with cloudops.lambda_rds: or aws:"),
        ({**F, **DB, "tags": {"cloudops.lambda_rds:scope": "y"}}, "tags (cloudops.lambda_rds:scope): keys that begin"),
    ],
)
def test_a_contradiction_is_refused(given: dict[str, Any], message: str) -> None:
    assert message in refused(**given)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (
            {"from_port": 1},
            "egress_rules[0] (proto=tcp, from_port=1): a rule has exactly one peer. Give one of cidr_ip",
        ),
        ({**HTTPS, "group_id": "sg-1"}, "a rule has exactly one peer."),
        (
            {"from_port": 1, "cidr_ip": "10.0.0.1/8"},
            "cidr_ip is not a network (10.0.0.1/8 has host bits set). Give one",
        ),
        ({"from_port": 1, "cidr_ip": "::/0"}, "cidr_ip is not IPv4. Give one such as 10.0.0.0/16."),
        ({"from_port": 1, "cidr_ipv6": "10.0.0.0/8"}, "cidr_ipv6 is not IPv6. Give one such as 2001:db8::/32."),
        ({"from_port": 1, "group_id": "default"}, "group_id is not an id. Give one such as sg-0123456789abcdef0."),
        ({"from_port": 1, "ip_prefix": "x"}, "ip_prefix is not an id. Give one such as pl-0123456789abcdef0."),
        ({"cidr_ip": "10.0.0.0/8"}, "from_port is missing. Give a port from 0 to 65535."),
        ({**HTTPS, "to_port": 442}, "the ports are not a range within 0 to 65535."),
        ({**HTTPS, "to_port": 65536}, "the ports are not a range within 0 to 65535."),
        ({"proto": "http", "cidr_ip": "10.0.0.0/8"}, "proto is not a protocol. Give tcp, udp, icmp, icmpv6"),
        ({"proto": "-1", **HTTPS}, "protocol -1 takes no ports. Leave out from_port and to_port."),
        ({**HTTPS, "rule_desc": "é"}, "rule_desc has characters that EC2 refuses."),
    ],
)
def test_a_wrong_egress_rule_is_refused(rule: dict[str, Any], message: str) -> None:
    assert message in refused(**F, **DB, egress_rules=[rule])


def test_everything_wrong_is_said_at_once() -> None:
    message = refused(function_name="a b", port=0, vpc_id="x", wait_timeout=-1, **DB)
    assert all(option in message for option in ("function_name (a b)", "port (0)", "vpc_id (x)", "wait_timeout (-1)"))


def test_names_of_one_function_count_once() -> None:
    functions = want(function_names=["f", "g", "123456789012:function:f"], **DB).functions
    assert [function.name for function in functions] == ["f", "g"]


ARNS = [f"arn:aws:lambda:eu-central-1:{account}:function:f" for account in ("111111111111", "222222222222")]


@pytest.mark.parametrize(
    "names",
    [ARNS, ["f", *ARNS], [ARNS[0], "222222222222:function:f"], [ARNS[0], ARNS[0], ARNS[1], "g"]],
)
def test_functions_of_one_name_in_several_accounts_are_refused(names: list[str]) -> None:
    message = refused(function_names=names, **DB)
    told = ", ".join(dict.fromkeys(name for name in names if name != "g"))
    assert f"function_names ({told}): are several functions of the name f, in different accounts or Regions" in message
    assert "Name each of them in a task of its own" in message


def test_functions_of_one_name_in_several_regions_are_refused() -> None:
    """Where the task's own is not known: otherwise one of them is refused for that."""
    names = [ARNS[0], ARNS[0].replace("central", "west")]
    with pytest.raises(RefusedError, match="are several functions of the name f"):
        parse(options(function_names=names, **DB))


@pytest.mark.parametrize("names", [["f", ARNS[0]], [ARNS[0], "111111111111:function:f", "function:f"]])
def test_functions_that_may_be_one_count_once(names: list[str]) -> None:
    assert [function.given for function in want(function_names=names, **DB).functions] == names[:1]


def test_an_arn_of_the_same_region_passes() -> None:
    arn = "arn:aws:lambda:eu-central-1:123456789012:function:f"
    assert want(function_name=arn, **DB).functions[0].given == arn


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"db_instance_identifier": "Orders"}, "instance/orders"),
        ({"db_cluster_identifier": "orders"}, "cluster/orders"),
        ({"db_hostname": "orders.cluster-abc.eu-central-1.rds.amazonaws.com"}, "cluster/orders"),
        (HAND, "ids/vpc-0abc"),
    ],
)
def test_the_database_has_one_key(given: dict[str, Any], key: str) -> None:
    assert want(**F, **given).database.key == key


def test_by_hand_absent_needs_no_more_than_the_vpc() -> None:
    assert want(**F, state="absent", vpc_id="vpc-1").by_ids


def test_tags_are_texts() -> None:
    assert want(**F, **DB, tags={"CostCenter": 4711}).tags == {"CostCenter": "4711"}


def test_an_existing_group_is_a_scope_of_its_own() -> None:
    assert want(**F, **DB, **SG).scope == EXISTING
    assert want(**F, **DB).present


def test_egress_rules_are_read_in_aws_terms() -> None:
    rules = [
        {"from_port": 443, "group_id": "sg-1", "rule_desc": "endpoint"},
        {"proto": "UDP", "from_port": 1, "to_port": 9, "cidr_ipv6": "2001:DB8::/32"},
        {"proto": "17", "from_port": 53, "ip_prefix": "pl-1"},
        {"proto": "all", "cidr_ip": "10.0.0.0/8"},
        {"proto": "50", "cidr_ip": "10.0.0.0/8"},
    ]
    read = want(**F, **DB, egress_rules=rules).egress_rules
    assert [(rule.protocol, rule.from_port, rule.to_port) for rule in read] == [
        ("tcp", 443, 443),
        ("udp", 1, 9),
        ("udp", 53, 53),
        ("-1", -1, -1),
        ("50", -1, -1),
    ]
    assert read[1].peer == Peer("cidr_ipv6", "2001:db8::/32")
    assert read[0].description == "endpoint"
