# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Which AWS services a function in a VPC can reach: it loses its default internet access. PRIVATE to the collection.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..._model.functions import Function
from ..._model.networks import Endpoint
from ..._model.routes import ACTIVE, LOCAL
from ..._model.security_groups import EGRESS, INGRESS, Rule
from ..catalogue.findings import RISK, Finding
from ..catalogue.hops import OPEN
from ..evaluate.network_index import NetworkIndex
from ..evaluate.security_groups import PeerEnd, evaluate_rules
from ..evaluate.segments import addresses_in, subnets_with

HTTPS = 443
# What functions call most; logs need no network of their own.
SERVICES = ("dynamodb", "kms", "s3", "secretsmanager", "ssm", "sts")
READS = frozenset({"ec2:DescribeRouteTables", "ec2:DescribeVpcEndpoints", "ec2:DescribeSecurityGroupRules"})
# An internet gateway serves public addresses, which functions do not have.
_NO_WAY_OUT = ("igw-", LOCAL)


def service_findings(index: NetworkIndex, function: Function, vpc_id: str) -> Iterator[Finding]:
    """Nothing where what it takes could not be read: that is a finding already."""
    subnet_ids = [subnet for subnet in function.vpc.subnet_ids if subnet in index.snapshot.subnets]
    if READS & {each.action for each in index.snapshot.unread}:
        return
    cut_off = [subnet for subnet in subnet_ids if not _has_internet(index, subnet)]
    if cut_off:
        yield Finding("no_internet", RISK, function.name, {"subnets": ", ".join(cut_off)})
    https = [rule for rule in index.rules(function.vpc.security_group_ids, EGRESS) if _is_https(rule)]
    unreachable, not_let_out = list[str](), list[str]()
    for service in SERVICES:
        endpoints = _interfaces(index, service, vpc_id)
        if not endpoints and cut_off and not _has_gateway(index, service, subnet_ids):
            unreachable.append(service)
        elif not any(_lets_out(rule, endpoints) for rule in https):
            not_let_out.append(service)
        else:
            yield from _closed_endpoints(index, function, endpoints)
    if unreachable:
        yield Finding("services_unreachable", RISK, function.name, {"services": ", ".join(unreachable)})
    if not_let_out:
        yield Finding("https_egress_closed", RISK, function.name, {"services": ", ".join(not_let_out)})


def _has_internet(index: NetworkIndex, subnet_id: str) -> bool:
    """Whether the default route leads to something that may go on to the internet."""
    table = index.table(index.snapshot.subnets[subnet_id])
    return table is not None and any(
        "0.0.0.0/0" in route.destinations and route.state == ACTIVE and not route.target.startswith(_NO_WAY_OUT)
        for route in table.routes
    )


def _is_https(rule: Rule) -> bool:
    return rule.protocol == "-1" or rule.from_port <= HTTPS <= rule.to_port


def _lets_out(rule: Rule, endpoints: Sequence[Endpoint]) -> bool:
    """A rule for networks is taken to hold the service: which addresses it has, nobody knows beforehand."""
    groups = {group for endpoint in endpoints for group in endpoint.group_ids}
    return rule.peer.kind != "group" or rule.peer.value in groups


def _interfaces(index: NetworkIndex, service: str, vpc_id: str) -> list[Endpoint]:
    """The endpoints that the service's name leads to from this VPC, whether they admit the function or not."""
    return [
        endpoint
        for endpoint in index.snapshot.endpoints
        if (endpoint.service, endpoint.vpc_id, endpoint.kind) == (service, vpc_id, "Interface") and endpoint.private_dns
    ]


def _has_gateway(index: NetworkIndex, service: str, subnet_ids: Iterable[str]) -> bool:
    """A gateway endpoint serves the subnets of its route tables."""
    gateways = [each for each in index.snapshot.endpoints if each.service == service and each.kind == "Gateway"]
    served = {table for endpoint in gateways for table in endpoint.route_table_ids}
    used = (index.table(index.snapshot.subnets[subnet]) for subnet in subnet_ids)
    return all(table is not None and table.id in served for table in used)


def _closed_endpoints(index: NetworkIndex, function: Function, endpoints: Iterable[Endpoint]) -> Iterator[Finding]:
    for endpoint in endpoints:
        rules = index.rules(endpoint.group_ids, INGRESS)
        ends = [
            PeerEnd(function.vpc.security_group_ids, addresses_in(subnet, 4))
            for subnet in subnets_with(index.snapshot, function.vpc.subnet_ids, 4)
        ]
        if any(evaluate_rules(rules, end, HTTPS, index.snapshot.prefix_lists).state != OPEN for end in ends):
            values = {"endpoint": endpoint.id, "service": endpoint.service, "groups": ", ".join(endpoint.group_ids)}
            values["peers"] = ", ".join(function.vpc.security_group_ids)
            yield Finding("endpoint_closed", RISK, function.name, values)
