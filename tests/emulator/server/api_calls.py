# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which API call an HTTP request is, and the log of all calls that were answered."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import parse_qs

import botocore.session

# Signed as one service, and named after another in policies.
NAMES_IN_POLICIES = {"tagging": "tag"}
READS = ("Describe", "Get", "List", "Head", "Lookup", "Search", "Simulate")


@dataclass(frozen=True)
class ApiCall:
    """One call, as a policy would name it: `ec2`, `DescribeSubnets`; and the HTTP status that answered it.

    `region`, `access_key` and `session_token` are those that it was signed with.
    """

    service: str
    action: str
    status: int
    region: str = ""
    access_key: str = ""
    session_token: str = ""

    @property
    def is_read(self) -> bool:
        return self.action.startswith(READS)

    def __str__(self) -> str:
        return f"{self.service}:{self.action}"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def signed_with(environ: Mapping[str, Any]) -> dict[str, str]:
    """Region, access key and session token of a signed request."""
    scope = re.search(r"Credential=([^/]+)/\d+/([^/]+)/", environ.get("HTTP_AUTHORIZATION", ""))
    if scope is None:
        return {}
    token = environ.get("HTTP_X_AMZ_SECURITY_TOKEN", "")
    return {"access_key": scope[1], "region": scope[2], "session_token": token}


def identify(environ: Mapping[str, Any], body: bytes) -> tuple[str, str] | None:
    """Service and action of a signed request; None for anything else."""
    scope = re.search(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/aws4_request", environ.get("HTTP_AUTHORIZATION", ""))
    if scope is None:
        return None
    service = scope[1]
    if target := environ.get("HTTP_X_AMZ_TARGET"):  # the JSON protocols
        return NAMES_IN_POLICIES.get(service, service), target.rpartition(".")[2]
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):  # EC2, RDS, IAM, STS
        return service, parse_qs(body.decode()).get("Action", ["?"])[0]
    for method, path, action in _rest_routes(service):  # Lambda
        if method == environ["REQUEST_METHOD"] and path.fullmatch(environ["PATH_INFO"]):
            return service, action
    return service, "?"


@functools.cache
def _rest_routes(service: str) -> list[tuple[str, re.Pattern[str], str]]:
    model = botocore.session.get_session().get_service_model(service)
    routes = []
    for action in model.operation_names:
        http = model.operation_model(action).http
        template = str(http["requestUri"]).partition("?")[0].rstrip("/")
        # An ARN in the path holds slashes only where the model says so, with a plus.
        path = re.sub(r"\\\{\w+(\\\+)?\\\}", lambda m: ".+" if m[1] else "[^/]+", re.escape(template))
        routes.append((str(http["method"]), re.compile(path + "/?"), action))
    return routes
