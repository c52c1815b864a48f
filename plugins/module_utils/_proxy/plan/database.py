# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Whether a proxy can be put before a database, and whether one that is there can be used. PRIVATE to the collection.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html#rds-proxy.limitations
"""

from __future__ import annotations

from collections.abc import Iterator

from ..._errors import Refusal
from ..._model.databases import Database
from ..._model.engine_families import engine_family
from ..._model.names import CLUSTER, DatabaseName
from ..._model.proxies import Proxy
from ..observed import Observed
from ..parameters import Options


def database_refusals(name: DatabaseName, observed: Observed) -> Iterator[Refusal]:
    """Why there can be no proxy for the database."""
    option, database = f"db_{name.kind}_identifier", observed.database
    if database is None:
        reason = f"no such {name.kind} in this account and Region."
        yield Refusal(option, name.value, reason, "Check the identifier and the option region.")
        return
    if engine_family(database.engine) is None:
        yield Refusal(
            option,
            name.value,
            f"RDS Proxy does not support its engine ({database.engine or 'unknown'}).",
            "Connect to it without a proxy; there are proxies for MySQL, MariaDB, PostgreSQL and SQL Server.",
        )
    if name.kind != CLUSTER and database.cluster is not None:
        yield Refusal(
            option,
            name.value,
            f"is a member of the cluster {database.cluster}, and a proxy connects to the whole cluster.",
            f"Give db_cluster_identifier={database.cluster} instead.",
        )
    if database.replica_of is not None:
        yield Refusal(
            option,
            name.value,
            f"is a read replica of {database.replica_of}, and a proxy connects to the writer only.",
            f"Name {database.replica_of} instead.",
        )
    yield from _network_refusals(option, database, observed)


def _network_refusals(option: str, database: Database, observed: Observed) -> Iterator[Refusal]:
    name = database.identifier
    if database.vpc_id is None:
        yield Refusal(
            option,
            name,
            "the database is not in a VPC (an Aurora cluster of express configuration, for example).",
            "Create the database in a VPC.",
        )
    elif database.vpc_id in observed.dedicated_vpc_ids:
        yield Refusal(
            option,
            name,
            f"is in {database.vpc_id}, which has dedicated tenancy, and there RDS Proxy does not work.",
            "Connect to the database without a proxy, or move it to a VPC of default tenancy.",
        )
    if not database.security_group_ids:
        yield Refusal(option, name, "has no active security group.", "Put a security group on it.")
    if not database.port:
        yield Refusal(
            option,
            name,
            f"has no endpoint, and so no port, yet (status {database.status}).",
            "Wait until it is available.",
        )


def existing_refusals(want: Options, observed: Observed, proxy: Proxy, database: Database) -> Iterator[Refusal]:
    """What cannot be changed on the proxy that is there."""
    other = "Choose another name, or run state=absent first."
    if proxy.engine_family != engine_family(database.engine):
        reason = (
            f"the proxy is for {proxy.engine_family}, but the engine of {database.identifier} is {database.engine}."
        )
        yield Refusal("name", want.name, reason, other)
    if proxy.vpc_id != database.vpc_id:
        reason = f"the proxy is in {proxy.vpc_id}, but {database.identifier} is in {database.vpc_id}."
        yield Refusal("name", want.name, reason, other)
    if _wants_other_subnets(want, observed, proxy):
        reason = f"the subnets of a proxy cannot be changed; it has {', '.join(proxy.subnet_ids)}."
        yield Refusal("subnet_ids", want.subnet_ids, reason, f"Leave it out. {other}")
    others = [target for target in proxy.registered if target != want.database]
    if others and not proxy.ours:
        yield Refusal(
            f"db_{database.kind}_identifier",
            database.identifier,
            f"the proxy {want.name}, which this module did not make, is for {', '.join(one.text for one in others)}.",
            "Choose another name.",
        )


def _wants_other_subnets(want: Options, observed: Observed, proxy: Proxy) -> bool:
    """As users report, AWS leaves out subnets of zones without RDS Proxy, as long as others remain
    (https://github.com/hashicorp/terraform-provider-aws/blob/main/website/docs/r/db_proxy.html.markdown)."""
    if not want.subnet_ids:
        return False
    there = {observed.subnets[subnet].availability_zone for subnet in proxy.subnet_ids if subnet in observed.subnets}
    missing = set(want.subnet_ids) - set(proxy.subnet_ids)
    left_out = all(
        subnet in observed.subnets and observed.subnets[subnet].availability_zone not in there for subnet in missing
    )
    return not (set(proxy.subnet_ids) <= set(want.subnet_ids) and left_out)
