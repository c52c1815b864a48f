# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a database or a proxy itself has to do with whether it is reached. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from ..._model.databases import Database
from ..._model.proxy_targets import PENDING, UNREACHABLE, trouble
from ..catalogue.findings import BLOCKS, NOTE, RISK, Finding
from ..snapshot import CURRENT, OUTDATED, Snapshot

# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html and, for proxies,
# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBProxy.html
CLOSED = frozenset(
    {
        "creating", "deleting", "delete-precheck", "failed", "inaccessible-encryption-credentials",
        "inaccessible-encryption-credentials-recoverable", "incompatible-create", "incompatible-network",
        "incompatible-parameters", "incompatible-restore", "insufficient-capacity", "insufficient-resource-limits",
        "restore-error", "starting", "stopped", "stopping", "storage-full", "suspended", "suspending",
    }
)  # fmt: skip
_QUIET = ("available", "backing-up", "configuring-", "storage-")


def is_busy(status: str) -> bool:
    """Whether something is being done to it, that may break connections off."""
    return bool(status) and status not in CLOSED and not status.startswith(_QUIET)


def database_findings(database: Database) -> Iterator[Finding]:
    name = database.identifier
    if database.vpc_id is None:
        yield Finding("database_no_vpc", BLOCKS, name)
        return
    if database.port is None:
        yield Finding("database_no_endpoint", BLOCKS, name, {"status": database.status})
    elif database.status in CLOSED:
        yield Finding("database_not_available", BLOCKS, name, {"status": database.status})
    elif is_busy(database.status):
        yield Finding("database_busy", RISK, name, {"status": database.status})
    for group, status in sorted(database.group_states.items()):
        if status == "removing":
            yield Finding("database_group_removing", NOTE, name, {"group": group})
        elif status == "adding":
            yield Finding("database_group_adding", RISK, name, {"group": group})
    if database.public:
        yield Finding("database_public", NOTE, name)


def given_findings(snapshot: Snapshot, database: Database) -> Iterator[Finding]:
    """What was said of a database and is not so: rules that were made for that lead nowhere."""
    not_attached = [group for group in snapshot.given_group_ids if group not in database.security_group_ids]
    if not_attached:
        yield Finding("group_not_on_database", BLOCKS, database.identifier, {"groups": ", ".join(not_attached)})
    if None not in (snapshot.given_port, database.port) and snapshot.given_port != database.port:
        values = {"given": str(snapshot.given_port), "port": str(database.port)}
        yield Finding("not_its_port", BLOCKS, database.identifier, values)


def target_findings(
    proxy: Database, proxy_target: Optional[Database], health: str, *, segment_open: bool
) -> Iterator[Finding]:
    """A proxy without a target, or one that it does not reach, or may not, for another reason than its own leg's.

    :param health: how far AWS is to be believed, as in the scene
    """
    if proxy_target is None or not proxy.targets:
        yield Finding("proxy_no_target", BLOCKS, proxy.identifier)
        return
    found = trouble(proxy.targets, proxy.target_role)
    severity = _severity(found.code, health, segment_open=segment_open) if found else None
    if found and severity:
        target = found.target
        values = {"target": proxy_target.identifier, "health": target.health, "description": target.description or ""}
        yield Finding(found.code, severity, proxy.identifier, values)


def _severity(code: str, health: str, *, segment_open: bool) -> Optional[str]:
    """What AWS ends by itself is a risk. That it finds the way closed is no news where what closes it is a finding."""
    if code == PENDING:
        return RISK
    if code != UNREACHABLE:
        return BLOCKS
    if not segment_open or health == OUTDATED:
        return None
    return BLOCKS if health == CURRENT else RISK
