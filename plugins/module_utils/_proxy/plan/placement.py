# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The subnets of a new proxy, and whether there may be one more. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterator

from ..._errors import Refusal
from ..._model.databases import Database
from ..observed import Observed
from ..parameters import Options
from ..resolve import Resolution


def creation_refusals(
    want: Options, observed: Observed, resolution: Resolution, database: Database
) -> Iterator[Refusal]:
    """What a new proxy needs."""
    yield from _subnet_refusals(want, observed, resolution, database)
    if want.role_arn is None:
        yield Refusal(
            "role_arn",
            "missing",
            f"there is no proxy {want.name} yet, and a new one needs a role that rds.amazonaws.com can assume.",
            "Give the ARN of a role that may read the secrets (secretsmanager:GetSecretValue).",
        )
    quota = observed.proxies_quota
    if observed.proxies >= quota.value:
        source = "" if quota.known else " (AWS's default: the account's own could not be read)"
        yield Refusal(
            "name",
            want.name,
            f"the account has {observed.proxies} proxies in this Region, and may have {quota.value}{source}.",
            "Delete a proxy that is no longer needed, or have the quota L-D94C7EA3 raised"
            + ("." if quota.known else "; and allow servicequotas:GetServiceQuota, so that it can be read."),
        )


def _subnet_refusals(
    want: Options, observed: Observed, resolution: Resolution, database: Database
) -> Iterator[Refusal]:
    chosen = resolution.subnet_ids
    unknown = tuple(subnet for subnet in chosen if subnet not in observed.subnets)
    if unknown:
        yield Refusal("subnet_ids", unknown, "no such subnets in this account and Region.", "Check the ids.")
    known = [observed.subnets[subnet] for subnet in chosen if subnet in observed.subnets]
    elsewhere = [subnet for subnet in known if subnet.vpc_id != database.vpc_id]
    if elsewhere:
        yield Refusal(
            "subnet_ids",
            tuple(f"{subnet.id} of {subnet.vpc_id}" for subnet in elsewhere),
            f"are not in {database.vpc_id}, where the database is.",
            f"Give subnets of {database.vpc_id}, or leave it out for those of the database.",
        )
    zones = sorted({subnet.availability_zone for subnet in known})
    if len(zones) < 2 and not unknown:
        yield Refusal(
            "subnet_ids",
            chosen or "none",
            f"a proxy needs subnets in two Availability Zones, and these are in {', '.join(zones) or 'none'}.",
            "Give subnets of two zones at least"
            + ("." if want.subnet_ids else ": the database's own subnet group does not have them."),
        )
