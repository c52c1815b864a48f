# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SETTINGS.denied_actions: what nobody may do is refused in the service's own words, before anything else is looked at.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from ansible_collections.cloudops.lambda_rds.tests.emulator.server.request import (
    JSON_1_1,
    Answer,
    Next,
    Request,
    error_answer,
)
from ansible_collections.cloudops.lambda_rds.tests.emulator.server.settings import SETTINGS

CODES = {
    "ec2": "UnauthorizedOperation",
    "iam": "AccessDenied",
    "lambda": "AccessDeniedException",
    "rds": "AccessDenied",
    "servicequotas": "AccessDeniedException",
    "tag": "AccessDeniedException",
}
USER = "runs-the-task"


class Denials:
    """A layer in front of moto."""

    def reset(self) -> None:
        """It remembers nothing."""

    def __call__(self, request: Request, go_on: Next) -> Answer:
        action = f"{request.service}:{request.action}"
        if action not in SETTINGS.denied_actions:
            return go_on(request)
        who = f"User: arn:aws:iam::{request.account}:user/{USER} is not authorized to perform: {action}"
        why = f"because no identity-based policy allows the {action} action"
        if request.service == "ec2":
            message = f"You are not authorized to perform this operation. {who} {why}"
        else:
            message = f"{who} on resource: {_resource(request)} {why}"
        # JSON 1.1 says 400 where the others say 403.
        status = "400 Bad Request" if request.service in JSON_1_1 else "403 Forbidden"
        return error_answer(request.service, status, CODES.get(request.service, "AccessDenied"), message)


def _resource(request: Request) -> str:
    """As far as the request names it."""
    if request.service == "iam":
        return request.form.get("PolicySourceArn", "*")
    named = re.search(r"/functions/([^/]+)", str(request.environ.get("PATH_INFO", "")))
    if request.service != "lambda" or named is None:
        return "*"
    name = unquote(named[1]).rpartition(":function:")[2]
    return f"arn:aws:lambda:{request.region}:{request.account}:function:{name}"
