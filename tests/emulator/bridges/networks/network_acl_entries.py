# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Entries of network ACLs are checked and take AWS's form; every list ends with a denial that nobody can delete.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html
"""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from moto.ec2.exceptions import EC2ClientError, InvalidParameterValueError, MissingParameter
from moto.ec2.models import EC2Backend
from moto.ec2.models.network_acls import NetworkAclEntry

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import replaces_method

NUMBERS = {"all": "-1", "icmp": "1", "tcp": "6", "udp": "17", "icmpv6": "58"}
WITH_PORTS = ("6", "17")
LARGEST = 32766
# What the console shows as an asterisk, of IPv4 and of IPv6.
LAST = {"0.0.0.0/0": 32767, "::/0": 32768}


def install() -> None:
    @replaces_method(EC2Backend, "create_network_acl")
    def created(original: Any, self: Any, vpc_id: str, *args: Any, **kwargs: Any) -> Any:
        acl = original(self, vpc_id, *args, **kwargs)
        ranges = ["0.0.0.0/0", *(["::/0"] if _has_ipv6(self.get_vpc(vpc_id)) else [])]
        for cidr in ranges if not acl.default else ranges[1:]:  # moto's default one has those of IPv4
            _end_with_denial(acl, cidr)
        return acl

    @replaces_method(EC2Backend, "associate_vpc_cidr_block")
    def associated(original: Any, self: Any, vpc_id: str, *args: Any) -> Any:
        had_ipv6 = _has_ipv6(self.get_vpc(vpc_id))
        answer = original(self, vpc_id, *args)
        if _has_ipv6(self.get_vpc(vpc_id)) and not had_ipv6:
            for acl in [each for each in self.network_acls.values() if each.vpc_id == vpc_id]:
                _end_with_denial(acl, "::/0")
        return answer

    _writes()


def _writes() -> None:
    @replaces_method(EC2Backend, "create_network_acl_entry")
    def created(original: Any, self: Any, **entry: Any) -> Any:
        # moto makes the denials of a new default ACL by this, too.
        is_last = entry["rule_number"] in LAST.values() and not _has(
            self.get_network_acl(entry["network_acl_id"]), entry
        )
        return original(self, **(entry if is_last else _checked(entry)))

    @replaces_method(EC2Backend, "delete_network_acl_entry")
    def deleted(original: Any, self: Any, network_acl_id: str, rule_number: int, egress: bool) -> Any:
        named = {"rule_number": rule_number, "egress": egress}
        if rule_number in LAST.values() or not _has(self.get_network_acl(network_acl_id), named):
            message = "The specified network acl entry does not exist"
            raise EC2ClientError("InvalidNetworkAclEntry.NotFound", message)
        return original(self, network_acl_id, rule_number, egress)

    @replaces_method(EC2Backend, "replace_network_acl_entry")
    def replaced(original: Any, self: Any, **entry: Any) -> Any:
        return original(self, **_checked(entry))


def _has(acl: Any, named: dict[str, Any]) -> bool:
    wanted = (named["rule_number"], named["egress"])
    return wanted in {(entry.rule_number, entry.egress) for entry in acl.network_acl_entries}


def _has_ipv6(vpc: Any) -> bool:
    return bool(vpc.get_cidr_block_association_set(ipv6=True))


def _end_with_denial(acl: Any, cidr: str) -> None:
    """In both directions; the default ACL allows all before that."""
    number = LAST[cidr]
    actions = {101: "allow", number: "deny"} if acl.default else {number: "deny"}
    family = {"cidr_block": None if ":" in cidr else cidr, "ipv6_cidr_block": cidr if ":" in cidr else None}
    rest = dict.fromkeys(("icmp_code", "icmp_type", "port_range_from", "port_range_to"))
    acl.network_acl_entries += [
        NetworkAclEntry(acl.ec2_backend, acl.id, each, "-1", action, egress, **family, **rest)
        for egress in (True, False)
        for each, action in actions.items()
    ]


def _checked(entry: dict[str, Any]) -> dict[str, Any]:
    if not 1 <= entry["rule_number"] <= LARGEST:
        raise InvalidParameterValueError(str(entry["rule_number"]))
    said = str(entry["protocol"]).lower()
    protocol = NUMBERS.get(said, said)
    if not re.fullmatch(r"-1|\d+", protocol):
        raise InvalidParameterValueError(said)
    ports = (entry["port_range_from"], entry["port_range_to"])
    if protocol in WITH_PORTS:
        if None in ports:
            raise MissingParameter("The request must contain the parameter portRange")
        if not 0 <= ports[0] <= ports[1] <= 65535:
            raise InvalidParameterValueError(f"{ports[0]}-{ports[1]}")
    else:
        ports = (None, None)
    return {**entry, **_range(entry), "protocol": protocol, "port_range_from": ports[0], "port_range_to": ports[1]}


def _range(entry: dict[str, Any]) -> dict[str, str | None]:
    """In canonical form: 100.68.0.18/18 is 100.68.0.0/18."""
    named = [key for key in ("cidr_block", "ipv6_cidr_block") if entry[key]]
    if len(named) != 1:
        raise MissingParameter("The request must contain either cidrBlock or ipv6CidrBlock")
    try:
        network = ipaddress.ip_network(entry[named[0]], strict=False)
    except ValueError:
        raise InvalidParameterValueError(entry[named[0]]) from None
    if network.version != {"cidr_block": 4, "ipv6_cidr_block": 6}[named[0]]:
        raise InvalidParameterValueError(entry[named[0]])
    return {named[0]: str(network)}
