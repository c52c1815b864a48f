# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Whether the execution role lets Lambda make the function's network interfaces. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..._model.functions import Function, FunctionSettings
from ..catalogue.findings import BLOCKS, RISK, Finding
from ..evaluate.permissions import CREATE
from ..snapshot import Denial, Snapshot


def role_findings(snapshot: Snapshot, function: Function, settings: FunctionSettings) -> Iterator[Finding]:
    """What it may not do at all, apart from what hangs on conditions that nobody can tell beforehand."""
    mine = ("", *function.vpc.subnet_ids, *function.vpc.security_group_ids)
    denials = [each for each in snapshot.denials.get(function.role_arn, ()) if each.resource in mine]
    role = function.role_arn.rpartition("/")[2]
    certain = [each for each in denials if not each.unknown]
    if certain:
        closing = settings.attaching and any(each.action == CREATE for each in certain)
        values = {"actions": _denied_text(certain), "why": ", ".join(sorted({each.reason for each in certain}))}
        yield Finding("role_cannot_make_interfaces", BLOCKS if closing else RISK, role, values)
    uncertain = [each for each in denials if each.unknown]
    if uncertain:
        keys = sorted({key for each in uncertain for key in each.unknown})
        values = {"actions": _denied_text(uncertain), "conditions": ", ".join(keys)}
        yield Finding("role_limited_by_conditions", RISK, role, values)


def _denied_text(denials: Iterable[Denial]) -> str:
    """ec2:CreateNetworkInterface (subnet-1, subnet-2), ec2:DescribeSubnets"""
    resources: dict[str, list[str]] = {}
    for each in denials:
        resources.setdefault(each.action, []).append(each.resource)
    texts = {
        action: action if "" in resource_ids else f"{action} ({', '.join(sorted(resource_ids))})"
        for action, resource_ids in resources.items()
    }
    return ", ".join(texts[action] for action in sorted(texts))
