# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Things that the user should know, though nothing is wrong with the task. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from ..._errors import Refusal
from ..._model.proxy_targets import NO_READER, PENDING, Trouble

VERSIONS_GUIDE = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html"
PROXY_TARGETS_GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_TargetHealth.html"
PROXY_READERS_GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-endpoints.html"
IAM_LOGIN_GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html"
LAMBDA_VPC_GUIDE = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html"


@dataclass(frozen=True)
class Finding:
    """``code`` is stable; ``severity`` is "risk" (also a warning) or "note"; ``source`` is the page it rests on."""

    code: str
    severity: str
    resource: str
    message: str
    remedy: str
    source: str = LAMBDA_VPC_GUIDE

    @property
    def data(self) -> dict[str, str]:
        return asdict(self)


def internet_lost(functions: Sequence[str]) -> Finding:
    """Once for all functions of a task that are concerned."""
    who = f"function {functions[0]} was" if len(functions) == 1 else f"{len(functions)} functions were"
    they = "it reaches" if len(functions) == 1 else "they reach"
    calls = "the function calls" if len(functions) == 1 else "the functions call"
    return Finding(
        "internet_lost",
        "risk",
        ", ".join(functions),
        f"The {who} outside any VPC; in the VPC {they} the internet and AWS services such as Secrets Manager only by a"
        " NAT route or VPC endpoints.",
        f"See that the subnets have what {calls}.",
    )


def none_chosen(refusal: Refusal) -> Finding:
    """To take nothing back is no error, but it may be a slip of the pen."""
    value = refusal.value
    return Finding(
        "none_chosen", "risk", f"{value}", f"{refusal.parameter} ({value}): {refusal.reason}", refusal.remedy
    )


def alias_not_connected(function: str, alias: str, versions: Sequence[str]) -> Finding:
    return Finding(
        "alias_not_connected",
        "risk",
        f"{function}:{alias}",
        f"The alias {alias} of the function {function} leads to version {', '.join(versions)}, which was published"
        " without the connection and keeps its own VPC configuration.",
        f"Publish a version and move the alias to it, for example by publish=true and alias={alias}.",
        VERSIONS_GUIDE,
    )


def alias_gets_other_code(function: str, alias: str, version: str) -> Finding:
    return Finding(
        "alias_gets_other_code",
        "risk",
        f"{function}:{alias}",
        f"The code of the function {function} has changed since version {version}, so that its alias {alias} moves to"
        " other code too.",
        "See that this code is meant to be in use.",
        VERSIONS_GUIDE,
    )


def proxy_trouble(proxy: str, target: str, found: Trouble) -> Finding:
    if found.code == NO_READER:
        return Finding(
            NO_READER,
            "risk",
            proxy,
            f"The endpoint of the RDS Proxy {proxy} is read-only, and {target} has no reader, so it refuses"
            " connections.",
            f"Add a reader to {target}, or connect to an endpoint for reading and writing.",
            PROXY_READERS_GUIDE,
        )
    verb = "is not ready to use" if found.code == PENDING else "does not reach"
    return Finding(
        found.code,
        "risk",
        proxy,
        f"The RDS Proxy {proxy} {verb} its target {target}, which is {found.target.health}."
        f" {found.target.description or ''}".rstrip(),
        "Look at the proxy's target with the module rds_db_proxy_info.",
        PROXY_TARGETS_GUIDE,
    )


def not_given_back(function: str, saved: str) -> Finding:
    return Finding(
        "not_given_back",
        "risk",
        function,
        f"What the function {function} had before it was connected is gone ({saved}), so it could not be given back.",
        "Attach the function by hand if it still needs a VPC.",
    )


def login_policy_kept(role: str, policy: str, functions: Sequence[str]) -> Finding:
    who = f"function {functions[0]} has the same role and stays connected"
    if len(functions) > 1:
        who = f"{len(functions)} other functions of the role, such as {functions[0]}, stay connected"
    return Finding(
        "login_policy_kept",
        "note",
        role,
        f"The role {role} keeps its inline policy {policy}, because {who}.",
        "It is deleted when the last of them is disconnected.",
        IAM_LOGIN_GUIDE,
    )


def login_policy_not_ours(role: str, policy: str) -> Finding:
    return Finding(
        "login_policy_not_ours",
        "risk",
        role,
        f"The inline policy {policy} of the role {role} is not as this module writes it, and was left alone.",
        "Delete it if it is no longer needed.",
        IAM_LOGIN_GUIDE,
    )


def login_roles_not_searched(functions: Sequence[str]) -> Finding:
    who = ", ".join(functions)
    return Finding(
        "login_roles_not_searched",
        "risk",
        who,
        f"No longer in Lambda: {who}. Their execution roles may still have a policy to log in to the database, but this"
        " identity may not search the account's roles for it.",
        "Allow iam:GetAccountAuthorizationDetails, and run the task again.",
        IAM_LOGIN_GUIDE,
    )


def left_on(function: str, group_id: str) -> Finding:
    return Finding(
        "left_on",
        "note",
        function,
        f"The function {function} wears {group_id}, which is not ours and was not put on it by this module; it stays.",
        "Take it off by hand if it is no longer needed.",
    )
