# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads from AWS what a verdict is made from, in few calls, side by side. PRIVATE to the collection.

What may not be read is noted, and becomes a finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import Any, Optional

from .._aws import Aws
from .._connection.find_database import Found, find_database
from .._connection.from_aws import function_from, interface_from, rule_from
from .._connection.names import IDS, FunctionName
from .._connection.observe_groups import groups_by, rules_quota
from .._connection.state import Database, Group, Rule, State
from .from_aws import settings_from, subnet_from
from .hops import DATABASE_HOP, EGRESS_HOP, INGRESS_HOP
from .leg_verdict import HOPS
from .observe_prefix_lists import read_prefix_lists
from .observe_surroundings import with_surroundings
from .question import Question
from .quotas import CLOSE_RULES
from .reader import Reader
from .state import Scene

_DATABASE_ACTIONS = {"cluster": "rds:DescribeDBClusters", "proxy": "rds:DescribeDBProxies"}


def observe(question: Question, aws: Aws) -> Scene:
    """Everything that the verdicts on these functions are made from."""
    with Reader() as reader:
        scene = _functions_and_database(question, aws, reader)
        scene = _with_subnets(question, aws, reader, scene)
        scene = with_surroundings(question, aws, reader, scene)
        scene = _with_groups(question, aws, reader, scene)
        return replace(scene, unread=reader.unread)


def _functions_and_database(question: Question, aws: Aws, reader: Reader) -> Scene:
    found = reader.read(
        _DATABASE_ACTIONS.get(question.database.kind, "rds:DescribeDBInstances"),
        lambda: find_database(question.database, aws),
        Found(),
        (*HOPS, DATABASE_HOP),
    )
    asked = {each.name: _ask_function(aws, reader, each) for each in question.functions}
    answers = {name: answer.result() for name, answer in asked.items()}
    listed = {name: answer for name, answer in answers.items() if answer is not None}
    return Scene(
        State({name: function_from(configuration) for name, configuration in listed.items()}),
        name=question.database.text,
        database=_by_hand(question, found.result().database),
        behind=found.result().behind,
        settings={name: settings_from(configuration) for name, configuration in listed.items()},
    )


def _ask_function(aws: Aws, reader: Reader, function: FunctionName) -> Future[Optional[dict[str, Any]]]:
    return reader.read("lambda:GetFunction", lambda: aws.get_function(function.given), None, HOPS, [function.name])


def _by_hand(question: Question, found: Optional[Database]) -> Optional[Database]:
    if question.database.kind == IDS:
        found = Database(IDS, question.database.value, vpc_id=question.vpc_id)
    if found is None:
        return None
    groups = question.rds_security_group_ids or found.security_group_ids
    return replace(found, security_group_ids=groups, port=question.port or found.port)


def _with_subnets(question: Question, aws: Aws, reader: Reader, scene: Scene) -> Scene:
    """The subnets of both ends. Those of a database that is given by its groups are where these are worn."""
    if scene.database is not None and scene.database.kind == IDS:
        worn = _subnets_wearing(aws, reader, scene.database.security_group_ids)
        scene = replace(scene, database=replace(scene.database, subnet_ids=worn))
    ids = set(question.subnet_ids)
    ids.update(subnet for function in scene.state.functions.values() for subnet in function.vpc.subnet_ids)
    for each in (scene.database, scene.behind):
        ids.update((*each.subnet_ids, *each.origin_subnet_ids) if each else ())
    listed = reader.read("ec2:DescribeSubnets", lambda: aws.describe_subnets(ids), [], HOPS).result()
    return replace(scene, subnets={each.id: each for each in map(subnet_from, listed) if each.id in ids})


def _subnets_wearing(aws: Aws, reader: Reader, group_ids: Sequence[str]) -> tuple[str, ...]:
    """Where the network interfaces of these groups are, but for those of functions."""
    action = "ec2:DescribeNetworkInterfaces"
    listed = reader.read(action, lambda: aws.describe_interfaces(group_ids), [], HOPS).result()
    wanted = set(group_ids)
    return tuple(
        sorted(
            {
                interface["SubnetId"]
                for interface in listed
                if wanted & set(interface_from(interface).group_ids) and interface.get("InterfaceType") != "lambda"
            }
        )
    )


def _with_groups(question: Question, aws: Aws, reader: Reader, scene: Scene) -> Scene:
    """The groups of all ends with their rules, and the prefix lists that these name."""
    ids = {group for function in scene.state.functions.values() for group in function.vpc.security_group_ids}
    ids.update(question.group_ids)
    for each in (scene.database, scene.behind):
        ids.update((*each.security_group_ids, *each.origin_security_group_ids) if each else ())
    ids.update(group for endpoint in scene.endpoints for group in endpoint.group_ids)
    no_groups: dict[str, Group] = {}
    groups = reader.read("ec2:DescribeSecurityGroups", lambda: groups_by(aws, "group-id", ids), no_groups)
    listed = reader.read(
        "ec2:DescribeSecurityGroupRules",
        lambda: aws.describe_rules("group-id", ids),
        [],
        (EGRESS_HOP, INGRESS_HOP),
    )
    rules: tuple[Rule, ...] = tuple(rule for rule in map(rule_from, listed.result()) if rule.group_id in ids)
    named = {rule.peer.value for rule in rules if rule.peer.kind == "ip_prefix"} - scene.prefix_lists.keys()
    return replace(
        scene,
        state=replace(scene.state, groups=groups.result(), rules=rules),
        prefix_lists={**scene.prefix_lists, **read_prefix_lists(aws, reader, named)},
        rules_per_group=rules_quota(aws, rules, CLOSE_RULES).value,
    )
