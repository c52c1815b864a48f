# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Network ACLs with their entries, and the subnets that they guard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ansible_collections.cloudops.lambda_rds.tests.emulator.world.clients import Clients


@dataclass(frozen=True)
class Entry:
    """One entry; its number is that of its place in the list. `ports` of TCP and UDP only."""

    direction: Literal["ingress", "egress"]
    action: Literal["allow", "deny"]
    cidr: str = "0.0.0.0/0"
    ports: tuple[int, int] | None = None


ALLOW_ALL = (Entry("ingress", "allow"), Entry("egress", "allow"))


def make_network_acl(clients: Clients, vpc_id: str, subnet_ids: Sequence[str], entries: Sequence[Entry]) -> str:
    """These subnets have it in the place of the one that they had; entries have the numbers 100, 110, ...; its id."""
    acl_id = clients.ec2.create_network_acl(VpcId=vpc_id)["NetworkAcl"]["NetworkAclId"]
    for number, entry in enumerate(entries):
        rest: dict[str, Any] = {"Ipv6CidrBlock" if ":" in entry.cidr else "CidrBlock": entry.cidr}
        if entry.ports is not None:
            rest["PortRange"] = {"From": entry.ports[0], "To": entry.ports[1]}
        clients.ec2.create_network_acl_entry(
            NetworkAclId=acl_id,
            RuleNumber=100 + 10 * number,
            Protocol="-1" if entry.ports is None else "6",
            RuleAction=entry.action,
            Egress=entry.direction == "egress",
            **rest,
        )
    for subnet_id in subnet_ids:
        replace_network_acl(clients, subnet_id, acl_id)
    return acl_id


def replace_network_acl(clients: Clients, subnet_id: str, acl_id: str) -> None:
    """The subnet has this one now."""
    association = next(each for each in _associations(clients, subnet_id) if each["SubnetId"] == subnet_id)
    clients.ec2.replace_network_acl_association(
        AssociationId=association["NetworkAclAssociationId"], NetworkAclId=acl_id
    )


def _associations(clients: Clients, subnet_id: str) -> list[Any]:
    filters: Any = [{"Name": "association.subnet-id", "Values": [subnet_id]}]
    (acl,) = clients.ec2.describe_network_acls(Filters=filters)["NetworkAcls"]
    return list(acl["Associations"])
