# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Builds random accounts in the emulator, through its AWS API."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from ansible_collections.cloudops.lambda_rds.tests.emulator.emulator import REGION
from ansible_collections.cloudops.lambda_rds.tests.emulator.world.world import (
    Clients,
    make_function,
    make_group,
    make_instance,
    make_prefix_list,
    replace_network_acl,
)
from ansible_collections.cloudops.lambda_rds.tests.packets.random_acls import Entry
from ansible_collections.cloudops.lambda_rds.tests.packets.random_worlds import GROUPS, SUBNETS, VPC, Rule, World, Worn

DATABASE = "orders"


def build(clients: Clients, world: World) -> list[str]:
    """The functions' names; the database is `orders`."""
    vpc_id = clients.ec2.create_vpc(CidrBlock=VPC)["Vpc"]["VpcId"]
    subnet_ids = [make_subnet(clients, vpc_id, cidr, zone) for cidr, zone in SUBNETS]
    group_ids = [make_group(clients, vpc_id, f"g{number}") for number in range(GROUPS)]
    list_ids = [make_prefix_list(clients, f"p{number}", cidrs) for number, cidrs in enumerate(world.lists)]
    names = {f"g{number}": group_id for number, group_id in enumerate(group_ids)}
    names.update({f"p{number}": list_id for number, list_id in enumerate(list_ids)})
    _write_rules(clients, group_ids, world.rules, names)
    for subnet_id, entries in zip(subnet_ids, world.acls, strict=True):
        if entries is not None:
            _guard(clients, vpc_id, subnet_id, entries)
    place: dict[str, Any] = {"AvailabilityZone": f"{REGION}{world.zone}"} if world.zone else {"MultiAZ": True}
    wear = [_ids(end, subnet_ids, group_ids) for end in (world.database, *world.functions)]
    make_instance(clients, DATABASE, *wear[0], port=world.port, **place)
    for number, (subnets, groups) in enumerate(wear[1:]):
        make_function(clients, f"f{number}", subnet_ids=subnets, group_ids=groups, package="Image")
    return [f"f{number}" for number in range(len(world.functions))]


def make_subnet(clients: Clients, vpc_id: str, cidr: str, zone: str) -> str:
    made = clients.ec2.create_subnet(VpcId=vpc_id, CidrBlock=cidr, AvailabilityZone=f"{REGION}{zone}")
    return made["Subnet"]["SubnetId"]


def _ids(end: Worn, subnet_ids: list[str], group_ids: list[str]) -> tuple[list[str], list[str]]:
    return [subnet_ids[each] for each in end.subnets], [group_ids[each] for each in end.groups]


def _write_rules(clients: Clients, group_ids: list[str], rules: Iterable[Rule], names: dict[str, str]) -> None:
    """All of a group and direction at once; the egress that AWS gives to every new group goes first."""
    ordered = sorted(rules, key=lambda rule: (rule.group, rule.egress, rule.protocol, rule.ports, rule.peer))
    everything: Any = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    for group_id in group_ids:
        clients.ec2.revoke_security_group_egress(GroupId=group_id, IpPermissions=everything)
    for (group, egress), same in itertools.groupby(ordered, key=lambda rule: (rule.group, rule.egress)):
        write: Any = getattr(clients.ec2, f"authorize_security_group_{'egress' if egress else 'ingress'}")
        write(GroupId=group_ids[group], IpPermissions=[_permission(rule, names) for rule in same])


def _permission(rule: Rule, names: dict[str, str]) -> dict[str, Any]:
    ports = {} if rule.protocol == "-1" else {"FromPort": rule.ports[0], "ToPort": rule.ports[1]}
    return {"IpProtocol": rule.protocol, **ports, **_peer(names.get(rule.peer, rule.peer))}


def _peer(name: str) -> dict[str, Any]:
    if name.startswith("sg-"):
        return {"UserIdGroupPairs": [{"GroupId": name}]}
    if name.startswith("pl-"):
        return {"PrefixListIds": [{"PrefixListId": name}]}
    return {"Ipv6Ranges": [{"CidrIpv6": name}]} if ":" in name else {"IpRanges": [{"CidrIp": name}]}


def _guard(clients: Clients, vpc_id: str, subnet_id: str, entries: Iterable[Entry]) -> None:
    acl_id = clients.ec2.create_network_acl(VpcId=vpc_id)["NetworkAcl"]["NetworkAclId"]
    for entry in entries:
        more: dict[str, Any] = {"PortRange": {"From": entry.ports[0], "To": entry.ports[1]}} if entry.ports else {}
        if entry.protocol == "1":
            more["IcmpTypeCode"] = {"Type": -1, "Code": -1}
        clients.ec2.create_network_acl_entry(
            NetworkAclId=acl_id,
            RuleNumber=entry.number,
            Protocol=entry.protocol,
            RuleAction="allow" if entry.allow else "deny",
            Egress=entry.egress,
            CidrBlock=entry.cidr,
            **more,
        )
    replace_network_acl(clients, subnet_id, acl_id)
