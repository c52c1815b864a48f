# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a function itself has to do with whether it reaches a database. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterator

from ..._model.functions import MAX_GROUPS, Function, FunctionSettings
from ..catalogue.findings import BLOCKS, NOTE, RISK, Finding
from ..snapshot import Snapshot
from .addresses import address_findings
from .role import role_findings

# Lambda's default; a first connection, with name, TLS and login, may take longer.
_SHORT_TIMEOUT = 3
# Lambda invokes a function only while it is active
# (https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html; the states are those of
# https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html).
_NOT_ACTIVE = {
    "Pending": "function_pending",
    "Failed": "function_failed",
    "Deleting": "function_deleting",
    "Deactivating": "function_deactivated",
    "Deactivated": "function_deactivated",
}


def function_findings(snapshot: Snapshot, function: Function) -> Iterator[Finding]:
    settings = snapshot.settings.get(function.name, FunctionSettings())
    yield from _state_findings(function.name, settings)
    yield from _alias_findings(function)
    yield from role_findings(snapshot, function, settings)
    yield from address_findings(snapshot, function, settings)
    yield from _setting_findings(function, settings)


def _state_findings(name: str, settings: FunctionSettings) -> Iterator[Finding]:
    """After an update that failed the function is as before, and so is the verdict."""
    values = {"state": settings.state, "reason": settings.state_reason}
    if settings.state == "Inactive":
        yield Finding("function_inactive", RISK, name)
    elif settings.state != "Active":
        code = _NOT_ACTIVE.get(settings.state, "function_not_invocable")
        ahead = settings.ahead and settings.state == "Pending"
        yield Finding(code, RISK if ahead else BLOCKS, name, values)
    if settings.update_status == "InProgress":
        yield Finding("update_in_progress", RISK, name)
    elif settings.update_status == "Failed":
        reason = {"reason_code": settings.update_reason_code, "reason": settings.update_reason}
        yield Finding("update_failed", RISK, name, reason)


def _alias_findings(function: Function) -> Iterator[Finding]:
    """Aliases that lead to versions with another attachment than the function's own."""
    attachments = {version.number: version.vpc for version in function.versions}
    for alias in function.aliases:
        for number in (alias.version, *alias.shares):
            vpc = attachments.get(number, function.vpc)
            if set(vpc.security_group_ids) != set(function.vpc.security_group_ids) or set(vpc.subnet_ids) != set(
                function.vpc.subnet_ids
            ):
                values = {"alias": alias.name, "function": function.name, "version": number}
                yield Finding("alias_not_connected", RISK, f"{function.name}:{alias.name}", values)


def _setting_findings(function: Function, settings: FunctionSettings) -> Iterator[Finding]:
    if settings.timeout is not None and settings.timeout <= _SHORT_TIMEOUT:
        yield Finding("short_timeout", RISK, function.name, {"timeout": str(settings.timeout)})
    if settings.snap_start:
        yield Finding("snap_start", NOTE, function.name)
    if len(function.vpc.security_group_ids) >= MAX_GROUPS:
        values = {"count": str(len(function.vpc.security_group_ids)), "quota": str(MAX_GROUPS)}
        yield Finding("groups_near_quota", NOTE, function.name, values)
