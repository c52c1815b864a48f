# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a proxy brings with it. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterator

from ..._model.databases import Database
from ..._reachability.catalogue.findings import NOTE, RISK, Finding
from ..observed import Observed
from ..parameters import Options


def present_findings(want: Options, observed: Observed, database: Database) -> Iterator[Finding]:
    """Of a proxy that is there or is to be created."""
    if database.min_capacity == 0:
        yield Finding("serverless_does_not_pause", RISK, database.identifier)
    proxy = observed.state.proxy
    if proxy is not None and not proxy.ours:
        yield Finding("not_ours", NOTE, want.name)
