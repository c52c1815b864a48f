# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""How many network interfaces Lambda has to make for a plan, and whether it may. PRIVATE to the collection.

It makes one for each subnet and set of security groups, for all functions with the same ones
(https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-enis).
"""

from __future__ import annotations

from collections.abc import Iterable

from ..._errors import Refusal
from ..._model.functions import VpcConfig
from ..observed import Observed
from ..resolve.attachments import Attachment
from ..resolve.target import Target

# Up to so many new ones are not worth a look at how many there are: a tenth of AWS's default for a VPC.
MANY = 50


def new_interfaces(observed: Observed, attachments: Iterable[Attachment]) -> int:
    """The subnets with sets of security groups that no function among the observed has by now."""
    there = {pair for function in observed.state.functions.values() for pair in _pairs(function.vpc)}
    return len({pair for each in attachments for pair in _pairs(each.after)} - there)


def _pairs(vpc: VpcConfig) -> set[tuple[str, frozenset[str]]]:
    groups = frozenset(vpc.security_group_ids)
    return {(subnet, groups) for subnet in vpc.subnet_ids}


def interface_refusals(observed: Observed, target: Target, attachments: Iterable[Attachment]) -> list[Refusal]:
    """Lambda finds out half of the way, with some functions attached (EniLimitExceeded); so say it before."""
    needed, room = new_interfaces(observed, attachments), observed.interfaces_in_vpc
    if room is None or needed <= room.quota.value - room.used:
        return []
    source = "" if room.quota.known else " (AWS's default: the account's own could not be read)"
    return [
        Refusal(
            "security_group_scope",
            "function",
            f"takes {needed} network interfaces of Lambda in {target.vpc_id}, one for each subnet and client group, and"
            f" there are {room.used} of the {room.quota.value} that a VPC may have{source}.",
            "Set security_group_scope to database (one set of interfaces for all functions of a database), or have the"
            " quota L-9FEE3D26 raised.",
        )
    ]
