# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a proxy brings with it. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterator

from ..._connection.plan.findings import Finding
from ..._model.databases import Database
from ..observed import Observed
from ..parameters import Options
from ..resolve import Resolution
from .addresses import addresses_needed

_GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html"
_AUTO_PAUSE = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html"
_ADDRESSES = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-network-prereqs.html"
_PRICING = "https://aws.amazon.com/rds/proxy/pricing/"


def present_findings(want: Options, seen: Observed, resolution: Resolution, database: Database) -> Iterator[Finding]:
    """Of a proxy that is there or is to be made."""
    if database.capacity is not None and database.capacity.least == 0:
        yield Finding(
            "serverless_does_not_pause",
            "risk",
            database.identifier,
            f"The cluster {database.identifier} can scale to zero, but with a proxy it does not pause: the proxy keeps"
            " connections open.",
            "Expect it to be billed all the time, or connect without a proxy.",
            _AUTO_PAUSE,
        )
    proxy = seen.state.proxy
    if proxy is None:
        yield from _creation_findings(want, seen, resolution, database)
    elif not proxy.ours:
        yield Finding(
            "not_ours",
            "note",
            want.name,
            f"The proxy {want.name} was not made by this module: only what the task names is changed, and its tags are"
            " not purged.",
            "Where it is to be deleted too, do so by whatever made it.",
            _GUIDE,
        )


def _creation_findings(want: Options, seen: Observed, resolution: Resolution, database: Database) -> Iterator[Finding]:
    counts = [seen.subnets[subnet].free_addresses for subnet in resolution.subnet_ids]
    free = sum(count for count in counts if count is not None)
    needed = addresses_needed(database, seen.member_classes)
    if None not in counts and free < needed:
        yield Finding(
            "few_addresses",
            "risk",
            want.name,
            f"The subnets of the proxy have {free} free addresses, and AWS's minimum for this database is {needed};"
            " without them the proxy cannot scale.",
            "Free addresses, or give larger subnets by subnet_ids: they cannot be changed later.",
            _ADDRESSES,
        )
    yield Finding(
        "billed_by_capacity",
        "note",
        want.name,
        f"A proxy is billed for each hour, by the vCPUs or capacity units of its database {database.identifier}.",
        "See the prices of the Region, and delete the proxy when it is no longer needed.",
        _PRICING,
    )
    yield Finding(
        "counts_against_quota",
        "note",
        want.name,
        f"With this proxy the account has {seen.proxies + 1} of {seen.proxies_quota.value} in this Region.",
        "Have the quota L-D94C7EA3 raised before it is used up.",
        f"{_GUIDE}#rds-proxy.limitations",
    )
