# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The VPC attachment that a function shall have when it is connected. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ..._errors import Refusal
from ..._model.functions import MAX_GROUPS, Function, VpcConfig
from ..._model.notes import without
from ..._model.security_groups import Group
from ..observed import Observed
from ..parameters import Options
from .client_groups import Client, superseded
from .target import Target


@dataclass(frozen=True)
class Attachment:
    """A function's client group, its VPC configuration before and after, and the groups of ours that it leaves."""

    name: str
    client: Client
    before: VpcConfig
    after: VpcConfig
    superseded: tuple[Group, ...] = ()

    @property
    def changes(self) -> bool:
        return self.after != self.before

    def replaces(self, bare: VpcConfig) -> bool:
        """Whether more changes than that groups of ours come and go: then absent needs a note to undo it.

        ``bare`` is the VPC configuration that the function would have without us.
        """
        return bare.attached and replace(bare, security_group_ids=()) != replace(self.after, security_group_ids=())


def find_attachments(want: Options, observed: Observed, target: Target, clients: Iterable[Client]) -> list[Attachment]:
    """How each function that exists is attached, in the functions' order."""
    return [
        _attach(want, observed, target, client, observed.state.functions[name])
        for client in clients
        for name in client.functions
        if name in observed.state.functions
    ]


def _attach(want: Options, observed: Observed, target: Target, client: Client, function: Function) -> Attachment:
    """A function in the VPC keeps its groups, and its subnets unless others were given; another gets the target's."""
    left = tuple(superseded(observed, function.name, client.group.id))
    now, client_id, ipv6 = function.vpc, client.group.id, want.ipv6_allowed_for_dual_stack
    if not now.attached or observed.vpc_of(now) != target.vpc_id:
        moved = VpcConfig(target.subnet_ids, (client_id,), bool(ipv6))
        return Attachment(function.name, client, now, moved, left)
    subnets = want.subnet_ids if want.subnet_ids and set(want.subnet_ids) != set(now.subnet_ids) else now.subnet_ids
    kept = VpcConfig(
        subnets,
        without(now.security_group_ids, {group.id for group in left}),
        now.ipv6_allowed_for_dual_stack if ipv6 is None else ipv6,
    )
    return Attachment(function.name, client, now, kept.with_group(client_id), left)


def attachment_refusals(want: Options, observed: Observed, target: Target, attachment: Attachment) -> Iterator[Refusal]:
    """Why a function cannot get this attachment."""
    function, after = observed.state.functions[attachment.name], attachment.after
    if function.capacity_provider is not None:
        yield Refusal(
            "function_name",
            function.name,
            f"runs on the capacity provider {function.capacity_provider}, which carries the VPC configuration.",
            "Set the subnets and security groups of the capacity provider instead.",
        )
        return
    vpc_id = observed.vpc_of(function.vpc)
    if function.vpc.attached and vpc_id != target.vpc_id and not want.allow_vpc_change:
        yield Refusal(
            "function_name",
            function.name,
            f"is in {vpc_id or 'a VPC that cannot be read'}, but the database is in {target.vpc_id}; moving it would"
            " cut it off from what it reaches there.",
            "Set allow_vpc_change to true to move it, or peer the VPCs and give vpc_id and subnet_ids of its own.",
        )
    if not after.subnet_ids:
        yield Refusal(
            "subnet_ids",
            "missing",
            f"the function {function.name} is not in {target.vpc_id}, and there are no subnets to put it into.",
            f"Give subnet_ids of {target.vpc_id}.",
        )
    if len(after.security_group_ids) > MAX_GROUPS:
        yield Refusal(
            "function_name",
            function.name,
            f"wears {len(after.security_group_ids) - 1} security groups, and a function takes at most {MAX_GROUPS}.",
            "Take one off, or use one that it wears as the client group by security_group_id.",
        )
