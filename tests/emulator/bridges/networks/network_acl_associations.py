# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every subnet has exactly one network ACL of its VPC, and finds it; the default one of a VPC cannot be deleted.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import InvalidAssociationIdError, InvalidNetworkAclIdError, InvalidParameterValue
from moto.ec2.models import EC2Backend

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method


def install() -> None:
    @replaces_method(EC2Backend, "replace_network_acl_association")
    def replaced(original: Any, self: Any, association_id: str, network_acl_id: str) -> Any:
        acl = self.get_network_acl(network_acl_id)
        before = next((each for each in self.network_acls.values() if association_id in each._associations), None)
        if before is None:
            raise InvalidAssociationIdError(association_id)
        if before.vpc_id != acl.vpc_id:
            subnet_id = before._associations[association_id].subnet_id
            raise InvalidParameterValue(
                f"The network ACL {network_acl_id} and the subnet {subnet_id} belong to different networks"
            )
        return original(self, association_id, network_acl_id)

    @replaces_method(EC2Backend, "delete_network_acl")
    def deleted(original: Any, self: Any, network_acl_id: str) -> Any:
        if self.get_network_acl(network_acl_id).default:
            raise InvalidParameterValue(f"cannot delete default network ACL {network_acl_id}")
        return original(self, network_acl_id)

    @replaces_method(EC2Backend, "describe_network_acls")
    def described(original: Any, self: Any, network_acl_ids: Any = None, filters: Any = None) -> Any:
        if unknown := set(network_acl_ids or ()) - self.network_acls.keys():
            raise InvalidNetworkAclIdError(min(unknown))
        others = dict(filters or {})
        # moto wants the value to name all subnets of an ACL, or just one.
        wanted = set(others.pop("association.subnet-id", ()))
        return [
            acl
            for acl in original(self, network_acl_ids, others)
            if not wanted or wanted & {each.subnet_id for each in acl._associations.values()}
        ]

    @replaces_method(EC2Backend, "delete_subnet")
    def subnet_deleted(original: Any, self: Any, subnet_id: str) -> Any:
        answer = original(self, subnet_id)
        for acl in self.network_acls.values():
            kept = {key: each for key, each in acl._associations.items() if each.subnet_id != subnet_id}
            acl._associations = kept
        return answer
