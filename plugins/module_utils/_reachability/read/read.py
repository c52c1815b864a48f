# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads from AWS what a verdict is made from, in few calls, side by side. PRIVATE to the collection.

What may not be read is noted, and becomes a finding.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from typing import Any, Callable, Optional

from ..._aws.client import Aws
from ..._discovery.databases import Found, find_database
from ..._discovery.security_groups import groups_by
from ..._model.databases import Database, instance_from
from ..._model.functions import function_from, settings_from
from ..._model.names import BY_IDS, CLUSTER, PROXY, FunctionName
from ..._model.networks import interface_from, subnet_from
from ..._model.quotas import RULES_PER_GROUP
from ..._model.rule_counts import prefix_lists_in, rule_counts
from ..._model.security_groups import Group, Rule, rule_from
from ..._model.state import State
from ..catalogue.hops import DATABASE_HOP, EGRESS_HOP, INGRESS_HOP
from ..evaluate.segment_verdict import HOPS
from ..findings.quotas import CLOSE_RULES
from ..query import Query
from ..snapshot import Snapshot
from .database_by_ids import found_by_groups
from .prefix_lists import read_prefix_lists, read_weights
from .reader import Reader
from .surroundings import with_surroundings

_DATABASE_ACTIONS = {"cluster": "rds:DescribeDBClusters", "proxy": "rds:DescribeDBProxies"}


def read_snapshot(question: Query, aws: Aws) -> Snapshot:
    """Everything that the verdicts on these functions are made from."""
    with Reader() as reader:
        snapshot = _functions_and_database(question, aws, reader)
        states = _ask_members(aws, reader, snapshot)
        snapshot = _with_subnets(question, aws, reader, snapshot)
        snapshot = with_surroundings(question, aws, reader, snapshot)
        snapshot = _with_groups(question, aws, reader, snapshot)
        snapshot = replace(
            snapshot, member_states={key: state for each in states for key, state in each.result().items()}
        )
        return replace(snapshot, unread=reader.unread)


def _functions_and_database(question: Query, aws: Aws, reader: Reader) -> Snapshot:
    found = reader.read(
        _DATABASE_ACTIONS.get(question.database.kind, "rds:DescribeDBInstances"),
        lambda: find_database(question.database, aws),
        Found(),
        (*HOPS, DATABASE_HOP),
    )
    asked = {each.name: _ask_function(aws, reader, each) for each in question.functions}
    answers = {name: answer.result() for name, answer in asked.items()}
    listed = {name: answer for name, answer in answers.items() if answer is not None}
    return Snapshot(
        State({name: function_from(configuration) for name, configuration in listed.items()}),
        name=question.database.text,
        given_group_ids=question.rds_security_group_ids,
        given_port=question.port,
        database=_meant(question, found.result().database),
        proxy_target=found.result().proxy_target,
        settings={name: settings_from(configuration) for name, configuration in listed.items()},
    )


def _ask_function(aws: Aws, reader: Reader, function: FunctionName) -> Future[Optional[dict[str, Any]]]:
    return reader.read("lambda:GetFunction", lambda: aws.get_function(function.given), None, HOPS, [function.name])


def _meant(question: Query, found: Optional[Database]) -> Optional[Database]:
    """The database as given by ids, or as RDS shows it."""
    groups, port = question.rds_security_group_ids, question.port
    if question.database.kind == BY_IDS:
        return Database(BY_IDS, question.database.value, question.vpc_id, security_group_ids=groups, port=port)
    if found is not None and found.kind == PROXY and found.port is None:
        # Its engine family is not one whose port we know.
        return replace(found, port=port)
    return found


def _ask_members(aws: Aws, reader: Reader, snapshot: Snapshot) -> list[Future[dict[str, str]]]:
    """The states of the instances that a cluster consists of, while other things are read."""
    ends = [each for each in (snapshot.database, snapshot.proxy_target) if each is not None]
    none: dict[str, str] = {}
    return [
        reader.read("rds:DescribeDBInstances", _asks_members(aws, each), none)
        for each in ends
        if each.kind == CLUSTER and each.members
    ]


def _asks_members(aws: Aws, cluster: Database) -> Callable[[], dict[str, str]]:
    def ask() -> dict[str, str]:
        members = map(instance_from, aws.describe_cluster_members(cluster.identifier))
        return {member.identifier: member.status for member in members}

    return ask


def _with_subnets(question: Query, aws: Aws, reader: Reader, snapshot: Snapshot) -> Snapshot:
    """The subnets of both ends. A database that is given by its groups is where the interfaces with these are."""
    if snapshot.database is not None and snapshot.database.kind == BY_IDS:
        snapshot = replace(snapshot, database=_found_by_groups(aws, reader, snapshot.database))
    ids = set(question.subnet_ids)
    ids.update(subnet for function in snapshot.state.functions.values() for subnet in function.vpc.subnet_ids)
    for each in (snapshot.database, snapshot.proxy_target):
        ids.update((*each.subnet_ids, *each.origin_subnet_ids) if each else ())
    listed = reader.read("ec2:DescribeSubnets", lambda: aws.describe_subnets(ids), [], HOPS).result()
    return replace(snapshot, subnets={each.id: each for each in map(subnet_from, listed) if each.id in ids})


def _found_by_groups(aws: Aws, reader: Reader, database: Database) -> Database:
    groups, action = database.security_group_ids, "ec2:DescribeNetworkInterfaces"
    listed = reader.read(action, lambda: aws.describe_interfaces(groups), [], HOPS).result()
    return found_by_groups(database, map(interface_from, listed))


def _with_groups(question: Query, aws: Aws, reader: Reader, snapshot: Snapshot) -> Snapshot:
    """The groups of all ends with their rules, and the prefix lists that these name."""
    ids = {group for function in snapshot.state.functions.values() for group in function.vpc.security_group_ids}
    ids.update(question.group_ids)
    for each in (snapshot.database, snapshot.proxy_target):
        ids.update((*each.security_group_ids, *each.origin_security_group_ids) if each else ())
    ids.update(group for endpoint in snapshot.endpoints for group in endpoint.group_ids)
    no_groups: dict[str, Group] = {}
    groups = reader.read("ec2:DescribeSecurityGroups", lambda: groups_by(aws, "group-id", ids), no_groups)
    listed = reader.read(
        "ec2:DescribeSecurityGroupRules",
        lambda: aws.describe_rules("group-id", ids),
        [],
        (EGRESS_HOP, INGRESS_HOP),
    )
    rules: tuple[Rule, ...] = tuple(rule for rule in map(rule_from, listed.result()) if rule.group_id in ids)
    named = prefix_lists_in(rules)
    weights = read_weights(aws, reader, named)
    lists = {**snapshot.prefix_lists, **read_prefix_lists(aws, reader, named - snapshot.prefix_lists.keys())}
    snapshot = replace(
        snapshot,
        state=replace(snapshot.state, groups=groups.result(), rules=rules),
        prefix_lists=lists,
        list_weights=weights,
    )
    return replace(snapshot, rules_per_group=_rules_quota(aws, snapshot))


def _rules_quota(aws: Aws, snapshot: Snapshot) -> int:
    """The account's is asked for only where AWS's default is close by."""
    counts = rule_counts(snapshot.state.rules, snapshot.weights)
    if max(counts.values(), default=0) + CLOSE_RULES <= RULES_PER_GROUP.value:
        return RULES_PER_GROUP.value
    return RULES_PER_GROUP.as_read(aws.rules_quota()).value
