# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Calls of Service Quotas and IAM: what the account, and a role in it, may have and do. PRIVATE to the collection."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Optional

from .._errors import AwsError
from .calls import Calls

# As many as IAM returns in one page.
_RESULTS = 1000
_NONE = "NoSuchEntity"


class AccountCalls(Calls):
    """Quotas and permissions."""

    def rules_quota(self) -> Optional[int]:
        """The rules that a security group may have in this account; None where that may not be read."""
        return self._quota("vpc", "L-0EA8095F", "rules per security group")

    def interfaces_quota(self) -> Optional[int]:
        """The network interfaces that Lambda may have in a VPC; None where that may not be read."""
        return self._quota("lambda", "L-9FEE3D26", "network interfaces per VPC")

    def proxies_quota(self) -> Optional[int]:
        """The proxies that this account may have in the Region; None where that may not be read."""
        return self._quota("rds", "L-D94C7EA3", "proxies")

    def _quota(self, service: str, code: str, what: str) -> Optional[int]:
        try:
            with self._doing(f"get the quota of {what}"):
                quota = self._quotas.get_service_quota(ServiceCode=service, QuotaCode=code)
                return int(quota["Quota"]["Value"])
        except AwsError:
            return None

    def get_role_policy(self, role: str, name: str) -> Optional[dict[str, Any]]:
        """The text of a role's inline policy; None where there is no such policy, or role."""
        try:
            with self._doing(f"get the inline policy {name} of role {role}"):
                document: dict[str, Any] = self._iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
                return document
        except AwsError as error:
            if error.code == _NONE:
                return None
            raise

    def list_roles_with_policy(self, name: str) -> dict[str, dict[str, Any]]:
        """The text of the inline policy of that name, by the roles of the account that have one
        (https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html)."""
        with self._doing(f"list the roles with an inline policy {name}"):
            pages = self._iam.get_paginator("get_account_authorization_details").paginate(
                Filter=["Role"], PaginationConfig={"PageSize": _RESULTS}
            )
            return {
                role["RoleName"]: policy["PolicyDocument"]
                for page in pages
                for role in page["RoleDetailList"]
                for policy in role.get("RolePolicyList", ())
                if policy["PolicyName"] == name
            }

    def put_role_policy(self, role: str, name: str, document: Mapping[str, Any]) -> None:
        """Make, or replace, a role's inline policy."""
        with self._doing(f"put the inline policy {name} on role {role}"):
            self._iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))

    def delete_role_policy(self, role: str, name: str) -> None:
        """Delete a role's inline policy, if it is still there."""
        try:
            with self._doing(f"delete the inline policy {name} from role {role}"):
                self._iam.delete_role_policy(RoleName=role, PolicyName=name)
        except AwsError as error:
            if error.code != _NONE:
                raise

    def simulate(
        self, role_arn: str, actions: Sequence[str], resource_arns: Sequence[str], context: Mapping[str, str]
    ) -> Optional[list[dict[str, Any]]]:
        """What IAM decides of each action for a role, on each of these resources; None where there is no such role.

        Identity policies, the permissions boundary and the organization's policies are counted
        (https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html).

        :param context: the values of condition keys
        """
        entries = [
            {"ContextKeyName": key, "ContextKeyType": "string", "ContextKeyValues": [value]}
            for key, value in sorted(context.items())
        ]
        try:
            with self._doing(f"simulate the policies of role {role_arn}"):
                pages = self._iam.get_paginator("simulate_principal_policy").paginate(
                    PolicySourceArn=role_arn,
                    ActionNames=list(actions),
                    ResourceArns=list(resource_arns),
                    ContextEntries=entries,
                    PaginationConfig={"PageSize": _RESULTS},
                )
                return [result for page in pages for result in page["EvaluationResults"]]
        except AwsError as error:
            if error.code == _NONE:
                return None
            raise
