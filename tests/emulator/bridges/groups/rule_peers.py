# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rule may name a group of its own VPC or of an actively peered one, also of another account by its UserId."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.ec2.exceptions import EC2ClientError, InvalidSecurityGroupNotFoundError
from moto.ec2.models import EC2Backend, ec2_backends
from moto.ec2.models.security_groups import SecurityGroup

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method

AFTER = ("prefix_lists",)


def install() -> None:
    # moto knows the groups of the caller's account only.
    @replaces_method(EC2Backend, "_add_source_group")
    def named(original: Any, self: Any, pairs: Any, vpc_id: str | None) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for pair in pairs or []:
            if pair.get("UserId", self.account_id) == self.account_id:
                found += original(self, [pair], vpc_id)
            elif peer_group(self, pair) is None:
                raise InvalidSecurityGroupNotFoundError(pair["GroupId"])
            else:
                found.append(pair)
        return found

    for direction in ("ingress", "egress"):

        @replaces_method(SecurityGroup, f"add_{direction}_rule")
        def add(original: Any, self: Any, rule: Any) -> None:
            if rule.source_group:
                _refuse_other_networks(self, peer_group(self.ec2_backend, rule.source_group))
            original(self, rule)


def peer_group(ec2: Any, pair: Mapping[str, Any]) -> Any:
    """The group that a rule names; None where it is gone."""
    owner = ec2_backends[pair.get("UserId", ec2.account_id)][ec2.region_name]
    return owner.get_security_group_from_id(pair["GroupId"])


def peering_between(ec2: Any, vpc_id: str, other_vpc_id: str) -> Any:
    """The active peering of two VPCs, else the last one that was not active; None where there was none."""
    found = [
        peering
        for peering in ec2.describe_vpc_peering_connections()
        if {peering.vpc.id, peering.peer_vpc.id} == {vpc_id, other_vpc_id}
    ]
    return next((peering for peering in found if is_active(peering)), found[-1] if found else None)


def is_active(peering: Any) -> bool:
    return bool(peering._status.code == "active")


def _refuse_other_networks(group: Any, peer: Any) -> None:
    if group.vpc_id == peer.vpc_id:
        return
    peering = peering_between(group.ec2_backend, group.vpc_id, peer.vpc_id)
    if peering is None or not is_active(peering):
        raise EC2ClientError(
            "InvalidGroup.NotFound", "You have specified two resources that belong to different networks."
        )
