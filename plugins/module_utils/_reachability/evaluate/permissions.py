# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What an execution role needs for network interfaces, and what IAM's answers say of it. PRIVATE to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Optional

from ..snapshot import Denial

CREATE = "ec2:CreateNetworkInterface"
NO_SUCH_ROLE = "noSuchRole"
ORGANIZATION = "organization"
# What Lambda makes network interfaces with, as the function's execution role
# (https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions), and the kinds of
# resources that each of them is about; without any it has to be allowed on all
# (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html).
_ABOUT: Mapping[str, tuple[str, ...]] = {
    "ec2:AssignPrivateIpAddresses": ("network-interface",),
    CREATE: ("network-interface", "subnet", "security-group"),
    "ec2:DeleteNetworkInterface": ("network-interface",),
    "ec2:DescribeNetworkInterfaces": (),
    "ec2:DescribeSubnets": (),
    "ec2:UnassignPrivateIpAddresses": ("network-interface",),
}
INTERFACE_ACTIONS = tuple(_ABOUT)


def denials_from(results: Iterable[Mapping[str, Any]]) -> tuple[Denial, ...]:
    """What IAM's simulator does not allow, each once."""
    return tuple(dict.fromkeys(denial for result in results for denial in _denials(result)))


def _denials(result: Mapping[str, Any]) -> Iterator[Denial]:
    """A result tells of each resource apart, or where it has none apart of the one that it names."""
    action = result["EvalActionName"]
    kinds = _ABOUT[action]
    for one in result.get("ResourceSpecificResults") or (result,):
        kind, resource = _resource(one["EvalResourceName"])
        reason = _why(result, one) if not kinds or kind in ("", *kinds) else None
        if reason is not None:
            # Those of an organization's policies are never told.
            keys = [] if reason == ORGANIZATION else one.get("MissingContextValues", result.get("MissingContextValues"))
            yield Denial(action, reason, resource if kinds else "", tuple(sorted(keys or ())))


def _resource(name: str) -> tuple[str, str]:
    """The kind and the id that an ARN names, each empty where it names any."""
    kind, _slash, resource = name.rpartition(":")[2].rpartition("/")
    return kind, "" if "*" in resource or "$" in resource else resource


def _why(result: Mapping[str, Any], one: Mapping[str, Any]) -> Optional[str]:
    """None where it is allowed. What the organization says is told for all resources together."""
    if (result.get("OrganizationsDecisionDetail") or {}).get("AllowedByOrganizations") is False:
        return ORGANIZATION
    decision = str(one.get("EvalResourceDecision") or one["EvalDecision"])
    if decision == "allowed":
        return None
    boundary = one.get("PermissionsBoundaryDecisionDetail") or result.get("PermissionsBoundaryDecisionDetail") or {}
    return "boundary" if boundary.get("AllowedByPermissionsBoundary") is False else decision
