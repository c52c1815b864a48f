# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Security groups and their rules."""

from __future__ import annotations

from typing import Any, Literal

from ansible_collections.cloudops.lambda_rds.tests.emulator.world_clients import Clients
from ansible_collections.cloudops.lambda_rds.tests.emulator.world_tags import tag_list


def make_group(clients: Clients, vpc_id: str, name: str, *, tags: dict[str, str] | None = None) -> str:
    """A security group as AWS makes it, with its allow-all egress; its id."""
    specification = [{"ResourceType": "security-group", "Tags": tag_list(tags)}] if tags else []
    made = clients.ec2.create_security_group(
        GroupName=name,
        Description=f"made for {name}",
        VpcId=vpc_id,
        TagSpecifications=specification,  # type: ignore[arg-type]  # a literal's TypedDict is not inferred
    )
    return made["GroupId"]


def allow(
    clients: Clients,
    group_id: str,
    direction: Literal["ingress", "egress"],
    peer: str,
    port: int,
    *,
    description: str = "",
    tags: dict[str, str] | None = None,
) -> str:
    """A TCP rule of one port, to or from a group or an IPv4 range; the rule's id."""
    said = {"Description": description} if description else {}
    to = {"UserIdGroupPairs": [{"GroupId": peer, **said}]} if peer.startswith("sg-") else {}
    permission = {
        "IpProtocol": "tcp",
        "FromPort": port,
        "ToPort": port,
        **(to or {"IpRanges": [{"CidrIp": peer, **said}]}),
    }
    authorize: Any = getattr(clients.ec2, f"authorize_security_group_{direction}")
    specification = [{"ResourceType": "security-group-rule", "Tags": tag_list(tags)}] if tags else []
    made = authorize(GroupId=group_id, IpPermissions=[permission], TagSpecifications=specification)
    return str(made["SecurityGroupRules"][0]["SecurityGroupRuleId"])
