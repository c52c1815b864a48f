# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""From AWS's answers and boto3's exceptions to one error of ours. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._errors import AwsError, ConflictError, HeldError, LambdaRdsError, TimedOutError, UpdateFailedError
from .failure_remedies import remedy_for_failure, remedy_for_reason
from .remedies import OTHER_CODE, innermost, remedy_for

# AWS has moved on since it was observed, or has not yet caught up with what was written.
_CONFLICTS = frozenset(
    {
        "ConcurrentTagAccess",
        "DBClusterNotFoundFault",
        "DBInstanceNotFound",
        "DBProxyAlreadyExistsFault",
        "DBProxyNotFoundFault",
        "DBProxyTargetAlreadyRegisteredFault",
        "DBProxyTargetGroupNotFoundFault",
        "DBProxyTargetNotFoundFault",
        "InvalidDBClusterStateFault",
        "InvalidDBInstanceState",
        "InvalidDBProxyStateFault",
        "InvalidGroup.Duplicate",
        "InvalidGroup.NotFound",
        "InvalidPermission.Duplicate",
        "InvalidPermission.NotFound",
        "InvalidSecurityGroupID.NotFound",
        "InvalidSecurityGroupRuleId.NotFound",
        "InvalidSubnetID.NotFound",
        "InvalidVpcID.NotFound",
        "PreconditionFailedException",
        "ResourceConflictException",
        "ResourceNotFoundException",
    }
)
_HELD = frozenset({"DependencyViolation", "InvalidGroup.InUse"})
# What a read takes for "there is none": for a moment a proxy does not show its target either.
MISSING = frozenset(
    {
        "DBClusterNotFoundFault",
        "DBInstanceNotFound",
        "DBInstanceNotFoundFault",
        "DBProxyNotFoundFault",
        "DBProxyTargetGroupNotFoundFault",
        "DBProxyTargetNotFoundFault",
        "DBSubnetGroupNotFoundFault",
        "InvalidDBProxyStateFault",
        "ResourceNotFoundException",
    }
)
# boto3's errors after which AWS may have carried out a request, but its answer did not arrive.
_LOST = frozenset(
    {"AttributeError", "HTTPClientError", "IncompleteReadError", "LookupError", "ResponseParserError", "TypeError"}
)
# The verbs of calls that change nothing, whatever became of their answers.
_READING = ("connect ", "describe ", "get ", "list ", "wait ")


def answered(what: str, answer: Mapping[str, Any], operation: str) -> AwsError:
    """The error for what AWS answered: it moved on, a group is held, or it refused."""
    error, told = answer.get("Error") or {}, answer.get("ResponseMetadata") or {}
    status = told.get("HTTPStatusCode", 0)
    code, message = str(error.get("Code") or status or "Unknown"), _readable(error.get("Message") or "no message")
    cause = innermost(code, message)
    moved_on = cause in _CONFLICTS or OTHER_CODE.search(message)
    kind = ConflictError if moved_on else HeldError if cause in _HELD else AwsError
    # A call that was repeated may have taken effect the first time, and one that ended in AWS's own failure too.
    answer_lost = (bool(told.get("RetryAttempts")) or status >= 500) and not what.startswith(_READING)
    return kind(what, code, message, remedy_for(code, message, operation), answer_lost=answer_lost)


def _readable(message: str) -> str:
    """One line; the beginning is enough of a page of HTML that a proxy or another server sent."""
    line = " ".join(message.split())
    return f"{line[:100]}..." if line.startswith("<") and len(line) > 100 else line


def not_answered(what: str, error: Exception) -> AwsError:
    """The error for an exception of boto3, or for one that it lets through."""
    names = [kind.__name__ for kind in type(error).__mro__]
    message = _readable(str(error).partition("\n")[0])
    answer_lost = not _LOST.isdisjoint(names) and not what.startswith(_READING)
    return AwsError(what, names[0], message, remedy_for_failure(names), answer_lost=answer_lost)


def wait_failed(name: str, timeout: int, answer: Mapping[str, Any], otherwise: str) -> LambdaRdsError:
    """The error for a wait for a function: AWS refused to show it, its update failed, or the time ran out."""
    if "Error" in answer:
        return answered(f"wait for the update of function {name}", answer, "GetFunction")
    configuration = answer.get("Configuration") or {}
    status, state = configuration.get("LastUpdateStatus"), configuration.get("State")
    if "Failed" in (status, state):
        return update_failed(name, configuration, otherwise)
    return still_updating(name, timeout, f" (LastUpdateStatus {status}, State {state})")


def still_updating(name: str, timeout: int, seen: str = "") -> TimedOutError:
    """The error for a function whose update has taken too long. ``seen``: what AWS showed last."""
    return TimedOutError(
        f"Function {name} was still being updated after {timeout} seconds{seen}. Run the task again, or raise"
        " wait_timeout."
    )


def update_failed(name: str, configuration: Mapping[str, Any], otherwise: str) -> UpdateFailedError:
    """The error for a function whose update, or creation, AWS has given up."""
    code = configuration.get("LastUpdateStatusReasonCode") or configuration.get("StateReasonCode") or "Failed"
    reason = configuration.get("LastUpdateStatusReason") or configuration.get("StateReason") or otherwise
    doing = f"update function {name}, which keeps the configuration of before"
    if configuration.get("State") == "Failed":
        doing = f"activate function {name}"
    return UpdateFailedError(name, doing, code, reason, remedy_for_reason(code))
