# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The network interfaces of Lambda: one for each subnet and set of security groups that any function uses.

They outlive their last user by SETTINGS.interface_release_seconds, but are taken at once from inactive functions
(https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html).
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.ec2.exceptions import InvalidSubnetIdError
from moto.ec2.models import ec2_backends
from moto.ec2.responses import EC2Response
from moto.iam.models import iam_backends

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.interfaces.service_interfaces import (
    ServiceInterface,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.networks.free_addresses import free_addresses
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.clock import CLOCK
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.settings import SETTINGS

Combination = tuple[str, frozenset[str]]


class LambdaInterface(ServiceInterface):
    """Made by the execution role of the first function that needed it, and so not `RequesterManaged`."""

    interface_type = "lambda"
    attachment_prefix = "ela-attach"

    def __init__(self, ec2: Any, combination: Combination, function: Any) -> None:
        subnet_id, group_ids = combination
        description = f"AWS Lambda VPC ENI-{function.function_name}-{uuid.uuid4()}"
        super().__init__(ec2, subnet_id, sorted(group_ids), description)
        self.combination = combination
        self.requester_id = f"{_role_id(function)}:{function.function_name}"
        self.unused_since: float | None = None


def install() -> None:
    @replaces_method(EC2Response, "call_action")
    def call_action(original: Any, self: Any) -> Any:
        # Functions may have been set inactive since the last update of any.
        _reclaim(self.current_account, self.region)
        return original(self)


def settle(account_id: str, region: str, *vpc_configs: Mapping[str, Any] | None) -> None:
    """Make the interfaces match the configurations in use, where one of these was or is used."""
    ec2 = ec2_backends[account_id][region]
    _reclaim(account_id, region)
    combinations = {combination for config in vpc_configs for combination in _combinations(config or {})}
    if not combinations:
        return
    held, used = _held(ec2), _used(account_id, region, combinations, inactive=False)
    for combination in combinations:
        interface = held.get(combination)
        if combination not in used:
            if interface is not None and interface.unused_since is None:
                _release_later(ec2, interface)
        elif interface is not None:
            interface.unused_since = None
        elif _obstacle(ec2, [combination]) is None:
            held[combination] = LambdaInterface(ec2, combination, used[combination])


def cannot_make(account_id: str, region: str, vpc_config: Mapping[str, Any]) -> str | None:
    """The reason code why the interfaces of a VPC configuration could not be made now."""
    ec2 = ec2_backends[account_id][region]
    held = _held(ec2)
    return _obstacle(ec2, [combination for combination in _combinations(vpc_config) if combination not in held])


def _obstacle(ec2: Any, missing: list[Combination]) -> str | None:
    if not missing:
        return None
    if any(ec2.get_security_group_from_id(group) is None for _subnet, groups in missing for group in groups):
        return "InvalidSecurityGroup"
    try:
        subnets = [ec2.get_subnet(subnet_id) for subnet_id, _groups in missing]
    except InvalidSubnetIdError:
        return "InvalidSubnet"
    in_vpc = sum(interface.vpc_id == subnets[0].vpc_id for interface in _held(ec2).values())
    if in_vpc + len(missing) > SETTINGS.interfaces_per_vpc:
        return "EniLimitExceeded"
    if any(next(free_addresses(subnet), None) is None for subnet in subnets):
        return "SubnetOutOfIPAddresses"
    return None


def _held(ec2: Any) -> dict[Combination, LambdaInterface]:
    return {
        interface.combination: interface for interface in ec2.enis.values() if isinstance(interface, LambdaInterface)
    }


def _used(
    account_id: str, region: str, combinations: Collection[Combination], *, inactive: bool
) -> dict[Combination, Any]:
    """Those of the combinations that are used, each with one of its users: an inactive function, or another one."""
    groups = {groups for _subnet, groups in combinations}
    return {
        combination: function
        for function in _functions(account_id, region)
        if (function.function_name in SETTINGS.inactive_functions) is inactive
        for config in (function._vpc_config, getattr(function, "previous_vpc_config", None))
        if config and frozenset(config.get("SecurityGroupIds") or ()) in groups
        for combination in _combinations(config)
        if combination in combinations
    }


def vpc_configs(account_id: str, region: str) -> Iterator[Any]:
    """Of all functions and versions, also what an update replaces."""
    for function in _functions(account_id, region):
        yield from (function._vpc_config, getattr(function, "previous_vpc_config", None))


def _functions(account_id: str, region: str) -> Iterator[Any]:
    """Each `$LATEST`, each published version."""
    for function in lambda_backends[account_id][region]._lambdas._functions.values():
        yield from function["versions"]
        if function["latest"] is not None:
            yield function["latest"]


def _combinations(vpc_config: Mapping[str, Any]) -> list[Combination]:
    groups = frozenset(vpc_config.get("SecurityGroupIds") or ())
    return [(subnet, groups) for subnet in vpc_config.get("SubnetIds") or ()]


def _reclaim(account_id: str, region: str) -> None:
    """Take the interfaces that nobody uses but inactive functions."""
    if not SETTINGS.inactive_functions:
        return
    ec2 = ec2_backends[account_id][region]
    held = _held(ec2)
    idle = _used(account_id, region, held, inactive=True).keys() - _used(account_id, region, held, inactive=False)
    for combination in idle:
        ec2.delete_network_interface(held[combination].id)


def _release_later(ec2: Any, interface: LambdaInterface) -> None:
    interface.unused_since = CLOCK.now()
    release = functools.partial(_release, ec2.account_id, ec2.region_name, interface.id, interface.unused_since)
    CLOCK.later(SETTINGS.interface_release_seconds, release)


def _release(account_id: str, region: str, interface_id: str, unused_since: float) -> None:
    ec2 = ec2_backends[account_id][region]
    interface = ec2.enis.get(interface_id)
    if isinstance(interface, LambdaInterface) and interface.unused_since == unused_since:
        ec2.delete_network_interface(interface_id)


def _role_id(function: Any) -> str:
    roles = iam_backends[function.account_id]["aws"].roles.values()
    return next((str(role.id) for role in roles if role.arn == function.role), "AROA")
