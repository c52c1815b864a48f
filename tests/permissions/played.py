# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Refusals that ministack does not make, in AWS's words, to be made in its place. Each has a run that needs it."""

from __future__ import annotations

from dataclasses import dataclass

from botocore.exceptions import ClientError

from .policy import USER
from .runs import Run, by_instance_identifier, making_a_proxy, with_an_alias, with_too_many_rules_by_default


@dataclass(frozen=True)
class Refusal:
    """What AWS answers to a call, where the identity may not do something. ``fatal``: the task fails by it."""

    run: Run
    call: str
    message: str
    code: str = "AccessDeniedException"
    fatal: bool = True

    @property
    def error(self) -> ClientError:
        return ClientError({"Error": {"Code": self.code, "Message": self.message}}, self.call.partition(":")[2])


def _not_authorized(action: str) -> str:
    user = f"arn:aws:iam::123456789012:user/{USER}"
    reason = f"because no identity-based policy allows the {action} action"
    return f"User: {user} is not authorized to perform: {action} {reason}"


# By the action that is not allowed.
PLAYED = {
    # Lambda asks for it in the caller's name, ministack's Lambda does not:
    # https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
    "ec2:GetSecurityGroupsForVpc": Refusal(
        by_instance_identifier,
        "lambda:UpdateFunctionConfiguration",
        "Your access has been denied by EC2, please make sure your request credentials have permission to"
        " GetSecurityGroupsForVpc. EC2 Error Code: UnauthorizedOperation. EC2 Error Message: You are not authorized to"
        " perform this operation.",
        code="InvalidParameterValueException",
    ),
    # RDS asks whether the identity may pass the role on, ministack's RDS does not:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    "iam:PassRole": Refusal(making_a_proxy, "rds:CreateDBProxy", _not_authorized("iam:PassRole"), code="AccessDenied"),
    # ministack takes it for lambda:ListAliases, which has the same path.
    "lambda:UpdateAlias": Refusal(with_an_alias, "lambda:UpdateAlias", _not_authorized("lambda:UpdateAlias")),
    # ministack has no quotas. Nothing fails without them: AWS's default counts then.
    "servicequotas:GetServiceQuota": Refusal(
        with_too_many_rules_by_default,
        "servicequotas:GetServiceQuota",
        _not_authorized("servicequotas:GetServiceQuota"),
        fatal=False,
    ),
}
