# Copyright (c) cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One API call on its way to moto, and its answer; errors in the form of each service's protocol."""

from __future__ import annotations

import io
import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from moto.iam.models import get_account_id_from

from ansible_collections.cloudops.lambda_rds.tests.emulator.server.api_calls import READS, identify

Environ = dict[str, Any]

JSON_1_1 = ("secretsmanager", "servicequotas", "tag")


@dataclass(frozen=True)
class Request:
    """Unsigned requests have no service."""

    environ: Environ
    body: bytes
    service: str = ""
    action: str = ""
    account: str = ""
    region: str = ""

    @property
    def is_read(self) -> bool:
        return self.action.startswith(READS)

    @property
    def form(self) -> Mapping[str, str]:
        """The parameters of the services that take a form: EC2, RDS."""
        return {key: values[0] for key, values in parse_qs(self.body.decode()).items()}


@dataclass(frozen=True)
class Answer:
    status: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def code(self) -> int:
        return int(self.status.split(maxsplit=1)[0])


Next = Callable[[Request], Answer]
# What a request passes on its way to moto: a layer answers by itself, or with what the next one says.
Layer = Callable[[Request, Next], Answer]


def read_request(environ: Environ) -> Request:
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    call = identify(environ, body)
    if call is None:
        return Request(environ, body)
    found = re.search(r"Credential=([^/]+)/\d+/([^/]+)/", environ["HTTP_AUTHORIZATION"])
    account, region = (_account_of(found[1]), found[2]) if found else ("", "")
    return Request(environ, body, *call, account, region)


def _account_of(access_key: str) -> str:
    """As access_keys_name_accounts.py has it; the keys of an assumed role belong to the role's account."""
    return access_key if re.fullmatch(r"\d{12}", access_key) else str(get_account_id_from(access_key))


def error_answer(service: str, status: str, code: str, message: str) -> Answer:
    """An error as the service would write it: EC2 and the query protocol in XML of two kinds, the others in JSON."""
    request_id = str(uuid.uuid4())
    if service == "lambda":
        headers = [("Content-Type", "application/json"), ("x-amzn-ErrorType", code), ("x-amzn-RequestId", request_id)]
        return Answer(status, headers, json.dumps({"Type": "User", "Message": message, "message": message}).encode())
    if service in JSON_1_1:
        headers = [("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-RequestId", request_id)]
        return Answer(status, headers, json.dumps({"__type": code, "message": message}).encode())
    error = f"<Code>{code}</Code><Message>{escape(message)}</Message>"
    if service == "ec2":
        text = f"<Response><Errors><Error>{error}</Error></Errors><RequestID>{request_id}</RequestID></Response>"
    else:
        error = f"<Error><Type>Sender</Type>{error}</Error>"
        text = f"<ErrorResponse>{error}<RequestId>{request_id}</RequestId></ErrorResponse>"
    return Answer(status, [("Content-Type", "text/xml")], text.encode())
