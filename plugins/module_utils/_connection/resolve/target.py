# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Where the connection leads: discovered from the database, overridden by options. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Optional

from ..._errors import Refusal
from ..._model.functions import MAX_SUBNETS
from ..._model.names import BY_IDS, PROXY
from ..._model.networks import Subnet
from ..observed import Observed
from ..parameters import Options


@dataclass(frozen=True)
class Target:
    """``subnet_ids`` are for functions that have to be put into the VPC."""

    vpc_id: str
    subnet_ids: tuple[str, ...]
    database_group_ids: tuple[str, ...]
    port: int


def target_vpc(want: Options, observed: Observed) -> Optional[str]:
    return want.vpc_id or (observed.database.vpc_id if observed.database else None)


def database_groups(want: Options, observed: Observed) -> tuple[str, ...]:
    """The security groups of the database, or those given in their place."""
    return want.rds_security_group_ids or (observed.database.security_group_ids if observed.database else ())


def egress_groups(want: Options) -> list[str]:
    """The groups that the option egress_rules names."""
    return [rule.peer.value for rule in want.egress_rules if rule.peer.kind == "group"]


def find_target(want: Options, observed: Observed) -> tuple[Optional[Target], list[Refusal]]:
    """The target, or why there is none; with it, what is wrong with the ids that lead to it."""
    vpc_id = target_vpc(want, observed)
    port = want.port or (observed.database.port if observed.database else None)
    refusals = [*_database_refusals(want, observed)]
    if not refusals and vpc_id is not None and port is not None:
        refusals += [*_vpc_refusals(want, observed, vpc_id), *_subnet_refusals(want, observed, vpc_id)]
        refusals += [*_group_refusals(want, observed, vpc_id), *_egress_refusals(want, observed, vpc_id)]
        return Target(vpc_id, _subnets(want, observed, vpc_id), database_groups(want, observed), port), refusals
    return None, refusals


def _database_refusals(want: Options, observed: Observed) -> Iterator[Refusal]:
    database = observed.database
    if database is None:
        if want.database.kind != BY_IDS:
            yield Refusal(
                _option(want),
                want.database.endpoint or want.database.value,
                "no such database in this account and Region.",
                "Check the name and the option region, or give vpc_id, subnet_ids, rds_security_group_ids and port"
                " by hand.",
            )
        return
    name = database.identifier
    if want.database.endpoint is not None and database.endpoint != want.database.endpoint:
        yield Refusal(
            "db_hostname",
            want.database.endpoint,
            f"is not the endpoint of the {database.kind} {name}, which is {database.endpoint or 'not there yet'}.",
            f"Give that host name, or name the database by {_named_by(database.kind)}.",
        )
    if target_vpc(want, observed) is None:
        yield Refusal(
            _option(want),
            name,
            "the database is not in a VPC (an Aurora cluster of express configuration, for example).",
            "Reach it by its public endpoint, or create the database in a VPC.",
        )
        return
    if not (want.rds_security_group_ids or database.security_group_ids):
        yield Refusal(
            _option(want), name, "has no active security group.", "Give rds_security_group_ids, or put a group on it."
        )
    if not (want.port or database.port):
        yield Refusal(
            _option(want),
            name,
            f"has no endpoint, and so no port, yet (status {database.status}).",
            "Wait until it is available, or give port.",
        )

    if database.kind == PROXY:
        yield from _proxy_target_refusals(want, observed, name)


def _proxy_target_refusals(want: Options, observed: Observed, name: str) -> Iterator[Refusal]:
    """A proxy leads somewhere only with a target that exists and has a port."""
    target = observed.proxy_target
    if target is None:
        reason = "the proxy has no target, or one that no longer exists, so it leads nowhere."
        remedy = "Register a database with it (module rds_db_proxy, or aws rds register-db-proxy-targets)."
        yield Refusal(_option(want), name, reason, remedy)
    elif target.port is None:
        reason = f"the {target.kind} behind it, {target.identifier}, has no port yet ({target.status})."
        yield Refusal(_option(want), name, reason, "Wait until it is available.")


def _named_by(kind: str) -> str:
    return "db_proxy_name" if kind == PROXY else f"db_{kind}_identifier"


def _option(want: Options) -> str:
    return "db_hostname" if want.database.endpoint is not None else _named_by(want.database.kind)


