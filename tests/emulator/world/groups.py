# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Security groups, their rules, and prefix lists that rules name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from ansible_collections.cloudops.lambda_rds.tests.emulator.world.clients import Clients
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.tags import tag_list


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
    """A TCP rule of one port, to or from a group, a range or a prefix list; the rule's id."""
    said = {"Description": description} if description else {}
    key, name = _kind(peer)
    permission = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, key: [{name: peer, **said}]}
    authorize: Any = getattr(clients.ec2, f"authorize_security_group_{direction}")
    specification = [{"ResourceType": "security-group-rule", "Tags": tag_list(tags)}] if tags else []
    made = authorize(GroupId=group_id, IpPermissions=[permission], TagSpecifications=specification)
    return str(made["SecurityGroupRules"][0]["SecurityGroupRuleId"])


def make_prefix_list(clients: Clients, name: str, cidrs: Sequence[str], *, most: int = 10) -> str:
    """A prefix list of IPv4 ranges, which counts as `most` rules wherever a rule names it; its id."""
    made = clients.ec2.create_managed_prefix_list(
        PrefixListName=name, AddressFamily="IPv4", MaxEntries=most, Entries=[{"Cidr": cidr} for cidr in cidrs]
    )
    return made["PrefixList"]["PrefixListId"]


def _kind(peer: str) -> tuple[str, str]:
    if peer.startswith("sg-"):
        return "UserIdGroupPairs", "GroupId"
    if peer.startswith("pl-"):
        return "PrefixListIds", "PrefixListId"
    return ("Ipv6Ranges", "CidrIpv6") if ":" in peer else ("IpRanges", "CidrIp")
