# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What network ACLs do with traffic. PRIVATE to the collection.

They keep no connections: the answers need entries of their own
(https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Optional

from ..._model.network_acls import Acl, AclEntry
from ..catalogue.hops import CLOSED, OPEN, PARTLY
from .addresses import FlowSpec, Range, cut, network, overlap, ports_text

TCP = "6"
EVERY_PROTOCOL = "-1"
# What functions, and RDS Proxy, call from
# (https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports).
EPHEMERAL = Range(1024, 65535)
# The number of the entry that every ACL ends with, shown as "*", which denies what no other entry matches
# (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html: others are at most 32766).
LAST_ENTRY = 32767


@dataclass(frozen=True)
class AclDecision:
    """Whether traffic passes; where it does not, what is ``denied``, and the first ``entry`` that does so.

    An entry that allows it has to come before the one of that ``number``.
    """

    state: str
    denied: tuple[FlowSpec, ...] = ()
    entry: str = ""
    number: str = "*"


def acl_decision(acl: Acl, traffic: FlowSpec, family: int, *, egress: bool) -> AclDecision:
    """What the entries do with TCP to (or from) these addresses on these ports: the lowest number that fits decides."""
    remaining, denied, some = [traffic], list[FlowSpec](), False
    decisive: Optional[AclEntry] = None
    for entry, flow in _fitting(acl, family, egress=egress):
        hits = [overlap(each, flow) for each in remaining if each.meets(flow)]
        if not hits:
            continue
        if entry.allow:
            some = True
        else:
            denied += hits
            decisive = decisive or entry
        remaining = [piece for each in remaining for piece in cut(each, flow)]
    denied += remaining
    if not denied:
        return AclDecision(OPEN)
    return AclDecision(PARTLY if some else CLOSED, tuple(denied), _text(decisive), _number(decisive))


def _fitting(acl: Acl, family: int, *, egress: bool) -> Iterator[tuple[AclEntry, FlowSpec]]:
    for entry in sorted(acl.entries, key=lambda entry: entry.number):
        if entry.egress == egress and entry.protocol in (TCP, EVERY_PROTOCOL):
            version, addresses = network(entry.cidr)
            every = entry.protocol == EVERY_PROTOCOL
            if version == family:
                yield entry, FlowSpec(addresses, Range(0, 65535) if every else Range(entry.from_port, entry.to_port))


def _number(entry: Optional[AclEntry]) -> str:
    return "*" if entry is None or entry.number >= LAST_ENTRY else str(entry.number)


def _text(entry: Optional[AclEntry]) -> str:
    """The entry as the console's columns have it: number, protocol and ports, network, what it does."""
    if entry is None or _number(entry) == "*":
        return "* deny"
    if entry.protocol == EVERY_PROTOCOL:
        return f"{entry.number} all {entry.cidr} deny"
    return f"{entry.number} tcp/{ports_text([Range(entry.from_port, entry.to_port)])} {entry.cidr} deny"