def _vpc_refusals(want: Options, observed: Observed, vpc_id: str) -> Iterator[Refusal]:
    if vpc_id in observed.unknown_vpc_ids:
        yield Refusal(
            "vpc_id", vpc_id, "no such VPC in this account and Region.", "Check the id and the option region."
        )
    if vpc_id in observed.dedicated_vpc_ids:
        yield Refusal(
            "vpc_id" if want.vpc_id else _option(want),
            vpc_id,
            "the VPC has dedicated tenancy, which Lambda cannot connect to.",
            "Peer a VPC of default tenancy with it and give vpc_id and subnet_ids of that one.",
        )


def _subnet_refusals(want: Options, observed: Observed, vpc_id: str) -> Iterator[Refusal]:
    unknown = [subnet for subnet in want.subnet_ids if subnet not in observed.subnets]
    if unknown:
        yield Refusal("subnet_ids", tuple(unknown), "no such subnets in this account and Region.", "Check the ids.")
    elsewhere = [observed.subnets[subnet] for subnet in want.subnet_ids if subnet in observed.subnets]
    elsewhere = [subnet for subnet in elsewhere if subnet.vpc_id != vpc_id]
    if elsewhere:
        yield Refusal(
            "subnet_ids",
            tuple(f"{subnet.id} of {subnet.vpc_id}" for subnet in elsewhere),
            f"are not in {vpc_id}.",
            f"Give subnets of {vpc_id}, or the vpc_id that they are in.",
        )


def _group_refusals(want: Options, observed: Observed, vpc_id: str) -> Iterator[Refusal]:
    known = observed.state.groups
    unknown = [group for group in want.rds_security_group_ids if group not in known]
    if unknown:
        yield Refusal(
            "rds_security_group_ids",
            tuple(unknown),
            "no such security groups in this account and Region.",
            "Check the ids.",
        )
    vpcs = {group: known[group].vpc_id for group in want.rds_security_group_ids if group in known}
    if not want.rds_security_group_ids and observed.database is not None and observed.database.vpc_id is not None:
        vpcs = dict.fromkeys(observed.database.security_group_ids, observed.database.vpc_id)
    unreachable = [
        f"{group} of {vpc}" for group, vpc in vpcs.items() if vpc != vpc_id and vpc not in observed.peered_vpc_ids
    ]
    if unreachable:
        yield Refusal(
            "rds_security_group_ids" if want.rds_security_group_ids else "vpc_id",
            tuple(unreachable),
            f"are in another VPC than {vpc_id}, and no active peering connection joins the two.",
            f"Give groups of {vpc_id}, or peer the VPCs.",
        )


def _egress_refusals(want: Options, observed: Observed, vpc_id: str) -> Iterator[Refusal]:
    known = observed.state.groups
    unknown = [group for group in egress_groups(want) if group not in known]
    if unknown:
        reason = "no such security groups in this account and Region."
        yield Refusal("egress_rules, group_id", tuple(unknown), reason, "Check the ids.")
    elsewhere = [group for group in egress_groups(want) if group in known and known[group].vpc_id != vpc_id]
    unreachable = [group for group in elsewhere if known[group].vpc_id not in observed.peered_vpc_ids]
    if unreachable:
        yield Refusal(
            "egress_rules, group_id",
            tuple(f"{group} of {known[group].vpc_id}" for group in unreachable),
            f"are in another VPC than {vpc_id}, and no active peering connection joins the two.",
            f"Give groups of {vpc_id}, or peer the VPCs.",
        )


def _subnets(want: Options, observed: Observed, vpc_id: str) -> tuple[str, ...]:
    """Those given, or those of the database's subnet group in the VPC: one of each zone in turn, at most 16."""
    if want.subnet_ids or observed.database is None:
        return want.subnet_ids
    known = [observed.subnets[subnet] for subnet in observed.database.subnet_ids if subnet in observed.subnets]
    zones: dict[str, list[Subnet]] = {}
    for subnet in sorted(known, key=lambda subnet: (subnet.availability_zone, subnet.id)):
        if subnet.vpc_id == vpc_id:
            zones.setdefault(subnet.availability_zone, []).append(subnet)
    rounds = max((len(subnets) for subnets in zones.values()), default=0)
    in_turn = [subnets[turn].id for turn in range(rounds) for subnets in zones.values() if turn < len(subnets)]
    return tuple(sorted(in_turn[:MAX_SUBNETS]))
