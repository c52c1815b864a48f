# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads what is around the ends of a path: ACLs, routes, endpoints, names, permissions. PRIVATE to the collection."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..._aws.client import Aws
from ..._model.network_acls import Acl, acl_from
from ..._model.networks import Endpoint, Interface, Peering, endpoint_from, interface_from, peering_from
from ..._model.routes import prefix_lists_of, table_from
from ..catalogue.hops import ACL_IN, ACL_OUT, RETURN, ROUTE_HOP
from ..findings.services import SERVICES
from ..query import Query
from ..snapshot import Snapshot
from .permissions import ask_denials
from .prefix_lists import read_prefix_lists
from .published import with_published
from .reader import Reader


def with_surroundings(question: Query, aws: Aws, reader: Reader, snapshot: Snapshot) -> Snapshot:
    """Network ACLs, routes, endpoints, names, permissions, versions: each a question of its own."""
    vpc_ids = {subnet.vpc_id for subnet in snapshot.subnets.values()}
    of_functions = {
        snapshot.subnets[subnet].vpc_id
        for subnets in (question.subnet_ids, *(each.vpc.subnet_ids for each in snapshot.state.functions.values()))
        for subnet in subnets
        if subnet in snapshot.subnets
    }
    acls = reader.read("ec2:DescribeNetworkAcls", lambda: _acls(aws, snapshot), (), (ACL_OUT, ACL_IN, RETURN))
    next_hops = (ROUTE_HOP, RETURN)
    tables = reader.read("ec2:DescribeRouteTables", lambda: aws.describe_route_tables(vpc_ids), [], next_hops)
    peerings = reader.read("ec2:DescribeVpcPeeringConnections", lambda: _peerings(aws, vpc_ids), (), next_hops)
    endpoints = reader.read("ec2:DescribeVpcEndpoints", lambda: _endpoints(aws, vpc_ids), ())
    names = {vpc: reader.read("ec2:DescribeVpcAttribute", _asks_names(aws, vpc), None) for vpc in sorted(of_functions)}
    interfaces = reader.read("ec2:DescribeNetworkInterfaces", lambda: _interfaces(aws, of_functions), None)
    denials = ask_denials(question, aws, reader, snapshot)
    functions = with_published(aws, reader, snapshot.state.functions, all_versions=question.all_versions)
    lists = read_prefix_lists(aws, reader, prefix_lists_of(tables.result()))
    return replace(
        snapshot,
        state=replace(snapshot.state, functions=functions),
        acls=acls.result(),
        route_tables=tuple(table_from(table, lists) for table in tables.result() if table["VpcId"] in vpc_ids),
        peerings=peerings.result(),
        endpoints=endpoints.result(),
        dns_support={vpc: answer.result() for vpc, answer in names.items()},
        interfaces=interfaces.result(),
        denials={role: answer.result() for role, answer in denials.items()},
        prefix_lists=lists,
    )


def _acls(aws: Aws, snapshot: Snapshot) -> tuple[Acl, ...]:
    return tuple(map(acl_from, aws.describe_acls(snapshot.subnets)))


def _peerings(aws: Aws, vpc_ids: set[str]) -> tuple[Peering, ...]:
    """Those between these VPCs; one VPC needs none."""
    if len(vpc_ids) < 2:
        return ()
    listed = [each for vpc in sorted(vpc_ids) for each in aws.describe_peerings("requester", vpc)]
    active = [peering_from(each) for each in listed if each["Status"]["Code"] == "active"]
    return tuple(peering for peering in active if peering.vpc_ids <= vpc_ids)


def _endpoints(aws: Aws, vpc_ids: set[str]) -> tuple[Endpoint, ...]:
    """Those of the services that are looked at, and all gateways, which routes lead to."""
    available = [each for each in aws.describe_endpoints(vpc_ids) if each.get("State", "").lower() == "available"]
    found = [endpoint for endpoint in map(endpoint_from, available) if endpoint.vpc_id in vpc_ids]
    return tuple(endpoint for endpoint in found if endpoint.service in SERVICES or endpoint.kind == "Gateway")


def _asks_names(aws: Aws, vpc_id: str) -> Any:
    return lambda: aws.vpc_attribute(vpc_id, "enableDnsSupport")


def _interfaces(aws: Aws, vpc_ids: set[str]) -> tuple[Interface, ...]:
    listed = [each for each in aws.describe_lambda_interfaces(vpc_ids) if each.get("InterfaceType") == "lambda"]
    return tuple(interface for interface in map(interface_from, listed) if interface.vpc_id in vpc_ids)
