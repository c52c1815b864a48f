# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Network ACLs, from EC2's answers. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class AclEntry:
    """One entry of a network ACL. ``protocol``: "-1" for all, else a number as text; ports are those of TCP and UDP."""

    number: int
    egress: bool
    allow: bool
    protocol: str
    cidr: str
    from_port: int = 0
    to_port: int = 65535


@dataclass(frozen=True)
class Acl:
    """A network ACL and the subnets that it guards."""

    id: str
    subnet_ids: tuple[str, ...]
    entries: tuple[AclEntry, ...]


def acl_from(acl: Mapping[str, Any]) -> Acl:
    return Acl(
        acl["NetworkAclId"],
        tuple(each["SubnetId"] for each in acl["Associations"]),
        tuple(_entry(entry) for entry in acl["Entries"]),
    )


def _entry(entry: Mapping[str, Any]) -> AclEntry:
    """Ports are there for TCP and UDP only; every protocol has all of them."""
    ports = entry.get("PortRange") or {"From": 0, "To": 65535}
    return AclEntry(
        entry["RuleNumber"],
        entry["Egress"],
        entry["RuleAction"] == "allow",
        str(entry["Protocol"]),
        entry.get("CidrBlock") or entry["Ipv6CidrBlock"],
        ports["From"],
        ports["To"],
    )
