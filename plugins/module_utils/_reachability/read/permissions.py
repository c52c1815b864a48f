# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Asks IAM whether execution roles may make the network interfaces of their functions. PRIVATE to the collection.

A policy may be limited to subnets, to groups, or by conditions. So it is asked about the very subnets and groups, with
what is known of the request, once a role.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Future

from ..._aws.client import Aws
from ..._model.functions import Function
from ..._model.networks import Subnet
from ..evaluate.permissions import INTERFACE_ACTIONS, NO_SUCH_ROLE, denials_from
from ..query import Query
from ..snapshot import Denial, Snapshot
from .reader import Reader

# With six actions that is one page of results. Further ones are not asked about.
_MOST_RESOURCES = 150


def ask_denials(question: Query, aws: Aws, reader: Reader, snapshot: Snapshot) -> dict[str, Future[tuple[Denial, ...]]]:
    """What IAM does not allow each execution role, by its ARN; capacity providers have roles of their own."""
    users: dict[str, list[Function]] = {}
    for function in snapshot.state.functions.values():
        if function.role_arn and function.capacity_provider is None:
            users.setdefault(function.role_arn, []).append(function)
    return {role: _ask(question, aws, reader, snapshot, role, users[role]) for role in sorted(users)}


def _ask(
    question: Query, aws: Aws, reader: Reader, snapshot: Snapshot, role: str, users: Sequence[Function]
) -> Future[tuple[Denial, ...]]:
    subnet_ids = {*question.subnet_ids, *(subnet for each in users for subnet in each.vpc.subnet_ids)}
    group_ids = {*question.group_ids, *(group for each in users for group in each.vpc.security_group_ids)}
    subnets = [snapshot.subnets[subnet] for subnet in sorted(subnet_ids) if subnet in snapshot.subnets]
    resources = _arns(users[0], subnets, sorted(group_ids))[:_MOST_RESOURCES]
    context = _context(users[0], subnets)

    def ask() -> tuple[Denial, ...]:
        results = aws.simulate(role, INTERFACE_ACTIONS, resources, context)
        if results is None:
            return tuple(Denial(action, NO_SUCH_ROLE) for action in INTERFACE_ACTIONS)
        return denials_from(results)

    none: tuple[Denial, ...] = ()
    return reader.read("iam:SimulatePrincipalPolicy", ask, none, resource_ids=[each.name for each in users])


def _arns(function: Function, subnets: Iterable[Subnet], group_ids: Iterable[str]) -> list[str]:
    """A subnet may be shared by another account; groups and interfaces are the function's account's."""
    _arn, partition, _service, region, account, *_name = function.arn.split(":")
    start = f"arn:{partition}:ec2:{region}"
    return [
        f"{start}:{account}:network-interface/*",
        *(f"{start}:{subnet.owner_id or account}:subnet/{subnet.id}" for subnet in subnets),
        *(f"{start}:{account}:security-group/{group}" for group in group_ids),
    ]


def _context(function: Function, subnets: Iterable[Subnet]) -> dict[str, str]:
    """Condition keys that have one value for all of the resources
    (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html)."""
    _arn, partition, _service, region, account, *_name = function.arn.split(":")
    context = {"aws:RequestedRegion": region, "ec2:Region": region}
    places = {(subnet.owner_id or account, subnet.vpc_id) for subnet in subnets}
    if {owner for owner, _vpc in places} <= {account}:
        context["aws:ResourceAccount"] = account
    if len(places) == 1:
        ((owner, vpc_id),) = places
        context["ec2:Vpc"] = f"arn:{partition}:ec2:{region}:{owner}:vpc/{vpc_id}"
    return context
