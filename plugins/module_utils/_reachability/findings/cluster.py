# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The instances that a cluster consists of: it is available without any, too. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..._model.databases import Database
from ..._model.names import CLUSTER
from ..catalogue.findings import BLOCKS, RISK, Finding
from .database import CLOSED, is_busy


def cluster_findings(cluster: Database, states: Mapping[str, str]) -> Iterator[Finding]:
    """Nothing of a cluster that takes no connections as a whole: that is a finding already.

    :param states: the status of each instance, as far as it could be read
    """
    if cluster.kind != CLUSTER or cluster.port is None or cluster.status in CLOSED or cluster.without_members:
        return
    if not cluster.members:
        yield Finding("cluster_no_members", BLOCKS, cluster.identifier)
        return
    asked = _asked_for(cluster)
    closed = [member for member in asked if states.get(member) in CLOSED]
    for member in closed:
        code = "cluster_writer_not_available" if member in cluster.writers else "cluster_reader_not_available"
        values = {"member": member, "status": states[member]}
        yield Finding(code, BLOCKS if closed == asked else RISK, cluster.identifier, values)
    for member in asked:
        if is_busy(states.get(member, "")):
            yield Finding("database_busy", RISK, member, {"status": states[member]})


def _asked_for(cluster: Database) -> list[str]:
    """Those that the endpoint leads to; without readers the reader endpoint leads to the writer
    (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Endpoints.Reader.html)."""
    readers = [member for member in cluster.members if member not in cluster.writers]
    everyone = list(cluster.members)
    return {"writer": list(cluster.writers), "reader": readers}.get(cluster.role, everyone) or everyone
