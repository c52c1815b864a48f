# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Whether to go on waiting for a proxy, and what is wrong with it. PRIVATE to the collection.

Pure: no boto3 and no clock. States and reasons:
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBProxy.html,
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_TargetHealth.html and
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.troubleshooting.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

from .._model.proxies import AVAILABLE, BUSY, DELETING, IAM_AUTH, Proxy
from .._model.proxy_targets import Target, decider, is_available, may_be_unreachable

WAITING = "go on"
DONE = "done"
FAILED = "failed"
# Only a change repairs these. They may show for a while afterwards, until AWS has tried again.
_MENDABLE = ("AUTH_FAILURE", "CONNECTION_FAILED", "UNREACHABLE")
MENDABLE_SECONDS = 180
_BROKEN = {
    "incompatible-network": "Its subnets or security groups do not fit: see that they exist, with free addresses.",
    "insufficient-resource-limits": "Free addresses in its subnets, or have the account's quotas raised.",
    "suspended": "See its events in RDS for why AWS has suspended it, and mend that.",
}
_REASONS = {
    "CONNECTION_FAILED": "The database refuses the connection: see that it is available and has connections left, and"
    " that it offers TLS.",
    "PENDING_PROXY_CAPACITY": "The proxy is still scaling; see that its subnets have free addresses.",
    "INVALID_REPLICATION_STATE": "The database is a read replica: register the writer instead.",
    "PROMOTED": "The database was promoted from a read replica; register it anew if it does not recover.",
}


@dataclass(frozen=True)
class WaitState:
    """``about`` is the status, or the state and reason of a target, that it results from."""

    outcome: str
    about: str


def evaluate_status(status: Optional[str]) -> WaitState:
    """On the way to available. None: AWS does not show the proxy, as for a moment after its creation."""
    outcome = DONE if status == AVAILABLE else FAILED if status in _BROKEN or status == DELETING else WAITING
    return WaitState(outcome, status or "not shown yet")


def evaluate_settling(status: Optional[str]) -> WaitState:
    """On the way to wherever AWS is taking the proxy."""
    return WaitState(WAITING if status in BUSY else DONE, status or "gone")


def evaluate_deletion(status: Optional[str]) -> WaitState:
    """On the way to being gone."""
    return WaitState(DONE if status is None else WAITING, status or "gone")


def evaluate_targets(targets: Sequence[Target], stayed: float) -> WaitState:
    """On the way to a healthy target.

    :param stayed: for how many seconds the targets have been just so
    """
    target = decider(targets)
    if target is None:
        return WaitState(WAITING, "AWS shows no target of it yet")
    if is_available(target):
        return WaitState(DONE, target.health)
    failed = target.reason in _MENDABLE and stayed >= MENDABLE_SECONDS
    return WaitState(FAILED if failed else WAITING, f"target {target.identifier} is {target.health}")


def status_message(proxy_name: str, status: str) -> str:
    """Why a proxy does not become available."""
    remedy = _BROKEN.get(status, "Run the task again when it is gone: then it is made anew.")
    return f"The proxy {proxy_name} is {status}. {remedy}"


def target_message(target: Target, proxy: Proxy, missing: Optional[Sequence[str]]) -> Optional[str]:
    """What is wrong with a target and what to do; None where nothing is.

    :param missing: the rules that keep the proxy from the database; None where there is no such database
    """
    if target.state in (None, "AVAILABLE"):
        return None
    said = f"Target {target.identifier} is {target.health}."
    told = f" AWS says: {target.description}" if target.description else ""
    return f"{said}{told} {_advice(target, proxy, missing)}".rstrip()


def _advice(target: Target, proxy: Proxy, missing: Optional[Sequence[str]]) -> str:
    if may_be_unreachable(target):
        return _unreachable(missing)
    if target.reason == "AUTH_FAILURE":
        return _refused(proxy)
    return _REASONS.get(target.reason or "", "")


def _unreachable(missing: Optional[Sequence[str]]) -> str:
    if missing is None:
        return "The database is not there any more: register another one."
    if missing:
        return f"These rules between proxy and database are missing: {'; '.join(missing)}."
    return (
        "The rules between proxy and database are both there: see the network ACLs of the subnets, and that the"
        " database is available."
    )


def _refused(proxy: Proxy) -> str:
    if proxy.default_auth_scheme == IAM_AUTH and not proxy.auth:
        return (
            f"See that the role {proxy.role_arn} may rds-db:connect to the database, and that the database has IAM"
            " authentication enabled and the users for it."
        )
    secrets = ", ".join(auth.secret_arn for auth in proxy.auth)
    return (
        f"See that these secrets have the user name and password that the database has: {secrets}; and that the role"
        f" {proxy.role_arn} may read them (secretsmanager:GetSecretValue, kms:Decrypt for a key of your own)."
    )
