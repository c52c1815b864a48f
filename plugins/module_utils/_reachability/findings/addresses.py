# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Whether there are addresses for the function's network interfaces. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterator

from ..._model.functions import Function, FunctionSettings
from ..catalogue.findings import BLOCKS, NOTE, RISK, Finding
from ..snapshot import Snapshot

# Fewer are few: Lambda takes one for each combination of groups, and others take them too.
_FEW_ADDRESSES = 8


def address_findings(snapshot: Snapshot, function: Function, settings: FunctionSettings) -> Iterator[Finding]:
    for subnet_id in function.vpc.subnet_ids:
        free = snapshot.subnets[subnet_id].free_addresses if subnet_id in snapshot.subnets else None
        if free == 0:
            yield _without_addresses(snapshot, function, settings, subnet_id)
        elif free is not None and free < _FEW_ADDRESSES:
            yield Finding("few_free_addresses", NOTE, subnet_id, {"free": str(free)})


def _without_addresses(snapshot: Snapshot, function: Function, settings: FunctionSettings, subnet_id: str) -> Finding:
    """Functions with the same subnet and groups share an interface; only a new one takes an address."""
    groups, interfaces = set(function.vpc.security_group_ids), snapshot.interfaces or ()
    if any(each.subnet_id == subnet_id and set(each.group_ids) == groups for each in interfaces):
        return Finding("no_spare_addresses", RISK, subnet_id)
    needed = settings.attaching and snapshot.interfaces is not None
    return Finding("no_free_addresses", BLOCKS if needed else RISK, subnet_id)
