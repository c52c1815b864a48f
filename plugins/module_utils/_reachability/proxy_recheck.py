# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Looks at a proxy's target again where nothing but its health is against a path. PRIVATE to the collection.

AWS tries again only after a while, so that a path may be open which it still says is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Callable

from .._aws.client import Aws
from .._model.databases import Database
from .._model.proxy_targets import UNREACHABLE, target_from, trouble
from .._process.waiting import pauses
from .catalogue.findings import BLOCKS
from .catalogue.hops import Verdict
from .snapshot import Snapshot
from .verdict import evaluate


def recheck(
    snapshot: Snapshot, names: Sequence[str], aws: Aws, sleep: Callable[[float], None], seconds: float
) -> tuple[Snapshot, tuple[Verdict, ...]]:
    """The scene and the verdicts once AWS has tried again, or after so many seconds."""
    verdicts, proxy = evaluate(snapshot, names), snapshot.database
    if proxy is None or not any(map(_only_health_is_against, verdicts)):
        return snapshot, verdicts
    for pause in pauses(seconds):
        sleep(pause)
        listed = aws.describe_proxy_targets(proxy.identifier)
        proxy = replace(proxy, targets=tuple(map(target_from, listed)))
        if not _is_unreachable(proxy):
            break
    snapshot = replace(snapshot, database=proxy)
    return snapshot, evaluate(snapshot, names)


def _only_health_is_against(verdict: Verdict) -> bool:
    return {finding.code for finding in verdict.findings if finding.severity == BLOCKS} == {UNREACHABLE}


def _is_unreachable(proxy: Database) -> bool:
    found = trouble(proxy.targets, proxy.target_role)
    return found is not None and found.code == UNREACHABLE
