# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SimulatePrincipalPolicy, of roles: their policies, their permissions boundary and SETTINGS.organization_denies.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from __future__ import annotations

import re
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.exceptions import IAMException, NotFoundException
from moto.iam.responses import IamResponse

from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.account.role_policies import (
    Decision,
    decide,
    role_of,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.bridges.moto_methods import adds_method
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.settings import SETTINGS

MOST = 1000
_SEVERITY = ("allowed", "implicitDeny", "explicitDeny")
# The resources of the action in IAM's words; IAM returns a result for each of those that a call names.
_TEMPLATE = "arn:${Partition}:ec2:${Region}:${Account}:network-interface/${NetworkInterfaceId}"


def install() -> None:
    @adds_method(IamResponse, "simulate_principal_policy")
    def simulated(self: Any) -> ActionResult:
        arn = self._get_param("PolicySourceArn")
        actions = self._get_param("ActionNames", [])
        for action in actions:
            if not re.fullmatch(r"[\w-]+:[\w*?]+", action):
                raise _invalid(f"Invalid action name: {action}")
        if not re.fullmatch(r"arn:[\w-]+:iam::\d{12}:role/.+", arn or ""):
            raise _invalid(f"Invalid Entity Arn: {arn} does not clearly define entity type and name.")
        role = role_of(arn)
        if role is None:
            raise NotFoundException(f"Role {arn.rpartition('/')[2]} does not exist!")
        context = _context(self._get_param("ContextEntries", []))
        arns = self._get_param("ResourceArns", None) or []
        results = [_result(role, action, arns, context) for action in actions]
        start, size = int(self._get_param("Marker") or 0), int(self._get_param("MaxItems") or MOST)
        page: dict[str, Any] = {"EvaluationResults": results[start:][:size], "IsTruncated": start + size < len(results)}
        return ActionResult(page | ({"Marker": str(start + size)} if page["IsTruncated"] else {}))


def _result(role: Any, action: str, arns: list[str], context: dict[str, str]) -> dict[str, Any]:
    """Of an action, and of each resource apart where any are named.

    The details are there only where there is a boundary, or an organization.
    """
    decisions = {arn: decide(role, action, arn, context) for arn in arns or ["*"]}
    worst = max(decisions.values(), key=lambda each: _SEVERITY.index(each.effect))
    result: dict[str, Any] = {
        "EvalActionName": action,
        "EvalResourceName": _TEMPLATE if action.startswith("ec2:") and "Describe" not in action else "*",
        "EvalDecision": worst.effect,
        "MatchedStatements": [],
        "MissingContextValues": sorted({key for each in decisions.values() for key in each.missing}),
        **_boundary_detail(all(each.within_boundary is not False for each in decisions.values()), worst),
    }
    if arns:
        result["ResourceSpecificResults"] = [
            {
                "EvalResourceName": arn,
                "EvalResourceDecision": decision.effect,
                "MatchedStatements": [],
                "MissingContextValues": list(decision.missing),
                **_boundary_detail(decision.within_boundary is not False, decision),
            }
            for arn, decision in decisions.items()
        ]
    if SETTINGS.organization_denies:
        denied = action in SETTINGS.organization_denies
        result["OrganizationsDecisionDetail"] = {"AllowedByOrganizations": not denied}
        if denied and worst.effect == "allowed":
            result["EvalDecision"] = "implicitDeny"
    return result


def _boundary_detail(within: bool, decision: Decision) -> dict[str, Any]:
    known = decision.within_boundary is not None
    return {"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": within}} if known else {}


def _context(entries: list[dict[str, Any]]) -> dict[str, str]:
    return {each["ContextKeyName"]: each["ContextKeyValues"][0] for each in entries if each.get("ContextKeyValues")}


def _invalid(message: str) -> Exception:
    error: Exception = IAMException(message)
    error.code = "InvalidInput"  # type: ignore[attr-defined]  # moto's
    return error
